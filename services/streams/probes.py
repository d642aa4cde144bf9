"""What a worker tells of itself over HTTP: whether it lives, whether it keeps up, and figures for Prometheus."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.responses import Response
from starlette.routing import Route

from events.ledger.errors import LedgerError
from projections.databases.views_database import ViewsError
from services.http.answers import answer
from services.http.documents import Alive, Ready
from services.http.probing import probing
from services.streams.share import Share
from services.views.feeding import lags
from services.watching.figures import add_views, add_watch
from services.watching.lag import lag_of

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request

    from services.streams.opening import Worker

LONGEST_LAG: Final = 60.0
"""Seconds; a worker whose oldest unjudged fact is older is not ready."""


def probes(worker: Worker) -> Starlette:
    """Return the application; it tells no content of facts, and so asks for no token."""

    def health(_request: Request) -> Response:
        return answer(Alive(status="alive"))

    def ready(_request: Request) -> Response:
        if worker.steering.partitions is None:
            return answer(Ready(status="behind", lag_facts=0, lag_seconds=0.0), 503)
        try:
            with worker.views() as views:
                lag = lag_of(worker.backlog, worker.ledger, views, _own_districts(worker), worker.clock())
            behind = lag.seconds > LONGEST_LAG or (worker.prepares and _views_behind(worker))
        except (LedgerError, ViewsError):
            return answer(Ready(status="behind", lag_facts=0, lag_seconds=0.0), 503)
        shown = Ready(status="behind" if behind else "ready", lag_facts=lag.facts, lag_seconds=lag.seconds)
        return answer(shown, 503 if behind else 200)

    def metrics(_request: Request) -> Response:
        try:
            return Response(_figures(worker), media_type=CONTENT_TYPE_LATEST)
        except (LedgerError, ViewsError) as error:
            return Response(f"# {error.code}\n", 503, media_type=CONTENT_TYPE_LATEST)

    return probing(routes=[Route("/v1/health", health), Route("/v1/ready", ready), Route("/v1/metrics", metrics)])


def _own_districts(worker: Worker) -> frozenset[str]:
    """Return the districts of its share, those too that it cannot judge; raise LedgerError while nobody can tell."""
    share = Share(worker.steering.partitions or frozenset(), worker.steering.partitions_in_all)
    return frozenset(filter(share.holds, worker.ledger.districts()))


def _views_behind(worker: Worker) -> bool:
    """Tell whether a view would be old if the worker took over now."""
    districts = _own_districts(worker)
    with worker.rows() as rows:
        found = lags(rows, worker.ledger, worker.backlog, worker.clock())
        return any(one.seconds > LONGEST_LAG for one in found if one.district in districts)


def _figures(worker: Worker) -> bytes:
    registry = CollectorRegistry()
    partitions = Gauge("taizhang_worker_partitions", "Partitions that this worker has.", registry=registry)
    partitions.set(len(worker.steering.partitions or ()))
    in_all = Gauge("taizhang_topic_partitions", "Partitions of the topic, whoever has them.", registry=registry)
    in_all.set(worker.steering.partitions_in_all)
    districts, now = _own_districts(worker), worker.clock()
    with worker.views() as views:
        add_watch(registry, worker.backlog, worker.ledger, views, districts, now)
    with worker.rows() as rows:
        add_views(registry, worker.backlog, worker.ledger, rows, districts, now)
    return generate_latest(registry)
