"""The clock of a deadline: from when it runs, and what stops it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from msgspec import UNSET

from events.moment import Moment, end_of
from rulebooks.calendar.months_and_hours import add_months
from rulebooks.calendar.working_days import Calendar
from rulebooks.language.conditions import compile_all
from rulebooks.language.evidence import Matcher, compile_matcher
from rulebooks.language.limits import Due
from rulebooks.language.moments import as_moment
from rulebooks.language.path_parts import Path
from rulebooks.language.paths import compile_path
from rulebooks.problems import CompileError, as_list, checked_keys
from rulebooks.source import Located

if TYPE_CHECKING:
    from events.fact import AnyFact
    from rulebooks.context import Context
    from rulebooks.language.doubts import Doubts
    from rulebooks.language.frame import Frame
    from rulebooks.language.scope import Scope

MONTHS_OF: Final = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


class Reading(NamedTuple):
    """What a clock says: from when it runs (None: not yet), when it runs out, whether it stands still."""

    start: Moment | None
    due: Due | None = None
    paused: bool = False


class Pause(NamedTuple):
    """What stops a clock, what starts it again, and whether it then runs anew (restart) or on (resume)."""

    begins: Matcher
    ends: Matcher
    restart: bool


Start = Callable[["Frame", "Doubts"], Moment | None]
"""When a clock starts by one entry of `from`; None where that is not recorded."""


class Clock(NamedTuple):
    """A compiled `from` with its pauses, or a due moment that is read off rather than counted."""

    starts: tuple[Start, ...]
    pauses: tuple[Pause, ...] = ()
    due_of: Callable[[Frame, Moment], Due | None] | None = None

    def read(self, frame: Frame, doubts: Doubts, due_from: Callable[[Moment], Due | None]) -> Reading:
        """Tell from when the clock runs for the frame's party and when it runs out, pauses counted.

        What would stop it after it ran out stops nothing any more.
        """
        mark = len(frame.missing)
        start = next((found for one in self.starts if (found := one(frame, doubts)) is not None), None)
        del frame.missing[mark:]
        reading = Reading(start, None if start is None else due_from(start))
        stops = [stop for pause in self.pauses for stop in _stops(pause, frame, doubts)]
        for stop in sorted(stops, key=_begun):
            if reading.due is not None and stop.begun.earliest > reading.due.instant:
                break
            reading = _after(stop, frame, reading, due_from)
        return reading

    def due(self, frame: Frame, start: Moment) -> Due | None:
        """Return a due moment that is read off a paper or a period."""
        return None if self.due_of is None else self.due_of(frame, start)

    @classmethod
    def by(cls, given: object, scope: Scope) -> Clock:
        """Compile `by:`, a path to the moment by which a thing must be done."""
        path = compile_path(given, scope)

        def due_of(frame: Frame, _start: Moment) -> Due | None:
            value = path.read(frame)
            moment = as_moment(None if value is UNSET else value)
            return None if moment is None else Due(moment.latest, is_day=moment.day_only, stated=True)

        return cls((), due_of=due_of)

    @classmethod
    def at_end_of(cls, given: object, at: Located) -> Clock:
        """Compile `at_end_of:`, the calendar month, quarter, half-year or year in which the clock starts."""
        if given not in MONTHS_OF:
            options = "、".join(MONTHS_OF)
            raise CompileError(f"at_end_of 可用：{options}", f"at_end_of is one of: {options}", at)
        months = MONTHS_OF[str(given)]

        def due_of(_frame: Frame, start: Moment) -> Due:
            day = start.day
            first = day.replace(month=(day.month - 1) // months * months + 1, day=1)
            return Due(end_of(add_months(first, months)) - 86_400_000_000)

        return cls((), due_of=due_of)


def compile_clock(context: Context, scope: Scope) -> Clock:
    """Compile `from` (the first entry that is recorded holds; the trigger when left out) and `pauses`."""
    entries = as_list(context.get("from")) or ["trigger"]
    return Clock(
        tuple(_start(one, scope) for one in entries),
        tuple(_pause(one, scope) for one in as_list(context.get("pauses"))),
    )


def _start(given: Any, scope: Scope) -> Start:  # noqa: ANN401  # YAML holds any value here
    if given == "trigger":
        return lambda frame, _doubts: frame.trigger.occurred_at
    if isinstance(given, Located):
        search = Located({key: value for key, value in given.items() if key not in {"pick", "value"}})
        search.file, search.line = given.file, given.line
        matcher = compile_matcher(search, scope, compile_all)
        return _moment_of_fact(matcher, given.get("pick", "first"), _value(given, matcher, scope))
    path = compile_path(given, scope)
    return lambda frame, _doubts: moment_of(path.read(frame))


def _value(given: Located, matcher: Matcher, scope: Scope) -> Path | None:
    return compile_path(given["value"], scope.testing(matcher.types, ())) if "value" in given else None


def moment_of(value: object) -> Moment | None:
    """Return a value as a moment, None where it is none or not known."""
    return as_moment(None if value is UNSET else value)


def _moment_of_fact(matcher: Matcher, pick: str, value: Path | None) -> Start:
    def start(frame: Frame, doubts: Doubts) -> Moment | None:
        found = doubts.counting(matcher, frame)
        if not found:
            return None
        fact = found[0] if pick == "first" else found[-1]
        frame.used.append(fact)
        return fact.occurred_at if value is None else moment_read_of(fact, value, frame)

    return start


def moment_read_of(fact: AnyFact, path: Path, frame: Frame) -> Moment | None:
    """Return the moment to which a path leads from a fact as `it`, None where it is not known."""
    before, frame.it = frame.it, fact
    value = path.read(frame)
    frame.it = before
    return moment_of(value)


def _pause(given: Any, scope: Scope) -> Pause:  # noqa: ANN401  # YAML holds any value here
    if not isinstance(given, Located):
        raise CompileError("pauses 须写 begins、ends", "pauses want begins and ends")
    checked_keys(given, ("then",), ("begins", "ends"))
    then = given.get("then", "resume")
    if then not in {"resume", "restart"}:
        raise CompileError("then 为 resume 或 restart", "then is resume or restart", given)
    begins, ends = (compile_matcher(given[key], scope, compile_all) for key in ("begins", "ends"))
    return Pause(begins, ends, then == "restart")


class Stop(NamedTuple):
    """One time at which a clock stood still: from when, the fact that ended it, and whether it then runs anew."""

    begun: Moment
    ended_by: AnyFact | None
    restart: bool


def _begun(stop: Stop) -> int:
    return stop.begun.earliest


def _stops(pause: Pause, frame: Frame, doubts: Doubts) -> list[Stop]:
    begun, ended = doubts.counting(pause.begins, frame), doubts.counting(pause.ends, frame)
    found: list[Stop] = []
    for stopped in begun:
        ends = (fact for fact in ended if doubts.after(stopped, fact, frame))
        found.append(Stop(stopped.occurred_at, next(ends, None), pause.restart))
    return found


def _after(stop: Stop, frame: Frame, reading: Reading, due_from: Callable[[Moment], Due | None]) -> Reading:
    if stop.ended_by is None:
        return reading._replace(paused=True)
    frame.used.append(stop.ended_by)
    ended = stop.ended_by.occurred_at
    if stop.restart:
        return reading._replace(start=ended, due=due_from(ended))
    due = reading.due and _lengthened(reading.due, stop.begun, ended, frame.world.calendar)
    return reading._replace(due=due)


def _lengthened(due: Due, first: Moment, last: Moment, calendar: Calendar) -> Due:
    """Return a limit moved by the working days during which the clock stood still."""
    days = calendar.working_days_between(first.day, last.day, count_first=False, count_last=True).days
    moved = calendar.add_working_days(Moment.at(due.instant).day, days)
    return Due(end_of(moved.day), provisional=due.provisional or moved.provisional)
