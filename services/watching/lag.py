"""How far the watch is behind the ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING

from services.backlog import Backlog, Lag

if TYPE_CHECKING:
    from events.ledger.port import LedgerReader
    from projections.databases.views_database import ViewsDatabase


def lag_of(
    backlog: Backlog, ledger: LedgerReader, views: ViewsDatabase, districts: Collection[str], now: dt.datetime
) -> Lag:
    """Return how far the watch of some districts is behind; of several the sum of facts and the longest wait."""
    backlog.look(ledger, now)
    lags = [lag_of_one(backlog, ledger, views, district, now) for district in districts]
    return Lag(sum(one.facts for one in lags), max((one.seconds for one in lags), default=0.0))


def lag_of_one(backlog: Backlog, ledger: LedgerReader, views: ViewsDatabase, district: str, now: dt.datetime) -> Lag:
    """Return how far the watch of one district is behind."""
    rows = views.read("SELECT position FROM progress WHERE district = ?", district)
    position: int = rows[0][0] if rows else 0
    return backlog.behind(ledger, district, position, now)
