"""What all constraints share: an act, to whom it applies, when it can be judged, and what must hold of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from rulebooks.judgement import Judgement, Say
from rulebooks.language.conditions import Condition, compile_all, compile_each
from rulebooks.language.frame import Frame
from rulebooks.language.parties import (
    NOBODY,
    UNKNOWN,
    Parties,
    Party,
    Pick,
    alone_among,
    among_which,
    compile_parties,
    compile_triggers,
    picked,
)
from rulebooks.language.truth import all_of
from rulebooks.problems import CompileError, as_list
from rulebooks.settling import NEVER, Settle, compile_settle

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from events.fact import AnyFact
    from events.moment import Instant, Moment
    from rulebooks.context import Context
    from rulebooks.judgement import State
    from rulebooks.language.limits import Due
    from rulebooks.language.scope import Scope
    from rulebooks.language.truth import Test, Truth
    from rulebooks.record.casefile import CaseFile
    from rulebooks.record.world import World
    from rulebooks.rule import Rule

CONSTRAINT_KEYS: Final = ("per", "when", "unless", "settle")


class Answer(msgspec.Struct, frozen=True, gc=False):
    """What a kind finds of one act: whether it is as it must be, and why (why not).

    `party` and `period` tell several answers about one act apart. `state` stands where the answer is not final though
    the record is complete (open, forecast); `wake` is then when to ask again, in microseconds. `expired` says that only
    the passing of `due` made it so.
    """

    truth: Truth
    reason: tuple[Say, ...] = ()
    happened: Moment | None = None
    period: str | None = None
    party: str | None = None
    state: State | None = None
    due: Due | None = None
    wake: Instant | None = None
    expired: bool = False


Requirement = Callable[[Frame], "Answer | Iterable[Answer]"]
"""Several answers are yielded one by one: what the frame has used and missed since the last belongs to the next."""


class Act(NamedTuple):
    """The compiled part that all constraints share.

    `parties` is None where the rule names none. `when` is split where it first speaks of the party: `of_act` is asked
    once, `of_party` of each (None: of nobody).
    """

    scope: Scope
    pick: Pick
    parties: Parties | None
    when: Test
    of_act: Test
    of_party: Test | None
    unless: Test | None
    settle: Settle


def compile_act(context: Context, trigger_key: str = "on", settle: str = "wait") -> Act:
    """Compile `on`, `per`, `when`, `unless` and `settle`."""
    if context.get(trigger_key) is None:
        raise CompileError(f"缺少“{trigger_key}”", f"{trigger_key!r} is missing", context.given)
    scope, pick = compile_triggers(context.get(trigger_key), context.scope)
    parties = None
    if context.get("per") is not None:
        parties, scope = compile_parties(context.get("per"), scope)
    unless = compile_all(context.get("unless"), scope) if context.get("unless") else None
    conditions = [*among_which(context.get(trigger_key)), *as_list(context.get("when"))]
    split = context.first_of_party(conditions)
    of_act, of_party = compile_all(conditions[:split], scope), compile_all(conditions[split:], scope)
    return Act(
        scope,
        pick,
        parties,
        all_of([of_act, of_party]),
        of_act,
        of_party if split < len(conditions) else None,
        unless,
        compile_settle(context, scope, settle),
    )


def constraint(context: Context, act: Act, requirement: Requirement) -> Rule:
    """Return a rule that judges each act, for each party, by a requirement."""
    header, triggers = context.header, act.scope.trigger_types

    def judge(world: World, file: CaseFile) -> list[Judgement]:
        found: list[Judgement] = []
        for trigger in picked(world, file, triggers, act.pick):
            if world.judges(header, trigger.occurred_at):
                found += _judge_act(act, requirement, world, file, trigger)
        return found

    def judge_alone(world: World, file: CaseFile, trigger: AnyFact) -> Sequence[Judgement] | None:
        if not alone_among(file, triggers, act.pick, trigger):
            return None
        if world.judges(header, trigger.occurred_at):
            return _judge_act(act, requirement, world, file, trigger)
        return ()

    return context.rule(act.scope, judge, act.settle.facts, judge_alone if act.pick.some_alone else None)


def _judge_act(
    act: Act, requirement: Requirement, world: World, file: CaseFile, trigger: AnyFact
) -> Sequence[Judgement]:
    first = Frame(world, file, trigger, trigger.occurred_at)
    applies: Truth = True
    if act.of_party is None:
        applies = act.of_act(first)
        if applies is False:
            return ()
    wake = act.settle.pending(first)
    if wake is not None:
        return (_waiting(file, trigger, wake),)
    if act.parties is None:
        return _answered(act, requirement, first, NOBODY, applies)
    found: list[Judgement] = []
    for party, frame, truth in concerned(act, act.parties, first, applies):
        if party is UNKNOWN:
            found.append(not_determinable(file, trigger, frame))
        else:
            found += _answered(act, requirement, frame, party, truth)
    return found


def _answered(act: Act, requirement: Requirement, frame: Frame, party: Party, applies: Truth) -> list[Judgement]:
    """Judge an act for one party, whose frame is not used again."""
    used, missing = len(frame.used), len(frame.missing)
    answers = requirement(frame)
    if isinstance(answers, Answer):
        return [_judged(frame, party, applies, answers, act.unless)]
    found: list[Judgement] = []
    for answer in answers:
        found.append(_judged(frame, party, applies, answer, act.unless))
        del frame.used[used:], frame.missing[missing:]
    return found


def concerned(act: Act, named: Parties, first: Frame, applies: Truth) -> Iterator[tuple[Party, Frame, Truth]]:
    """Yield each party to whom a rule applies, or may, with its frame; `applies` is what holds where none is named.

    UNKNOWN comes last, for those of whom it is not recorded who they are, with what would tell.
    """
    used, missing = len(first.used), len(first.missing)
    parties = named(first)
    named_by, lacking = first.used[used:], first.missing[missing:]
    del first.used[used:], first.missing[missing:]
    if act.of_party is not None:
        applies = act.of_act(first)
        if applies is False:
            return
    used, missing = len(first.used), len(first.missing)
    frame: Frame | None = None
    for party in parties:
        if frame is None:
            frame = first.for_party(party.value)
        frame.party = party.value
        truth = applies
        if act.of_party is not None:
            asked = act.of_party(frame)
            truth = applies if asked is True else asked
        if party is UNKNOWN:
            frame.used.extend(named_by)
            frame.missing.extend(lacking)
        if truth is False:
            del frame.used[used:], frame.missing[missing:]
        else:
            yield party, frame, truth
            frame = None


def _waiting(file: CaseFile, trigger: AnyFact, wake: int) -> Judgement:
    return Judgement(subject=file.key, trigger=trigger, state="waiting", wake=None if wake == NEVER else wake)


def not_determinable(file: CaseFile, trigger: AnyFact, frame: Frame) -> Judgement:
    """Return the judgement of an act whose parties are not known."""
    return Judgement(
        subject=file.key,
        trigger=trigger,
        state="not_determinable",
        facts=frame.proof(),
        missing=frame.missed(),
        happened=trigger.occurred_at,
    )


def _judged(frame: Frame, party: Party, applies: Truth, answer: Answer, unless: Test | None) -> Judgement:
    if answer.truth is True and answer.due is None:
        return _fulfilled(frame, party, answer)
    state, reason = _state(frame, applies, answer, unless)
    due, pending = answer.due, state in {"open", "forecast"}
    return Judgement(
        subject=frame.file.key,
        trigger=frame.trigger,
        state=state,
        party=answer.party or party.party,
        period=answer.period or party.period,
        happened=answer.happened or (None if pending else frame.trigger.occurred_at),
        opened=frame.trigger.occurred_at,
        due=None if due is None else due.instant,
        due_is_day=due is None or due.is_day,
        provisional=due is not None and due.provisional,
        calendars=() if due is None else (due.year,),
        wake=answer.wake,
        expired=answer.expired and state in {"violated", "not_determinable"},
        facts=frame.proof(),
        missing=frame.missed() if state == "not_determinable" else (),
        reason=reason,
    )


def _fulfilled(frame: Frame, party: Party, answer: Answer) -> Judgement:
    return Judgement(
        subject=frame.file.key,
        trigger=frame.trigger,
        state="satisfied",
        party=answer.party or party.party,
        period=answer.period or party.period,
        happened=answer.happened or frame.trigger.occurred_at,
        opened=frame.trigger.occurred_at,
        wake=answer.wake,
        facts=frame.proof(),
        reason=answer.reason,
    )


def _state(frame: Frame, applies: Truth, answer: Answer, unless: Test | None) -> tuple[State, tuple[Say, ...]]:
    if answer.truth is True:
        return "satisfied", answer.reason
    excepted = False if unless is None else unless(frame)
    if excepted is True:
        return "satisfied", (Say("属于规定的例外情形", "a stated exception applies"),)
    if answer.state is not None:
        return (answer.state if applies is True else "open"), answer.reason
    if answer.truth is False and applies is True and excepted is False:
        return "violated", answer.reason
    return "not_determinable", answer.reason


def missing_of(frame: Frame, conditions: Sequence[Condition]) -> Answer:
    """Ask every condition and say which of them do not hold; each may carry its author's name for it."""
    wrong: list[Say] = []
    open_ones: list[Say] = []
    for one in conditions:
        truth = one.test(frame)
        if truth is False:
            wrong.append(one.say or Say("所需条件不成立", "a required condition does not hold"))
        elif truth is None:
            open_ones.append(one.say or Say("所需条件无法判定", "a required condition cannot be told"))
    if wrong:
        said = tuple(Say(f"缺：{say.zh}", f"lacking: {say.en}") for say in wrong)
        return Answer(truth=False, reason=said)
    if open_ones:
        return Answer(None, tuple(Say(f"无法判定：{say.zh}", f"cannot be told: {say.en}") for say in open_ones))
    return Answer(truth=True)


def compile_needs(context: Context, key: str, scope: Scope) -> list[Condition]:
    """Compile the conditions that must hold of an act, each of them named in explanations."""
    needs = compile_each(context.get(key), scope)
    if not needs:
        raise CompileError(f"“{key}”不能为空", f"{key!r} must not be empty", context.given)
    return needs
