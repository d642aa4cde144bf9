"""The edge of the API: bodies that are too large or too slow end here, and no fault of the program gets out whole."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Final
from uuid import uuid4

import structlog
from starlette.requests import ClientDisconnect

from services.http import problems
from services.http.json_bodies import header_of
from services.http.problems import problem_response
from services.tracing.spans import NO_SPANS, Spans

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from services.http.metrics import Metrics
    from services.http.parts import Limits


HUNG_UP: Final = 499
"""The status under which a request is counted whose client did not wait for the answer."""


class Edge:
    """Wraps the whole application."""

    def __init__(self, app: ASGIApp, limits: Limits, metrics: Metrics, spans: Spans = NO_SPANS) -> None:
        self._app = app
        self._limits = limits
        self._metrics = metrics
        self._spans = spans

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 0

        async def send_on(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        stated = header_of(scope, b"content-length", b"0")
        if not stated.isdigit() or int(stated) > self._limits.body_bytes:
            await problem_response(problems.too_large(self._limits.body_bytes))(scope, receive, send)
            return
        answered = self._spans.asked(scope["headers"])
        try:
            await self._app(scope, self._bounded(receive), send_on)
        except ClientDisconnect:
            status = HUNG_UP
        except Exception as error:  # noqa: BLE001  whatever it is, the caller gets an answer, and the log the cause
            identity = str(uuid4())
            structlog.get_logger().error("http.failed", id=identity, method=scope["method"], exc_info=error)
            if not status:
                await problem_response(problems.failed(identity))(scope, receive, send_on)
        finally:
            route = getattr(scope.get("route"), "path", "")
            self._metrics.served(scope["method"], route, status, time.perf_counter() - began)
            answered(scope["method"], route, status)

    def _bounded(self, receive: Receive) -> Receive:
        """Return the way a body comes in, ended by a problem once it is too large or takes too long."""
        limits = self._limits
        received = 0
        until = 0.0
        whole = False

        async def receive_on() -> Message:
            nonlocal received, until, whole
            if whole:
                return await receive()
            until = until or time.monotonic() + limits.body_seconds
            try:
                async with asyncio.timeout(until - time.monotonic()):
                    message = await receive()
            except TimeoutError:
                raise problems.too_slow(limits.body_seconds) from None
            received += len(message.get("body", b""))
            if received > limits.body_bytes:
                raise problems.too_large(limits.body_bytes)
            whole = not message.get("more_body", False)
            return message

        return receive_on
