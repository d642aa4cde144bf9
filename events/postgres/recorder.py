"""The one file that knows the eventsourcing library's PostgreSQL recorder, over a table that holds the seals too.

Its aggregate recorder is taken, not its application recorder: that one locks the whole table, or with its database
functions nothing, and numbers rows with holes. Here the row of a district is the lock and its sequence the number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import ConnectionPool, PostgresAggregateRecorder, PostgresDatastore
from psycopg import Connection, Cursor
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import DictRow, TupleRow, dict_row, tuple_row

from events.ledger.books import Seal
from events.postgres.faults import DEFAULT_AWAITING, shown_address, unless_given

MOST_CONNECTIONS: Final = 8
"""Of one process to the database."""
_DURABLE: Final = (
    "SELECT set_config('synchronous_commit', 'on', false) "
    "WHERE current_setting('synchronous_commit') IN ('off', 'local', 'remote_write')"
)
# A writer that is stopped in the middle gives its districts free; one that waits for another does not wait for ever.
_SESSION: Final = "SET idle_in_transaction_session_timeout = '15s'; SET lock_timeout = '10s'"
_INSERT: Final = (
    "INSERT INTO stored_events "
    "(originator_id, originator_version, topic, state, district, sequence, id, leaf, root) "
    "SELECT * FROM unnest(%b::text[], %b::bigint[], %b::text[], %b::bytea[], "
    "%b::text[], %b::bigint[], %b::uuid[], %b::bytea[], %b::bytea[])"
)


class LedgerDatabase(PostgresDatastore):
    """One database and its connections, opened when they are first asked for."""

    def __init__(self, conninfo: str, seconds: float = DEFAULT_AWAITING.connection) -> None:
        """Prepare connections; raise LedgerUnusableError for a text that is no address.

        Who asks waits for a connection for so many seconds.
        """
        self.address = shown_address(conninfo)
        given = {name: str(value) for name, value in conninfo_to_dict(conninfo).items()}
        super().__init__(dbname="", host="", port="", user="", password="", originator_id_type="text")
        self.pool = ConnectionPool(
            make_conninfo("", **(unless_given(seconds) | given)),
            connection_class=Connection[DictRow],
            kwargs={"row_factory": dict_row, "autocommit": True},
            min_size=1,
            max_size=MOST_CONNECTIONS,
            open=False,
            configure=_configure,
            timeout=seconds,
            reconnect_timeout=2.0,
        )

    @contextmanager
    def asking(self) -> Iterator[Cursor[TupleRow]]:
        """Give a cursor for reading, whose rows come in binary form as tuples."""
        with self.get_connection() as connection, connection.cursor(binary=True, row_factory=tuple_row) as cursor:
            yield cursor

    def rows(self, statement: str, parameters: Sequence[object] = ()) -> list[Any]:
        """Return the rows of one query."""
        with self.asking() as cursor:
            return cursor.execute(statement, parameters).fetchall()

    def forget_lost_connections(self) -> None:
        """Look at every connection at hand and drop those that are lost, as all are after a restart."""
        self.pool.check()


class FactRecorder(PostgresAggregateRecorder):
    """The library's recorder, inserting facts and seals as one row inside a transaction of ours."""

    def _insert_stored_events(
        self, curs: Cursor[Any], stored_events: Sequence[StoredEvent], *, seals: Sequence[Seal] = (), **_: object
    ) -> None:
        if len(seals) != len(stored_events):
            message = "a fact is never stored without its seal"
            raise ValueError(message)
        curs.execute(
            _INSERT,
            (
                [str(event.originator_id) for event in stored_events],
                [event.originator_version for event in stored_events],
                [event.topic for event in stored_events],
                [event.state for event in stored_events],
                [seal.district for seal in seals],
                [seal.sequence for seal in seals],
                [seal.fact_id for seal in seals],
                [seal.leaf for seal in seals],
                [seal.root for seal in seals],
            ),
        )

    def insert(self, cursor: Cursor[Any], stored_events: Sequence[StoredEvent], seals: Sequence[Seal]) -> None:
        """Insert facts with their seals in one go."""
        self._insert_stored_events(cursor, stored_events, seals=seals)


def _configure(connection: psycopg.Connection[Any]) -> None:
    connection.execute(_SESSION)
    connection.execute(_DURABLE)
