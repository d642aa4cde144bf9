"""What names mean while one rule is compiled, and what the rule turns out to depend on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rulebooks.language.path_parts import Hops, Kind, Links
    from rulebooks.source import Located

CARRIED: Final = ("in", "document", "carried_by")
"""The step from a matter to its documents, which may be recorded on either side."""
_RECORDED_AS: Final = (("in", "document", "matters"), ("out", None, "documents"))

Read = tuple[str, "Links"]
"""A fact type and the links from the rule's subject to the case that holds it."""


@dataclass
class Dependencies:
    """What can change a rule's judgement; `evidence` names the fact types that are looked for, not only looked at.

    `as_of` are facts of other cases at whose moment roster, absences or mandates are asked. `whole_absences` tells that
    more is asked of absences than who is away at a moment, which how one ends does not change for moments before.
    """

    reads: set[Read] = field(default_factory=set)
    as_of: set[Read] = field(default_factory=set)
    evidence: set[str] = field(default_factory=set)
    roster: bool = False
    absences: bool = False
    whole_absences: bool = False
    mandates: bool = False


@dataclass(frozen=True)
class Body:
    """A body (组成人员) as the rulebook defines it: whoever holds one of some roles, in units of some kinds."""

    name: str
    zh: str
    en: str
    roles: tuple[str, ...]
    unit_kinds: tuple[str, ...] = ()
    held_as: tuple[str, ...] = ("substantive", "acting", "concurrent", "secondment")


@dataclass(frozen=True)
class Scope:
    """The names that a rule's paths may use."""

    subject_kind: str
    trigger_types: tuple[str, ...]
    terms: Mapping[str, Located]
    bodies: Mapping[str, Body]
    wording: Mapping[str, Located]
    dependencies: Dependencies = field(default_factory=Dependencies)
    it_types: tuple[str, ...] = ()
    it_hops: Hops = ()
    around_types: tuple[str, ...] = ()
    around_hops: Hops = ()
    party: Kind | None = None
    party_hops: Hops = ()
    party_field: str | None = None
    party_also: tuple[Hops, ...] = ()
    """Other ways than `party_hops` that lead to the party."""
    entry: Kind | None = None
    entry_hops: Hops = ()
    open_terms: tuple[str, ...] = ()

    def reads(self, types: tuple[str, ...], hops: Hops) -> None:
        """Note that facts of these types, found over these links, can change the judgement."""
        self.dependencies.evidence.update(types)
        self.dependencies.reads.update((name, way) for name in types for way in self._ways(hops))

    def _ways(self, hops: Hops) -> list[Links]:
        """Return the links that lead where some lead, over each way to the party where they go over the party."""
        if hops is None:
            return []
        ways = [hops]
        if self.party_hops is not None and hops[: len(self.party_hops)] == self.party_hops:
            ways += [(*also, *hops[len(self.party_hops) :]) for also in self.party_also if also is not None]
        return [written for way in ways for written in _as_recorded(way)]

    def looks_at(self, types: tuple[str, ...]) -> None:
        """Note that facts of these types in the rule's own case are each judged."""
        self.dependencies.reads.update((name, ()) for name in types)

    def reads_roster(self) -> None:
        """Note that posts, portfolios or arrangements can change the judgement."""
        self.dependencies.roster = True
        self._asks_as_of_it()

    def reads_absences(self, *, at_moment: bool = False) -> None:
        """Note that absences of persons can change the judgement, perhaps only by who is away at a moment."""
        self.dependencies.absences = True
        self.dependencies.whole_absences |= not at_moment
        self._asks_as_of_it()

    def reads_mandates(self) -> None:
        """Note that entrustments can change the judgement."""
        self.dependencies.mandates = True
        self._asks_as_of_it()

    def _asks_as_of_it(self) -> None:
        if self.it_hops:
            self.dependencies.as_of.update((name, way) for name in self.it_types for way in self._ways(self.it_hops))

    def testing(self, types: tuple[str, ...], hops: Hops) -> Scope:
        """Return the scope inside a `where` that tests facts of these types."""
        return replace(self, it_types=types, it_hops=hops, around_types=self.it_types, around_hops=self.it_hops)

    def per(self, party: Kind, hops: Hops, name: str | None, also: tuple[Hops, ...] = ()) -> Scope:
        """Return the scope of a rule that looks at each of several parties, to whom `also` leads as `hops` does."""
        return replace(self, party=party, party_hops=hops, party_field=name, party_also=also)

    def within_list(self, entry: Kind, hops: Hops) -> Scope:
        """Return the scope inside a `some` that tests the entries of a list."""
        return replace(self, entry=entry, entry_hops=hops)

    def inside(self, term: str) -> Scope:
        """Return the scope inside a named term."""
        return replace(self, open_terms=(*self.open_terms, term))

    def last_reference(self, text: str, rest: list[str]) -> str | None:
        """Return the name of the field that the path has just read as a reference."""
        segments = text.split(".")
        name = segments[len(segments) - len(rest) - 1]
        return self.party_field if name == "party" else name


def _as_recorded(way: Links) -> list[Links]:
    """Write out a way for each side on which it may be recorded which documents carry a matter."""
    if CARRIED not in way:
        return [way]
    place = way.index(CARRIED)
    return [(*way[:place], link, *rest) for rest in _as_recorded(way[place + 1 :]) for link in _RECORDED_AS]
