"""The HTTP server in the process of the service: it begins with the service and ends before it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING, Final

import uvicorn

from services.file_faults import file_reason
from services.http.protocol import ProblemProtocol

if TYPE_CHECKING:
    from starlette.types import ASGIApp

LONGEST_FAREWELL: Final = 10
"""Seconds that requests under way have to end when the service stops."""

MOST_CONNECTIONS: Final = 1_000
"""Connections that are served at once; more are told to come back."""

_IDLE_SECONDS: Final = 15
_WAITING: Final = 2_048


class ListenError(Exception):
    """The server cannot listen on its address; `code` is stable."""

    code: Final = "http.cannot_listen"

    def __init__(self, host: str, port: int, fault: OSError) -> None:
        zh, en = file_reason(fault)
        super().__init__(
            f"无法在 {host}:{port} 提供 HTTP 服务（{zh}），程序因此不启动；"
            "请停止占用该端口的程序，或用 TAIZHANG_PORT、TAIZHANG_HOST 换一个地址。 / "
            f"HTTP cannot be served on {host}:{port} ({en}), so the program does not start; stop "
            f"what uses that port, or choose another address by TAIZHANG_PORT and TAIZHANG_HOST. [{self.code}]"
        )


class Server(uvicorn.Server):
    """A server that says when it began to answer."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.answering = Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer."""
        await super().startup(sockets)
        self.answering.set()


@contextmanager
def hosted(app: ASGIApp, host: str, port: int) -> Iterator[str]:
    """Serve an application from a thread while the block runs; give its address. Raise ListenError."""
    listener = _listening(host, port)
    config = uvicorn.Config(
        app,
        http=ProblemProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=_IDLE_SECONDS,
        timeout_graceful_shutdown=LONGEST_FAREWELL,
    )
    server = Server(config)
    thread = Thread(target=server.run, args=([listener],), name="http", daemon=True)
    thread.start()
    try:
        while not server.answering.wait(0.1) and thread.is_alive():
            pass
        yield address_of(listener)
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def address_of(listener: socket.socket) -> str:
    """Return the address of a socket as a browser takes it."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _listening(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(_WAITING)
        except OSError:
            listener.close()
            raise
    except OSError as fault:
        raise ListenError(host, port, fault) from fault
    return listener
