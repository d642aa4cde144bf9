"""A PostgreSQL database of views: everything in it follows from the ledger, and may be thrown away and rebuilt.

Each layout has a schema of its own, named by its form and by the edition of who fills it, so that processes of two
versions work beside each other.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, LiteralString, NamedTuple

from events.closing import Closing
from projections.databases.postgres_connection import LastingConnection
from projections.databases.postgres_sending import Sending
from projections.databases.postgres_wording import (
    as_json,
    definition,
    given,
    insertion,
    marked,
    our_own,
    removal,
    together,
)
from projections.databases.views_database import Layout, Rows, ViewsMissingError
from projections.saved.watch_tables import WATCH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import psycopg

    from events.moment import Instant

_FEW: Final = 512
"""Rows up to which one statement, sent on with the others, is quicker than COPY, before which one has to wait."""
_TIME_HOLDS: Final = 5.0
"""Seconds for which the time of the database is counted on from what it said."""
_SCHEMA_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
_TABLES_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))"
_TABLES_LOCK_SHARED: Final = "SELECT pg_advisory_xact_lock_shared(hashtextextended(%s, 1))"


class _Time(NamedTuple):
    """What time a server said it is, over one connection, and when by our own clock."""

    over: psycopg.Connection[Any]
    at: float
    said: Instant


def schema_of(layout: Layout, edition: str | None = None) -> str:
    """Return the name of the schema in which an edition keeps what it has in a layout."""
    return "_".join(("taizhang", layout.name, str(layout.form), *(() if edition is None else (edition,))))


class PostgresViews(Closing):
    """One connection to a database of views, as a `ViewsDatabase`; a lost one is made anew by the next call."""

    def __init__(
        self, conninfo: str, *, writable: bool = True, layout: Layout = WATCH, edition: str | None = None
    ) -> None:
        """Connect, and make the tables; raise ViewsError when that cannot be done, or there is nothing to read."""
        self._layout = layout
        self._schema = schema_of(layout, edition)
        self._sending: Sending | None = None
        self._asked_time: _Time | None = None
        self._connection = LastingConnection(conninfo, self._schema, reads_alone=not writable)
        self.place = self._connection.place
        try:
            self._prepare(writable=writable)
        except BaseException:
            self.close()
            raise

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
        with self._connection.faults(), self._sent(self._connection.usable()) as sending:
            if durably:
                sending.send("SET LOCAL synchronous_commit = on")
            yield

    @contextmanager
    def _sent(self, connection: psycopg.Connection[Any]) -> Iterator[Sending]:
        sending = Sending(connection)
        sending.send("BEGIN")
        self._sending = sending
        try:
            with self._connection.kept():
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

    def hold_rows(self, table: str, condition: str, parameters: Sequence[object], order: str) -> None:
        """Within `writing`, hold rows that are about to be changed, in an order of columns to which everybody keeps."""
        statement = f"SELECT 1 FROM {table} WHERE {condition} ORDER BY {order} FOR UPDATE"  # noqa: S608  our own names
        self._transaction().send(marked(statement), given(parameters))

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Let every query of the block see the views as the first of them does, whatever is written meanwhile."""
        with self._connection.faults():
            self._connection.asked(_begin_reading)
            connection = self._connection.current
            try:
                with self._connection.kept():
                    yield
            finally:
                if not connection.closed:
                    connection.rollback()

    def read(self, statement: str, *parameters: object) -> list[Any]:
        """Return the rows of a query."""
        with self._connection.faults():
            if self._sending is None:
                return self._connection.asked(partial(_rows, marked(statement), given(parameters)))
            rows = self._sending.send(marked(statement), given(parameters)).fetchall()
            self._sending.check()
            return rows

    def read_together(self, *questions: tuple[str, Sequence[object]]) -> list[list[Any]]:
        """Return the rows of several queries, each with its parameters, outside `writing`: all are sent at once."""
        with self._connection.faults():
            return self._connection.asked(partial(_rows_together, questions))

    def write(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        """Run one statement for many rows, within `writing`."""
        each = [given(row) for row in rows]
        with self._connection.faults():
            if len(each) == 1:
                self._transaction().send(marked(statement), each[0])
            elif each:
                self._transaction().send_many(marked(statement), each)

    def write_together(self, *statements: tuple[str, tuple[object, ...]]) -> None:
        """Run statements that change different tables, each with its parameters, within `writing`: sent as one."""
        if statements:
            self.write(
                together([one for one, _ in statements]), [tuple(value for _, row in statements for value in row)]
            )

    def insert_together(self, *given: Rows) -> None:
        """Put many rows into different tables, within `writing`: by one statement, but for those that take COPY."""
        for one in given:
            if is_for_copy(one):
                self.insert(*one)
        few = [one._replace(rows=[]) if is_for_copy(one) else one for one in given]
        if any(one.rows for one in few):
            self.write_together(
                *((insertion(one.table, one.columns, one.if_there), (as_json(one.columns, one.rows),)) for one in few)
            )

    def change(self, statement: str, row: tuple[object, ...], otherwise: Exception, rows: int = 1) -> None:
        """Run a statement within `writing`; raise `otherwise`, before anything is kept, unless so many rows change."""
        with self._connection.faults():
            self._transaction().expect(marked(statement), given(row), otherwise, rows)

    def insert(
        self, table: str, columns: Sequence[str], rows: Iterable[tuple[object, ...]], if_there: str = ""
    ) -> None:
        """Put many rows into a table, within `writing`: by one statement, or by COPY where they are many and new."""
        every = rows if isinstance(rows, list) else list(rows)
        if not is_for_copy(Rows(table, columns, every, if_there)):
            self._write_rows(insertion(table, columns, if_there), columns, every)
            return
        listed = ", ".join(f'"{one}"' for one in columns)
        with (
            self._connection.faults(),
            self._alone().cursor() as cursor,
            cursor.copy(our_own(f"COPY {table} ({listed}) FROM STDIN")) as copy,
        ):
            for row in every:
                copy.write_row(row)

    def remove(self, table: str, columns: Sequence[str], keys: Iterable[tuple[object, ...]]) -> None:
        """Take the rows out of a table that have one of the keys in some columns, within `writing`: all at once."""
        self._write_rows(removal(table, columns), columns, list(keys))

    def _write_rows(self, statement: str, columns: Sequence[str], rows: Sequence[tuple[object, ...]]) -> None:
        if rows:
            self.write(statement, [(as_json(columns, rows),)])

    def define(self, statements: str) -> None:
        """Make or drop tables and indexes, in the words of SQLite, within `writing`."""
        with self._connection.faults():
            self._alone().execute(definition(statements))

    def gauge(self, table: str) -> None:
        """Look at what lies in a table that was filled, so that searches are planned by it."""
        with self._connection.faults():
            self._alone().execute(our_own(f"ANALYZE {table}"))

    def among(self, column: str) -> str:
        """Return the condition that a column has one of the texts of a list."""
        return f"{column} = ANY(?)"

    def by_index(self, name: str) -> str:
        """Return nothing: PostgreSQL chooses an index by what it knows of the rows."""
        del name
        return ""

    def now(self) -> Instant:
        """Return what time it is on the database's machine, in microseconds; it is asked for now and then."""
        known, began = self._asked_time, monotonic()
        if known is not None and known.over is self._connection.current and began - known.at < _TIME_HOLDS:
            return known.said + round((began - known.at) * 1_000_000)
        found: Instant = self.read("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint")[0][0]
        self._asked_time = _Time(self._connection.current, began, found)
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
        return self._connection.usable()


def is_for_copy(given: Rows) -> bool:
    """Tell whether rows are so many that COPY is quicker, and new, as it has them."""
    return len(given.rows) > _FEW and not given.if_there


def _begin_reading(connection: psycopg.Connection[Any]) -> None:
    connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")


def _rows(statement: LiteralString, parameters: Sequence[object], connection: psycopg.Connection[Any]) -> list[Any]:
    return connection.execute(statement, parameters).fetchall()


def _rows_together(
    questions: Iterable[tuple[str, Sequence[object]]], connection: psycopg.Connection[Any]
) -> list[list[Any]]:
    with connection.pipeline():
        asked = [connection.execute(marked(statement), given(parameters)) for statement, parameters in questions]
    return [one.fetchall() for one in asked]
