"""Figures of the watch and the views for Prometheus, the same from whoever tells them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prometheus_client import Gauge

from projections.saved.saved_shelf import SavedShelf
from services.views.feeding import lags
from services.watching.alert_figures import add_alerts
from services.watching.lag import lag_of_one

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from prometheus_client import CollectorRegistry

    from events.ledger.port import LedgerReader
    from projections.databases.views_database import ViewsDatabase
    from projections.view_rows.rows import ViewRows
    from services.backlog import Backlog

_A_DISTRICT: Final = ("district",)
_A_VIEW: Final = ("district", "view")


def add_watch(
    registry: CollectorRegistry,
    backlog: Backlog,
    ledger: LedgerReader,
    views: ViewsDatabase,
    districts: Collection[str],
    now: dt.datetime,
) -> None:
    """Add how many facts some districts have, how far their watch is behind, and what it had to set aside."""
    facts = Gauge("taizhang_facts", "Facts in the ledger.", _A_DISTRICT, registry=registry)
    behind = Gauge("taizhang_watch_lag_facts", "Facts not yet judged.", _A_DISTRICT, registry=registry)
    seconds = Gauge("taizhang_watch_lag_seconds", "Wait of the oldest of them.", _A_DISTRICT, registry=registry)
    oldest = Gauge("taizhang_oldest_unjudged_seconds", "Wait of the oldest unjudged fact.", registry=registry)
    parked = Gauge("taizhang_parked_facts", "Facts that could not be judged.", _A_DISTRICT, registry=registry)
    longest = 0.0
    backlog.look(ledger, now)
    for district in sorted(districts):
        lag = lag_of_one(backlog, ledger, views, district, now)
        longest = max(longest, lag.seconds)
        facts.labels(district).set(ledger.head(district).sequence)
        behind.labels(district).set(lag.facts)
        seconds.labels(district).set(lag.seconds)
        parked.labels(district).set(len({one.sequence for one in SavedShelf(views, ledger, district).parked()}))
    oldest.set(longest)


def add_views(
    registry: CollectorRegistry,
    backlog: Backlog,
    ledger: LedgerReader,
    rows: ViewRows,
    districts: Collection[str],
    now: dt.datetime,
) -> None:
    """Add the alerts of some districts by rule and standing, the overdue ones, and how far the views are behind."""
    add_alerts(registry, rows, districts, now)
    behind = Gauge("taizhang_view_lag_facts", "Facts that a view does not show yet.", _A_VIEW, registry=registry)
    seconds = Gauge("taizhang_view_lag_seconds", "Wait of the oldest of them.", _A_VIEW, registry=registry)
    for lag in lags(rows, ledger, backlog, now):
        if lag.district in districts:
            behind.labels(lag.district, lag.view).set(lag.facts)
            seconds.labels(lag.district, lag.view).set(lag.seconds)
