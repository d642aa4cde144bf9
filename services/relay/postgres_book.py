"""The book of relays of a province: two tables in the database of the ledger; leases run out by its clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import psycopg

from events.ledger.errors import LedgerUnavailableError
from events.postgres.faults import Undone, faults_of
from events.postgres.migrating import Migration, check_migrated, migrations_of
from events.postgres.recorder import LedgerDatabase
from services.relay.book import Lease, LeaseLostError

_ACQUIRE: Final = """
INSERT INTO relay_leases AS held
VALUES (%(topic)s, %(holder)s, 1, clock_timestamp() + %(seconds)s * interval '1 second')
ON CONFLICT (topic) DO UPDATE SET
    holder = excluded.holder, epoch = held.epoch + 1, expires_at = excluded.expires_at
WHERE held.expires_at <= clock_timestamp() OR held.holder = excluded.holder
RETURNING epoch
"""
_HOLD: Final = """
UPDATE relay_leases SET expires_at = clock_timestamp() + %s * interval '1 second'
WHERE topic = %s AND holder = %s AND epoch = %s
"""
_KEEP: Final = """
INSERT INTO relay_positions AS kept SELECT %s, * FROM unnest(%s::text[], %s::bigint[])
ON CONFLICT (topic, district) DO UPDATE SET sequence = excluded.sequence WHERE kept.sequence < excluded.sequence
"""
_PUBLISHED: Final = "SELECT district, sequence FROM relay_positions WHERE topic = %s"
_NOT_NOTED: Final = Undone(
    "发布位置未能读写，已发布的可能重发",
    "how far was published could not be read or noted, so that some may be published again",
    "重试",
    "try again",
)


def relay_migrations() -> list[Migration]:
    """Return the steps to the relay's tables."""
    return migrations_of("services.relay", "relay")


class PostgresRelayBook:
    """The book of one topic in a migrated database."""

    def __init__(self, database: str, topic: str) -> None:
        """Connect; raise LedgerError when the database does not answer or is not migrated."""
        self._database = database
        self._topic = topic
        self._connections = LedgerDatabase(database)
        try:
            with self._asking() as connection:
                check_migrated(connection, relay_migrations())
        except BaseException:
            self.close()
            raise

    def acquire(self, holder: str, seconds: float) -> Lease | None:
        """Take the lease if it is free, run out, or the holder's own."""
        given = {"topic": self._topic, "holder": holder, "seconds": seconds}
        with self._asking() as connection:
            row = connection.execute(_ACQUIRE, given).fetchone()
        return None if row is None else Lease(holder, row["epoch"])

    def keep(self, lease: Lease, published: Mapping[str, int], seconds: float) -> None:
        """Keep positions and hold the lease longer."""
        with self._asking() as connection, connection.transaction():
            # A position that a crash of the server takes back is published again; repeats are allowed.
            connection.execute("SET LOCAL synchronous_commit = off")
            if connection.execute(_HOLD, (seconds, self._topic, lease.holder, lease.epoch)).rowcount != 1:
                raise LeaseLostError
            if published:
                connection.execute(_KEEP, (self._topic, list(published), list(published.values())))

    def release(self, lease: Lease) -> None:
        """Give the lease up."""
        with self._asking() as connection:
            connection.execute(_HOLD, (0, self._topic, lease.holder, lease.epoch))

    def published(self) -> dict[str, int]:
        """Return the position of each district."""
        with self._asking() as connection:
            rows = connection.execute(_PUBLISHED, [self._topic]).fetchall()
        return {row["district"]: row["sequence"] for row in rows}

    def close(self) -> None:
        """Close the connections."""
        self._connections.close()

    @contextmanager
    def _asking(self) -> Iterator[psycopg.Connection[dict[str, Any]]]:
        try:
            with faults_of(self._database, _NOT_NOTED), self._connections.get_connection() as connection:
                yield connection
        except LedgerUnavailableError:
            self._connections.forget_lost_connections()
            raise
