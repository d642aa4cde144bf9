"""Who held which post, who was in charge of what and who stood in for whom, at any moment."""

from __future__ import annotations

from bisect import insort
from typing import TYPE_CHECKING, Final, NamedTuple

from events.fact import AnyFact, PersonId, PostId, UnitId
from events.moment import Instant, start_of
from events.roster import (
    RosterAbArranged,
    RosterAbArrangementEnded,
    RosterPersonAppointed,
    RosterPersonLeftPost,
    RosterPersonRegistered,
    RosterPostAbolished,
    RosterPostEstablished,
    RosterUnitClosed,
    RosterUnitEstablished,
    RosterWorkDivided,
)
from rulebooks.record.casefile import order_of
from rulebooks.record.tenures import ALWAYS, Holding, partnerships_of, portfolios_of, terms_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rulebooks.record.tenures import Partnership, Portfolio


GOVERNMENT: Final = frozenset({"government"})


def _by_post(one: Holding) -> PostId:
    return one.post


def _take_out(index: dict[str, list[Holding]], key: str, gone: Holding) -> None:
    index[key].remove(gone)
    if not index[key]:
        del index[key]


class Division(NamedTuple):
    """One division of work in a unit, in force from an instant until the next."""

    effective: Instant
    sequence: int
    fact: AnyFact
    portfolios: tuple[Portfolio, ...]
    of_person: Mapping[PersonId, Sequence[Portfolio]]


