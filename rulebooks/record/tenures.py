"""From when to when somebody held a post, partners stood in for each other, and what a leader was in charge of.

Each is told by the facts of one case of the roster; the order in which they are given does not matter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from events.fact import AnyFact, PersonId, PostId, UnitId
from events.moment import Instant, Moment, start_of
from events.roster import (
    RosterAbArranged,
    RosterAbArrangementEnded,
    RosterPersonAppointed,
    RosterPersonLeftPost,
    RosterPostAbolished,
    RosterPostEstablished,
    RosterWorkDivided,
)
from rulebooks.record.casefile import order_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ALWAYS: Final[Instant] = 2**62
"""An end that never comes."""


class Term(NamedTuple):
    """One appointment, and from when to when it lasted, both included, in microseconds."""

    appointed: RosterPersonAppointed
    since: Instant
    until: Instant
    fact: AnyFact


class Holding(NamedTuple):
    """One person in one post from `since` to `until`, both included, in microseconds."""

    person: PersonId
    post: PostId
    unit: UnitId
    role: str
    held_as: str
    since: Instant
    until: Instant
    fact: AnyFact


class Partnership(NamedTuple):
    """A standing arrangement in which the members, in order, stand in for each other."""

    form: str
    members: tuple[PersonId, ...]
    fields: tuple[str, ...]
    since: Instant
    until: Instant
    fact: AnyFact


class Portfolio(NamedTuple):
    """What one leader is in charge of under a division of work."""

    person: PersonId
    fields: tuple[str, ...]
    units: tuple[UnitId, ...]
    contacts: tuple[UnitId, ...]
    assisted_by: tuple[PersonId, ...]
    fact: AnyFact


def terms_of(facts: Iterable[AnyFact]) -> list[Term]:
    """Return who held a post from when to when, in the order of appointment, from what is recorded of it.

    Whoever leaves as acting on the day of being appointed in substance holds it on. A post that was abolished is held
    by nobody until it is set up anew.
    """
    appointed: dict[PersonId, list[tuple[AnyFact, RosterPersonAppointed]]] = {}
    left: dict[PersonId, list[Instant]] = {}
    abolished: list[Instant] = []
    established: list[Instant] = []
    for fact in facts:
        match fact.data:
            case RosterPersonAppointed() as one:
                appointed.setdefault(one.person, []).append((fact, one))
            case RosterPersonLeftPost() as one:
                left.setdefault(one.person, []).append(start_of(one.left_on))
            case RosterPostAbolished():
                abolished.append(fact.occurred_at.earliest)
            case RosterPostEstablished():
                established.append(fact.occurred_at.earliest)
            case _:
                pass
    found = []
    for person, ones in appointed.items():
        untils = _ended([(one.from_.earliest, until_of(one.until)) for _, one in ones], left.get(person, ()))
        for (fact, one), until in zip(ones, untils, strict=True):
            stands = _stands_until(one.from_.earliest, abolished, established)
            found.append(Term(one, one.from_.earliest, min(until, stands), fact))
    return sorted(found, key=lambda one: order_of(one.fact))


def partnerships_of(facts: Iterable[AnyFact]) -> Iterable[Partnership]:
    """Return what is recorded of one AB arrangement: each time that it was made, until it ended or was made anew."""
    made: list[tuple[AnyFact, RosterAbArranged]] = []
    ends: list[Instant] = []
    for fact in facts:
        if isinstance(fact.data, RosterAbArranged):
            made.append((fact, fact.data))
        elif isinstance(fact.data, RosterAbArrangementEnded):
            ends.append(start_of(fact.data.ended_on))
    made.sort(key=lambda one: (one[1].from_.earliest, *order_of(one[0])))
    spans = [(data.from_.earliest, until_of(data.until)) for _, data in made]
    untils = _ended(spans, ends)
    for number, (fact, data) in enumerate(made):
        anew = min((since - 1 for since, _ in spans[number + 1 :]), default=ALWAYS)
        members, fields = tuple(data.members), _listed(data.fields)
        yield Partnership(data.ab_form, members, fields, spans[number][0], min(untils[number], anew), fact)


def portfolios_of(fact: AnyFact, data: RosterWorkDivided) -> tuple[Portfolio, ...]:
    """Return what each leader is in charge of by one division of work."""
    return tuple(
        Portfolio(
            one.person, tuple(one.fields), _listed(one.units), _listed(one.contacts), _listed(one.assisted_by), fact
        )
        for one in data.portfolios
    )


def _ended(spans: Sequence[tuple[Instant, Instant]], ends: Iterable[Instant]) -> list[Instant]:
    """Return until when each of several terms lasted, of which some were ended.

    An end closes the terms that began before it and still run; only where none does, those that begin with it.
    """
    untils = [until for _, until in spans]
    for end in sorted(ends):
        begun = [number for number, (since, _) in enumerate(spans) if since < end <= untils[number]]
        for number in begun or [number for number, (since, _) in enumerate(spans) if since == end]:
            untils[number] = end - 1
    return untils


def _stands_until(since: Instant, abolished: Iterable[Instant], established: Sequence[Instant]) -> Instant:
    """Return the last moment of a post held from `since`; one that was abolished before has to be set up anew."""
    for gone in sorted(abolished):
        if gone > since or not any(gone <= again <= since for again in established):
            return gone - 1
    return ALWAYS


def until_of(given: object) -> Instant:
    """Return the last moment of what is planned to end then; ALWAYS of what names no end."""
    return given.latest if isinstance(given, Moment) else ALWAYS


def _listed(given: object) -> tuple[str, ...]:
    return tuple(given) if isinstance(given, list | tuple) else ()
