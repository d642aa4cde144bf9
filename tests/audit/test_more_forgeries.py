"""Further ways of somebody who may write every byte of the store but has no key and not the witness's folder.

Look-alikes, heads that count wrongly, tables that are not those of a ledger, files left behind, and what lies in the
folder of checkpoints: each is named, or shown to change nothing.
"""
# ruff: noqa: S608  these statements are a forger's; all their parts stand here

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from services.cli import main
from services.proving.checkpoint_folder import CHECKPOINTS
from services.proving.verifying import STRAY
from services.recording.embedded import LEDGER_FILE
from tests.audit.house import INSTALLATION, record, sign
from tests.audit.stores import PostgresStore, SqliteStore, Store
from tests.audit.test_forged_tables import Found, run, wrong
from tests.events.ledger.examples import XINZHOU

LOOK_ALIKE = "xinzh\u043eu"
"""With a Cyrillic letter."""
FOURTH = "sequence = 4"
IN_LOOK_ALIKES = "convert_to(replace(convert_from(state, 'UTF8'), 'a', '\u0430'), 'UTF8')"
OF_FOURTH = "position = (SELECT position FROM facts WHERE sequence = 4)"


def broken(sequence: int, district: str = XINZHOU) -> Found:
    return {district: (sequence, "ledger.seal_broken")}


ROWS: dict[str, tuple[str, str, Found]] = {
    "a case in look-alike letters": (
        f"UPDATE stored_events SET originator_id = replace(originator_id, 'a', '\u0430') WHERE {OF_FOURTH}",
        f"UPDATE stored_events SET originator_id = replace(originator_id, 'a', '\u0430') WHERE {FOURTH}",
        broken(4),
    ),
    "a case in capitals": (
        f"UPDATE stored_events SET originator_id = replace(originator_id, 'm-', 'M-') WHERE {OF_FOURTH}",
        f"UPDATE stored_events SET originator_id = replace(originator_id, 'm-', 'M-') WHERE {FOURTH}",
        broken(4),
    ),
    "a type in look-alike letters": (
        f"UPDATE stored_events SET topic = replace(topic, 'a', '\u0430') WHERE {OF_FOURTH}",
        f"UPDATE stored_events SET topic = replace(topic, 'a', '\u0430') WHERE {FOURTH}",
        broken(4),
    ),
    "a blank behind a type": (
        f"UPDATE stored_events SET topic = topic || ' ' WHERE {OF_FOURTH}",
        f"UPDATE stored_events SET topic = topic || ' ' WHERE {FOURTH}",
        broken(4),
    ),
    "a blank behind the district": (
        "UPDATE facts SET district = 'xinzhou ' WHERE sequence = 12",
        "UPDATE stored_events SET district = 'xinzhou ' WHERE sequence = 12",
        broken(12) | broken(1, "xinzhou "),
    ),
    "the head of a district in look-alike letters": (
        f"INSERT INTO heads SELECT '{LOOK_ALIKE}', sequence, recorded_at, frontier FROM heads",
        f"INSERT INTO heads SELECT '{LOOK_ALIKE}', sequence, recorded_at, frontier FROM heads",
        broken(1, LOOK_ALIKE),
    ),
    "a head that counts backwards": (
        "UPDATE heads SET sequence = -12",
        "UPDATE heads SET sequence = -12",
        broken(1),
    ),
    "a head that counts one more": ("UPDATE heads SET sequence = 13", "UPDATE heads SET sequence = 13", broken(13)),
    "a head that counts one less": ("UPDATE heads SET sequence = 11", "UPDATE heads SET sequence = 11", broken(11)),
    "a byte behind the frontier": (
        "UPDATE heads SET frontier = CAST(frontier || x'00' AS BLOB)",
        r"UPDATE heads SET frontier = frontier || '\x00'",
        broken(12),
    ),
    "a row under the number of the next": (
        "UPDATE facts SET sequence = 13 WHERE sequence = 4",
        "UPDATE stored_events SET sequence = 13 WHERE sequence = 4",
        broken(4),
    ),
    "words in look-alike letters": (
        f"UPDATE stored_events SET state = CAST(replace(CAST(state AS TEXT), 'a', '\u0430') AS BLOB) WHERE {OF_FOURTH}",
        f"UPDATE stored_events SET state = {IN_LOOK_ALIKES} WHERE {FOURTH}",
        broken(4),
    ),
}


