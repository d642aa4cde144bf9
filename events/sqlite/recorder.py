"""The one file that knows the eventsourcing library: its SQLite recorder, with our tables beside its own."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, get_args
from urllib.parse import quote

from eventsourcing.persistence import StoredEvent
from eventsourcing.sqlite import (
    SQLiteAggregateRecorder,
    SQLiteApplicationRecorder,
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteCursor,
    SQLiteDatastore,
)

from events.sqlite.faults import damaged, foreign_file, missing, other_algorithm, other_format
from events.tree.sealing import Algorithm

APPLICATION_ID: Final = 0x5461697A
FORMAT: Final = 1
_MAGIC: Final = b"SQLite format 3\x00"
_COMPILED_STATEMENTS: Final = 128
_CACHE_KIBIBYTES: Final = 8 * 1024
"""Of pages for each connection: what it holds beyond that the operating system holds too."""
_PAGES_BETWEEN_CHECKPOINTS: Final = 8_000

# The library's own table has no key of one column, so VACUUM could renumber its rows; `position` pins them.
_STORED_EVENTS: Final = """
CREATE TABLE IF NOT EXISTS stored_events (
    position INTEGER PRIMARY KEY,
    originator_id TEXT NOT NULL,
    originator_version INTEGER NOT NULL,
    topic TEXT NOT NULL,
    state BLOB NOT NULL,
    UNIQUE (originator_id, originator_version)
)
"""
_FACTS: Final = """
CREATE TABLE IF NOT EXISTS facts (
    district TEXT,
    sequence INTEGER,
    id BLOB NOT NULL,
    position INTEGER NOT NULL,
    leaf BLOB NOT NULL,
    root BLOB NOT NULL,
    PRIMARY KEY (district, sequence)
) WITHOUT ROWID
"""
_FACTS_BY_ID: Final = "CREATE UNIQUE INDEX IF NOT EXISTS facts_by_id ON facts (district, id)"
_HEADS: Final = """
CREATE TABLE IF NOT EXISTS heads (
    district TEXT PRIMARY KEY,
    sequence INTEGER NOT NULL,
    recorded_at TEXT NOT NULL,
    frontier BLOB NOT NULL
) WITHOUT ROWID
"""
_REQUESTS: Final = """
CREATE TABLE IF NOT EXISTS requests (
    district TEXT,
    key TEXT,
    sequences TEXT NOT NULL,
    PRIMARY KEY (district, key)
) WITHOUT ROWID
"""
_LEDGER: Final = "CREATE TABLE IF NOT EXISTS ledger (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), algorithm TEXT)"
TABLES: Final = (_STORED_EVENTS, _FACTS, _FACTS_BY_ID, _HEADS, _REQUESTS, _LEDGER)
"""What a ledger file is made of, the table of the library among them."""


class LedgerConnections(SQLiteConnectionPool):
    """Connections that wait for the disk at each commit; made here because the library keeps one compiled statement."""

    writable: bool = False
    page_limit: int | None = None

    def _create_connection(self) -> SQLiteConnection:
        connection = sqlite3.connect(
            self.db_name,
            uri=True,
            check_same_thread=False,
            isolation_level=None,
            cached_statements=_COMPILED_STATEMENTS,
            timeout=self.lock_timeout or 0,
        )
        connection.row_factory = sqlite3.Row
        try:
            if self.writable:
                connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute(f"PRAGMA cache_size=-{_CACHE_KIBIBYTES:d}")
            connection.execute(f"PRAGMA wal_autocheckpoint={_PAGES_BETWEEN_CHECKPOINTS:d}")
            if self.page_limit is not None:
                connection.execute(f"PRAGMA max_page_count={self.page_limit:d}")
        except sqlite3.Error:
            connection.close()
            raise
        return SQLiteConnection(connection, max_age=self.max_age)


class LedgerDatastore(SQLiteDatastore):
    """One ledger file and its connections."""

    def __init__(self, path: Path, *, writable: bool, lock_timeout: int, page_limit: int | None = None) -> None:
        """Prepare connections; none is opened yet."""
        address = f"file:{quote(str(path.absolute()))}?mode={'rwc' if writable else 'ro'}"
        super().__init__(address, lock_timeout=lock_timeout, originator_id_type="text")
        self.pool = LedgerConnections(db_name=address, lock_timeout=lock_timeout, pool_timeout=lock_timeout)
        self.pool.writable = writable
        self.pool.page_limit = page_limit

    @contextmanager
    def writing(self) -> Iterator[SQLiteCursor]:
        """Open a transaction and commit it, or undo it: also when the commit fails, which the library leaves open."""
        with self.get_connection(commit=True) as connection:
            try:
                with connection.transaction(commit=True) as cursor:
                    yield cursor
            except BaseException:
                connection.rollback()
                raise

    def rows(self, statement: str, parameters: Sequence[object] = ()) -> list[Any]:
        """Return the rows of a query, as plain tuples, from one consistent state of the file."""
        with self.transaction(commit=False) as cursor:
            cursor.sqlite_cursor.row_factory = None
            cursor.execute(statement, parameters)
            found: list[Any] = cursor.fetchall()
            return found


class FactRecorder(SQLiteApplicationRecorder):
    """The library's recorder over a table whose row numbers stay; it inserts inside a transaction of ours."""

    def __init__(self, datastore: LedgerDatastore) -> None:
        """Take the file's connections."""
        super().__init__(datastore)
        self.file = datastore
        self.insert_events_statement = (
            "INSERT INTO stored_events (originator_id, originator_version, topic, state) VALUES (?,?,?,?)"
        )

    def construct_create_table_statements(self) -> list[str]:
        """Return our tables, the library's among them."""
        return list(TABLES)

    def create(self, algorithm: Algorithm) -> None:
        """Make the tables of a new ledger, in one transaction."""
        with self.datastore.transaction(commit=True) as cursor:
            self._create_table(cursor)
            cursor.execute("INSERT OR IGNORE INTO ledger VALUES (1, ?)", (algorithm,))
            cursor.execute(f"PRAGMA application_id={APPLICATION_ID:d}")
            cursor.execute(f"PRAGMA user_version={FORMAT:d}")

    def insert(self, cursor: SQLiteCursor, stored_events: Sequence[StoredEvent]) -> None:
        """Insert facts in one go, at the positions that follow the last; positions never leave the adapter."""
        SQLiteAggregateRecorder._insert_events(self, cursor, stored_events)  # noqa: SLF001  a base class's own step


