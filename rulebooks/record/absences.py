"""Who was away when, and who had been entrusted with what, at any moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from events.absence import (
    AbsenceApproved,
    AbsenceCancelled,
    AbsenceChanged,
    AbsenceDeparted,
    AbsenceRefused,
    AbsenceRegistered,
    AbsenceReturned,
)
from events.entrustment import EntrustmentEnded, EntrustmentGiven
from events.moment import Instant, Moment
from rulebooks.record.tenures import ALWAYS
from rulebooks.record.timeline import Interval, Timeline

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from events.fact import AnyFact, PersonId
    from rulebooks.record.casefile import CaseFile

T = TypeVar("T", bound=Interval)
SEEN_BY_OTHERS: Final = frozenset(
    one.TYPE.name
    for one in (
        AbsenceRegistered,
        AbsenceApproved,
        AbsenceRefused,
        AbsenceChanged,
        AbsenceDeparted,
        AbsenceReturned,
        AbsenceCancelled,
    )
)
"""Facts that say when an absence is, whether it is granted and where it leads; others concern that absence alone."""


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
        self._all: dict[str, Away] = {}
        self._of_person: dict[PersonId, Timeline[Away]] = {}

    def put(self, file: CaseFile) -> Away | None:
        """Take in, or take in again, one absence case."""
        before = self._all.pop(file.key, None)
        if before is not None:
            self._of_person[before.person].remove(before)
        away = away_of(file)
        if away is not None:
            self._of_person.setdefault(away.person, Timeline()).put(away)
            self._all[file.key] = away
        return away

    def of(self, case: str) -> Away | None:
        """Return one absence by its case."""
        return self._all.get(case)

    def of_person(self, person: PersonId, since: Instant, until: Instant) -> Iterator[Away]:
        """Return a person's absences that touch an interval, by start."""
        return iter(_touching(self._of_person.get(person), since, until))

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


def mandate_of(file: CaseFile) -> Mandate | None:
    """Read one entrustment case: the latest grant, cut by what ended it; None when nothing was granted."""
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
    return Mandate(file.key, data, data.from_.earliest, until, fact)


class Mandates:
    """The entrustments of one district, by the person entrusted, by the one who entrusts and by the absence."""

    def __init__(self) -> None:
        self._all: dict[str, Mandate] = {}
        self._to: dict[PersonId, Timeline[Mandate]] = {}
        self._by: dict[PersonId, Timeline[Mandate]] = {}
        self._for: dict[str, Timeline[Mandate]] = {}

    def put(self, file: CaseFile) -> Mandate | None:
        """Take in, or take in again, one entrustment case."""
        before = self._all.pop(file.key, None)
        if before is not None:
            for there in self._places(before):
                there.remove(before)
        mandate = mandate_of(file)
        if mandate is not None:
            self._all[file.key] = mandate
            for there in self._places(mandate):
                there.put(mandate)
        return mandate

    def _places(self, one: Mandate) -> Iterator[Timeline[Mandate]]:
        yield self._to.setdefault(one.given.to, Timeline())
        yield self._by.setdefault(one.given.by, Timeline())
        if isinstance(one.given.absence, str):
            yield self._for.setdefault(one.given.absence, Timeline())

    def of(self, case: str) -> Mandate | None:
        """Return one entrustment by its case."""
        return self._all.get(case)

    def given_to(self, person: PersonId, at: Instant, until: Instant | None = None) -> list[Mandate]:
        """Return the entrustments to a person that hold at an instant (or touch an interval), by start."""
        return _touching(self._to.get(person), at, at if until is None else until)

    def given_by(self, person: PersonId, at: Instant, until: Instant | None = None) -> list[Mandate]:
        """Return the entrustments by a person that hold at an instant (or touch an interval), by start."""
        return _touching(self._by.get(person), at, at if until is None else until)

    def standing_in(self, person: PersonId, absence: str, since: Instant, until: Instant) -> list[Mandate]:
        """Return the entrustments by a person, or by anybody for his absence, that touch an interval, by start."""
        found = _touching(self._by.get(person), since, until)
        others = [one for one in _touching(self._for.get(absence), since, until) if one.given.by != person]
        return sorted([*found, *others], key=lambda one: (one.since, one.case)) if others else found


def _touching(there: Timeline[T] | None, since: Instant, until: Instant) -> list[T]:
    return [] if there is None else there.touching(since, until)
