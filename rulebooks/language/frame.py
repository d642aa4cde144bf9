"""The frame in which a rule's paths and conditions are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from events.fact import AnyFact, PersonId
    from events.moment import Moment
    from rulebooks.record.casefile import CaseFile
    from rulebooks.record.world import World


def each_once(*facts: AnyFact | None) -> list[AnyFact]:
    """Return the facts that are there, each once; told apart by their sequence, which a watch gives out once."""
    return list({fact.sequence: fact for fact in facts if fact is not None}.values())


def fact_name(fact: AnyFact) -> str:
    """Return its case and its type, by which a fact is named where something of it is missing."""
    return f"{fact.subject.kind}/{fact.subject.id} {fact.type}"


class Frame(msgspec.Struct, eq=False, gc=False):
    """One rule looking at one trigger: what its names stand for, which facts it has read and what it missed.

    `at` is the moment for which posts, portfolios and mandates are asked. `it` is the fact under test inside `where`,
    `outer` the one that the search around it tests, `entry` the entry of a list inside `some`, `who` the person inside
    a named term.
    """

    world: World
    file: CaseFile
    trigger: AnyFact
    at: Moment
    party: object = None
    used: list[AnyFact] = []
    missing: list[str] = []
    it: AnyFact | None = None
    outer: AnyFact | None = None
    entry: object = None
    who: PersonId | None = None

    def for_party(self, party: object) -> Frame:
        """Return a frame of the same act for one party, with what was read and missed so far."""
        return Frame(
            self.world, self.file, self.trigger, self.trigger.occurred_at, party, self.used[:], self.missing[:]
        )

    @property
    def partial(self) -> bool:
        """Whether the record may begin in the middle, so that what is not there is not known to be missing.

        So it is with facts imported from a source that holds only a part, and where a case's opening is not recorded.
        """
        return self.trigger.origin == "imported" or not self.file.opened

    def proof(self, *more: AnyFact | None) -> tuple[AnyFact, ...]:
        """Return the trigger, what is given and what was read, each once, in the order in which it was recorded."""
        facts = {self.trigger.sequence: self.trigger}
        for fact in self.used:
            facts[fact.sequence] = fact
        for given in more:
            if given is not None:
                facts[given.sequence] = given
        return tuple(map(facts.__getitem__, sorted(facts)))

    def unordered(self, *facts: AnyFact) -> None:
        """Note the hours that are missing to tell which fact came first: of those of which only the day is known."""
        self.missing.extend(f"{fact_name(one)}: occurred_at" for one in facts if one.occurred_at.day_only)

    def missed(self) -> tuple[str, ...]:
        """Return what was missing, each once."""
        return tuple(dict.fromkeys(self.missing))
