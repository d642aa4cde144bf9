"""Facts that say they were recorded before the fact before them, which recording never writes."""

from __future__ import annotations

from itertools import chain, pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from events.fact import AnyFact
    from events.ledger.port import LedgerReader


def dated_back(facts: Iterable[AnyFact]) -> Iterator[int]:
    """Give the sequence of each fact, among some in order, that was recorded before the one before it."""
    return (after.sequence for before, after in pairwise(facts) if after.recorded_at < before.recorded_at)


def dated_back_near(ledger: LedgerReader, district: str, sequences: Iterable[int]) -> Sequence[int]:
    """Return those dated back among the facts with some sequences and the ones right behind them."""
    near = (ledger.read(district, max(sequence - 2, 0), 3) for sequence in set(sequences) if sequence)
    return sorted({*chain.from_iterable(map(dated_back, near))})
