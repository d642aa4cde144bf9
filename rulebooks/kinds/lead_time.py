"""lead_time: what must be done so long before an act (提前量)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec import UNSET

from events.moment import Moment, day_of, end_of
from rulebooks.constraint import Answer, compile_act, constraint
from rulebooks.judgement import Say
from rulebooks.language.conditions import compile_all
from rulebooks.language.evidence import Matcher, compile_matcher
from rulebooks.language.limits import Limit, compile_limit
from rulebooks.language.moments import as_moment, note
from rulebooks.language.path_parts import Path
from rulebooks.language.paths import compile_path
from rulebooks.problems import CompileError, as_list
from rulebooks.source import Located

if TYPE_CHECKING:
    from events.fact import AnyFact
    from rulebooks.context import Context
    from rulebooks.language.frame import Frame
    from rulebooks.language.limits import Due
    from rulebooks.language.truth import Truth
    from rulebooks.rule import Rule


class Lead(NamedTuple):
    """A compiled lead time: when the act is, what must be done before, and how long before."""

    act_at: tuple[Path, ...]
    done: tuple[Matcher, ...]
    at_least: Limit


def compile_rule(context: Context) -> Rule:
    """Compile a lead time: the earliest fact under `done` must come `at_least` so long before the moment `act_at`.

    Of several paths the first that is recorded tells the moment. The day of the act is not among the days counted
    back. Until the latest day has passed an undone thing is open.
    """
    context.check(("per", "when", "unless", "settle"), ("on", "act_at", "done", "at_least"))
    act = compile_act(context, settle="now")
    done = []
    for one in as_list(context.get("done")):
        if not isinstance(one, Located):
            raise CompileError("done 须写 fact", "done wants {fact: ...}", context.given)
        done.append(compile_matcher(one, act.scope, compile_all))
    act_at = tuple(compile_path(one, act.scope) for one in as_list(context.get("act_at")))
    lead = Lead(act_at, tuple(done), compile_limit(context.get("at_least"), act.scope))
    return constraint(context, act, lambda frame: _answer(lead, frame))


def _answer(lead: Lead, frame: Frame) -> Answer:
    moment = _act_at(lead, frame)
    if moment is None:
        return Answer(None, (Say("活动时间没有记录", "when the act takes place is not recorded"),))
    latest = lead.at_least.latest_before(moment, frame.world.calendar)
    sure, possible = _earliest(lead, frame)
    if sure is not None:
        frame.used.append(sure)
        truth, reason = _judged(sure, latest, lead, moment, frame)
        return Answer(truth, reason, happened=sure.occurred_at, due=latest)
    ahead = _still_ahead(frame, moment)
    if ahead and frame.world.hour < latest.instant:
        return Answer(None, state="open", due=latest, wake=latest.instant)
    if possible is not None or frame.partial:
        frame.missing.append(f"{frame.file.key}: {'、'.join(name for one in lead.done for name in one.types)}")
        return Answer(None, (_nothing(latest),), due=latest, expired=ahead)
    return Answer(truth=False, reason=(_nothing(latest),), due=latest, expired=ahead)


def _act_at(lead: Lead, frame: Frame) -> Moment | None:
    """Return when the act is: the first of its paths that is recorded."""
    mark = len(frame.missing)
    for path in lead.act_at:
        value = path.read(frame)
        moment = as_moment(None if value is UNSET else value)
        if moment is not None:
            del frame.missing[mark:]
            return moment
        if value is None:
            note(path, frame)
    return None


def _earliest(lead: Lead, frame: Frame) -> tuple[AnyFact | None, AnyFact | None]:
    sure: AnyFact | None = None
    possible: AnyFact | None = None
    for matcher in lead.done:
        for fact, truth in matcher.gather(frame, 0):
            if truth is None:
                possible = possible or fact
            elif sure is None or fact.occurred_at < sure.occurred_at:
                sure = fact
    return sure, possible


def _judged(done: AnyFact, latest: Due, lead: Lead, act: Moment, frame: Frame) -> tuple[Truth, tuple[Say, ...]]:
    if done.occurred_at.latest <= latest.instant:
        return True, ()
    days = frame.world.calendar.working_days_between(
        done.occurred_at.day, act.day, count_first=True, count_last=lead.at_least.from_same_day
    ).days
    words = lead.at_least.say()
    unit = lead.at_least.unit
    spent = f"{days} 个工作日" if unit == "working_day" else f"{(act.day - done.occurred_at.day).days} 日"
    spent_en = f"{days} working days" if unit == "working_day" else f"{(act.day - done.occurred_at.day).days} days"
    zh = f"{act.text} 的活动须提前{words.zh}（最迟 {latest.text}），实于 {done.occurred_at.text} 办理，仅提前 {spent}"
    en = f"{words.en} ahead of {act.text} is by {latest.text}; done on {done.occurred_at.text}, {spent_en} ahead"
    truth: Truth = False if done.occurred_at.earliest > latest.instant else None
    if truth is None:
        frame.unordered(done)
    return truth, (Say(zh, en),)


def _nothing(latest: Due) -> Say:
    return Say(f"至 {latest.text} 没有办理记录", f"nothing was recorded by {latest.text}")


def _still_ahead(frame: Frame, act: Moment) -> bool:
    """Whether the trigger only plans the act."""
    return frame.trigger.occurred_at.latest < end_of(day_of(act.earliest)) and not (
        frame.trigger.occurred_at.earliest >= act.earliest
    )
