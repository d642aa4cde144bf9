"""coverage: that somebody covers for whoever is away, day by day (代管、顶岗、主持工作)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from events.moment import Moment, end_of
from rulebooks.constraint import CONSTRAINT_KEYS, Answer, compile_act, constraint
from rulebooks.judgement import Say
from rulebooks.language.limits import Due
from rulebooks.problems import CompileError, as_list
from rulebooks.record.cover import Covered, Form, compile_cover, covered
from rulebooks.record.overlaps import registered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rulebooks.context import Context
    from rulebooks.language.frame import Frame
    from rulebooks.record.absences import Away
    from rulebooks.rule import Rule

ONE_DAY: Final = dt.timedelta(days=1)


class Day(NamedTuple):
    """One day of an absence: whether it is over, and whether it was covered."""

    day: dt.date
    passed: bool
    cover: Covered


def compile_rule(context: Context) -> Rule:
    """Compile a coverage: on each day of the absence, as taken, one way of `cover` holds.

    Every calendar day that the absence touches counts; with `whole: false` one covered day is enough. A day is judged
    when it is over, or at once when the person is back. One who is away himself at that time covers nothing; a plan to
    be away without a departure leaves it open. An absence without a recorded departure is not determinable where it is
    not covered. A day ahead on which, by plan, everybody who may cover is away too is foreseen to be uncovered.
    """
    context.check((*CONSTRAINT_KEYS, "whole"), ("on", "cover"))
    act = compile_act(context, settle="now")
    scope = act.scope
    if scope.subject_kind != "absence":
        raise CompileError("coverage 的 on 须是外出的事实", "a coverage looks at facts of an absence", context.given)
    forms = tuple(compile_cover(one, scope) for one in as_list(context.get("cover")))
    if not forms:
        raise CompileError("cover 不能为空", "cover must not be empty", context.given)
    whole = context.get("whole")
    if whole not in {None, True, False}:
        raise CompileError("whole 为 true 或 false", "whole is true or false", context.given)
    scope.reads(("absence.registered.v1",), ())
    meeting = not scope.dependencies.absences
    scope.reads_absences()
    scope.reads_mandates()
    scope.reads_roster()

    def requirement(frame: Frame) -> Iterator[Answer]:
        away = frame.world.absences.of(frame.file.key)
        first = registered(frame.file)
        if away is None or (act.pick.each and (first is None or first.id != frame.trigger.id)):
            return
        days = _days(frame, away, forms)
        yield _part_of(frame, away, days) if whole is False else _whole(frame, away, days)

    return replace(constraint(context, act, requirement), meeting_absences=meeting)


def _days(frame: Frame, away: Away, forms: tuple[Form, ...]) -> list[Day]:
    found: list[Day] = []
    day, last = away.start.day, Moment.at(away.end.latest).day
    while day <= last:
        passed = away.returned is not None or end_of(day) <= frame.world.hour
        found.append(Day(day, passed, covered(frame, away, day, forms)))
        day += ONE_DAY
    return found


def _whole(frame: Frame, away: Away, days: list[Day]) -> Answer:
    """Say whether every day that is over was covered."""
    uncovered = [one for one in days if one.passed and one.cover.truth is False]
    unknown = [one for one in days if one.passed and one.cover.truth is None]
    wake = _next(days)
    if uncovered:
        return _lacking(frame, away, uncovered, wake)
    if unknown:
        return _unknown(frame, away, unknown, wake)
    if wake is None:
        _show(frame, away, days)
        return Answer(truth=True)
    foreseen = [one for one in days if not one.passed and one.cover.by_plan]
    if foreseen:
        return _foreseen(frame, away, foreseen, wake)
    ahead = next((one for one in days if not one.passed and one.cover.truth is not True), None)
    return Answer(None, state="open", due=None if ahead is None else Due(end_of(ahead.day)), wake=wake)


def _next(days: list[Day]) -> int | None:
    """Return the end of the first day ahead that is not covered, else of the last; None when all are over."""
    ahead = [one for one in days if not one.passed]
    if not ahead:
        return None
    return end_of(next((one.day for one in ahead if one.cover.truth is not True), ahead[-1].day))


def _part_of(frame: Frame, away: Away, days: list[Day]) -> Answer:
    """Say whether one day that is over was covered."""
    if any(one.passed and one.cover.truth is True for one in days):
        _show(frame, away, [one for one in days if one.cover.truth is True])
        return Answer(truth=True)
    ahead = [one for one in days if not one.passed]
    if ahead:
        promised = next((one.day for one in ahead if one.cover.truth is True), ahead[-1].day)
        return Answer(None, state="open", due=Due(end_of(ahead[-1].day)), wake=end_of(promised))
    unknown = [one for one in days if one.cover.truth is None]
    return _unknown(frame, away, unknown, None) if unknown else _lacking(frame, away, days, None)


def _show(frame: Frame, away: Away, days: list[Day]) -> None:
    shown = (away.planned_by, away.departed, away.returned, *(fact for one in days for fact in one.cover.facts))
    frame.used.extend(fact for fact in shown if fact is not None)


def _lacking(frame: Frame, away: Away, days: list[Day], wake: int | None) -> Answer:
    _show(frame, away, days)
    first = days[0].day
    reason = [
        Say(f"{away.person} 外出期间 {_span(days)} 无人代管", f"nobody covered for {away.person} on {_span(days)}")
    ]
    others = dict.fromkeys(person for one in days for person in one.cover.away_too)
    if others:
        zh = f"{'、'.join(others)} 当时也外出，不能代管"
        reason.append(Say(zh, f"{', '.join(others)} could not, being away at that time too"))
    expired = away.returned is None
    if not away.begun:
        frame.missing.append(f"{away.case} absence.departed")
        return Answer(None, tuple(reason), Moment.on(first), due=Due(end_of(first)), wake=wake, expired=expired)
    said = tuple(reason)
    return Answer(
        truth=False, reason=said, happened=Moment.on(first), due=Due(end_of(first)), wake=wake, expired=expired
    )


def _foreseen(frame: Frame, away: Away, days: list[Day], wake: int) -> Answer:
    """Say on which days ahead, as things are planned, everybody who may cover is away too."""
    _show(frame, away, days)
    others = dict.fromkeys(person for one in days for person in one.cover.by_plan)
    said = Say(
        f"{away.person} 外出期间 {_span(days)} 将无人代管：{'、'.join(others)} 届时也外出",
        f"nobody will cover for {away.person} on {_span(days)}: {', '.join(others)} will be away too",
    )
    return Answer(truth=False, reason=(said,), state="forecast", due=Due(end_of(days[0].day)), wake=wake)


def _unknown(frame: Frame, away: Away, days: list[Day], wake: int | None) -> Answer:
    _show(frame, away, days)
    frame.missing.extend(text for one in days for text in one.cover.missing)
    first = days[0].day
    said = Say(
        f"{away.person} 外出期间 {_span(days)} 有无人代管无法判定",
        f"whether anybody covered for {away.person} on {_span(days)} cannot be told",
    )
    expired = away.returned is None
    return Answer(None, (said,), Moment.on(first), due=Due(end_of(first)), wake=wake, expired=expired)


def _span(days: list[Day]) -> str:
    """Name days, runs of them by their ends."""
    runs: list[list[dt.date]] = []
    for one in days:
        if runs and one.day - runs[-1][-1] == ONE_DAY:
            runs[-1].append(one.day)
        else:
            runs.append([one.day])
    return " ".join(f"{run[0]}" if len(run) == 1 else f"{run[0]}—{run[-1]}" for run in runs)
