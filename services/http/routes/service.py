"""Whether the service lives and is ready, and how it is spoken to."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.http.answers import answer
from services.http.describing import answers, schema_of
from services.http.documents import Alive, Ready, Serving
from services.http.guard import Guard
from services.http.parts import Parts
from services.watching.lag import lag_of


def service_routes(parts: Parts, guard: Guard) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["service"], dependencies=[guard.may("service.probe")])

    @router.get("/v1/health", responses=answers({200: schema_of(Alive)}, open_to_anybody=True, bound=False))
    async def health() -> Response:
        """服务在运行。The service answers."""
        return answer(Alive(status="alive"))

    @router.get("/v1/serving", responses=answers({200: schema_of(Serving)}, open_to_anybody=True, bound=False))
    async def serving() -> Response:
        """服务已启动，应答请求，不论判定是否跟上。It takes requests, whether the watch keeps up or not."""
        return answer(Serving(status="serving"))

    readiness = answers({200: schema_of(Ready), 503: schema_of(Ready)}, open_to_anybody=True, bound=False)

    @router.get("/v1/ready", responses=readiness)
    def ready() -> Response:
        """判定是否跟上账册。Whether the watch keeps up with the ledger."""
        with parts.views() as views:
            lag = lag_of(parts.backlog, parts.ledger, views, parts.watched(), parts.clock())
        behind = lag.seconds > parts.limits.lag
        shown = Ready(status="behind" if behind else "ready", lag_facts=lag.facts, lag_seconds=lag.seconds)
        return answer(shown, 503 if behind else 200)

    @router.get("/v1/openapi.json", responses=answers({200: {"type": "object"}}, open_to_anybody=True, bound=False))
    async def openapi(request: Request) -> Response:
        """本接口的说明（OpenAPI）。The description of this interface."""
        return answer(request.app.openapi())

    return router
