"""Statements of one transaction in PostgreSQL, sent on without waiting for each answer."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any

import psycopg

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import LiteralString


class Sending:
    """One transaction: answers are waited for where something is read, and before it is committed.

    A fault of a statement is raised by whatever waits next, and everything sent after it is void.
    """

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._pipeline = ExitStack()
        self._is_open = False
        self._expected: list[tuple[psycopg.Cursor[Any], int, Exception]] = []

    def send(self, statement: LiteralString, parameters: Sequence[object] = ()) -> psycopg.Cursor[Any]:
        """Send a statement on; who fetches from what is returned waits for the answer."""
        self._open()
        return self._connection.execute(statement, parameters)

    def send_many(self, statement: LiteralString, rows: Sequence[Sequence[object]]) -> None:
        """Send a statement on, once for each row."""
        self._open()
        with self._connection.cursor() as cursor:
            cursor.executemany(statement, rows)

    def expect(self, statement: LiteralString, parameters: Sequence[object], otherwise: Exception, rows: int) -> None:
        """Send a statement on that has to change so many rows; the next wait raises `otherwise` when it did not."""
        self._expected.append((self.send(statement, parameters), rows, otherwise))

    def check(self) -> None:
        """Raise what was to be raised by those answers that have come."""
        waiting = []
        for cursor, rows, otherwise in self._expected:
            if cursor.rowcount not in {-1, rows}:
                self._expected.clear()
                try:
                    raise otherwise
                finally:
                    del cursor, otherwise  # what was raised would hold this frame, which holds it
            if cursor.rowcount < 0:
                waiting.append((cursor, rows, otherwise))
        self._expected[:] = waiting

    def settle(self) -> None:
        """Wait for every answer; afterwards statements may be given to the connection itself."""
        try:
            self._close()
        except psycopg.Error:
            # What came first counts: that a row is not there any more explains why its table is gone.
            self.check()
            raise
        self.check()

    def commit(self) -> None:
        """Wait for every answer that something depends on, and commit."""
        if self._expected:
            self.settle()
        self.send("COMMIT")
        self._close()

    def abandon(self) -> None:
        """Undo everything, whatever became of it."""
        with suppress(psycopg.Error):
            self._close()
        if not self._connection.closed:
            with suppress(psycopg.Error):
                self._connection.rollback()

    def _open(self) -> None:
        if not self._is_open:
            self._pipeline.enter_context(self._connection.pipeline())
            self._is_open = True

    def _close(self) -> None:
        self._is_open = False
        self._pipeline.close()