def algorithm_of(path: Path, wanted: Algorithm | None) -> Algorithm | None:
    """Look at a file without changing it: the algorithm of its ledger, or None for a file that is not there or empty.

    Raise LedgerUnusableError for a foreign file, another format or another algorithm than wanted.
    """
    if not path.exists() or path.stat().st_size == 0:
        return None
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise foreign_file(path)
    connection = sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True)
    try:
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (found_format,) = connection.execute("PRAGMA user_version").fetchone()
        if application == 0 and not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            return None
        if application != APPLICATION_ID:
            raise foreign_file(path)
        if found_format != FORMAT:
            raise other_format(path, found_format, FORMAT)
        row = connection.execute("SELECT algorithm FROM ledger").fetchone()
    finally:
        connection.close()
    if row is None or row[0] not in get_args(Algorithm):
        raise damaged(path, f"散列算法 hash algorithm: {row and row[0]!r}")
    found: Algorithm = row[0]
    if wanted is not None and wanted != found:
        raise other_algorithm(path, found, wanted)
    return found


def existing_algorithm(path: Path) -> Algorithm:
    """Return the algorithm of a ledger that has to be there; raise LedgerUnusableError otherwise."""
    found = algorithm_of(path, None)
    if found is None:
        raise missing(path)
    return found
