"""Every stored row as it was sealed, but what leads to the rows, or stands in front of them, made by somebody else."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from events.sqlite.reader import open_reader
from services.proving.verifying import STRAY, verify_ledger
from services.recording.embedded import LEDGER_FILE
from tests.audit.house import record
from tests.audit.stores import PostgresStore, SqliteStore, Store
from tests.events.ledger.examples import XINZHOU

HIDDEN = "UPDATE stored_events SET originator_id = 'xinzhou/matter/zzz' WHERE position = 4"
SHOWN = "UPDATE stored_events SET originator_id = 'xinzhou/matter/m-1' WHERE position = 4"
SCHEMA = "SELECT type, name, tbl_name, rootpage, sql FROM sqlite_schema WHERE tbl_name = 'stored_events'"


def index_led_astray(path: Path) -> None:
    """Let the index by case forget that the fourth fact belongs to its case: rows change, the index is kept aside."""
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute(HIDDEN)
        kept = file.execute(SCHEMA).fetchall()
        file.execute("PRAGMA writable_schema = ON")
        file.execute("DELETE FROM sqlite_schema WHERE name = 'sqlite_autoindex_stored_events_1'")
        file.execute(
            "UPDATE sqlite_schema SET sql = replace(sql, ',\n    UNIQUE (originator_id, originator_version)', '') "
            "WHERE name = 'stored_events'"
        )
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute(SHOWN)
        file.execute("PRAGMA writable_schema = ON")
        file.execute("DELETE FROM sqlite_schema WHERE tbl_name = 'stored_events'")
        file.executemany("INSERT INTO sqlite_schema VALUES (?, ?, ?, ?, ?)", kept)


def running(script: str) -> Callable[[Path], None]:
    """Return what runs a script on the file."""

    def run(path: Path) -> None:
        with closing(sqlite3.connect(path)) as file:
            file.executescript(script)

    return run


FORGERIES: dict[str, Callable[[Path], None]] = {
    "an index that hides a fact from its case": index_led_astray,
    "a view in front of the facts": running(
        "ALTER TABLE stored_events RENAME TO behind; CREATE VIEW stored_events AS SELECT * FROM behind"
    ),
    "a trigger that waits for the next fact": running(
        "CREATE TRIGGER waits AFTER INSERT ON stored_events BEGIN DELETE FROM requests; END"
    ),
    "an index of another order": running("CREATE INDEX other ON stored_events (originator_id COLLATE NOCASE)"),
}


@pytest.mark.parametrize("what", FORGERIES)
def test_what_leads_to_the_rows_of_a_file_is_verified_too(tmp_path: Path, what: str) -> None:
    store = SqliteStore(tmp_path / "var")
    record(store, 1, 12)
    assert wrong(store) == {}
    FORGERIES[what](store.data / LEDGER_FILE)
    assert wrong(store) == {STRAY: "ledger.leads_astray"}


def test_the_index_that_was_led_astray_really_hides_a_fact(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "var")
    record(store, 1, 12)
    with store.reading() as ledger:
        before = [one.sequence for one in ledger.read_case(XINZHOU, "matter/m-1")]
    index_led_astray(store.data / LEDGER_FILE)
    with closing(open_reader(store.data / LEDGER_FILE)) as ledger:
        after = [one.sequence for one in ledger.read_case(XINZHOU, "matter/m-1")]
        assert ledger.verify(XINZHOU).ok
    assert (before, after) == ([1, 4, 7, 10], [1, 7, 10])


def test_statistics_that_the_planner_keeps_are_no_forgery(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "var")
    record(store, 1, 12)
    running("ANALYZE")(store.data / LEDGER_FILE)
    assert wrong(store) == {}


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE RULE forged AS ON INSERT TO heads DO ALSO NOTHING",
        "ALTER TABLE stored_events ENABLE ROW LEVEL SECURITY",
    ],
)
def test_what_stands_in_front_of_the_rows_of_a_database_is_named(migrated: str, tmp_path: Path, statement: str) -> None:
    store = PostgresStore(migrated, tmp_path / "var")
    with psycopg.connect(migrated) as connection:
        connection.execute("TRUNCATE stored_events, heads, requests, person_keys, ledger")
    record(store, 1, 12)
    assert wrong(store) == {}
    with psycopg.connect(migrated) as connection:
        connection.execute(statement.encode())
    try:
        assert wrong(store) == {STRAY: "ledger.leads_astray"}
    finally:
        with psycopg.connect(migrated) as connection:
            connection.execute("DROP RULE IF EXISTS forged ON heads")
            connection.execute("ALTER TABLE stored_events DISABLE ROW LEVEL SECURITY")


def wrong(store: Store) -> dict[str, str]:
    """Verify everything and return what is not as it was sealed, by code."""
    with store.reading() as ledger:
        found = verify_ledger(ledger, (), {})
    return {name: one.reason.code for name, one in found.items() if one.reason is not None}
