"""A way to PostgreSQL that a test holds closed: some connections pass, the next ones wait until they are let go."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

from psycopg.conninfo import conninfo_to_dict, make_conninfo


class HoldingProxy:
    """Passes the first connections on at once, and holds the others; `holds` is set as soon as there is one to hold."""

    def __init__(self, database: str, passing: int) -> None:
        """Listen on a free port of loopback before the server of a database; so many connections pass."""
        given = conninfo_to_dict(database)
        self._server = (str(given["host"]), int(str(given["port"])))
        self._passing = passing
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.database = make_conninfo(database, port=self._listening.getsockname()[1])
        self.holds = Event()
        self._let_go = Event()
        Thread(target=self._accept, daemon=True).start()

    def let_go(self) -> None:
        """Pass on whatever is held and whatever comes from now on; where no server listens it is closed."""
        self._let_go.set()

    def close(self) -> None:
        """Take no more connections."""
        self._let_go.set()
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                passes, self._passing = self._passing > 0, self._passing - 1
                Thread(target=self._serve, args=(client, passes), daemon=True).start()

    def _serve(self, client: socket.socket, passes: bool) -> None:
        with suppress(OSError), client:
            if not passes:
                self.holds.set()
                self._let_go.wait()
            with socket.create_connection(self._server) as server:
                Thread(target=_pass_on, args=(server, client), daemon=True).start()
                _pass_on(client, server)


def _pass_on(giver: socket.socket, taker: socket.socket) -> None:
    with suppress(OSError):
        while given := giver.recv(65_536):
            taker.sendall(given)
    with suppress(OSError):
        taker.shutdown(socket.SHUT_RDWR)


@contextmanager
def holding_proxy(database: str, passing: int) -> Iterator[HoldingProxy]:
    """Run a proxy before the server of a database."""
    proxy = HoldingProxy(database, passing)
    try:
        yield proxy
    finally:
        proxy.close()
