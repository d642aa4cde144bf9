"""What a worker tells Prometheus of alerts."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, generate_latest

from services.stores.views_places import ViewsPlace
from services.watching.alert_figures import add_alerts
from tests.services.streams.owning import Office, work
from tests.services.watching.scene import asked


def test_alerts_are_counted_by_rule_and_by_how_long_they_are_overdue(place: ViewsPlace) -> None:
    office = Office(place)
    office.record(asked("countersign/a", "2026-09-21"), asked("countersign/b", "2026-09-28"))
    office.at("2026-10-12")
    work(office.owner())
    registry = CollectorRegistry()
    with place.rows(writable=False) as rows:
        add_alerts(registry, rows, ["xinzhou"], office.direct.clock())
    lines = generate_latest(registry).decode().splitlines()
    assert [one for one in lines if not one.startswith("#")] == [
        'taizhang_alerts{district="xinzhou",rule="xinzhou/28.2-reply",standing="raised"} 2.0',
        'taizhang_overdue_alerts{district="xinzhou",le="1"} 0.0',
        'taizhang_overdue_alerts{district="xinzhou",le="3"} 1.0',
        'taizhang_overdue_alerts{district="xinzhou",le="7"} 1.0',
        'taizhang_overdue_alerts{district="xinzhou",le="14"} 2.0',
        'taizhang_overdue_alerts{district="xinzhou",le="30"} 2.0',
        'taizhang_overdue_alerts{district="xinzhou",le="90"} 2.0',
        'taizhang_overdue_alerts{district="xinzhou",le="365"} 2.0',
        'taizhang_overdue_alerts{district="xinzhou",le="+Inf"} 2.0',
    ]
