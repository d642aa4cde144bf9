"""deadline: what must be done within a limit, by a date, before another fact, or at a period's end (时限)."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from rulebooks.constraint import Act, compile_act, concerned, not_determinable
from rulebooks.judgement import Judgement, Say
from rulebooks.language.clock import Clock, Reading, compile_clock
from rulebooks.language.conditions import compile_all
from rulebooks.language.doubts import Doubts
from rulebooks.language.evidence import Matcher, compile_matcher
from rulebooks.language.frame import Frame
from rulebooks.language.limits import Due
from rulebooks.language.parties import NOBODY, UNKNOWN, Party, picked
from rulebooks.language.replacements import Replacement, compile_replacements
from rulebooks.language.rounds import in_rounds
from rulebooks.language.settlements import Came, came, settlements
from rulebooks.language.tiers import Tier, compile_tiers
from rulebooks.problems import CompileError, as_list
from rulebooks.source import Located
from rulebooks.words.explaining import counted, late_by, unclear_when

if TYPE_CHECKING:
    from events.fact import AnyFact
    from events.moment import Moment
    from rulebooks.context import Context
    from rulebooks.judgement import State
    from rulebooks.language.scope import Scope
    from rulebooks.language.truth import Truth
    from rulebooks.record.casefile import CaseFile
    from rulebooks.record.world import World
    from rulebooks.rule import Rule

KEYS = ("per", "when", "unless", "from", "due", "tiers", "instead", "pauses", "ends", "on_expiry", "settle", "rounds")
SILENCE = {
    "deemed_no_objection": Say("逾期不回复视为无不同意见", "silence counts as no objection"),
    "deemed_agreed": Say("不发表意见视为同意", "silence counts as agreement"),
}


class Deadline(NamedTuple):
    """A compiled deadline."""

    act: Act
    clock: Clock
    tiers: tuple[Tier, ...]
    replacements: tuple[Replacement, ...]
    closes: tuple[Matcher, ...]
    ends: tuple[Matcher, ...]
    silence: Say | None


class Obligation(NamedTuple):
    """What was read of one obligation: from when it runs and till when, what settled it and what ended it."""

    tier: Tier
    party: Party
    applies: Truth
    start: Moment | None
    due: Due | None
    done: Came
    ended: Came
    paused: bool


def compile_rule(context: Context) -> Rule:
    """Compile a deadline: opened by `opens` for each party, it waits for a fact under `closes`.

    `from` says from what moment the limit runs (the first entry that is recorded), `due` how long, `instead` what may
    take its place (a limit stated in the paper, an extension agreed in time), `pauses` what stops it, `ends` what ends
    the wait. With `rounds` each trigger begins a round of its own: what the case holds before it belongs to another.
    """
    context.check(KEYS, ("opens", "closes"))
    if context.get("rounds"):
        context = replace(context, given=in_rounds(context.given))
    act = compile_act(context, "opens", "now")
    scope = act.scope
    deadline = Deadline(
        act,
        compile_clock(context, scope),
        compile_tiers(context, scope),
        compile_replacements(context, scope),
        _matchers(context.get("closes"), scope),
        _matchers(context.get("ends"), scope),
        _silence(context),
    )

    def judge_alone(world: World, file: CaseFile, trigger: AnyFact) -> list[Judgement]:
        return (
            _judge_trigger(deadline, world, file, trigger) if world.judges(context.header, trigger.occurred_at) else []
        )

    def judge(world: World, file: CaseFile) -> list[Judgement]:
        triggers = picked(world, file, scope.trigger_types, act.pick)
        return [judgement for trigger in triggers for judgement in judge_alone(world, file, trigger)]

    return context.rule(scope, judge, judge_alone=judge_alone if act.pick.each else None)


def _judge_trigger(deadline: Deadline, world: World, file: CaseFile, trigger: AnyFact) -> list[Judgement]:
    act = deadline.act
    first = Frame(world, file, trigger, trigger.occurred_at)
    applies: Truth = True if act.of_party is not None else act.of_act(first)
    if applies is False:
        return []
    if act.parties is None:
        return _judge_party(deadline, first, NOBODY, applies)
    found: list[Judgement] = []
    for party, frame, truth in concerned(act, act.parties, first, applies):
        if party is UNKNOWN:
            found.append(not_determinable(file, trigger, frame))
        else:
            found += _judge_party(deadline, frame, party, truth)
    return found


def _matchers(given: object, scope: Scope) -> tuple[Matcher, ...]:
    found = []
    for one in as_list(given):
        if not isinstance(one, Located):
            raise CompileError("closes 和 ends 须写 fact", "closes and ends want {fact: ...}")
        found.append(compile_matcher(one, scope, compile_all))
    return tuple(found)


def _silence(context: Context) -> Say | None:
    name = context.get("on_expiry")
    if name is not None and name not in SILENCE:
        options = "、".join(SILENCE)
        raise CompileError(f"on_expiry 可用：{options}", f"on_expiry is one of: {options}", context.given)
    return SILENCE.get(name) if name else None


def _judge_party(deadline: Deadline, frame: Frame, party: Party, applies: Truth) -> list[Judgement]:
    closing, ending = settlements(deadline.closes, frame), settlements(deadline.ends, frame)
    judgements: list[Judgement] = []
    for tier in deadline.tiers:
        doubts = Doubts()
        found = [_read(deadline, frame, tier, doubts)]
        if doubts.facts:
            found += [_read(deadline, frame, tier, other) for other in doubts.others()]
        awaited: list[Obligation] = []
        for clock in found:
            until = None if clock.paused else clock.due
            done, ended = came(closing, until), came(ending, until)
            if done.in_time or not ended.in_time:
                awaited.append(Obligation(tier, party, applies, clock.start, clock.due, done, ended, clock.paused))
        if awaited and not doubts.facts:
            judgements.append(_judged(deadline, frame, awaited[0], _state(frame, awaited[0])))
        elif awaited:
            judgements.append(_judged_in_doubt(deadline, frame, awaited, doubts, always=len(awaited) == len(found)))
    return judgements


def _read(deadline: Deadline, frame: Frame, tier: Tier, doubts: Doubts) -> Reading:
    return deadline.clock.read(frame, doubts, partial(_due, tier, deadline, frame, doubts))


def _due(tier: Tier, deadline: Deadline, frame: Frame, doubts: Doubts, start: Moment) -> Due | None:
    due: Due | None = None
    if tier.limit is not None:
        unit = frame.party if isinstance(frame.party, str) else None
        due = tier.limit.after(start, frame.world.calendar, unit if unit in frame.world.calendar.units else None)
    elif tier.by is not None:
        due = tier.by.due(frame, start)
    for replacement in deadline.replacements:
        due = replacement.apply(frame, due, doubts)
    return due


def _judged_in_doubt(
    deadline: Deadline, frame: Frame, awaited: list[Obligation], doubts: Doubts, *, always: bool
) -> Judgement:
    """Judge by every reading of the clock: where they, or not all, come to the same it cannot be told what holds.

    `always` says that in each of them something is awaited. Asked again whenever the limit of one runs out.
    """
    states = {_state(frame, one) for one in awaited}
    of, state = awaited[0], _state(frame, awaited[0])
    alike = len(states) == 1 and doubts.all_told and (always or state != "violated")
    if alike and state == "violated":
        of = max(awaited, key=lambda one: 0 if one.due is None else one.due.instant)
    elif not (alike or states <= RUNNING):
        state = "not_determinable"
        frame.used.extend(doubts.facts.values())
        frame.missing.extend(doubts.missing)
    judgement = _judged(deadline, frame, of, state)
    ahead = [one.due.instant for one in awaited if one.due is not None and one.due.instant > frame.world.hour]
    if judgement.state == "not_determinable":
        said = Say(
            "计时所依的记录不全，何时届满无法判定", "when the limit ran out cannot be told from what is recorded"
        )
        judgement = msgspec.structs.replace(judgement, reason=(said,))
    return msgspec.structs.replace(judgement, wake=min(ahead, default=None))


def _judged(deadline: Deadline, frame: Frame, of: Obligation, state: State) -> Judgement:
    expired = of.done.fact is None and state in {"violated", "not_determinable"}
    if state == "violated" and deadline.act.unless is not None:
        excepted = deadline.act.unless(frame)
        state = "satisfied" if excepted else "not_determinable" if excepted is None else state
    if of.applies is None and state in RUNNING:
        state = "waiting"
    due, limit, done = of.due, of.tier.limit, of.done
    running = state in {*RUNNING, "waiting"}
    return Judgement(
        subject=frame.file.key,
        trigger=frame.trigger,
        state=state,
        party=of.party.party,
        period=of.tier.period or of.party.period,
        opened=of.start or frame.trigger.occurred_at,
        due=None if due is None else due.instant,
        due_is_day=due is None or due.is_day,
        provisional=due is not None and due.provisional,
        happened=done.fact.occurred_at if done.fact is not None else None,
        wake=due.instant if due is not None and state in {"open", "waiting"} else None,
        expired=expired,
        facts=(frame.trigger,) if running else frame.proof(done.fact, *done.unclear),
        missing=_missed(frame, of) if state == "not_determinable" else (),
        calendars=(due.year,) if due is not None else (),
        modality=of.tier.modality,
        severity="notice" if limit is not None and limit.word is not None else None,
        reason=_reason(deadline, frame, of, state) if state in EXPLAINED else (),
    )


RUNNING = frozenset({"open", "paused"})
EXPLAINED = frozenset({"violated", "not_determinable", "paused"})


def _state(frame: Frame, of: Obligation) -> State:
    done, due = of.done, of.due
    if done.in_time:
        return "satisfied"
    came_at_all = done.fact is not None
    if not came_at_all and of.paused:
        return "paused"
    if not came_at_all and (due is None or frame.world.hour < due.instant):
        return "open"
    partial = not came_at_all and frame.partial
    if partial:
        frame.missing.append(f"{frame.file.key}: later facts")
    sure = of.applies and done.in_time is False and of.ended.in_time is False and not partial
    return "violated" if sure else "not_determinable"


def _missed(frame: Frame, of: Obligation) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*frame.missing, *of.done.missing, *of.ended.missing)))


def _reason(deadline: Deadline, frame: Frame, of: Obligation, state: str) -> tuple[Say, ...]:
    if state == "paused":
        return (Say("材料退补，时限暂停", "the material was sent back, so the limit does not run"),)
    said: list[Say] = []
    if of.start is not None and of.due is not None:
        said.append(counted(frame.world.calendar, of.start, of.due, of.tier.limit))
    if of.due is not None:
        open_one = of.done.in_time is None
        late = late_by(frame.world.calendar, of.due, of.done.fact, of.tier.limit)
        said.append(unclear_when(of.done.unclear) if open_one else late)
    if deadline.silence is not None and not of.done.fact:
        said.append(deadline.silence)
    return tuple(said)