class Roster:
    """The roster of one district as its facts tell it; the order in which they are added does not matter."""

    def __init__(self) -> None:
        self._facts: dict[str, list[AnyFact]] = {}
        self._units: dict[UnitId, RosterUnitEstablished] = {}
        self._posts: dict[PostId, RosterPostEstablished] = {}
        self._holdings: dict[PostId, tuple[Holding, ...]] = {}
        self._unread: set[PostId] = set()
        self._of_person: dict[PersonId, list[Holding]] = {}
        self._of_role: dict[str, list[Holding]] = {}
        self._divisions: dict[UnitId, list[Division]] = {}
        self._partnerships: tuple[Partnership, ...] | None = None
        self._units_of: dict[frozenset[str], tuple[UnitId, ...]] = {}

    def add(self, fact: AnyFact) -> None:
        """Take in a fact of the roster; others are passed over."""
        data = fact.data
        if isinstance(data, RosterUnitEstablished | RosterPostEstablished):
            self._keep(fact)
            self._establish(f"{fact.subject.kind}/{fact.subject.id}")
        elif isinstance(data, RosterPersonAppointed | RosterPersonLeftPost | RosterPostAbolished):
            self._keep(fact)
            self._unread.add(fact.subject.id)
        elif isinstance(data, RosterWorkDivided):
            portfolios = portfolios_of(fact, data)
            of_person: dict[PersonId, list[Portfolio]] = {}
            for one in portfolios:
                of_person.setdefault(one.person, []).append(one)
            division = Division(start_of(data.effective_on), fact.sequence, fact, portfolios, of_person)
            insort(self._divisions.setdefault(data.unit, []), division, key=lambda one: one[:2])
        elif isinstance(data, RosterAbArranged | RosterAbArrangementEnded):
            self._keep(fact)
            self._partnerships = None
        elif isinstance(data, RosterUnitClosed | RosterPersonRegistered):
            self._keep(fact)

    def strike(self, fact: AnyFact) -> None:
        """Take out a fact that was corrected or annulled."""
        data = fact.data
        key = f"{fact.subject.kind}/{fact.subject.id}"
        if isinstance(data, RosterWorkDivided):
            divisions = self._divisions.get(data.unit, [])
            divisions[:] = [one for one in divisions if one.fact.id != fact.id]
        else:
            kept = self._facts.get(key, [])
            kept[:] = [one for one in kept if one.id != fact.id]
            self._establish(key)
        if fact.subject.kind == "post":
            self._unread.add(fact.subject.id)
        self._partnerships = None

    def _establish(self, unit_or_post: str) -> None:
        """Let the last of the facts that establish a unit or a post say what it is, whichever was recorded last."""
        kind, _, name = unit_or_post.partition("/")
        if kind == "unit":
            self._units.pop(name, None)
            self._units_of.clear()
        elif kind == "post":
            self._posts.pop(name, None)
            self._unread.add(name)
        for one in self._facts.get(unit_or_post, ()):
            if isinstance(one.data, RosterUnitEstablished):
                self._units[name] = one.data
            elif isinstance(one.data, RosterPostEstablished):
                self._posts[name] = one.data

    def _keep(self, fact: AnyFact) -> None:
        kept = self._facts.setdefault(f"{fact.subject.kind}/{fact.subject.id}", [])
        insort(kept, fact, key=order_of)

    def unit(self, unit: UnitId) -> RosterUnitEstablished | None:
        """Return what is recorded of a unit."""
        return self._units.get(unit)

    def units(self, kinds: Iterable[str]) -> tuple[UnitId, ...]:
        """Return the units of some kinds, by name."""
        wanted = frozenset(kinds)
        found = self._units_of.get(wanted)
        if found is None:
            units = sorted(unit for unit, data in self._units.items() if data.kind in wanted)
            found = self._units_of[wanted] = tuple(units)
        return found

    def closing(self, unit: UnitId) -> AnyFact | None:
        """Return the fact that closed a unit; None for one that still stands, or was established again."""
        facts = self._facts.get(f"unit/{unit}", ())
        return facts[-1] if facts and isinstance(facts[-1].data, RosterUnitClosed) else None

    def stood(self, unit: UnitId) -> tuple[AnyFact, AnyFact | None]:
        """Return the first fact that established a unit, which is in the roster, and the one that closed it, if any."""
        facts = self._facts[f"unit/{unit}"]
        return next(one for one in facts if isinstance(one.data, RosterUnitEstablished)), self.closing(unit)

    def held_since(self, unit_or_post: str) -> Instant:
        """Return since when anybody was appointed to a post, or to one of a unit (`kind/id`); ALWAYS for nobody."""
        kind, _, name = unit_or_post.partition("/")
        posts = [name] if kind == "post" else [post for post, one in self._posts.items() if one.unit == name]
        facts = (fact for post in posts for fact in self._facts.get(f"post/{post}", ()))
        appointed = (fact.data.from_.earliest for fact in facts if isinstance(fact.data, RosterPersonAppointed))
        return min(appointed, default=ALWAYS)

    def concerned(self, fact: AnyFact) -> set[PersonId]:
        """Return the persons on whose posts a fact of a post or a unit bears."""
        kind, name = fact.subject.kind, fact.subject.id
        units_posts = [post for post, one in self._posts.items() if one.unit == name] if kind == "unit" else []
        held = (
            one for post in ([name] if kind == "post" else units_posts) for one in self._facts.get(f"post/{post}", ())
        )
        return {one.data.person for one in (*held, fact) if isinstance(one.data, RosterPersonAppointed)}

    def post(self, post: PostId) -> RosterPostEstablished | None:
        """Return what is recorded of a post."""
        return self._posts.get(post)

    def known(self, person: PersonId) -> bool:
        """Tell whether any post of a person was ever recorded."""
        if self._unread:
            self._fill()
        return person in self._of_person

    def posts_of(self, person: PersonId, at: Instant) -> list[Holding]:
        """Return the posts that a person held at an instant."""
        if self._unread:
            self._fill()
        return [one for one in self._of_person.get(person, ()) if one.since <= at <= one.until]

    def rank(self, person: PersonId, at: Instant) -> str | None:
        """Return the last rank that an appointment, or the entry in the roster, gave a person by an instant."""
        if self._unread:
            self._fill()
        entered = self._facts.get(f"person/{person}", ())
        given: list[tuple[Instant, int, object]] = [
            *((-ALWAYS, one.sequence, getattr(one.data, "rank", None)) for one in entered),
            *(
                (one.since, one.fact.sequence, getattr(one.fact.data, "rank", None))
                for one in self._of_person.get(person, ())
            ),
        ]
        ranks = [(since, number, rank) for since, number, rank in given if since <= at and isinstance(rank, str)]
        return max(ranks)[2] if ranks else None

    def holders(self, role: str, at: Instant, unit: UnitId | None = None) -> tuple[Holding, ...]:
        """Return who held posts of a role at an instant, in one unit or anywhere."""
        if self._unread:
            self._fill()
        return tuple(
            [
                one
                for one in self._of_role.get(role, ())
                if one.since <= at <= one.until and (unit is None or one.unit == unit)
            ]
        )

    def holdings(self, role: str) -> tuple[Holding, ...]:
        """Return who ever held posts of a role."""
        if self._unread:
            self._fill()
        return tuple(self._of_role.get(role, ()))

    def portfolios(self, at: Instant, unit: UnitId | None = None) -> tuple[Portfolio, ...] | None:
        """Return the division of work in force in a unit at an instant; None when none is recorded.

        Without a unit, that of the district government.
        """
        division = self._division(at, unit)
        return None if division is None else division.portfolios

    def in_charge(self, person: PersonId, at: Instant, unit: UnitId | None = None) -> Sequence[Portfolio] | None:
        """Return what a person is in charge of by the division of work, as above."""
        division = self._division(at, unit)
        return None if division is None else division.of_person.get(person, ())

    def _division(self, at: Instant, unit: UnitId | None) -> Division | None:
        if unit is None:
            governments = self.units(GOVERNMENT)
            unit = governments[0] if governments else "u-gov"
        found: Division | None = None
        for division in self._divisions.get(unit, ()):
            if division.effective > at:
                break
            found = division
        return found

    def partnerships(self, person: PersonId, at: Instant, until: Instant | None = None) -> tuple[Partnership, ...]:
        """Return the AB arrangements in force at an instant (or touching an interval) that name a person."""
        if self._partnerships is None:
            self._partnerships = tuple(one for facts in self._facts.values() for one in partnerships_of(facts))
        last = at if until is None else until
        return tuple(
            one for one in self._partnerships if one.since <= last and at <= one.until and person in one.members
        )

    def _fill(self) -> None:
        for post in self._unread:
            for one in self._holdings.pop(post, ()):
                _take_out(self._of_person, one.person, one)
                _take_out(self._of_role, one.role, one)
            if post in self._posts:
                self._holdings[post] = tuple(self._read_holdings(post, self._posts[post]))
            for one in self._holdings.get(post, ()):
                insort(self._of_person.setdefault(one.person, []), one, key=_by_post)
                insort(self._of_role.setdefault(one.role, []), one, key=_by_post)
        self._unread.clear()

    def _read_holdings(self, post: PostId, established: RosterPostEstablished) -> Iterable[Holding]:
        for one, since, until, fact in terms_of(self._facts.get(f"post/{post}", [])):
            yield Holding(one.person, post, established.unit, established.role, one.held_as, since, until, fact)
