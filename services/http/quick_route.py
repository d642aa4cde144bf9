"""A route that is called as it stands: for those asked so often that the framework's own way to them costs most."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.responses import Response

from services.http.guard import DISTRICT, Permit

if TYPE_CHECKING:
    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp, Receive, Scope, Send

Handle = Callable[[Request], Coroutine[Any, Any, Response]]
OnError = Callable[[Request, Exception], Coroutine[Any, Any, Response]]


class QuickRoute(APIRoute):
    """Calls its endpoint with district, request and caller, after its permit; the description is FastAPI's as ever."""

    def get_route_handler(self) -> Handle:
        """Return what answers a request."""
        endpoint: Callable[..., Coroutine[Any, Any, Response]] = self.endpoint
        (permit,) = (one.call for one in self.dependant.dependencies if isinstance(one.call, Permit))

        async def handle(request: Request) -> Response:
            caller = await permit(request)
            return await endpoint(request.path_params[DISTRICT], request, caller)

        return handle


class QuickWay:
    """The short way to the quick routes, past the layers of the framework; everything else goes the usual way.

    A route is the same one, with the same permit, whichever way leads to it. A request that is traced goes the usual
    way, where its span gets its name.
    """

    def __init__(self, app: ASGIApp, routes: Iterable[BaseRoute], on_error: Mapping[type[Exception], OnError]) -> None:
        """Take the usual way, its routes, and what answers the errors that are raised below a route."""
        self._usual = app
        self._routes = [(one, one.get_route_handler()) for one in routes if isinstance(one, QuickRoute)]
        self._on_error = on_error

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        handle = self._found(scope)
        if handle is None:
            await self._usual(scope, receive, send)
            return
        request = Request(scope, receive, send)
        try:
            response = await handle(request)
        except Exception as error:
            on_error = next((self._on_error[one] for one in type(error).__mro__ if one in self._on_error), None)
            if on_error is None:
                raise
            response = await on_error(request, error)
        await response(scope, receive, send)

    def _found(self, scope: Scope) -> Handle | None:
        if scope["type"] != "http" or scope.get("root_path") or "fastapi.telemetry" in scope:
            return None
        for route, handle in self._routes:
            if (
                scope["method"] in (route.methods or ())
                and (found := route.path_regex.match(scope["path"])) is not None
            ):
                scope["path_params"] = found.groupdict()
                scope["route"] = route
                return handle
        return None
