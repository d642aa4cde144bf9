"""A connection to PostgreSQL that is cut where a test wants it: the server has committed, the answer never comes."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread

from psycopg.conninfo import conninfo_to_dict, make_conninfo

COMMIT = b"COMMIT\x00"


class CuttingProxy:
    """Passes bytes on until it is told to cut; `cuts` says how many more commits shall lose their answer."""

    def __init__(self, database: str) -> None:
        """Listen on a free port of loopback before the server of a database."""
        given = conninfo_to_dict(database)
        self._server = (str(given["host"]), int(str(given["port"])))
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.database = make_conninfo(database, port=self._listening.getsockname()[1])
        self.cuts = 0
        self.cut_commits = 0
        self._clients: list[socket.socket] = []
        self._accepting = Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def close(self) -> None:
        """Cut every connection, and take no more."""
        with suppress(OSError):  # closed already
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._accepting.join()
        for client in self._clients:
            with suppress(OSError):  # ended by itself
                client.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                self._clients.append(client)
                Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        server = socket.create_connection(self._server)
        Thread(target=_pass_on, args=(server, client), daemon=True).start()
        with suppress(OSError), client, server:
            while given := client.recv(65_536):
                if self.cuts and COMMIT in given:
                    self.cuts -= 1
                    self._commit_and_cut(client, server, given)
                    return
                server.sendall(given)

    def _commit_and_cut(self, client: socket.socket, server: socket.socket, given: bytes) -> None:
        """Let the server commit, and the client never hear of it."""
        client.shutdown(socket.SHUT_RDWR)
        server.sendall(given)
        server.shutdown(socket.SHUT_WR)
        with suppress(OSError):
            while server.recv(65_536):
                pass
        self.cut_commits += 1


def _pass_on(server: socket.socket, client: socket.socket) -> None:
    with suppress(OSError):
        while given := server.recv(65_536):
            client.sendall(given)
    with suppress(OSError):  # a server that resets its connection is as gone as one that closes it
        client.shutdown(socket.SHUT_RDWR)


@contextmanager
def cutting_proxy(database: str) -> Iterator[CuttingProxy]:
    """Run a proxy before the server of a database."""
    proxy = CuttingProxy(database)
    try:
        yield proxy
    finally:
        proxy.close()
