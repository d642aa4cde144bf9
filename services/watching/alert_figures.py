"""Figures of alerts for Prometheus: how many stand how by each rule, and for how long the open ones are overdue."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from prometheus_client import Gauge

from events.moment import MICROSECONDS_A_DAY, instant_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from prometheus_client import CollectorRegistry

    from projections.view_rows.rows import ViewRows

OVERDUE_DAYS: Final = (1, 3, 7, 14, 30, 90, 365)
"""Days for which the open alerts are counted that are overdue no longer than that."""


def add_alerts(registry: CollectorRegistry, rows: ViewRows, districts: Collection[str], now: dt.datetime) -> None:
    """Add the figures of some districts, from the live rows of the alerts; none where there are no such rows yet."""
    alerts = Gauge("taizhang_alerts", "Alerts.", ("district", "rule", "standing"), registry=registry)
    overdue = Gauge(
        "taizhang_overdue_alerts",
        "Open alerts that are overdue for no longer than `le` days.",
        ("district", "le"),
        registry=registry,
    )
    live = rows.live("alerts")
    if live is None:
        return
    table = f"rows_{live.number}"
    query = f"SELECT district, rule, standing, count(*) FROM {table} GROUP BY district, rule, standing"  # noqa: S608  our own names
    for district, rule, standing, count in rows.database.read(query):
        if district in districts:
            alerts.labels(district, rule, standing).set(count)
    instant = instant_of(now)
    query = f"SELECT district, due_at_at FROM {table} WHERE standing = 'raised' AND due_at_at <= ?"  # noqa: S608  as above
    counted: Counter[tuple[str, str]] = Counter()
    for district, due in rows.database.read(query, instant):
        days = (instant - due) / MICROSECONDS_A_DAY
        counted.update((district, str(limit)) for limit in OVERDUE_DAYS if days <= limit)
        counted[district, "+Inf"] += 1
    for district in districts:
        for limit in (*map(str, OVERDUE_DAYS), "+Inf"):
            overdue.labels(district, limit).set(counted[district, limit])
