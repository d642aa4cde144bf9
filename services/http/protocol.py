"""HTTP/1.1 as uvicorn speaks it, with problems for what never reaches the application."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

import msgspec
from uvicorn.protocols.http.flow_control import service_unavailable
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from services.http import problems
from services.http.problems import MEDIA_TYPE, problem_response

if TYPE_CHECKING:
    from uvicorn._types import ASGI3Application
    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

_SOON: Final = "1"


class ProblemProtocol(HttpToolsProtocol):
    """One connection: bytes that are no HTTP, and requests beyond what is served at once, are answered by a problem."""

    def send_400_response(self, msg: str) -> None:
        """Answer bytes that cannot be read, and close the connection."""
        del msg  # it says no more than the problem does
        content = msgspec.json.encode(problems.unreadable().body)
        head = f"content-type: {MEDIA_TYPE}\r\ncontent-length: {len(content)}\r\nconnection: close\r\n\r\n"
        self.transport.write(b"".join((STATUS_LINE[400], head.encode("ascii"), content)))
        self.transport.close()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        if app is service_unavailable:
            app = cast("ASGI3Application", problem_response(problems.too_busy(_SOON)))
        super()._start_asgi_task(cycle, app)
