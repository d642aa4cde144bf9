"""The book of relays on one machine: a SQLite file beside the ledger."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from events.sqlite.faults import faults_of
from services.relay.book import Lease, LeaseLostError

_PATIENCE: Final = 5.0
_LEASES: Final = """
CREATE TABLE IF NOT EXISTS relay_leases (
    topic TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    expires_at REAL NOT NULL
) WITHOUT ROWID
"""
_POSITIONS: Final = """
CREATE TABLE IF NOT EXISTS relay_positions (
    topic TEXT,
    district TEXT,
    sequence INTEGER NOT NULL,
    PRIMARY KEY (topic, district)
) WITHOUT ROWID
"""
_ACQUIRE: Final = (
    "INSERT INTO relay_leases VALUES (:topic, :holder, 1, :expires_at) ON CONFLICT (topic) DO UPDATE SET "
    "holder = :holder, epoch = epoch + 1, expires_at = :expires_at "
    "WHERE expires_at <= :now OR holder = :holder RETURNING epoch"
)
_HOLD: Final = "UPDATE relay_leases SET expires_at = ? WHERE topic = ? AND holder = ? AND epoch = ?"
_KEEP: Final = (
    "INSERT INTO relay_positions VALUES (?, ?, ?) ON CONFLICT (topic, district) DO UPDATE SET "
    "sequence = excluded.sequence WHERE sequence < excluded.sequence"
)


class SqliteRelayBook:
    """The book of one topic; `clock` is this machine's, by which leases run out."""

    def __init__(self, path: Path, topic: str, clock: Callable[[], dt.datetime]) -> None:
        """Open or make the file; raise LedgerError when it cannot be used."""
        self._path = path
        self._topic = topic
        self._clock = clock
        with faults_of(path):
            self._file = sqlite3.connect(path, isolation_level=None, timeout=_PATIENCE, check_same_thread=False)
            # A position that a power cut takes back is published again: repeats are allowed, the disk is not awaited.
            self._file.execute("PRAGMA journal_mode=WAL")
            self._file.execute("PRAGMA synchronous=NORMAL")
            self._file.execute(_LEASES)
            self._file.execute(_POSITIONS)

    def acquire(self, holder: str, seconds: float) -> Lease | None:
        """Take the lease if it is free, run out, or the holder's own."""
        now = self._clock().timestamp()
        given = {"topic": self._topic, "holder": holder, "now": now, "expires_at": now + seconds}
        with faults_of(self._path):
            row = self._file.execute(_ACQUIRE, given).fetchone()
        return None if row is None else Lease(holder, row[0])

    def keep(self, lease: Lease, published: Mapping[str, int], seconds: float) -> None:
        """Keep positions and hold the lease longer."""
        with self._writing():
            if not self._hold(lease, self._clock().timestamp() + seconds):
                raise LeaseLostError
            self._file.executemany(_KEEP, [(self._topic, *one) for one in published.items()])

    def release(self, lease: Lease) -> None:
        """Give the lease up."""
        with faults_of(self._path):
            self._hold(lease, 0.0)

    def published(self) -> dict[str, int]:
        """Return the position of each district."""
        statement = "SELECT district, sequence FROM relay_positions WHERE topic = ?"
        with faults_of(self._path):
            return dict(self._file.execute(statement, (self._topic,)).fetchall())

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _hold(self, lease: Lease, until: float) -> bool:
        return self._file.execute(_HOLD, (until, self._topic, lease.holder, lease.epoch)).rowcount == 1

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with faults_of(self._path):
            self._file.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._file.execute("ROLLBACK")
                raise
            self._file.execute("COMMIT")
