"""Proofs from the leaves that a ledger holds; what they prove is shown only by the root they lead to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from events.ledger.port import LedgerReader
from events.tree.proofs import Leaves, Proof, consistency_ranges, inclusion_ranges, roots_of
from events.tree.sealing import hash_function

_PAGE: Final = 4_096


def inclusion_proof(ledger: LedgerReader, district: str, sequence: int, size: int) -> Proof:
    """Prove that a fact is among the first `size`; raise ValueError when it is not, or there are fewer."""
    return _proof(ledger, district, inclusion_ranges(sequence - 1, size))


def consistency_proof(ledger: LedgerReader, district: str, old: int, new: int) -> Proof:
    """Prove that the first `new` facts begin with the first `old`; raise ValueError when they cannot."""
    return _proof(ledger, district, consistency_ranges(old, new))


def _proof(ledger: LedgerReader, district: str, ranges: list[tuple[int, int]]) -> Proof:
    if not ranges:
        return ()
    digest = hash_function(ledger.head(district).algorithm)
    return roots_of(digest, ranges, leaves_of(ledger, district))


def leaves_of(ledger: LedgerReader, district: str) -> Leaves:
    """Return what gives the leaves of a range of a district, read page by page."""

    def leaves(start: int, end: int) -> Iterator[bytes]:
        while start < end and (page := ledger.leaves(district, start, min(_PAGE, end - start))):
            yield from page
            start += len(page)

    return leaves
