"""What a batch of proposals will make a store be asked, found out before its transaction begins."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from uuid import UUID

from msgspec import Struct

from events.fact import case_key
from events.ledger.port import Proposal


class Questions(Struct, frozen=True):
    """What the proposals of a batch will make the books ask for, told before, so that few queries answer it."""

    districts: list[str]
    ids: set[tuple[str, UUID]]
    cases: set[tuple[str, str]]
    keys: set[tuple[str, str]]
    decided: dict[str, set[str]]

    def ids_by_district(self) -> dict[str, list[UUID]]:
        """Return the ids that will be asked for, by district."""
        found: dict[str, list[UUID]] = {}
        for district, fact_id in self.ids:
            found.setdefault(district, []).append(fact_id)
        return found


def questions_of(proposals: Sequence[Proposal]) -> Questions:
    """Look through proposals of a batch; those that are refused without being looked up ask needlessly, no more."""
    asked = Questions([], set(), set(), set(), {})
    for proposal in proposals:
        own = [case_key(fact.subject) for fact in proposal.facts]
        for fact in proposal.facts:
            asked.ids.add((fact.district, fact.id))
        for district in {fact.district for fact in proposal.facts}:
            for case in chain(own, proposal.expected):
                asked.cases.add((district, case))
            if proposal.key is not None:
                asked.keys.add((district, proposal.key))
            if proposal.decide is not None:
                asked.decided.setdefault(district, set()).update(own, proposal.reads)
    asked.districts.extend(sorted({district for district, _ in asked.ids}))
    return asked
