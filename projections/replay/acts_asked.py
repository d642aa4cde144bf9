"""Absences and mandates read when a rule asks for them: a long ledger has tens of thousands, a case concerns a few.

What is known of each without reading it is who is concerned and, generously, from when to when it may reach.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

import msgspec

from events.moment import MICROSECONDS_A_DAY, end_of, start_of
from events.printing import stored_bytes
from rulebooks.record.absences import Absences
from rulebooks.record.mandates import Mandates
from rulebooks.record.tenures import ALWAYS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from events.fact import AnyFact, PersonId
    from events.moment import Instant
    from rulebooks.record.absences import Away
    from rulebooks.record.casefile import CaseFile
    from rulebooks.record.mandates import Mandate

ACTS: Final = frozenset({"absence", "entrustment"})
"""Case kinds that are read when they are asked for."""
_MARGIN: Final = 30 * MICROSECONDS_A_DAY
"""How far beyond what was asked about is read at once, since the next question is about a day nearby."""
_PLANS: Final = frozenset({"absence.registered", "absence.changed", "absence.approved", "entrustment.given"})
"""Facts that say until when; where they leave it out there is no end."""


class _Subject(msgspec.Struct):
    kind: str
    id: str


class _Said(msgspec.Struct):
    person: str | None = None
    to: str | None = None
    by: str | None = None
    absence: str | None = None
    from_: str | None = msgspec.field(name="from", default=None)
    until: str | None = None


class _Glance(msgspec.Struct):
    """What a span needs of a stored fact; the rest of it is not even read."""

    type: str
    sequence: int
    origin: str
    subject: _Subject
    occurred_at: str
    data: _Said


_GLANCE: Final = msgspec.json.Decoder(_Glance)


class Act(NamedTuple):
    """Whom a stored fact of an absence or entrustment concerns, and from when to when it may reach."""

    kind: str
    case: str
    concerned: tuple[str, ...]
    since: Instant
    until: Instant


class Saved(Protocol):
    """What was saved of absences and entrustments; a case reaches equally far for all whom it concerns."""

    def touching(self, kind: str, concerned: str, since: Instant, until: Instant) -> Iterable[str]:
        """Return the cases of a kind that may concern somebody in an interval."""
        ...

    def concerned(self, kind: str) -> Iterable[str]:
        """Return everybody whom a kind of case concerns."""
        ...

    def of_case(self, case: str) -> Iterable[tuple[str, Instant, Instant]]:
        """Return whom a case concerns, from when and until when."""
        ...


def glance(stored: bytes) -> Act:
    """Read of a stored fact what its span needs.

    A person whom the fact merely names, such as the leader asked, is concerned too: more is read then, never less. So
    is the absence for which somebody is entrusted.
    """
    fact = _GLANCE.decode(stored)
    said = fact.data
    days = [_bounds(one) for one in (fact.occurred_at, said.from_, said.until) if one is not None]
    since, until = min(one[0] for one in days), max(one[1] for one in days)
    if said.until is None and fact.type.rpartition(".")[0] in _PLANS:
        until = ALWAYS
    concerned = (one for one in (said.person, said.to, said.by, said.absence) if one is not None)
    case = f"{fact.subject.kind}/{fact.subject.id}"
    return Act(fact.subject.kind, case, tuple(dict.fromkeys(concerned)), since, until)


class Spans:
    """Who is away, or entrusted, in which cases and how far these may reach: never less than they do, at any time."""

    def __init__(self, saved: Saved | None = None) -> None:
        """Begin with what was saved, which need not be taken again."""
        self._saved = saved
        self._reach: dict[str, tuple[Instant, Instant]] = {}
        self._of_person: dict[tuple[str, str], dict[str, None]] = {}

    def take(self, fact: AnyFact) -> None:
        """Note a fact of an absence or entrustment; of a case that was saved before, it may reach further than that."""
        act = glance(stored_bytes(fact))
        if act.case not in self._reach and self._saved is not None:
            for concerned, since, until in self._saved.of_case(act.case):
                self._note(act.kind, act.case, concerned, since, until)
        before = self._reach.get(act.case, (act.since, act.until))
        self._reach[act.case] = min(before[0], act.since), max(before[1], act.until)
        for concerned in act.concerned:
            self._of_person.setdefault((act.kind, concerned), {})[act.case] = None

    def _note(self, kind: str, case: str, concerned: str, since: Instant, until: Instant) -> None:
        self._reach[case] = since, until
        self._of_person.setdefault((kind, concerned), {})[case] = None

    def touching(self, kind: str, person: str, since: Instant, until: Instant) -> Iterator[str]:
        """Return the cases that may concern a person in an interval."""
        saved = () if self._saved is None else self._saved.touching(kind, person, since, until)
        yield from (case for case in saved if case not in self._reach)
        for case in self._of_person.get((kind, person), ()):
            begins, ends = self._reach[case]
            if begins <= until and ends >= since:
                yield case

    def persons(self, kind: str) -> Iterable[str]:
        """Return everybody whom a kind of case concerns."""
        saved = () if self._saved is None else self._saved.concerned(kind)
        return dict.fromkeys([*saved, *(person for of, person in self._of_person if of == kind)])


@lru_cache(maxsize=8_192)
def _of_day(day: str) -> tuple[Instant, Instant]:
    given = dt.date.fromisoformat(day)
    return start_of(given) - MICROSECONDS_A_DAY, end_of(given) + MICROSECONDS_A_DAY


def _bounds(text: str) -> tuple[Instant, Instant]:
    """Return an interval that holds a moment, whatever its offset."""
    return _of_day(text[:10])


class _Read:
    """Which persons were read, and for which interval."""

    def __init__(self, kind: str, spans: Spans, read: Callable[[str], object]) -> None:
        self._kind = kind
        self._spans = spans
        self._put = read
        self._known: dict[str, tuple[Instant, Instant]] = {}
        self._cases: set[str] = set()

    def case(self, case: str) -> None:
        """Read one case."""
        if case not in self._cases:
            self._cases.add(case)
            self._put(case)

    def person(self, person: str, since: Instant, until: Instant) -> None:
        """Read what concerns a person in an interval."""
        low, high = self._known.get(person, (ALWAYS, -ALWAYS))
        if low <= since and until <= high:
            return
        low, high = min(low, since - _MARGIN), max(high, until + _MARGIN)
        self._known[person] = (low, high)
        for case in self._spans.touching(self._kind, person, low, high):
            self.case(case)


class AbsencesAsked(Absences):
    """The absences of a district, each read with the first question that it may concern."""

    def __init__(self, spans: Spans, file: Callable[[str], CaseFile]) -> None:
        super().__init__()
        self._spans = spans
        self._read = _Read("absence", spans, lambda case: self.put(file(case)))

    def of(self, case: str) -> Away | None:
        """Return one absence by its case."""
        self._read.case(case)
        return super().of(case)

    def of_person(self, person: PersonId, since: Instant, until: Instant) -> Iterator[Away]:
        """Return a person's absences that touch an interval."""
        self._read.person(person, since, until)
        return super().of_person(person, since, until)

    def during(self, since: Instant, until: Instant) -> list[Away]:
        """Return everybody's absences that touch an interval, by start."""
        return self.among(self._spans.persons("absence"), since, until)


