"""Who was away when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from events.absence import (
    AbsenceApproved,
    AbsenceCancelled,
    AbsenceChanged,
    AbsenceDeparted,
    AbsenceRefused,
    AbsenceRegistered,
    AbsenceReturned,
)
from events.moment import Instant, Moment
from rulebooks.record.timeline import Timeline, take_out, touching

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from events.fact import AnyFact, PersonId
    from rulebooks.language.truth import Truth
    from rulebooks.record.casefile import CaseFile

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
    `returned` its end is. `approved` is the approval that stands, if any. A day planned is away as a whole; when on its
    day somebody left or came back is not known where the hour was not recorded.
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

    @property
    def told_by(self) -> AnyFact:
        """The fact that says from when on the person is away."""
        return self.departed or self.planned_by

    def begins_like(self, other: Away) -> bool:
        """Whether nothing but their ends can differ for those who ask who was away at a moment."""
        return (self.person, self.begun, self.told_by.id) == (other.person, other.begun, other.told_by.id)

    def at(self, moment: Moment) -> Truth:
        """Tell whether the person was away; not known of a mere plan, nor where hours that would tell are missing."""
        if moment.latest < self.since or self.until < moment.earliest:
            return False
        gone = self.since if self.departed is None else self.departed.occurred_at.latest
        back = self.until if self.returned is None else self.returned.occurred_at.earliest
        return True if self.begun and gone <= moment.earliest and moment.latest <= back else None

    @property
    def missing(self) -> tuple[str, ...]:
        """What would tell whether the person left, or when he left and came back where only the day is known."""
        if not self.begun:
            return (f"{self.case} absence.departed",)
        moves = {"absence.departed": self.departed, "absence.returned": self.returned}
        days = (name for name, fact in moves.items() if fact is not None and fact.occurred_at.day_only)
        return tuple(f"{self.case} {name}: occurred_at" for name in days)

    def overlap(self, since: Instant, until: Instant) -> tuple[Instant, Instant] | None:
        """Return the part of the absence that lies within an interval."""
        first, last = max(self.since, since), min(self.until, until)
        return (first, last) if first <= last else None


def away_of(file: CaseFile) -> Away | None:
    """Read one absence case: the latest plan, cut by departure and return.

    None when not registered or called off, or when leave was refused, not granted afterwards and not taken either.
    """
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
    if not (departed or returned) and _refused(file):
        return None
    since = departed.occurred_at.earliest if departed else planned[0].earliest
    until = returned.occurred_at.latest if returned else planned[1].latest
    return Away(
        file.key, registered.data.person, kind, since, max(since, until), departed, returned, approved, planned[2]
    )


def _refused(file: CaseFile) -> bool:
    """Tell whether leave was refused and not granted afterwards."""
    answers = file.of_types(("absence.approved.v1", "absence.refused.v1"))
    return bool(answers) and isinstance(answers[-1].data, AbsenceRefused)


class Absences:
    """The absences of one district, by person; the order in which cases are put in does not matter."""

    def __init__(self) -> None:
        self._all: dict[str, Away] = {}
        self._of_person: dict[PersonId, Timeline[Away]] = {}

    def put(self, file: CaseFile) -> Away | None:
        """Take in, or take in again, one absence case."""
        self.let_go(file.key)
        away = away_of(file)
        if away is not None:
            self._of_person.setdefault(away.person, Timeline()).put(away)
            self._all[file.key] = away
        return away

    def let_go(self, case: str) -> None:
        """Hold an absence no longer, if it was held."""
        before = self._all.pop(case, None)
        if before is not None:
            take_out(self._of_person, before.person, before)

    def of(self, case: str) -> Away | None:
        """Return one absence by its case."""
        return self._all.get(case)

    def of_person(self, person: PersonId, since: Instant, until: Instant) -> Iterator[Away]:
        """Return a person's absences that touch an interval, by start."""
        return iter(touching(self._of_person.get(person), since, until))

    def during(self, since: Instant, until: Instant) -> list[Away]:
        """Return everybody's absences that touch an interval, by start."""
        return self.among(self._of_person, since, until)

    def among(self, persons: Iterable[PersonId], since: Instant, until: Instant) -> list[Away]:
        """Return the absences of several persons that touch an interval, by start."""
        found = [away for person in persons for away in self.of_person(person, since, until)]
        found.sort(key=lambda away: (away.since, away.case))
        return found
