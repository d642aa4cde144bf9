"""A SQLite file of views: everything in it follows from the ledger, and may be thrown away and rebuilt."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from events.closing import Closing
from projections.databases.views_database import Layout, Rows, TableGoneError, ViewsError, ViewsMissingError
from projections.saved.watch_tables import WATCH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from events.moment import Instant

_SECONDS_TO_WAIT: Final = 10
_SECONDS_FOR_A_TURN: Final = 60
"""Whoever makes an index of millions of rows writes for so long at most."""
_SECONDS_TO_LOOK_AGAIN: Final = 0.001
_LONG_TURN: Final = 0.025
_SECONDS_OF_A_GAP: Final = 0.003
"""How long who wrote for a long turn leaves a gap, which those who wait cannot miss: who makes indexes begins the next
at once."""
_PRIMARY_CODE: Final = 0xFF
"""The part of a code of SQLite that says busy, whatever another is busy with: writing, or recovering the log."""
LARGE_CACHE: Final = 16 * 1024
SMALL_CACHE: Final = 4 * 1024
"""Kibibytes of pages that a writer holds: so many that a step over the many indexes of a long file finds most of them
in memory, or so many as suffice where rows are found by their keys."""
_KIBIBYTES_A_PAGE: Final = 4


class ViewsFile(Closing):
    """One connection to a file of views, as a `ViewsDatabase`."""

    def __init__(self, path: Path, *, writable: bool = True, layout: Layout = WATCH, cache: int = LARGE_CACHE) -> None:
        """Open the views, or create them; raise ViewsError when that cannot be done, or there is nothing to read."""
        self.place = path
        self._layout = layout
        self._cache = cache
        if not writable and not path.exists():
            raise ViewsMissingError(path, "尚未建立，请先运行 taizhang serve / not there yet: run taizhang serve")
        with self._faults():
            mode = "rwc" if writable else "ro"
            address = f"{path.absolute().as_uri()}?mode={mode}"
            self._connection = sqlite3.connect(
                address, uri=True, isolation_level=None, timeout=_SECONDS_TO_WAIT, check_same_thread=False
            )
            try:
                self._prepare(writable=writable)
            except BaseException:
                self._connection.close()
                raise

    def _prepare(self, *, writable: bool) -> None:
        found = self._connection.execute("PRAGMA user_version").fetchone()[0]
        if not writable:
            if found != self._layout.form:
                raise ViewsError(self.place, f"format {found}, not {self._layout.form}")
            return
        self._write_ahead()
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute(f"PRAGMA cache_size = -{self._cache}")
        # What is written is taken over into the file, and waited for, once it is as much as the cache holds.
        self._connection.execute(f"PRAGMA wal_autocheckpoint = {self._cache // _KIBIBYTES_A_PAGE}")
        # Some builds of SQLite write over every page of a table that is dropped: as much as was written to fill it.
        self._connection.execute("PRAGMA secure_delete = FAST")
        if found != self._layout.form:
            with self.writing():
                self._make_tables()

    def _write_ahead(self) -> None:
        """Let a file be read while it is written to; SQLite does not wait by itself while another opens a new file."""
        self._once_free("PRAGMA journal_mode = WAL", _SECONDS_TO_WAIT)

    def _once_free(self, statement: str, seconds: int) -> None:
        """Run a statement as soon as nobody else holds the file."""
        until = time.monotonic() + seconds
        while True:
            try:
                self._connection.execute(statement)
            except sqlite3.OperationalError as fault:
                busy = fault.sqlite_errorcode & _PRIMARY_CODE == sqlite3.SQLITE_BUSY
                if not busy or time.monotonic() >= until:
                    raise
                time.sleep(_SECONDS_TO_LOOK_AGAIN)
            else:
                return

    def _make_tables(self) -> None:
        """Make the tables in place of those of another form, unless somebody else has just made them."""
        if self._connection.execute("PRAGMA user_version").fetchone()[0] == self._layout.form:
            return
        names = self._connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        for (name,) in names:
            if not name.startswith("sqlite_"):
                self._connection.execute(f"DROP TABLE {name}")
        self.define(self._layout.schema)
        self._connection.execute(f"PRAGMA user_version = {self._layout.form}")

    @contextmanager
    def writing(self, *, durably: bool = False) -> Iterator[None]:
        """Run one transaction: all of it is kept, or nothing."""
        del durably  # a file has one writer, and whoever takes it over sees what this machine kept
        with self._faults():
            self._await_turn()
            began = time.monotonic()
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
            if time.monotonic() - began > _LONG_TURN:
                time.sleep(_SECONDS_OF_A_GAP)

    def _await_turn(self) -> None:
        """Begin to write as soon as nobody else does; SQLite itself looks so seldom that it would miss short gaps."""
        self._connection.execute("PRAGMA busy_timeout = 0")
        try:
            self._once_free("BEGIN IMMEDIATE", _SECONDS_FOR_A_TURN)
        finally:
            self._connection.execute(f"PRAGMA busy_timeout = {_SECONDS_TO_WAIT * 1000}")

    def hold_tables(self, *, alone: bool) -> None:
        """Do nothing: whoever writes to a file is alone."""

    def hold_rows(self, table: str, condition: str, parameters: Sequence[object], order: str) -> None:
        """Do nothing, as above."""

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Let every query of the block see the views as the first of them does, whatever is written meanwhile."""
        with self._faults():
            self._connection.execute("BEGIN")
            try:
                yield
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    def write(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        """Run one statement for many rows, within `writing`."""
        self._connection.executemany(statement, map(_given, rows))

    def write_together(self, *statements: tuple[str, tuple[object, ...]]) -> None:
        """Run statements that change different tables, each with its parameters, within `writing`."""
        for statement, row in statements:
            self.write(statement, [row])

    def insert_together(self, *given: Rows) -> None:
        """Put many rows into different tables, within `writing`."""
        for table, columns, rows, if_there in given:
            self.insert(table, columns, rows, if_there)

    def change(self, statement: str, row: tuple[object, ...], otherwise: Exception, rows: int = 1) -> None:
        """Run a statement within `writing`; raise `otherwise` unless it changes so many rows."""
        if self._connection.execute(statement, _given(row)).rowcount != rows:
            raise otherwise

    def insert(
        self, table: str, columns: Sequence[str], rows: Iterable[tuple[object, ...]], if_there: str = ""
    ) -> None:
        """Put many rows into a table, within `writing`."""
        listed, marks = ", ".join(f'"{one}"' for one in columns), ", ".join("?" * len(columns))
        self._connection.executemany(f"INSERT INTO {table} ({listed}) VALUES ({marks}) {if_there}", rows)  # noqa: S608  our own names

    def remove(self, table: str, columns: Sequence[str], keys: Iterable[tuple[object, ...]]) -> None:
        """Take the rows out of a table that have one of the keys in some columns, within `writing`."""
        same = " AND ".join(f'"{one}" = ?' for one in columns)
        self._connection.executemany(f"DELETE FROM {table} WHERE {same}", keys)  # noqa: S608  the same

    def define(self, statements: str) -> None:
        """Make or drop tables and indexes, within `writing`."""
        for statement in filter(str.strip, statements.split(";\n")):
            self._connection.execute(statement)

    def read(self, statement: str, *parameters: object) -> list[Any]:
        """Return the rows of a query."""
        with self._faults():
            return self._connection.execute(statement, _given(parameters)).fetchall()

    def read_together(self, *questions: tuple[str, Sequence[object]]) -> list[list[Any]]:
        """Return the rows of several queries, each with its parameters, outside `writing`."""
        return [self.read(statement, *parameters) for statement, parameters in questions]

    def gauge(self, table: str) -> None:
        """Do nothing: each search names its index."""

    def among(self, column: str) -> str:
        """Return the condition that a column has one of the texts of a list."""
        return f"{column} IN (SELECT value FROM json_each(?))"  # noqa: S608  our own names

    def by_index(self, name: str) -> str:
        """Return what stands after a table's name to have it searched by an index."""
        return f'INDEXED BY "{name}"'

    def now(self) -> Instant:
        """Return what time it is on this machine, in microseconds."""
        found: Instant = self.read("SELECT CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER)")[0][0]
        return found

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as fault:
            gone = str(fault).startswith(("no such table", "no such index"))
            raise (TableGoneError if gone else ViewsError)(self.place, fault) from fault
        except sqlite3.Error as fault:
            raise ViewsError(self.place, fault) from fault


def _given(values: Sequence[object]) -> Sequence[object]:
    """Return values as SQLite takes them: a list as JSON."""
    return [json.dumps(one, ensure_ascii=False) if isinstance(one, list) else one for one in values]
