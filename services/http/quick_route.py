"""A route that is called as it stands: for those that are asked so often that resolving parameters would cost most."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.responses import Response

from services.http.guard import DISTRICT, Permit


class QuickRoute(APIRoute):
    """Calls its endpoint with district, request and caller, after its permit; the description is FastAPI's as ever."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request."""
        endpoint: Callable[..., Coroutine[Any, Any, Response]] = self.endpoint
        (permit,) = (one.call for one in self.dependant.dependencies if isinstance(one.call, Permit))

        async def handle(request: Request) -> Response:
            caller = await permit(request)
            return await endpoint(request.path_params[DISTRICT], request, caller)

        return handle
