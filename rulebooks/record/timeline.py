"""Intervals by the order in which they begin, so that those of a moment are found without looking at all of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from typing import TYPE_CHECKING, Final, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from events.moment import Instant


class Interval(Protocol):
    """What a case says of a time from `since` to `until`, both included, in microseconds."""

    @property
    def case(self) -> str:
        """The case, of which no two intervals begin together."""

    @property
    def since(self) -> Instant:
        """When it begins."""

    @property
    def until(self) -> Instant:
        """When it ends."""


T = TypeVar("T", bound=Interval)
STEP: Final = 4
"""How many times two an interval may be as long as another of its group: a few days, half a year, without end."""


class Timeline(Generic[T]):
    """Intervals of cases; the order in which they are put in does not matter.

    Those of about one length are kept together: one that has no end could else hide anywhere in the past.
    """

    def __init__(self) -> None:
        self._of_length: dict[int, list[tuple[Instant, str, T]]] = {}

    def put(self, one: T) -> None:
        """Take in an interval."""
        insort(self._of_length.setdefault(_length(one), []), (one.since, one.case, one))

    def remove(self, one: T) -> None:
        """Take an interval out that was put in."""
        length = _length(one)
        there = self._of_length[length]
        del there[bisect_left(there, (one.since, one.case))]
        if not there:
            del self._of_length[length]

    @property
    def is_empty(self) -> bool:
        """Whether no interval is there."""
        return not self._of_length

    def touching(self, since: Instant, until: Instant) -> list[T]:
        """Return those that share a moment with an interval, by their start and case."""
        found: list[tuple[Instant, str, T]] = []
        for length, there in self._of_length.items():
            first = bisect_left(there, (since - (1 << length), ""))
            last = bisect_right(there, (until + 1, ""))
            found += [entry for entry in there[first:last] if entry[2].until >= since]
        found.sort()
        return [one for _, _, one in found]


def touching(there: Timeline[T] | None, since: Instant, until: Instant) -> list[T]:
    """Return the intervals that share a moment with one; none where nothing was put in."""
    return [] if there is None else there.touching(since, until)


def take_out(there: dict[str, Timeline[T]], key: str, one: T) -> None:
    """Take an interval out of those of a key; a key without any goes too."""
    there[key].remove(one)
    if there[key].is_empty:
        del there[key]


def _length(one: Interval) -> int:
    return -(-(one.until - one.since).bit_length() // STEP) * STEP
