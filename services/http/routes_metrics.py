"""Metrics for Prometheus: what the API served, and how far the watch of the caller's districts is behind."""

from typing import Annotated

from fastapi import APIRouter
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from starlette.responses import Response

from projections.view_rows.rows import ViewRows
from services.http.describing import answers
from services.http.guard import Guard
from services.http.metrics import MEDIA_TYPE
from services.http.parts import Parts
from services.identity.caller import Caller
from services.views.feeding import lags
from services.watching.lag import lag_of_one


def metrics_routes(parts: Parts, guard: Guard) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["service"])
    described = answers({}, bound=False) | {200: {"description": "Prometheus", "content": {"text/plain": {}}}}

    @router.get("/v1/metrics", responses=described)
    def metrics(caller: Annotated[Caller, guard.may("metrics.read")]) -> Response:
        """供 Prometheus 采集。For Prometheus."""
        return Response(guard.metrics.text() + _of_districts(parts, caller), media_type=MEDIA_TYPE)

    return router


def _of_districts(parts: Parts, caller: Caller) -> bytes:
    registry = CollectorRegistry()
    facts = Gauge("taizhang_facts", "Facts in the ledger.", ("district",), registry=registry)
    behind = Gauge("taizhang_watch_lag_facts", "Facts not yet judged.", ("district",), registry=registry)
    seconds = Gauge("taizhang_watch_lag_seconds", "Age of the oldest of them.", ("district",), registry=registry)
    with parts.views() as views:
        for district in sorted(caller.districts & set(parts.watched())):
            lag = lag_of_one(parts.ledger, views, district, parts.clock())
            facts.labels(district).set(parts.ledger.head(district).sequence)
            behind.labels(district).set(lag.facts)
            seconds.labels(district).set(lag.seconds)
    if parts.view_rows is not None:
        with parts.view_rows() as rows:
            _add_views(registry, parts, rows, caller)
    return generate_latest(registry)


def _add_views(registry: CollectorRegistry, parts: Parts, rows: ViewRows, caller: Caller) -> None:
    names = ("district", "view")
    behind = Gauge("taizhang_view_lag_facts", "Facts that a view does not show yet.", names, registry=registry)
    seconds = Gauge("taizhang_view_lag_seconds", "Age of the oldest of them.", names, registry=registry)
    for lag in lags(rows, parts.ledger, parts.clock()):
        if lag.district in caller.districts:
            behind.labels(lag.district, lag.view).set(lag.facts)
            seconds.labels(lag.district, lag.view).set(lag.seconds)
