"""Recording through the process that holds the ledger: JSON lines over a Unix domain socket in the data folder.

One line asks, one line answers, in order. Who may open the socket is decided by the file system and checked again by
the user id of the other side; he records as the local principal, in the districts that he names.
"""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock, Thread
from types import TracebackType
from typing import Final, Self

import msgspec
import structlog

from events.ledger_errors import LedgerError, LedgerUnavailableError
from services.recording.embedded import SOCKET_FILE, Writer, local_principal
from services.recording.request import Answer, Request
from services.writer_messages import (
    LONGEST_MESSAGE,
    Asked,
    Replied,
    asked_of,
    broken_off,
    cannot_listen,
    chunks,
    failed,
    foreign_user,
    is_too_long,
    message_of,
    read_asked,
    refused_here,
    requests_of,
)

_LONGEST_ADDRESS: Final = 100
_WAITING: Final = 64
_CHUNK: Final = 1 << 16
_PEER: Final = struct.Struct("3i")


@contextmanager
def _address(folder: Path) -> Iterator[str]:
    """Give the socket's address; a folder whose path is too long for one is reached through its file descriptor."""
    path = str(folder.absolute() / SOCKET_FILE)
    if len(os.fsencode(path)) <= _LONGEST_ADDRESS:
        yield path
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{descriptor}/{SOCKET_FILE}"
    finally:
        os.close(descriptor)


class _Lines:
    """The lines of a connection, each at most LONGEST_MESSAGE bytes; what has no line end is no line."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._held = bytearray()

    def next(self) -> bytes | None:
        """Return the next line without its end, None when no more comes; raise ValueError for one too long."""
        looked = 0
        while (end := self._held.find(b"\n", looked)) < 0:
            looked = len(self._held)
            if looked > LONGEST_MESSAGE:
                message = "a line without end"
                raise ValueError(message)
            received = self._connection.recv(_CHUNK)
            if not received:
                return None
            self._held += received
        line = bytes(self._held[:end])
        del self._held[: end + 1]
        return line


class WriterServer:
    """Lets other processes of this machine record through a recorder of this one; a context manager.

    To be opened by the process that holds the ledger: a socket left behind by one that was killed is replaced.
    """

    def __init__(self, recorder: Writer, folder: Path) -> None:
        """Listen in the data folder, for this user and root alone; raise LedgerUnavailableError when that fails."""
        self._recorder = recorder
        self._folder = folder
        self._connections: dict[socket.socket, Thread] = {}
        self._changing = Lock()
        self._closing = False
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            with _address(folder) as address:
                Path(address).unlink(missing_ok=True)
                self._listener.bind(address)
                Path(address).chmod(0o600)
            self._listener.listen(_WAITING)
        except OSError as fault:
            self._listener.close()
            raise LedgerUnavailableError(cannot_listen(folder, fault)) from fault
        self._accepting = Thread(target=self._accept, name="writer-socket", daemon=True)
        self._accepting.start()

    def close(self) -> None:
        """Take no more requests, answer those under way, and remove the socket."""
        with self._changing:
            if self._closing:
                return
            self._closing = True
            for connection in self._connections:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RD)
        (self._folder / SOCKET_FILE).unlink(missing_ok=True)
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._accepting.join()
        self._listener.close()
        for thread in list(self._connections.values()):
            thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                if self._closing:
                    return
                continue
            thread = Thread(target=self._serve, args=(connection,), name="writer-socket-caller", daemon=True)
            with self._changing:
                if self._closing:
                    connection.close()
                    return
                self._connections[connection] = thread
                thread.start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection, suppress(OSError):
                self._converse(connection)
        finally:
            with self._changing:
                if not self._closing:
                    self._connections.pop(connection, None)

    def _converse(self, connection: socket.socket) -> None:
        uid = _PEER.unpack(connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER.size))[1]
        if uid not in {0, os.getuid()}:
            connection.sendall(message_of(Replied(error=foreign_user())))
            return
        lines = _Lines(connection)
        while True:
            try:
                line = lines.next()
            except ValueError:
                connection.sendall(message_of(Replied(error=is_too_long())))
                return
            if line is None:
                return
            connection.sendall(message_of(self._reply(line, uid)))

    def _reply(self, line: bytes, uid: int) -> Replied:
        try:
            asked = read_asked(line)
            answers, requests = requests_of(asked, local_principal(_districts(asked), uid))
            recorded = iter(self._recorder.record_all(requests))
        except LedgerError as error:
            return Replied(error=error.reason)
        except Exception as fault:  # noqa: BLE001  whatever it is, the caller gets an answer and the others go on
            structlog.get_logger().error("writer_socket.fault", exc_info=fault)
            return Replied(error=failed())
        return Replied(answers=tuple(next(recorded) if answer is None else answer for answer in answers))


class WriterClient:
    """Records through the process that holds the ledger; a context manager, one request at a time."""

    def __init__(self, connection: socket.socket) -> None:
        """Take a connection to a server; `connect` makes one."""
        self._connection = connection
        self._lines = _Lines(connection)
        self._asking = Lock()

    @classmethod
    def connect(cls, folder: Path) -> WriterClient | None:
        """Return a client when a process serves this data folder, else None."""
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            with _address(folder) as address:
                connection.connect(address)
        except OSError:
            connection.close()
            return None
        return cls(connection)

    def record(self, request: Request) -> Answer:
        """Record one request and wait for the answer; raise LedgerUnavailableError when nothing could be recorded."""
        return self.record_all([request])[0]

    def record_all(self, requests: Sequence[Request]) -> list[Answer]:
        """Record many requests in their order; each fails alone. Roles of the principal are those of the local one."""
        answers: list[Answer] = []
        for chunk in chunks(requests):
            too_long = refused_here(chunk)
            answers += [too_long] if too_long is not None else self._ask(asked_of(chunk), len(chunk))
        return answers

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, message: bytes, expected: int) -> Sequence[Answer]:
        with self._asking:
            try:
                self._connection.sendall(message)
                line = self._lines.next()
                reply = None if line is None else msgspec.json.decode(line, type=Replied)
            except (OSError, ValueError, msgspec.DecodeError) as fault:
                raise LedgerUnavailableError(broken_off()) from fault
        if reply is None:
            raise LedgerUnavailableError(broken_off())
        if reply.error is not None:
            raise LedgerUnavailableError(reply.error)
        if len(reply.answers) != expected:
            raise LedgerUnavailableError(broken_off())
        return reply.answers


def _districts(asked: Asked) -> frozenset[str] | None:
    return None if asked.districts is None else frozenset(asked.districts)
