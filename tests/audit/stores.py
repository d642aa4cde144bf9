"""The stores on which the drills run: a real SQLite file and a real PostgreSQL, their tables open to the intruder."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import psycopg

from events.ledger.port import Ledger
from events.ledger.sealed_facts import SealedReader
from events.postgres.ledger import PostgresLedger
from events.postgres.reader import open_postgres_reader
from events.sqlite.ledger import SqliteLedger
from events.sqlite.reader import open_reader
from services.recording.embedded import LEDGER_FILE
from tests.audit.stored_rows import Row, Tables
from tests.events.ledger.examples import XINZHOU


class Store(Protocol):
    """A ledger with its data folder, where keys and checkpoints lie, and its tables as they stand."""

    data: Path

    @contextmanager
    def writing(self) -> Iterator[Ledger]:
        """Open it as its writer."""
        ...

    @contextmanager
    def reading(self) -> Iterator[SealedReader]:
        """Open it as a reader."""
        ...

    def tables(self) -> Tables:
        """Return what stands in the tables."""
        ...

    def overwrite(self, tables: Tables) -> None:
        """Put something else there."""
        ...


class SqliteStore:
    """A ledger file."""

    def __init__(self, data: Path) -> None:
        self.data = data
        data.mkdir()

    @contextmanager
    def writing(self) -> Iterator[Ledger]:
        with SqliteLedger(self.data / LEDGER_FILE) as ledger:
            yield ledger

    @contextmanager
    def reading(self) -> Iterator[SealedReader]:
        with closing(open_reader(self.data / LEDGER_FILE)) as reader:
            yield reader

    def tables(self) -> Tables:
        with closing(sqlite3.connect(self.data / LEDGER_FILE)) as file:
            rows = file.execute(
                "SELECT f.sequence, f.id, f.leaf, f.root, e.originator_id, e.originator_version, e.topic, e.state "
                "FROM facts f JOIN stored_events e ON e.position = f.position ORDER BY f.sequence"
            ).fetchall()
            head = file.execute("SELECT sequence, recorded_at, frontier FROM heads").fetchone()
        return Tables(tuple(Row(*row) for row in rows), *head)

    def overwrite(self, tables: Tables) -> None:
        with closing(sqlite3.connect(self.data / LEDGER_FILE)) as file, file:
            for table in ("facts", "stored_events", "heads"):
                file.execute(f"DELETE FROM {table}")  # noqa: S608  the names stand above
            for position, (sequence, fact_id, leaf, root, *event) in enumerate(tables.values(), 1):
                file.execute("INSERT INTO stored_events VALUES (?, ?, ?, ?, ?)", (position, *event))
                file.execute(
                    "INSERT INTO facts VALUES (?, ?, ?, ?, ?, ?)", (XINZHOU, sequence, fact_id, position, leaf, root)
                )
            file.execute(
                "INSERT INTO heads VALUES (?, ?, ?, ?)",
                (XINZHOU, tables.sequence, tables.recorded_at, tables.frontier),
            )


class PostgresStore:
    """A ledger in a database that is there already, empty and migrated."""

    def __init__(self, database: str, data: Path) -> None:
        self.database, self.data = database, data
        data.mkdir()

    @contextmanager
    def writing(self) -> Iterator[Ledger]:
        with PostgresLedger(self.database) as ledger:
            yield ledger

    @contextmanager
    def reading(self) -> Iterator[SealedReader]:
        with open_postgres_reader(self.database) as reader:
            yield reader

    def tables(self) -> Tables:
        with psycopg.connect(self.database) as connection:
            connection.execute("SET TIME ZONE 'Asia/Shanghai'")
            rows: list[Any] = connection.execute(
                "SELECT sequence, uuid_send(id), leaf, root, originator_id, originator_version, topic, state "
                "FROM stored_events ORDER BY sequence"
            ).fetchall()
            head = connection.execute("SELECT sequence, recorded_at, frontier FROM heads").fetchone()
            assert head is not None
        return Tables(tuple(Row(*row) for row in rows), head[0], head[1].isoformat(), head[2])

    def overwrite(self, tables: Tables) -> None:
        with psycopg.connect(self.database) as connection:
            connection.execute("TRUNCATE stored_events, heads")
            for sequence, fact_id, leaf, root, *event in tables.values():
                connection.execute(
                    "INSERT INTO stored_events VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
                    (*event, XINZHOU, sequence, UUID(bytes=fact_id), leaf, root),  # type: ignore[arg-type]  # 16 bytes
                )
            connection.execute(
                "INSERT INTO heads VALUES (%s, %s, %s, %s)",
                (XINZHOU, tables.sequence, tables.recorded_at, tables.frontier),
            )