@pytest.mark.parametrize("what", ROWS)
def test_rows_that_only_look_like_those_recorded_are_named(store: Store, what: str) -> None:
    lite, postgres, found = ROWS[what]
    record(store, 1, 12)
    sign(store)
    assert wrong(store) == {}
    run(store, lite, postgres)
    assert wrong(store) == found


SCHEMAS = {
    "a table more": "CREATE TABLE more (x)",
    "a view more": "CREATE VIEW more AS SELECT * FROM facts",
    "a table less": "DROP TABLE requests",
    "a column made of others": "ALTER TABLE stored_events ADD COLUMN made AS (hex(state))",
    "a column more": "ALTER TABLE heads ADD COLUMN more DEFAULT 5",
    "an index over a part": "CREATE UNIQUE INDEX part ON facts (leaf) WHERE sequence > 3",
    "an index over what is made": "CREATE INDEX made ON facts (lower(district))",
    "a trigger on the heads": "CREATE TRIGGER waits AFTER UPDATE ON heads BEGIN DELETE FROM requests; END",
    "another collation": "PRAGMA writable_schema = 1; UPDATE sqlite_schema SET sql = replace(sql, 'district TEXT', "
    "'district TEXT COLLATE NOCASE') WHERE name = 'facts'",
    "a table of numbers given": "CREATE TABLE gone (id INTEGER PRIMARY KEY AUTOINCREMENT); DROP TABLE gone",
}


@pytest.mark.parametrize("what", SCHEMAS)
def test_tables_that_are_not_those_of_a_ledger_are_named(tmp_path: Path, what: str) -> None:
    store = SqliteStore(tmp_path / "var")
    record(store, 1, 12)
    run(store, SCHEMAS[what], "")
    assert wrong(store) == {STRAY: (None, "ledger.leads_astray")}


ALIKE = "CREATE COLLATION alike (provider = icu, locale = 'und-u-ks-level2', deterministic = false)"
POSTGRES_SCHEMAS = {
    "a table whose rows are read with it": (
        "CREATE TABLE heir () INHERITS (stored_events)",
        "DROP TABLE heir",
    ),
    "a collation that takes capitals for small letters": (
        f"{ALIKE}; ALTER TABLE stored_events ALTER COLUMN originator_id TYPE text COLLATE alike",
        'ALTER TABLE stored_events ALTER COLUMN originator_id TYPE text COLLATE "C"; DROP COLLATION alike',
    ),
    "a column made of others": (
        "ALTER TABLE stored_events ADD COLUMN made text GENERATED ALWAYS AS (topic || 'x') STORED",
        "ALTER TABLE stored_events DROP COLUMN made",
    ),
    "a view in front of the heads": (
        "ALTER TABLE heads RENAME TO behind; CREATE VIEW heads AS SELECT * FROM behind",
        "DROP VIEW heads; ALTER TABLE behind RENAME TO heads",
    ),
}


@pytest.mark.parametrize("what", POSTGRES_SCHEMAS)
def test_tables_of_a_database_that_are_not_those_of_a_ledger_are_named(
    migrated: str, tmp_path: Path, what: str
) -> None:
    store = PostgresStore(migrated, tmp_path / "var")
    with psycopg.connect(migrated) as connection:
        connection.execute("TRUNCATE stored_events, heads, requests, person_keys, ledger")
    record(store, 1, 12)
    assert wrong(store) == {}
    forge, mend = POSTGRES_SCHEMAS[what]
    run(store, "", forge)
    try:
        assert wrong(store) == {STRAY: (None, "ledger.leads_astray")}
    finally:
        run(store, "", mend)
    assert wrong(store) == {}


def test_rows_stored_at_other_places_are_read_in_the_order_of_recording(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "var")
    record(store, 1, 12)
    with store.reading() as ledger:
        before = (ledger.read(XINZHOU), ledger.read_case(XINZHOU, "matter/m-1"))
    for table in ("stored_events", "facts"):
        run(store, f"UPDATE {table} SET position = -position", "")
    with store.reading() as ledger:
        assert (ledger.read(XINZHOU), ledger.read_case(XINZHOU, "matter/m-1")) == before
    assert wrong(store) == {}


