"""Whom absences and entrustments concern and, generously, from when to when each may reach.

That much is known of each without reading it: a long ledger has tens of thousands, a case concerns a few.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

import msgspec

from events.moment import MICROSECONDS_A_DAY, end_of, start_of
from events.printing import stored_bytes
from rulebooks.record.tenures import ALWAYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from events.fact import AnyFact
    from events.moment import Instant

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

    def concerned(self, kind: str) -> Iterable[str]:
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
