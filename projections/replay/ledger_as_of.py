"""A ledger as it counts at a moment: what was recorded later, or had not occurred, is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from events.ledger.port import Head, quietly

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from events.fact import AnyFact
    from events.ledger.port import Anchor, LedgerReader, Receipt, Verification
    from projections.replay.as_of import AsOf


class LedgerAsOf:
    """Reads another ledger as far as a moment lets it count, for one district; sequences may then have gaps."""

    def __init__(self, ledger: LedgerReader, district: str, as_of: AsOf) -> None:
        self._ledger = ledger
        self._district = district
        self._as_of = as_of

    def districts(self) -> list[str]:
        """Return the one district."""
        return [self._district]

    def head(self, district: str) -> Head:
        """Return how far the district had come; the root is that of the whole ledger."""
        head = self._ledger.head(district)
        through = min(self._as_of.through, head.sequence)
        last = self._ledger.read(district, through - 1, 1) if through else []
        return Head(district, through, last[0].recorded_at if last else None, head.root, head.algorithm)

    def sequences(self) -> dict[str, int]:
        """Return how far the one district had come."""
        return {self._district: self.head(self._district).sequence}

    def read(
        self, district: str, after: int = 0, limit: int = 1_000, passing_over: Collection[str] = ()
    ) -> list[AnyFact]:
        """Return the next facts that count after a sequence; an empty list at the end."""
        while after < self._as_of.through:
            facts = self._ledger.read(district, after, min(limit, self._as_of.through - after), passing_over)
            if not facts:
                break
            found = [one for one in facts if self._as_of.counts(one)]
            if found:
                return found
            after = facts[-1].sequence
        return []

    def read_case(self, district: str, case: str) -> list[AnyFact]:
        """Return the facts of a case that count."""
        return [one for one in self._ledger.read_case(district, case) if self._as_of.counts(one)]

    def read_cases(self, district: str, cases: Iterable[str]) -> Mapping[str, Sequence[AnyFact]]:
        """Return the facts of many cases that count."""
        found = self._ledger.read_cases(district, cases)
        return {case: [one for one in facts if self._as_of.counts(one)] for case, facts in found.items()}

    def read_at(self, district: str, sequences: Collection[int]) -> Mapping[int, AnyFact]:
        """Return facts by their sequences, which are those of facts that count."""
        return self._ledger.read_at(district, sequences)

    def find(self, district: str, fact_id: UUID) -> AnyFact | None:
        """Return the fact with an id, when it counts."""
        found = self._ledger.find(district, fact_id)
        return None if found is None or not self._as_of.counts(found) else found

    def receipts(self, district: str, sequences: Sequence[int]) -> Sequence[Receipt]:
        """Return the receipts of facts known by then."""
        return self._ledger.receipts(district, [one for one in sequences if one <= self._as_of.through])

    def leaves(self, district: str, after: int, limit: int) -> list[bytes]:
        """Return the leaves of facts known by then."""
        return self._ledger.leaves(district, after, max(min(limit, self._as_of.through - after), 0))

    def verify(
        self, district: str, anchors: Sequence[Anchor] = (), progressed: Callable[[int], None] = quietly
    ) -> Verification:
        """Recompute the whole ledger; a part of it is verified by its checkpoint."""
        return self._ledger.verify(district, anchors, progressed)