def left_behind(store: SqliteStore) -> Path:
    """Change a fact in a log that was never written back, and leave both files as a crash would."""
    path = store.data / LEDGER_FILE
    beside = path.with_name(f"{LEDGER_FILE}-wal")
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA wal_autocheckpoint = 0")
        file.execute("UPDATE stored_events SET topic = 'matter.postponed.v1' WHERE position = 4")
        file.commit()
        kept = {one: one.read_bytes() for one in (path, beside)}
    for one, content in kept.items():
        one.write_bytes(content)
    return beside


def test_a_log_left_behind_counts_whole_or_not_at_all(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "var")
    record(store, 1, 12)
    beside = left_behind(store)
    torn = beside.read_bytes()[:-100]
    assert wrong(store) == broken(4)
    beside.write_bytes(torn)
    assert wrong(store) in ({}, broken(4)), "what a reader had written back before stays"
    fresh = SqliteStore(tmp_path / "other")
    record(fresh, 1, 12)
    left_behind(fresh).write_bytes(torn)
    assert wrong(fresh) == {}


def test_bytes_behind_the_file_are_no_part_of_it_and_a_cut_file_is_damaged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = SqliteStore(tmp_path / "var")
    record(store, 1, 12)
    path = store.data / LEDGER_FILE
    with path.open("ab") as file:
        file.write(b"\0" * 4_096 + b"abc")
    assert wrong(store) == {}
    os.truncate(path, path.stat().st_size - 2 * 4_096 - 3)
    assert main(["verify", str(store.data)]) == 1
    assert "ledger.damaged" in capsys.readouterr().err


def elsewhere(path: Path) -> None:
    path.unlink()
    path.symlink_to("/nowhere")


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


CHECKPOINT_FILES: dict[str, tuple[Callable[[Path], object], Found]] = {
    "lines end in CRLF": (
        lambda it: it.write_bytes(it.read_bytes().replace(b"\n", b"\r\n")),
        {XINZHOU: (None, "note.malformed")},
    ),
    "an order mark": (
        lambda it: it.write_bytes(b"\xef\xbb\xbf" + it.read_bytes()),
        {XINZHOU: (None, "note.bad_signature")},
    ),
    "nothing in it": (lambda it: it.write_bytes(b""), {XINZHOU: (None, "note.malformed")}),
    "bytes behind it": (lambda it: it.write_bytes(it.read_bytes() + b"x"), {XINZHOU: (None, "note.malformed")}),
    "too long": (lambda it: it.write_bytes(b"a" * (1 << 20)), {XINZHOU: (None, "note.malformed")}),
    "another size in its name": (
        lambda it: it.rename(it.with_name("000000000005.checkpoint")),
        {XINZHOU: (None, "checkpoint.misplaced")},
    ),
    "a size written short": (
        lambda it: shutil.copyfile(it, it.with_name("5.checkpoint")),
        {XINZHOU: (None, "checkpoint.missing")},
    ),
    "a link to nothing": (elsewhere, {XINZHOU: (None, "checkpoint.missing")}),
    "a folder in its place": (folder, {XINZHOU: (None, "checkpoint.missing")}),
    "a pipe in its place": (pipe, {XINZHOU: (None, "checkpoint.missing")}),
    "under another district too": (
        lambda it: shutil.copytree(it.parent, it.parent.parent / "xinqiu"),
        {"xinqiu": (1, "ledger.tail_cut")},
    ),
    "under another district alone": (
        lambda it: it.parent.rename(it.parent.parent / "xinqiu"),
        {"xinqiu": (1, "ledger.tail_cut")},
    ),
}


@pytest.mark.parametrize("what", CHECKPOINT_FILES)
def test_whatever_lies_in_the_place_of_a_checkpoint_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    store = SqliteStore(tmp_path / "var")
    monkeypatch.setenv("TAIZHANG_INSTALLATION", INSTALLATION)
    record(store, 1, 12)
    sign(store)
    forge, found = CHECKPOINT_FILES[what]
    forge(store.data / CHECKPOINTS / XINZHOU / "000000000012.checkpoint")
    assert wrong(store) == found
    assert main(["verify", str(store.data)]) == 1