class MandatesAsked(Mandates):
    """The entrustments of a district, read as absences are."""

    def __init__(self, spans: Spans, file: Callable[[str], CaseFile]) -> None:
        super().__init__()
        self._read = _Read("entrustment", spans, lambda case: self.put(file(case)))

    def of(self, case: str) -> tuple[Mandate, ...]:
        """Return what was entrusted by one case, by start."""
        self._read.case(case)
        return super().of(case)

    def given_to(self, person: PersonId, at: Instant, until: Instant | None = None) -> list[Mandate]:
        """Return the entrustments to a person that hold at an instant (or touch an interval), by start."""
        self._read.person(person, at, at if until is None else until)
        return super().given_to(person, at, until)

    def given_by(self, person: PersonId, at: Instant, until: Instant | None = None) -> list[Mandate]:
        """Return the entrustments by a person that hold at an instant (or touch an interval), by start."""
        self._read.person(person, at, at if until is None else until)
        return super().given_by(person, at, until)

    def standing_in(self, person: PersonId, absence: str, since: Instant, until: Instant) -> list[Mandate]:
        """Return the entrustments by a person, or by anybody for his absence, that touch an interval, by start."""
        self._read.person(person, since, until)
        self._read.person(absence, since, until)
        return super().standing_in(person, absence, since, until)
