"""What a worker tells of itself over HTTP: whether it lives, whether it keeps up, and figures for Prometheus."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from events.ledger_errors import LedgerError
from projections.databases.views_database import ViewsError
from projections.saved.saved_shelf import SavedShelf
from services.http.answers import answer
from services.http.documents import Alive, Ready
from services.streams.alert_figures import add_alerts
from services.views.feeding import lags
from services.watching.lag import lag_of, lag_of_one

if TYPE_CHECKING:
    from starlette.requests import Request

    from services.streams.opening import Worker

LONGEST_LAG: Final = 60.0
"""Seconds; a worker whose oldest unjudged fact is older is not ready."""
_A_DISTRICT: Final = ("district",)


def probes(worker: Worker) -> Starlette:
    """Return the application; it tells no content of facts, and so asks for no token."""

    def health(_request: Request) -> Response:
        return answer(Alive(status="alive"))

    def ready(_request: Request) -> Response:
        if worker.steering.partitions is None:
            return answer(Ready(status="behind", lag_facts=0, lag_seconds=0.0), 503)
        try:
            with worker.views() as views:
                lag = lag_of(worker.ledger, views, list(worker.steering.positions()), worker.clock())
        except (LedgerError, ViewsError):
            return answer(Ready(status="behind", lag_facts=0, lag_seconds=0.0), 503)
        behind = lag.seconds > LONGEST_LAG
        shown = Ready(status="behind" if behind else "ready", lag_facts=lag.facts, lag_seconds=lag.seconds)
        return answer(shown, 503 if behind else 200)

    def metrics(_request: Request) -> Response:
        try:
            return Response(_figures(worker), media_type=CONTENT_TYPE_LATEST)
        except (LedgerError, ViewsError) as error:
            return Response(f"# {error.code}\n", 503, media_type=CONTENT_TYPE_LATEST)

    return Starlette(routes=[Route("/v1/health", health), Route("/v1/ready", ready), Route("/v1/metrics", metrics)])


def _figures(worker: Worker) -> bytes:
    registry = CollectorRegistry()
    partitions = Gauge("taizhang_worker_partitions", "Partitions that this worker has.", registry=registry)
    partitions.set(len(worker.steering.partitions or ()))
    facts = Gauge("taizhang_facts", "Facts in the ledger.", _A_DISTRICT, registry=registry)
    behind = Gauge("taizhang_watch_lag_facts", "Facts not yet judged.", _A_DISTRICT, registry=registry)
    seconds = Gauge("taizhang_watch_lag_seconds", "Age of the oldest of them.", _A_DISTRICT, registry=registry)
    oldest = Gauge("taizhang_oldest_unjudged_seconds", "Age of the oldest unjudged fact of all.", registry=registry)
    parked = Gauge("taizhang_parked_facts", "Facts that could not be judged.", _A_DISTRICT, registry=registry)
    districts = list(worker.steering.positions())
    with worker.views() as views:
        for district in districts:
            lag = lag_of_one(worker.ledger, views, district, worker.clock())
            facts.labels(district).set(worker.ledger.head(district).sequence)
            behind.labels(district).set(lag.facts)
            seconds.labels(district).set(lag.seconds)
            shelf = SavedShelf(views, worker.ledger, district)
            parked.labels(district).set(len({one.sequence for one in shelf.parked()}))
        oldest.set(lag_of(worker.ledger, views, districts, worker.clock()).seconds)
    _add_views(registry, worker, frozenset(districts))
    return generate_latest(registry)


def _add_views(registry: CollectorRegistry, worker: Worker, districts: frozenset[str]) -> None:
    names = ("district", "view")
    behind = Gauge("taizhang_view_lag_facts", "Facts that a view does not show yet.", names, registry=registry)
    seconds = Gauge("taizhang_view_lag_seconds", "Age of the oldest of them.", names, registry=registry)
    with worker.rows() as rows:
        add_alerts(registry, rows, districts, worker.clock())
        for lag in lags(rows, worker.ledger, worker.clock()):
            if lag.district in districts:
                behind.labels(lag.district, lag.view).set(lag.facts)
                seconds.labels(lag.district, lag.view).set(lag.seconds)
