"""How far the watch is behind the ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from events.ledger.port import LedgerReader
    from projections.databases.views_database import ViewsDatabase


class Lag(NamedTuple):
    """Facts that are recorded and not yet judged, and the age of the oldest of them in seconds."""

    facts: int
    seconds: float


def lag_of(ledger: LedgerReader, views: ViewsDatabase, districts: Collection[str], now: dt.datetime) -> Lag:
    """Return how far the watch of some districts is behind; of several the sum of facts and the longest age."""
    lags = [lag_of_one(ledger, views, district, now) for district in districts]
    return Lag(sum(one.facts for one in lags), max((one.seconds for one in lags), default=0.0))


def lag_of_one(ledger: LedgerReader, views: ViewsDatabase, district: str, now: dt.datetime) -> Lag:
    """Return how far the watch of one district is behind."""
    rows = views.read("SELECT position FROM progress WHERE district = ?", district)
    position: int = rows[0][0] if rows else 0
    oldest = ledger.read(district, position, 1)
    if not oldest:
        return Lag(0, 0.0)
    behind = ledger.head(district).sequence - position
    return Lag(behind, max(0.0, round((now - oldest[0].recorded_at).total_seconds(), 3)))
