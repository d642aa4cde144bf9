"""Who was away when, and who had been entrusted with what, at any moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from events.absence import (
    AbsenceApproved,
    AbsenceCancelled,
    AbsenceChanged,
    AbsenceDeparted,
    AbsenceRegistered,
    AbsenceReturned,
)
from events.entrustment import EntrustmentEnded, EntrustmentGiven
from events.moment import Instant, Moment
from rulebooks.roster import ALWAYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from events.fact import AnyFact, PersonId
    from rulebooks.casefile import CaseFile


class Away(NamedTuple):
    """One absence of one person, from `since` to `until`, both included, in microseconds.

    `departed` and `returned` tell what was recorded: without `departed` the interval is the planned one, without
    `returned` its end is. `approved` is the approval that stands, if any.
    """

    case: str
    person: PersonId
    kind: str
    since: Instant
    until: Instant
    departed: AnyFact | None
    returned: AnyFact | None
    approved: AnyFact | None
    planned_by: AnyFact

    @property
    def start(self) -> Moment:
        """When the person left, or else is to leave."""
        planned: Moment = self.planned_by.data.from_  # type: ignore[attr-defined]  # what plans an absence has both ends
        return planned if self.departed is None else self.departed.occurred_at

    @property
    def end(self) -> Moment:
        """When the person came back, or else the last day or moment planned; never before the start."""
        planned: Moment = self.planned_by.data.until  # type: ignore[attr-defined]  # as above
        last = planned if self.returned is None else self.returned.occurred_at
        return self.start if last.latest < self.start.earliest else last

    @property
    def begun(self) -> bool:
        """Whether it is recorded that the person left, or came back and so must have left."""
        return self.departed is not None or self.returned is not None

    def overlap(self, since: Instant, until: Instant) -> tuple[Instant, Instant] | None:
        """Return the part of the absence that lies within an interval."""
        first, last = max(self.since, since), min(self.until, until)
        return (first, last) if first <= last else None


def away_of(file: CaseFile) -> Away | None:
    """Read one absence case: the latest plan, cut by departure and return; None when called off or not registered."""
    registered: AnyFact | None = None
    planned: tuple[Moment, Moment, AnyFact] | None = None
    departed = returned = approved = None
    kind = "other"
    for fact in file.facts():
        data = fact.data
        if isinstance(data, AbsenceCancelled):
            return None
        if isinstance(data, AbsenceRegistered):
            registered, kind = fact, data.kind
            planned = (data.from_, data.until, fact)
        elif isinstance(data, AbsenceChanged):
            planned = (data.from_, data.until, fact)
            kind = data.kind if isinstance(data.kind, str) else kind
        elif isinstance(data, AbsenceApproved):
            planned, approved = (data.from_, data.until, fact), fact
        elif isinstance(data, AbsenceDeparted):
            departed = fact
        elif isinstance(data, AbsenceReturned):
            returned = fact
    if registered is None or planned is None or not isinstance(registered.data, AbsenceRegistered):
        return None
    since = departed.occurred_at.earliest if departed else planned[0].earliest
    until = returned.occurred_at.latest if returned else planned[1].latest
    return Away(
        file.key, registered.data.person, kind, since, max(since, until), departed, returned, approved, planned[2]
    )


class Absences:
    """The absences of one district, by person; the order in which cases are put in does not matter."""

    def __init__(self) -> None:
        self._of_person: dict[PersonId, dict[str, Away]] = {}
        self._person_of: dict[str, PersonId] = {}

    def put(self, file: CaseFile) -> Away | None:
        """Take in, or take in again, one absence case."""
        before = self._person_of.pop(file.key, None)
        if before is not None:
            self._of_person[before].pop(file.key, None)
        away = away_of(file)
        if away is not None:
            self._of_person.setdefault(away.person, {})[file.key] = away
            self._person_of[file.key] = away.person
        return away

    def of(self, case: str) -> Away | None:
        """Return one absence by its case."""
        person = self._person_of.get(case)
        return None if person is None else self._of_person[person].get(case)

    def of_person(self, person: PersonId, since: Instant, until: Instant) -> Iterator[Away]:
        """Return a person's absences that touch an interval."""
        for away in self._of_person.get(person, {}).values():
            if away.since <= until and away.until >= since:
                yield away

    def during(self, since: Instant, until: Instant) -> list[Away]:
        """Return everybody's absences that touch an interval, by start."""
        return self.among(self._of_person, since, until)

    def among(self, persons: Iterable[PersonId], since: Instant, until: Instant) -> list[Away]:
        """Return the absences of several persons that touch an interval, by start."""
        found = [away for person in persons for away in self.of_person(person, since, until)]
        found.sort(key=lambda away: (away.since, away.case))
        return found


class Mandate(NamedTuple):
    """One entrustment from `since` to `until`, both included, in microseconds."""

    case: str
    given: EntrustmentGiven
    since: Instant
    until: Instant
    fact: AnyFact


class Mandates:
    """The entrustments of one district, by the person entrusted, by the one who entrusts and by the absence."""

    def __init__(self) -> None:
        self._all: dict[str, Mandate] = {}
        self._to: dict[PersonId, set[str]] = {}
        self._by: dict[PersonId, set[str]] = {}
        self._for: dict[str, set[str]] = {}

    def put(self, file: CaseFile) -> Mandate | None:
        """Take in, or take in again, one entrustment case."""
        before = self._all.pop(file.key, None)
        if before is not None:
            self._to[before.given.to].discard(file.key)
            self._by[before.given.by].discard(file.key)
            if isinstance(before.given.absence, str):
                self._for[before.given.absence].discard(file.key)
        given = file.of_type("entrustment.given.v1")
        if not given:
            return None
        fact = given[-1]
        data = fact.data
        assert isinstance(data, EntrustmentGiven)  # noqa: S101  # the case file keeps facts by their type
        until = data.until.latest if isinstance(data.until, Moment) else ALWAYS
        for ended in file.of_type("entrustment.ended.v1"):
            if isinstance(ended.data, EntrustmentEnded):
                until = min(until, ended.occurred_at.latest)
        mandate = Mandate(file.key, data, data.from_.earliest, until, fact)
        self._all[file.key] = mandate
        self._to.setdefault(data.to, set()).add(file.key)
        self._by.setdefault(data.by, set()).add(file.key)
        if isinstance(data.absence, str):
            self._for.setdefault(data.absence, set()).add(file.key)
        return mandate

    def of(self, case: str) -> Mandate | None:
        """Return one entrustment by its case."""
        return self._all.get(case)

    def given_to(self, person: PersonId, at: Instant, until: Instant | None = None) -> list[Mandate]:
        """Return the entrustments to a person that hold at an instant (or touch an interval), by start."""
        return self._holding(self._to.get(person, set()), at, at if until is None else until)

    def given_by(self, person: PersonId, at: Instant, until: Instant | None = None) -> list[Mandate]:
        """Return the entrustments by a person that hold at an instant (or touch an interval), by start."""
        return self._holding(self._by.get(person, set()), at, at if until is None else until)

    def standing_in(self, person: PersonId, absence: str, since: Instant, until: Instant) -> list[Mandate]:
        """Return the entrustments by a person, or by anybody for his absence, that touch an interval, by start."""
        return self._holding(self._by.get(person, set()) | self._for.get(absence, set()), since, until)

    def _holding(self, cases: set[str], since: Instant, until: Instant) -> list[Mandate]:
        found = [self._all[case] for case in cases if self._all[case].since <= until and self._all[case].until >= since]
        found.sort(key=lambda mandate: (mandate.since, mandate.case))
        return found
