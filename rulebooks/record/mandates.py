"""Who had been entrusted with what, at any moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from events.entrustment import EntrustmentGiven
from events.fact import case_key
from rulebooks.record.tenures import ALWAYS, until_of
from rulebooks.record.timeline import Timeline, take_out, touching

if TYPE_CHECKING:
    from collections.abc import Iterator

    from events.fact import AnyFact, PersonId
    from events.moment import Instant, Moment
    from rulebooks.record.casefile import CaseFile


class Mandate(NamedTuple):
    """One entrustment from `since` to `until`, both included, in microseconds."""

    case: str
    given: EntrustmentGiven
    since: Instant
    until: Instant
    fact: AnyFact


def mandates_of(file: CaseFile) -> tuple[Mandate, ...]:
    """Read one entrustment case: each grant, until it was ended or given anew; none that ended before it began.

    What ends an entrustment ends the grants under way; only where none is, those given by then that were to begin.
    """
    given = file.of_type("entrustment.given.v1")
    grants = sorted((_grant(fact) for fact in given), key=lambda one: one.since)
    untils = [one.until for one in grants]
    for end in sorted((fact.occurred_at for fact in file.of_type("entrustment.ended.v1")), key=lambda one: one.latest):
        begun = [place for place, one in enumerate(grants) if one.since < end.earliest <= untils[place]]
        ahead = [place for place, one in enumerate(grants) if one.since >= end.earliest and _given_by(one, end)]
        for place in begun or ahead:
            untils[place] = min(untils[place], end.latest)
    for place, until in enumerate(untils):
        untils[place] = min([until, *(anew.since - 1 for anew in grants[place + 1 :])])
    held = (one._replace(until=until) for one, until in zip(grants, untils, strict=True))
    return tuple(one for one in held if one.since <= one.until)


def _grant(fact: AnyFact) -> Mandate:
    data = fact.data
    assert isinstance(data, EntrustmentGiven)  # noqa: S101  # the case file keeps facts by their type
    return Mandate(case_key(fact.subject), data, data.from_.earliest, until_of(data.until), fact)


def _given_by(one: Mandate, end: Moment) -> bool:
    return one.fact.occurred_at.earliest <= end.latest


class Mandates:
    """The entrustments of one district, by the person entrusted, by the one who entrusts and by the absence."""

    def __init__(self) -> None:
        self._all: dict[str, tuple[Mandate, ...]] = {}
        self._to: dict[PersonId, Timeline[Mandate]] = {}
        self._by: dict[PersonId, Timeline[Mandate]] = {}
        self._for: dict[str, Timeline[Mandate]] = {}

    def put(self, file: CaseFile) -> tuple[Mandate, ...]:
        """Take in, or take in again, one entrustment case."""
        self.let_go(file.key)
        mandates = self._all[file.key] = mandates_of(file)
        for mandate in mandates:
            for there, key in self._places(mandate):
                there.setdefault(key, Timeline()).put(mandate)
        return mandates

    def let_go(self, case: str) -> None:
        """Hold what one case entrusted no longer, if it was held."""
        for before in self._all.pop(case, ()):
            for there, key in self._places(before):
                take_out(there, key, before)

    def _places(self, one: Mandate) -> Iterator[tuple[dict[str, Timeline[Mandate]], str]]:
        yield self._to, one.given.to
        yield self._by, one.given.by
        if isinstance(one.given.absence, str):
            yield self._for, one.given.absence

    def of(self, case: str) -> tuple[Mandate, ...]:
        """Return what was entrusted by one case, by start."""
        return self._all.get(case, ())

    def given_to(self, person: PersonId, at: Instant, until: Instant | None = None) -> list[Mandate]:
        """Return the entrustments to a person that hold at an instant (or touch an interval), by start."""
        return touching(self._to.get(person), at, at if until is None else until)

    def given_by(self, person: PersonId, at: Instant, until: Instant | None = None) -> list[Mandate]:
        """Return the entrustments by a person that hold at an instant (or touch an interval), by start."""
        return touching(self._by.get(person), at, at if until is None else until)

    def standing_in(self, person: PersonId, absence: str, since: Instant, until: Instant) -> list[Mandate]:
        """Return the entrustments by a person, or by anybody for his absence, that touch an interval, by start."""
        found = touching(self._by.get(person), since, until)
        others = [one for one in touching(self._for.get(absence), since, until) if one.given.by != person]
        return sorted([*found, *others], key=lambda one: (one.since, one.case)) if others else found

    def given_for(self, absence: str, since: Instant) -> bool:
        """Tell whether anybody was entrusted for an absence beyond an instant."""
        return bool(touching(self._for.get(absence), since, ALWAYS))
