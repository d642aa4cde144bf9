"""A PostgreSQL database of views: everything in it follows from the ledger, and may be thrown away and rebuilt.

Each layout has a schema of its own, named by its form, so that processes of two versions work beside each other.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from functools import lru_cache, partial
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, LiteralString, NamedTuple, TypeVar

import msgspec
import psycopg
from psycopg.conninfo import conninfo_to_dict

from events.closing import Closing
from projections.databases.postgres_sending import Sending
from projections.databases.views_database import Layout, TableGoneError, ViewsError, ViewsMissingError
from projections.saved.watch_tables import WATCH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from events.moment import Instant

Answer = TypeVar("Answer")
_SECONDS_TO_CONNECT: Final = 10
"""Where the address says nothing else."""
_FEW: Final = 512
"""Rows up to which one statement, sent on with the others, is quicker than COPY, before which one has to wait."""
_SESSION: Final = """
SET client_min_messages = warning;
SET synchronous_commit = off;
SET plan_cache_mode = force_custom_plan;
SET lock_timeout = '30s';
SET idle_in_transaction_session_timeout = '15s';
"""
"""Plans by the values asked for, since how many rows a value has decides; nobody is kept waiting by who hangs."""
_TIME_HOLDS: Final = 5.0
"""Seconds for which the time of the database is counted on from what it said."""
_ENCODE: Final = msgspec.json.Encoder().encode
_WORDS: Final = (
    (re.compile(r"\bTEXT\b"), 'TEXT COLLATE "C"'),
    (re.compile(r"\bINTEGER PRIMARY KEY AUTOINCREMENT\b"), "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"),
    (re.compile(r"\bINTEGER\b"), "BIGINT"),
    (re.compile(r"\bBLOB\b"), "BYTEA"),
    (re.compile(r" WITHOUT ROWID\b"), ""),
)
"""What the words of SQLite for tables are in PostgreSQL; texts compare by code point in both."""
_SCHEMA_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
_TABLES_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))"
_TABLES_LOCK_SHARED: Final = "SELECT pg_advisory_xact_lock_shared(hashtextextended(%s, 1))"


class _Time(NamedTuple):
    """What time the database said it is, and when by our own clock."""

    at: float
    said: Instant


class PostgresViews(Closing):
    """One connection to a database of views, as a `ViewsDatabase`; a lost one is made anew by the next call."""

    def __init__(self, conninfo: str, *, writable: bool = True, layout: Layout = WATCH) -> None:
        """Connect, and make the tables; raise ViewsError when that cannot be done, or there is nothing to read."""
        self._conninfo = conninfo
        self.place = place_of(conninfo)
        self._layout = layout
        self._patience = conninfo_to_dict(conninfo).get("connect_timeout", _SECONDS_TO_CONNECT)
        self._schema = f"taizhang_{layout.name}_{layout.form}"
        self._reads_alone = not writable
        self._inside = False
        self._sending: Sending | None = None
        self._asked_time: _Time | None = None
        self._connection = self._connect()
        try:
            self._prepare(writable=writable)
        except BaseException:
            self._connection.close()
            raise

    def _connect(self) -> psycopg.Connection[Any]:
        with self._faults():
            connection: psycopg.Connection[Any] = psycopg.connect(
                self._conninfo, autocommit=True, connect_timeout=self._patience
            )
            self._asked_time = None
            connection.execute(_SESSION)
            connection.execute("SELECT set_config('search_path', %s, false)", [self._schema])
            return connection

    def _prepare(self, *, writable: bool) -> None:
        if self._is_there():
            return
        if not writable:
            raise ViewsMissingError(self.place, "尚未建立，请先运行 taizhang serve / not there yet: run taizhang serve")
        with self.writing(durably=True):
            self._transaction().send(_SCHEMA_LOCK, [self._schema])
            if not self._is_there():
                self.define(f"CREATE SCHEMA {self._schema}")
                self.define(self._layout.schema)

    def _is_there(self) -> bool:
        return bool(self.read("SELECT 1 FROM pg_namespace WHERE nspname = ?", self._schema))

    @contextmanager
    def writing(self, *, durably: bool = False) -> Iterator[None]:
        """Run one transaction: all of it is kept, or nothing."""
        with self._faults(), self._sent(self._usable()) as sending:
            if durably:
                sending.send("SET LOCAL synchronous_commit = on")
            yield

    @contextmanager
    def _sent(self, connection: psycopg.Connection[Any]) -> Iterator[Sending]:
        sending = Sending(connection)
        sending.send("BEGIN")
        self._sending = sending
        try:
            with self._kept():
                yield sending
                sending.commit()
        except BaseException:
            sending.abandon()
            raise
        finally:
            self._sending = None

    def hold_tables(self, *, alone: bool) -> None:
        """Within `writing`, keep others from making and dropping tables, or `alone` from writing to them too."""
        self._transaction().send(_TABLES_LOCK if alone else _TABLES_LOCK_SHARED, [self._schema])

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Let every query of the block see the views as the first of them does, whatever is written meanwhile."""
        with self._faults():
            self._asked(_begin_reading)
            connection = self._connection
            try:
                with self._kept():
                    yield
            finally:
                if not connection.closed:
                    connection.rollback()

    def read(self, statement: str, *parameters: object) -> list[Any]:
        """Return the rows of a query."""
        with self._faults():
            if self._sending is None:
                return self._asked(partial(_rows, _marked(statement), parameters))
            rows = self._sending.send(_marked(statement), parameters).fetchall()
            self._sending.check()
            return rows

    def read_together(self, *questions: tuple[str, Sequence[object]]) -> list[list[Any]]:
        """Return the rows of several queries, each with its parameters, outside `writing`: all are sent at once."""
        with self._faults():
            return self._asked(partial(_rows_together, questions))

    def _asked(self, question: Callable[[psycopg.Connection[Any]], Answer]) -> Answer:
        """Ask the database; one who only reads asks again by a new connection when the one kept had been lost.

        A writer is told instead, since what it saved last may be lost with the server.
        """
        try:
            return question(self._usable())
        except psycopg.OperationalError:
            if not self._reads_alone or self._inside or not self._connection.closed:
                raise
        return question(self._usable())

    def write(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        """Run one statement for many rows, within `writing`."""
        given = rows if isinstance(rows, list) else list(rows)
        with self._faults():
            if len(given) == 1:
                self._transaction().send(_marked(statement), given[0])
            elif given:
                self._transaction().send_many(_marked(statement), given)

    def change(self, statement: str, row: tuple[object, ...], otherwise: Exception, rows: int = 1) -> None:
        """Run a statement within `writing`; raise `otherwise`, before anything is kept, unless so many rows change."""
        with self._faults():
            self._transaction().expect(_marked(statement), row, otherwise, rows)

    def insert(
        self, table: str, columns: Sequence[str], rows: Iterable[tuple[object, ...]], if_there: str = ""
    ) -> None:
        """Put many rows into a table, within `writing`: by one statement, or by COPY where they are many and new."""
        given = rows if isinstance(rows, list) else list(rows)
        listed = ", ".join(f'"{one}"' for one in columns)
        if len(given) <= _FEW or if_there:
            found = f"SELECT {listed} FROM {_rows_of(table)}"  # noqa: S608  our own names
            self._write_rows(f"INSERT INTO {table} ({listed}) {found} {if_there}", columns, given)
            return
        with (
            self._faults(),
            self._alone().cursor() as cursor,
            cursor.copy(_sql(f"COPY {table} ({listed}) FROM STDIN")) as copy,
        ):
            for row in given:
                copy.write_row(row)

    def remove(self, table: str, columns: Sequence[str], keys: Iterable[tuple[object, ...]]) -> None:
        """Take the rows out of a table that have one of the keys in some columns, within `writing`: all at once."""
        same = " AND ".join(f'{table}."{one}" = gone."{one}"' for one in columns)
        self._write_rows(f"DELETE FROM {table} USING {_rows_of(table)} gone WHERE {same}", columns, list(keys))  # noqa: S608  the same

    def _write_rows(self, statement: str, columns: Sequence[str], rows: Sequence[tuple[object, ...]]) -> None:
        """Run one statement for all rows together, which it is given as JSON: a text, read by the server alone."""
        if rows:
            named = [{name: _in_json(value) for name, value in zip(columns, row, strict=True)} for row in rows]
            self.write(statement, [(_ENCODE(named).decode(),)])

    def define(self, statements: str) -> None:
        """Make or drop tables and indexes, in the words of SQLite, within `writing`."""
        for word, ours in _WORDS:
            statements = word.sub(ours, statements)
        with self._faults():
            self._alone().execute(_sql(statements))

    def gauge(self, table: str) -> None:
        """Look at what lies in a table that was filled, so that searches are planned by it."""
        with self._faults():
            self._alone().execute(_sql(f"ANALYZE {table}"))

    def among(self, column: str) -> str:
        """Return the condition that a column has one of the texts of a list."""
        return f"{column} = ANY(?)"

    def by_index(self, name: str) -> str:
        """Return nothing: PostgreSQL chooses an index by what it knows of the rows."""
        del name
        return ""

    def now(self) -> Instant:
        """Return what time it is on the database's machine, in microseconds; it is asked for now and then."""
        if self._asked_time is not None and monotonic() - self._asked_time.at < _TIME_HOLDS:
            return self._asked_time.said + round((monotonic() - self._asked_time.at) * 1_000_000)
        began = monotonic()
        found: Instant = self.read("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint")[0][0]
        self._asked_time = _Time(began, found)
        return found

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _transaction(self) -> Sending:
        if self._sending is None:
            message = "nothing is written but within `writing`"
            raise RuntimeError(message)
        return self._sending

    def _alone(self) -> psycopg.Connection[Any]:
        """Return the connection for what cannot be sent on with other statements."""
        if self._sending is not None:
            self._sending.settle()
        return self._usable()

    @contextmanager
    def _kept(self) -> Iterator[None]:
        """Keep to one connection while the block runs: what was lost with it must not go on in another."""
        self._inside = True
        try:
            yield
        finally:
            self._inside = False

    def _usable(self) -> psycopg.Connection[Any]:
        """Return the connection, made anew when it was lost before a transaction began."""
        if self._connection.closed and not self._inside:
            self._connection = self._connect()
        return self._connection

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except psycopg.errors.UndefinedTable as fault:
            raise TableGoneError(self.place, fault) from fault
        except psycopg.Error as fault:
            raise ViewsError(self.place, " ".join(str(fault).split()) or type(fault).__name__) from fault


def place_of(conninfo: str) -> str:
    """Return which database is meant, without user and secrets; raise ViewsError when it cannot be read."""
    try:
        said = conninfo_to_dict(conninfo)
    except psycopg.Error as fault:
        raise ViewsError("?", str(fault).strip()) from fault
    address = f"{said.get('host', 'localhost')}:{said.get('port', 5432)}"
    return f"{address}/{said.get('dbname', said.get('user', ''))}"


def _begin_reading(connection: psycopg.Connection[Any]) -> None:
    connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")


def _rows(statement: LiteralString, parameters: Sequence[object], connection: psycopg.Connection[Any]) -> list[Any]:
    return connection.execute(statement, parameters).fetchall()


def _rows_together(
    questions: Iterable[tuple[str, Sequence[object]]], connection: psycopg.Connection[Any]
) -> list[list[Any]]:
    with connection.pipeline():
        asked = [connection.execute(_marked(statement), parameters) for statement, parameters in questions]
    return [one.fetchall() for one in asked]


@lru_cache(maxsize=2_000)
def _marked(statement: str) -> LiteralString:
    """Return a statement with the marks that psycopg takes."""
    return _sql(statement.replace("%", "%%").replace("?", "%s"))


def _rows_of(table: str) -> str:
    """Return how rows of a table that are given as JSON are told, values that are not given being null."""
    return f"json_populate_recordset(NULL::{table}, ?)"


def _in_json(value: object) -> object:
    return f"\\x{value.hex()}" if isinstance(value, bytes) else value


def _sql(statement: str) -> LiteralString:
    """Say that a statement is made of our own names alone, never of what somebody gave."""
    return statement
