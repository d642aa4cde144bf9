"""Numbered migrations of a PostgreSQL database: applied in order, once, by one process at a time."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from importlib.resources import files
from typing import Any, Final

import psycopg
from msgspec import Struct
from psycopg import sql
from psycopg.rows import TupleRow

from events.ledger.errors import LedgerUnusableError, Reason
from events.postgres.arrival import why_away
from events.postgres.faults import Undone, faults_of, shown_address, unreachable

NOT_MIGRATED: Final = "database.not_migrated"
NEWER_SCHEMA: Final = "database.newer_schema"
CHANGED_MIGRATION: Final = "database.changed_migration"

_FILE: Final = re.compile(r"(\d{4})-([a-z0-9-]+)\.sql")
_LOCK: Final = 0x7461697A68616E67
"""Held while migrations are applied: "taizhang" in ASCII."""
_CONNECT_SECONDS: Final = 10
_NO_TABLE_CHANGED: Final = Undone("没有改动任何表", "no table was changed", "重新运行", "run it again")
_TABLE: Final = """
CREATE TABLE IF NOT EXISTS applied_migrations (
    part text NOT NULL,
    number integer NOT NULL,
    name text NOT NULL,
    sha256 text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (part, number)
)
"""


class Migration(Struct, frozen=True):
    """One step of one part of the schema; parts are numbered apart, so that ledger and views grow by themselves."""

    part: str
    number: int
    name: str
    statements: str

    @property
    def sha256(self) -> str:
        """The hash that shows whether the file is the one that was applied."""
        return hashlib.sha256(self.statements.encode()).hexdigest()


def migrations_of(package: str, part: str) -> list[Migration]:
    """Read the files `NNNN-name.sql` in the folder `migrations` of a package, in order."""
    found = []
    for file in (files(package) / "migrations").iterdir():
        named = _FILE.fullmatch(file.name)
        if named is not None:
            found.append(Migration(part, int(named[1]), named[2], file.read_text(encoding="utf-8")))
    return sorted(found, key=lambda migration: migration.number)


def ledger_migrations() -> list[Migration]:
    """Return the steps to the ledger's tables."""
    return migrations_of("events.postgres", "ledger")


def migrate_database(database: str, known: Sequence[Migration]) -> list[Migration]:
    """Connect to a database and apply what is missing; raise LedgerError when that fails."""
    why = why_away(database)  # a server that does not admit us is told apart from one that is away
    if why is not None:
        raise unreachable(shown_address(database), why, _NO_TABLE_CHANGED)
    with (
        faults_of(database, _NO_TABLE_CHANGED),
        psycopg.connect(database, autocommit=True, connect_timeout=_CONNECT_SECONDS) as connection,
    ):
        return migrate(connection, known)


def migrate(connection: psycopg.Connection[Any], known: Sequence[Migration]) -> list[Migration]:
    """Apply what is missing, all or nothing, and return it; who comes meanwhile waits and finds nothing left to do.

    Raise LedgerUnusableError when the database holds a step that this program does not know, or another one.
    """
    with connection.transaction(), connection.cursor(row_factory=psycopg.rows.tuple_row) as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(_TABLE)
        missing = _missing(cursor, known)
        for step in missing:
            cursor.execute(sql.SQL(step.statements), prepare=False)
            cursor.execute(
                "INSERT INTO applied_migrations (part, number, name, sha256) VALUES (%s, %s, %s, %s)",
                (step.part, step.number, step.name, step.sha256),
            )
    return missing


def check_migrated(connection: psycopg.Connection[Any], known: Sequence[Migration]) -> None:
    """Raise LedgerUnusableError unless the database stands exactly where this program expects it."""
    with connection.cursor(row_factory=psycopg.rows.tuple_row) as cursor:
        cursor.execute("SELECT to_regclass('applied_migrations') IS NOT NULL")
        missing = list(known) if cursor.fetchone() == (False,) else _missing(cursor, known)
    if missing:
        raise _not_migrated(missing[0])


def _missing(cursor: psycopg.Cursor[TupleRow], known: Sequence[Migration]) -> list[Migration]:
    parts = {step.part for step in known}
    cursor.execute(
        "SELECT part, number, name, sha256 FROM applied_migrations WHERE part = ANY(%s) ORDER BY part, number",
        [sorted(parts)],
    )
    applied = {(part, number): (name, sha256) for part, number, name, sha256 in cursor.fetchall()}
    by_number = {(step.part, step.number): step for step in known}
    for place, (name, sha256) in applied.items():
        step = by_number.get(place)
        if step is None:
            raise _newer(*place, name)
        if step.sha256 != sha256:
            raise _changed(step)
    return [step for place, step in by_number.items() if place not in applied]


def _not_migrated(step: Migration) -> LedgerUnusableError:
    return LedgerUnusableError(
        Reason(
            NOT_MIGRATED,
            f"数据库缺少迁移 {step.part} {step.number}（{step.name}），表与本程序不符，不能读写；"
            "请先运行 taizhang migrate。",
            f"The database lacks migration {step.part} {step.number} ({step.name}), so its tables are not those of "
            "this program; run taizhang migrate first.",
        )
    )


def _newer(part: str, number: int, name: str) -> LedgerUnusableError:
    return LedgerUnusableError(
        Reason(
            NEWER_SCHEMA,
            f"数据库已有本程序不认识的迁移 {part} {number}（{name}），继续可能损坏数据，未作任何改动；"
            "请使用更新的程序版本。",
            f"The database has migration {part} {number} ({name}), which this program does not know and could damage; "
            "nothing was changed. Use a newer version of the program.",
        )
    )


def _changed(step: Migration) -> LedgerUnusableError:
    return LedgerUnusableError(
        Reason(
            CHANGED_MIGRATION,
            f"迁移 {step.part} {step.number}（{step.name}）与已执行的内容不同，无法确定表的样子，未作任何改动；"
            "请使用与数据库相配的程序版本。",
            f"Migration {step.part} {step.number} ({step.name}) is not the one that was applied, so the tables are "
            "uncertain; nothing was changed. Use the program version that belongs to the database.",
        )
    )
