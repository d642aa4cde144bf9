"""The clauses of a deadline: from when the clock runs, what stops it, what takes the place of its limit."""

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


class Clock(NamedTuple):
    """A compiled `from` with its pauses, or a due moment that is read off rather than counted."""

    starts: tuple[Callable[[Frame], Moment | None], ...]
    pauses: tuple[Pause, ...] = ()
    due_of: Callable[[Frame, Moment], Due | None] | None = None

    def read(self, frame: Frame, due_from: Callable[[Moment], Due | None]) -> Reading:
        """Tell from when the clock runs for the frame's party and when it runs out, pauses counted.

        What would stop it after it ran out stops nothing any more.
        """
        mark = len(frame.missing)
        start = next((found for one in self.starts if (found := one(frame)) is not None), None)
        del frame.missing[mark:]
        reading = Reading(start, None if start is None else due_from(start))
        stops = [stop for pause in self.pauses for stop in _stops(pause, frame)]
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


def _start(given: Any, scope: Scope) -> Callable[[Frame], Moment | None]:  # noqa: ANN401  # YAML holds any value here
    if given == "trigger":
        return lambda frame: frame.trigger.occurred_at
    if isinstance(given, Located):
        search = Located({key: value for key, value in given.items() if key not in {"pick", "value"}})
        search.file, search.line = given.file, given.line
        matcher = compile_matcher(search, scope, compile_all)
        return _moment_of_fact(matcher, given.get("pick", "first"), _value(given, matcher, scope))
    path = compile_path(given, scope)
    return lambda frame: _moment(path.read(frame))


def _value(given: Located, matcher: Matcher, scope: Scope) -> Path | None:
    return compile_path(given["value"], scope.testing(matcher.types, ())) if "value" in given else None


def _moment(value: object) -> Moment | None:
    return as_moment(None if value is UNSET else value)


def _moment_of_fact(matcher: Matcher, pick: str, value: Path | None) -> Callable[[Frame], Moment | None]:
    def start(frame: Frame) -> Moment | None:
        found = [fact for fact, truth in matcher.gather(frame, 0) if truth]
        if not found:
            return None
        fact = found[0] if pick == "first" else found[-1]
        frame.used.append(fact)
        return fact.occurred_at if value is None else _read_of(fact, value, frame)

    return start


def _read_of(fact: AnyFact, path: Path, frame: Frame) -> Moment | None:
    before, frame.it = frame.it, fact
    value = path.read(frame)
    frame.it = before
    return _moment(value)


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


def _stops(pause: Pause, frame: Frame) -> list[Stop]:
    begun = [fact.occurred_at for fact, truth in pause.begins.gather(frame, 0) if truth]
    ended = [fact for fact, truth in pause.ends.gather(frame, 0) if truth]
    return [Stop(at, next((fact for fact in ended if fact.occurred_at > at), None), pause.restart) for at in begun]


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


class Replacement(NamedTuple):
    """What takes the place of a limit: one stated in the paper, or an extension, agreed before the old one ran out."""

    path: Path | None
    matcher: Matcher | None
    value: Path | None
    before_expiry: bool

    def apply(self, frame: Frame, due: Due | None) -> Due | None:
        """Return the due moment that holds instead, or the old one."""
        if self.path is not None:
            mark = len(frame.missing)
            moment = _moment(self.path.read(frame))
            del frame.missing[mark:]
            return due if moment is None else Due(moment.latest, is_day=moment.day_only, stated=True)
        if self.matcher is None or self.value is None:
            return due
        for fact, truth in self.matcher.find(frame):
            if not truth or (self.before_expiry and due is not None and fact.occurred_at.earliest > due.instant):
                continue
            moment = _read_of(fact, self.value, frame)
            if moment is not None:
                frame.used.append(fact)
                due = Due(moment.latest, is_day=moment.day_only, stated=True)
        return due


def compile_replacements(context: Context, scope: Scope) -> tuple[Replacement, ...]:
    """Compile `instead`: `{path}`, or `{fact, ..., value, before: expiry}`, applied in the order written."""
    found: list[Replacement] = []
    for given in as_list(context.get("instead")):
        if not isinstance(given, Located):
            raise CompileError("instead 须写 path 或 fact", "instead wants path or fact", context.given)
        if "path" in given:
            checked_keys(given, (), ("path",))
            found.append(Replacement(compile_path(given["path"], scope), None, None, before_expiry=False))
            continue
        search = Located({k: v for k, v in given.items() if k != "value" and (k, v) != ("before", "expiry")})
        search.file, search.line = given.file, given.line
        matcher = compile_matcher(search, scope, compile_all)
        if "value" not in given:
            raise CompileError("instead 的事实须写 value", "a fact under instead wants a value", given)
        value = compile_path(given["value"], scope.testing(matcher.types, ()))
        found.append(Replacement(None, matcher, value, given.get("before") == "expiry"))
    return tuple(found)
