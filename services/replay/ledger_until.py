"""Where a moment falls in a ledger: the last sequence recorded by then."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

from events.moment import instant_of
from projections.replay.question import Reach

if TYPE_CHECKING:
    import datetime as dt

    from events.ledger.port import LedgerReader
    from events.moment import Instant


def through_at(ledger: LedgerReader, district: str, head: int, instant: Instant) -> int:
    """Return the last sequence recorded by an instant, 0 when none was; `recorded_at` never decreases."""
    low, high = 0, head
    while low < high:
        middle = (low + high + 1) // 2
        facts = ledger.read(district, middle - 1, 1)
        if facts and instant_of(facts[0].recorded_at) <= instant:
            low = middle
        else:
            high = middle - 1
    return low


def reach_of(ledger: LedgerReader, district: str, now: dt.datetime) -> Reach:
    """Return how far the ledger of a district goes; the present is never before its last fact."""
    head = ledger.head(district)
    present = now if head.recorded_at is None else max(now, head.recorded_at)
    known = cache(partial(through_at, ledger, district, head.sequence))
    return Reach(head.sequence, instant_of(present), known)
