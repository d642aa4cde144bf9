"""Waiting at start for what a process cannot begin without; meanwhile its probes find it alive and not ready."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Final

import structlog
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from services.http.answers import answer
from services.http.documents import Alive, Ready
from services.http.hosting import hosted
from services.http.problems import ProblemError, problem_response

if TYPE_CHECKING:
    from threading import Event

    from starlette.requests import Request

    from services.settings import Settings

BETWEEN_TRIES: Final = 1.0
"""Seconds between two looks whether what is awaited is there."""
_RETRY_AFTER: Final = "5"
_ANY_METHOD: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")


class AtStart:
    """A process that waits before it is at work; `stopping` ends the waiting."""

    def __init__(self, settings: Settings, stopping: Event, opened: ExitStack) -> None:
        self._settings = settings
        self._stopping = stopping
        self._opened = opened
        self._is_probed = False

    def goes_on(self) -> bool:
        """Wait a moment, answering probes from now on; tell whether to look again. Raise ListenError."""
        if not self._is_probed:
            self._opened.enter_context(hosted(probes_at_start(), self._settings.host, self._settings.port))
            self._is_probed = True
        return not self._stopping.wait(BETWEEN_TRIES)

    def has_database(self) -> bool:
        """Wait for the database that the settings name, if they name one; tell whether to go on.

        Raise LedgerUnusableError when it answers and does not admit us, or its address is none.
        """
        if self._settings.database is None:
            return True
        from events.postgres_arrival import why_away  # noqa: PLC0415  the driver is loaded where there is a database

        log, waited = structlog.get_logger(), False
        while (why := why_away(self._settings.database)) is not None:
            log.warning("database.away_at_start", reason=why)
            waited = True
            if not self.goes_on():
                return False
        if waited:
            log.info("database.found")
        return True


@contextmanager
def at_start(settings: Settings, stopping: Event) -> Iterator[AtStart]:
    """Give what waits; when the block ends the address is free for what answers from then on."""
    with ExitStack() as opened:
        yield AtStart(settings, stopping, opened)


def probes_at_start() -> Starlette:
    """Return what answers while a process waits: it is alive and not ready, and has nothing else to say."""

    def health(_request: Request) -> Response:
        return answer(Alive(status="alive"))

    def ready(_request: Request) -> Response:
        return answer(Ready(status="behind", lag_facts=0, lag_seconds=0.0), 503)

    def anything_else(_request: Request) -> Response:
        return problem_response(
            ProblemError(
                503,
                "service.waiting",
                "本服务正等候数据库等所需的部分，尚不能应答，没有入账任何内容；请稍后以原编号重试。",
                "The service waits for the database or another part that it needs and cannot answer yet; nothing was "
                "recorded. Try again in a moment with the same ids.",
                headers={"Retry-After": _RETRY_AFTER},
            )
        )

    routes = [
        Route("/v1/health", health),
        Route("/v1/ready", ready),
        Route("/{path:path}", anything_else, methods=list(_ANY_METHOD)),
    ]
    return Starlette(routes=routes)
