"""Recording through the process that holds the ledger: JSON lines over a Unix domain socket in the data folder.

One line asks, one line answers, in order. Who may open the socket is decided by the file system and checked again by
the user id of the other side; he records as the local principal, in the districts that he names.
"""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock, Thread
from time import monotonic
from typing import Final

import msgspec
import structlog

from events.closing import Closing
from events.ledger.errors import LedgerError, LedgerUnavailableError, Reason
from projections.databases.views_database import ViewsError
from projections.effects import Effect
from services.recording.embedded import SOCKET_FILE, Writer, local_principal
from services.recording.preview import Preview
from services.recording.request import Answer, Request
from services.recording.writer_messages import (
    LONGEST_MESSAGE,
    REPLIED,
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
    no_previews,
    read_asked,
    refused_here,
    requests_of,
)

LONGEST_FAREWELL: Final = 10.0
"""Seconds that callers have to take the answers under way when the server closes."""
_LONGEST_ADDRESS: Final = 100
_WAITING: Final = 64
_CHUNK: Final = 1 << 16
PreviewRequest = Callable[[Request], Preview[Effect]]
"""Says what would become of a request, without recording it."""

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


class WriterServer(Closing):
    """Lets other processes of this machine record through a recorder of this one; a context manager.

    To be opened by the process that holds the ledger: a socket left behind by one that was killed is replaced.
    """

    def __init__(self, recorder: Writer, folder: Path, preview: PreviewRequest | None = None) -> None:
        """Listen in the data folder, for this user and root alone; raise LedgerUnavailableError when that fails."""
        self._recorder = recorder
        self._preview = preview
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
        """Take no more requests, answer those under way, and remove the socket.

        A caller that does not take its answer finds the connection broken off; what it asked for is recorded.
        """
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
        until = monotonic() + LONGEST_FAREWELL
        for connection, thread in list(self._connections.items()):
            thread.join(max(until - monotonic(), 0))
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            thread.join()

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
            if asked.preview:
                return self._previewed(answers, requests)
            recorded = iter(self._recorder.record_all(requests))
        except LedgerError as error:
            return Replied(error=error.reason)
        except ViewsError as error:
            return Replied(error=Reason(error.code, *str(error).split(" / ", 1)))
        except Exception as fault:  # noqa: BLE001  whatever it is, the caller gets an answer and the others go on
            structlog.get_logger().error("writer_socket.fault", exc_info=fault)
            return Replied(error=failed())
        return Replied(answers=tuple(next(recorded) if answer is None else answer for answer in answers))

    def _previewed(self, answers: Sequence[Answer | None], requests: Sequence[Request]) -> Replied:
        if self._preview is None:
            return Replied(error=no_previews())
        readable = iter(requests)
        return Replied(
            previews=tuple(
                self._preview(next(readable)) if answer is None else Preview(through=0, problems=answer.problems)
                for answer in answers
            )
        )


class WriterClient(Closing):
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
            if too_long is not None:
                answers.append(too_long)
                continue
            reply = self._ask(asked_of(chunk))
            if len(reply.answers) != len(chunk):
                raise LedgerUnavailableError(broken_off())
            answers += reply.answers
        return answers

    def preview(self, request: Request) -> Preview[Effect]:
        """Ask what would come of one request; nothing is recorded. Raise LedgerUnavailableError without an answer."""
        too_long = refused_here([request])
        if too_long is not None:
            return Preview(through=0, problems=too_long.problems)
        reply = self._ask(asked_of([request], preview=True))
        if len(reply.previews) != 1:
            raise LedgerUnavailableError(broken_off())
        return reply.previews[0]

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def _ask(self, message: bytes) -> Replied:
        with self._asking:
            try:
                self._connection.sendall(message)
                line = self._lines.next()
                reply = None if line is None else REPLIED.decode(line)
            except (OSError, ValueError, msgspec.DecodeError) as fault:
                raise LedgerUnavailableError(broken_off()) from fault
        if reply is None:
            raise LedgerUnavailableError(broken_off())
        if reply.error is not None:
            raise LedgerUnavailableError(reply.error)
        return reply


def _districts(asked: Asked) -> frozenset[str] | None:
    return None if asked.districts is None else frozenset(asked.districts)
