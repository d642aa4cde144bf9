"""A way to Kafka that falls silent: from some request on it takes whatever it is given and passes nothing on."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Lock, Thread
from typing import Final, NamedTuple

REQUESTS: Final = {0: "Produce", 3: "Metadata", 11: "JoinGroup", 12: "Heartbeat", 13: "LeaveGroup"} | {
    14: "SyncGroup",
    18: "ApiVersions",
    22: "InitProducerId",
}


class Request(NamedTuple):
    """What is asked of Kafka, in the words of its protocol, and what the client that asks calls itself."""

    name: str
    client: str


class Reached(NamedTuple):
    """The moment in which clients of some name ask something for the n-th time."""

    name: str
    client: str
    times: int = 1

    def by(self, asked: list[Request]) -> bool:
        """Tell whether requests have come so far."""
        return self.among(asked) >= self.times

    def among(self, asked: list[Request]) -> int:
        """Count the requests of that kind."""
        return sum(one.name == self.name and one.client.startswith(self.client) for one in asked)


class FallingSilent:
    """Passes requests on to a broker until `silent` is set, by a test or by a request that has come; then nothing.

    The broker names itself in its answers; here it gets the address of this proxy, so that clients come back.
    """

    def __init__(self, broker: str, silent_from: Reached | None) -> None:
        """Listen on a free port of loopback; `broker` is host and port."""
        host, port = broker.split(":")
        self._broker = (host, int(port))
        self._silent_from = silent_from
        self._listening = socket.create_server(("127.0.0.1", 0))
        own = self._listening.getsockname()[1]
        self._named = (host.encode() + struct.pack(">i", int(port)), b"127.0.0.1" + struct.pack(">i", own))
        self.address = f"127.0.0.1:{own}"
        self.silent = Event()
        self.asked: list[Request] = []
        self._sockets = [self._listening]
        self._one_at_a_time = Lock()
        Thread(target=self._accept, daemon=True).start()

    def be_silent_from_next(self, name: str, client: str) -> None:
        """Let nothing pass from the next such request on."""
        with self._one_at_a_time:
            had = Reached(name, client).among(self.asked)
            self._silent_from = Reached(name, client, had + 1)

    def close(self) -> None:
        """Take no more connections, and end those that are there."""
        with self._one_at_a_time:
            for one in self._sockets:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
                one.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                server = socket.create_connection(self._broker)
                with self._one_at_a_time:
                    self._sockets += [client, server]
                Thread(target=self._ask, args=(client, server), daemon=True).start()
                Thread(target=self._answer, args=(server, client), daemon=True).start()

    def _ask(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while frame := _frame(client):
                self._look_at(frame)
                if not self.silent.is_set():
                    server.sendall(frame)

    def _answer(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while frame := _frame(server):
                if not self.silent.is_set():
                    client.sendall(frame.replace(*self._named))

    def _look_at(self, frame: bytes) -> None:
        number, length = struct.unpack_from(">h6xh", frame, 4)
        with self._one_at_a_time:
            self.asked.append(Request(REQUESTS.get(number, str(number)), frame[14 : 14 + length].decode()))
            if self._silent_from is not None and self._silent_from.by(self.asked):
                self.silent.set()


def _frame(giver: socket.socket) -> bytes:
    """Return the next request or answer whole; nothing at the end."""
    head = _exactly(giver, 4)
    return head + _exactly(giver, int.from_bytes(head, "big")) if head else b""


def _exactly(giver: socket.socket, size: int) -> bytes:
    found = bytearray()
    while len(found) < size and (given := giver.recv(size - len(found))):
        found += given
    return bytes(found) if len(found) == size else b""


@contextmanager
def falling_silent(broker: str, silent_from: Reached | None = None) -> Iterator[FallingSilent]:
    """Run a proxy before a broker while the block runs."""
    proxy = FallingSilent(broker, silent_from)
    try:
        yield proxy
    finally:
        proxy.close()
