"""The order of moments: what a condition can ask of two of them, and the bounds in time of a search for facts."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from msgspec import UNSET

from events.moment import Moment
from rulebooks.language.frame import fact_name
from rulebooks.language.path_parts import Kind, Path
from rulebooks.language.paths import compile_path
from rulebooks.language.truth import Test, Truth, opposite

if TYPE_CHECKING:
    from rulebooks.language.frame import Frame
    from rulebooks.language.scope import Scope

Compare = Callable[[Moment, Moment], Truth]

_OF_TRIGGER: Final = Path("trigger.occurred_at", attrgetter("trigger.occurred_at"), Kind("moment"))
_ORDERS: Final[dict[str, Compare]] = {
    "before": lambda one, other: one.before(other),
    "not_after": lambda one, other: opposite(other.before(one)),
    "after": lambda one, other: other.before(one),
    "not_before": lambda one, other: opposite(one.before(other)),
}
"""A date and an instant of that day leave their order open."""
_BOUNDS: Final[dict[str, Compare]] = {**_ORDERS, "since": lambda one, other: one.before(other) is not True}
_BOUNDING: Final = {"trigger": attrgetter("trigger"), "it.occurred_at": attrgetter("outer")}
"""The facts whose own moment bounds a search; found by it, such a fact came no later and no sooner than itself."""
TIMES: Final = tuple(_BOUNDS)
"""The bounds in time that a search for facts may have."""


def as_moment(value: object) -> Moment | None:
    """Return a date, date-time or moment as a Moment; None for anything else."""
    if isinstance(value, Moment) or value is None:
        return value
    isoformat = getattr(value, "isoformat", None)
    return Moment(isoformat()) if isoformat else None


def note(path: Path, frame: Frame) -> None:
    """Note as missing what a path leads to, by the fact or the case in which it would stand."""
    root, _, rest = path.text.partition(".")
    fact = {"it": frame.it, "around": frame.outer, "trigger": frame.trigger}.get(root)
    named = fact_name(fact) if fact is not None else frame.file.key
    frame.missing.append(path.text if root in {"party", "entry", "who"} else f"{named}: {rest}")


def compile_time(name: str, given: object, around: Scope, scope: Scope) -> Test:
    """Compile a bound in time: `trigger`, a path to a moment, or `it.` and a field of what the search around tests."""
    compare, at_once = _BOUNDS[name], name not in {"before", "after"}
    bounding = _BOUNDING.get(str(given))
    if str(given).startswith("it."):
        path = _around(compile_path(given, around))
    else:
        path = _OF_TRIGGER if given == "trigger" else compile_path(given, scope)

    def test(frame: Frame) -> Truth:
        value = path.read(frame)
        if value is UNSET or frame.it is None:
            return None
        if bounding is not None and bounding(frame) is frame.it:
            return at_once
        bound = as_moment(value)
        answer = None if bound is None else compare(frame.it.occurred_at, bound)
        if answer is None:
            if bound is None or bound.day_only:
                note(path, frame)
            if bound is not None:
                frame.unordered(frame.it)
        return answer

    return test


def _around(path: Path) -> Path:
    """Return a path that is read from the fact that the search around this one tests."""

    def read(frame: Frame) -> object:
        fact = frame.it
        frame.it = frame.outer
        value = path.read(frame)
        frame.it = fact
        return value

    return path._replace(read=read)


def _moments(compare: Compare) -> Callable[[Path, object, Scope], Test]:
    def compiled(path: Path, other: object, scope: Scope) -> Test:
        against = compile_path(other, scope)

        def test(frame: Frame) -> Truth:
            left, right = path.read(frame), against.read(frame)
            if left is UNSET or right is UNSET:
                return None
            first, second = as_moment(left), as_moment(right)
            answer = None if first is None or second is None else compare(first, second)
            if answer is None:
                for one, moment in ((path, first), (against, second)):
                    if moment is None or moment.day_only:
                        note(one, frame)
            return answer

        return test

    return compiled


def _same_day(left: Moment, right: Moment) -> Truth:
    return left.day == right.day


def _days_off_through(path: Path, other: object, scope: Scope) -> Test:
    """Tell whether each day from one moment to another is a day off; left open by a year without a holiday notice."""
    against = compile_path(other, scope)

    def test(frame: Frame) -> Truth:
        first, last = (as_moment(_none_unless_known(one.read(frame))) for one in (path, against))
        for one, moment in ((path, first), (against, last)):
            if moment is None:
                note(one, frame)
        if first is None or last is None:
            return None
        days = frame.world.calendar.working_days_between(first.day, last.day, count_first=True, count_last=True)
        if days.provisional:
            frame.missing.append(f"calendar/{last.day.year}: calendar.notice_adopted.v1")
            return None
        return days.days == 0

    return test


def _none_unless_known(value: object) -> object:
    return None if value is UNSET else value


MOMENT_OPERATORS: Final[dict[str, Callable[[Path, object, Scope], Test]]] = {
    **{name: _moments(compare) for name, compare in _ORDERS.items()},
    "same_day": _moments(_same_day),
    "days_off_through": _days_off_through,
}
