"""Which absences have a time in common, for certain or perhaps."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec import UNSET

from events.absence import AbsenceChanged, AbsenceRegistered
from rulebooks.language.comparisons import several

if TYPE_CHECKING:
    from collections.abc import Iterable

    from events.fact import AnyFact, PersonId
    from events.moment import Instant, Moment
    from rulebooks.language.truth import Truth
    from rulebooks.record.absences import Away
    from rulebooks.record.casefile import CaseFile


class Span(NamedTuple):
    """One absence: whose, from when to when, whether it is recorded to have begun and is certain to count."""

    case: str
    person: PersonId
    start: Moment
    end: Moment
    begun: bool
    certain: bool
    facts: tuple[AnyFact, ...]

    def first(self, *, surely: bool) -> Instant:
        """Return when the person is away at the latest (surely) or may be away at the earliest."""
        return self.start.latest if surely else self.start.earliest

    def last(self, *, surely: bool) -> Instant:
        """Return until when the person is away at least (surely) or may be away at most."""
        return self.end.earliest if surely else self.end.latest

    def say(self) -> str:
        """Return the person with the interval."""
        return f"{self.person} {self.start.said}—{self.end.said}"


def span_of(away: Away, file: CaseFile, *, certain: bool = True) -> Span:
    """Return an absence as a span, with the facts that show it."""
    facts = (*file.of_type("absence.registered.v1")[:1], away.planned_by, away.departed, away.returned)
    shown = tuple(fact for fact in facts if fact is not None)
    return Span(away.case, away.person, away.start, away.end, away.begun, certain, shown)


def registered(file: CaseFile) -> AnyFact | None:
    """Return the fact by which an absence became known; None when it was not registered."""
    return next(
        (fact for fact in file.of_type("absence.registered.v1") if isinstance(fact.data, AbsenceRegistered)), None
    )


def together(own: Span, others: Iterable[Span], *, surely: bool) -> tuple[Span, ...]:
    """Return the largest set of absences of different persons, one's own among them, that share a time.

    Surely: whatever the hours of the days of which only the day is known. Otherwise: for some hours of these days. One
    who comes back at the very moment at which another leaves shares no time with him.
    """
    candidates = (own, *others)
    best: tuple[Span, ...] = (own,)
    for last in candidates:
        begins, ends = last.first(surely=surely), last.last(surely=surely)
        found = {own.person: own}
        for one in candidates:
            first = one.first(surely=surely)
            if one is last or (first <= begins < one.last(surely=surely) and first < ends):
                found.setdefault(one.person, one)
            elif one is own:
                found.clear()
                break
        if len(found) > len(best):
            best = tuple(sorted(found.values(), key=lambda one: (one.start, one.case)))
    return best


class Window(NamedTuple):
    """An interval in microseconds, both ends included; of an end known by its day alone, the earliest and latest."""

    begins: Instant
    begins_latest: Instant
    ends_earliest: Instant
    ends: Instant


def window_of(away: Away) -> Window:
    """Return when somebody is away, as taken or else as planned."""
    return Window(away.start.earliest, away.start.latest, away.end.earliest, away.end.latest)


def shared(one: Window, other: Window) -> Truth:
    """Tell whether two intervals share time; None where only days are known and it depends on the hours."""
    if one.ends <= other.begins or other.ends <= one.begins:
        return False
    sure = one.begins_latest <= other.ends_earliest and other.begins_latest <= one.ends_earliest
    return True if sure else None


def hours_missing(one: Away, other: Away) -> tuple[str, ...]:
    """Name the moments, known by their day alone, on which it hangs whether two absences share time."""
    found: list[str] = []
    for first, last in ((one, other), (other, one)):
        if first.start.latest > last.end.earliest:
            found += [f"{first.case} absence.departed: occurred_at"] if first.start.day_only else []
            found += [f"{last.case} absence.returned: occurred_at"] if last.end.day_only else []
    return tuple(found)


def crosses(file: CaseFile, boundaries: frozenset[str]) -> Truth:
    """Tell whether an absence is recorded to cross one of some boundaries; of no boundaries named, every one does."""
    told: Truth = None
    for fact in file.of_types(("absence.registered.v1", "absence.changed.v1")):
        data = fact.data
        leaves = data.leaves if isinstance(data, AbsenceRegistered | AbsenceChanged) else UNSET
        told = told if leaves is UNSET else not boundaries.isdisjoint(map(str, several(leaves)))
    return told if boundaries else True
