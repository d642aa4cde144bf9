"""Waiting at start for what a process cannot begin without; meanwhile its probes find it alive and not ready."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import TYPE_CHECKING, Final, TypeVar

import structlog
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from events.ledger.errors import LedgerError, LedgerUnavailableError
from projections.databases.views_database import ViewsError
from services.http.answers import answer
from services.http.documents import Alive, Ready
from services.http.hosting import hosted
from services.http.problems import ProblemError, problem_response
from services.processes.asking import Answer, answer_unless

if TYPE_CHECKING:
    from threading import Event

    from starlette.requests import Request

    from services.settings.service import Settings

BETWEEN_TRIES: Final = 1.0
"""Seconds between two looks whether what is awaited is there."""
Part = TypeVar("Part")

_RETRY_AFTER: Final = "5"
_ANY_METHOD: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")


class AtStart:
    """A process that waits before it is at work; `stopping` ends the waiting."""

    def __init__(self, settings: Settings, stopping: Event, opened: ExitStack) -> None:
        self._settings = settings
        self._stopping = stopping
        self._opened = opened
        self._is_probed = False
        self._awaits = False
        self._log = structlog.get_logger()

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
        from events.postgres.arrival import why_away  # noqa: PLC0415  the driver is loaded where there is a database

        while (why := why_away(self._settings.database)) is not None:
            self._tell_away(why)
            if not self.goes_on():
                return False
        if self._awaits:
            self._awaits = False
            self._log.info("database.found")
        return True

    def opened(self, opening: Callable[[], AbstractContextManager[Part]], within: ExitStack) -> Part | None:
        """Open what needs the database, anew whenever this goes away meanwhile; `within` closes it again.

        Return None when asked to stop meanwhile. Raise what `opening` raises for anything that will not pass.
        """
        while True:
            try:
                return within.enter_context(opening())
            except (LedgerError, ViewsError) as error:
                if self._settings.database is None or not _will_pass(error):
                    raise
                self._tell_away(str(error))
            if not (self.goes_on() and self.has_database()):
                return None

    def answer_to(self, ask: Callable[[], Answer]) -> Answer | None:
        """Return what `ask` returns, None when asked to stop before; raise what it raises."""
        return answer_unless(self._stopping, ask)

    def _tell_away(self, why: str) -> None:
        self._awaits = True
        self._log.warning("database.away_at_start", reason=why)


@contextmanager
def at_start(settings: Settings, stopping: Event) -> Iterator[AtStart]:
    """Give what waits; when the block ends the address is free for what answers from then on."""
    with ExitStack() as opened:
        yield AtStart(settings, stopping, opened)


def _will_pass(error: LedgerError | ViewsError) -> bool:
    """Tell whether a fault of a database is that it is gone, or not there yet."""
    from events.postgres.faults import is_passing  # noqa: PLC0415  as above

    return isinstance(error, LedgerUnavailableError) or (isinstance(error, ViewsError) and is_passing(error))


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
