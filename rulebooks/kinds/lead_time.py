"""lead_time: what must be done so long before an act (提前量)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec import UNSET

from events.moment import Moment, day_of, end_of
from rulebooks.constraint import Answer, compile_act, constraint
from rulebooks.judgement import Say
from rulebooks.language.conditions import compile_all
from rulebooks.language.evidence import Matcher, compile_matcher
from rulebooks.language.frame import each_once
from rulebooks.language.limits import Limit, compile_limit
from rulebooks.language.moments import as_moment, note
from rulebooks.language.path_parts import Path
from rulebooks.language.paths import compile_path
from rulebooks.language.settlements import came, settlements
from rulebooks.problems import CompileError, as_list
from rulebooks.source import Located
from rulebooks.words.explaining import unclear_when

if TYPE_CHECKING:
    from rulebooks.context import Context
    from rulebooks.language.frame import Frame
    from rulebooks.language.limits import Due
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
    done = came(settlements(lead.done, frame), latest)
    frame.used.extend(each_once(done.fact, *done.unclear))
    at = None if done.fact is None else done.fact.occurred_at
    if done.in_time:
        return Answer(truth=True, happened=at, due=latest)
    ahead = _still_ahead(frame, moment)
    if at is None and ahead and frame.world.hour < latest.instant:
        return Answer(None, state="open", due=latest, wake=latest.instant)
    expired = ahead and at is None
    if done.in_time is None:
        frame.missing.extend(done.missing)
        return Answer(None, (unclear_when(done.unclear),), happened=at, due=latest, expired=expired)
    if at is not None:
        return Answer(truth=False, reason=(_late(at, latest, lead, moment, frame),), happened=at, due=latest)
    if frame.partial:
        frame.missing.append(f"{frame.file.key}: {'、'.join(name for one in lead.done for name in one.types)}")
    return Answer(None if frame.partial else False, (_nothing(latest),), due=latest, expired=expired)


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


def _late(done: Moment, latest: Due, lead: Lead, act: Moment, frame: Frame) -> Say:
    days = frame.world.calendar.working_days_between(
        done.day, act.day, count_first=True, count_last=lead.at_least.from_same_day
    ).days
    words = lead.at_least.say()
    unit = lead.at_least.unit
    spent = f"{days} 个工作日" if unit == "working_day" else f"{(act.day - done.day).days} 日"
    spent_en = f"{days} working days" if unit == "working_day" else f"{(act.day - done.day).days} days"
    zh = f"{act.said} 的活动须提前{words.zh}（最迟 {latest.said}），实于 {done.said} 办理，仅提前 {spent}"
    en = f"{words.en} ahead of {act.said} is by {latest.said}; done on {done.said}, {spent_en} ahead"
    return Say(zh, en)


def _nothing(latest: Due) -> Say:
    return Say(f"至 {latest.said} 没有办理记录", f"nothing was recorded by {latest.said}")


def _still_ahead(frame: Frame, act: Moment) -> bool:
    """Whether the trigger only plans the act."""
    return frame.trigger.occurred_at.latest < end_of(day_of(act.earliest)) and not (
        frame.trigger.occurred_at.earliest >= act.earliest
    )
