"""A route that is called as it stands: for those asked so often that the framework's own way to them costs most."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.responses import Response

from services.http.guard import DISTRICT, Permit

if TYPE_CHECKING:
    from fastapi import FastAPI
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
    """The application: quick routes past the layers of the framework, everything else the usual way.

    A route is the same one, with the same permit, whichever way leads to it.
    """

    def __init__(
        self, usual: FastAPI, edge: Callable[[ASGIApp], ASGIApp], on_error: Mapping[type[Exception], OnError]
    ) -> None:
        """Take the usual way, the edge around the quick one, and what answers errors that are raised below a route."""
        self._usual = usual
        self._quick = [
            (one, edge(_Quick(one.get_route_handler(), on_error)))
            for one in usual.router.routes
            if isinstance(one, QuickRoute)
        ]

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """All routes, whichever way leads to them."""
        return self._usual.router.routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and scope["method"] == "HEAD":
            # Answered as GET is; that no body goes out is seen to by the server, which knows what was asked.
            scope = {**scope, "method": "GET"}
        await self._way_of(scope)(scope, receive, send)

    def _way_of(self, scope: Scope) -> ASGIApp:
        if scope["type"] != "http" or scope.get("root_path"):
            return self._usual
        for route, quick in self._quick:
            if (
                scope["method"] in (route.methods or ())
                and (found := route.path_regex.match(scope["path"])) is not None
            ):
                scope["path_params"] = found.groupdict()
                scope["route"] = route
                return quick
        return self._usual


class _Quick:
    """A quick route with what answers the errors that are raised below it."""

    def __init__(self, handle: Handle, on_error: Mapping[type[Exception], OnError]) -> None:
        self._handle = handle
        self._on_error = on_error

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        try:
            response = await self._handle(request)
        except Exception as error:
            on_error = next((self._on_error[one] for one in type(error).__mro__ if one in self._on_error), None)
            if on_error is None:
                raise
            response = await on_error(request, error)
        await response(scope, receive, send)
