"""Metrics for Prometheus: what the API served, and how the watch, alerts and views of the caller's districts stand."""

from typing import Annotated

from fastapi import APIRouter
from prometheus_client import CollectorRegistry, Counter, generate_latest
from starlette.responses import Response

from services.http.describing import answers
from services.http.guard import Guard
from services.http.metrics import MEDIA_TYPE
from services.http.parts import Parts
from services.identity.caller import Caller
from services.watching.figures import add_views, add_watch


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
    now = parts.clock()
    with parts.views() as views:
        add_watch(registry, parts.backlog, parts.ledger, views, caller.districts & set(parts.watched()), now)
    if parts.view_rows is not None:
        with parts.view_rows() as rows:
            seen = caller.districts & set(parts.ledger.districts())
            add_views(registry, parts.backlog, parts.ledger, rows, seen, now)
    if parts.judge_restarts is not None:
        restarts = Counter(
            "taizhang_judging_restarts", "How often the judging process ended by itself.", registry=registry
        )
        restarts.inc(parts.judge_restarts())
    return generate_latest(registry)
