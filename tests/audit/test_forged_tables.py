"""What else somebody who writes to the tables may do: each is detected, no read of it breaks, the first fact is named.

Twelve facts of one district and five of another are recorded, and the house signs both.
"""
# ruff: noqa: S608  these statements are a forger's; all their parts stand here

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from typing import NamedTuple

import psycopg
import pytest
from msgspec.structs import replace

from events.ledger.errors import LedgerUnusableError
from services.cli import main
from services.proving.checkpoint_folder import CHECKPOINTS
from services.proving.checkpointing import make_checkpoint
from services.proving.verifying import STRAY, own_checkpoints, verify_ledger
from services.recording.embedded import LEDGER_FILE
from tests.audit.house import INSTALLATION, forget_checkpoints, record, sign
from tests.audit.stores import PostgresStore, SqliteStore, Store
from tests.events.ledger.examples import NINE, XINZHOU, alone, withdrawn

XINQIU = "xinqiu"
Found = dict[str, tuple[int | None, str]]


@pytest.fixture
def filled(store: Store) -> Store:
    own = (withdrawn(number, matter=f"m-{number % 3}") for number in range(1, 13))
    more = (replace(withdrawn(100 + number, matter=f"m-{number % 2}"), district=XINQIU) for number in range(5))
    with store.writing() as ledger:
        ledger.record(alone(*own, *more), NINE)
        for district in (XINZHOU, XINQIU):
            make_checkpoint(ledger, district, store.data, INSTALLATION)
    return store


def run(store: Store, lite: str, postgres: str) -> None:
    """Run statements in the store, as somebody who has the disk or the password."""
    if isinstance(store, SqliteStore):
        with closing(sqlite3.connect(store.data / LEDGER_FILE)) as file:
            file.executescript(lite)
    elif isinstance(store, PostgresStore):
        with psycopg.connect(store.database) as connection:
            for statement in postgres.split(";"):
                connection.execute(statement.strip().encode() or b"SELECT 1")


def wrong(store: Store) -> Found:
    """Verify everything and return the districts that are not as they were sealed."""
    with store.reading() as ledger:
        found = verify_ledger(ledger, (), own_checkpoints(ledger, store.data, INSTALLATION))
    return {name: (one.first_bad, one.reason.code) for name, one in found.items() if one.reason is not None}


class Forgery(NamedTuple):
    """Statements for both stores, the same unless said otherwise; what verifying finds; whether the seals suffice."""

    lite: str
    found: Found
    postgres: str = ""
    by_seals: bool = True


def broken(at: int, district: str = XINZHOU) -> Found:
    return {district: (at, "ledger.seal_broken")}


def both(one: int, other: int) -> Found:
    return broken(one) | broken(other, XINQIU)


_OWN = "district = 'xinzhou'"
_COPIED = "FROM stored_events WHERE district = 'xinzhou' AND sequence = 4"
FORGERIES: dict[str, Forgery] = {
    "the head of a district removed": Forgery(f"DELETE FROM heads WHERE {_OWN}", broken(1)),
    "all heads removed": Forgery("DELETE FROM heads", both(1, 1)),
    "a head set to nothing": Forgery(f"UPDATE heads SET sequence = 0 WHERE {_OWN}", broken(1)),
    "a head below nothing": Forgery(f"UPDATE heads SET sequence = -3 WHERE {_OWN}", broken(1)),
    "a huge head": Forgery(f"UPDATE heads SET sequence = 9223372036854775807 WHERE {_OWN}", broken(13)),
    "a head one more": Forgery(f"UPDATE heads SET sequence = 13 WHERE {_OWN}", broken(13)),
    "a head one less": Forgery(f"UPDATE heads SET sequence = 11 WHERE {_OWN}", broken(11)),
    "a frontier cut short": Forgery(f"UPDATE heads SET frontier = substr(frontier, 1, 20) WHERE {_OWN}", broken(12)),
    "an empty frontier": Forgery(
        f"UPDATE heads SET frontier = x'' WHERE {_OWN}", broken(12), f"UPDATE heads SET frontier = '' WHERE {_OWN}"
    ),
    "the frontier of another district": Forgery(
        f"UPDATE heads SET frontier = (SELECT frontier FROM heads WHERE district = 'xinqiu') WHERE {_OWN}", broken(12)
    ),
    "a later time in the head": Forgery(
        f"UPDATE heads SET recorded_at = '2027-01-01T00:00:00+08:00' WHERE {_OWN}", broken(12)
    ),
    "no time in the head": Forgery(
        f"UPDATE heads SET recorded_at = 'yesterday' WHERE {_OWN}",
        broken(12),
        f"UPDATE heads SET recorded_at = NULL WHERE {_OWN}",
    ),
    "a district under another name": Forgery(
        f"UPDATE heads SET district = 'xinzhou2' WHERE {_OWN}", broken(1) | broken(1, "xinzhou2")
    ),
    "two facts exchanged between districts": Forgery(
        "UPDATE facts SET position = -1 WHERE district = 'xinzhou' AND sequence = 3;"
        "UPDATE facts SET position = (SELECT position FROM facts WHERE district = 'xinzhou' AND sequence = 4) "
        "WHERE district = 'xinqiu' AND sequence = 3",
        both(3, 3),
        "UPDATE stored_events SET district = 'xinqiu', sequence = 99 WHERE district = 'xinzhou' AND sequence = 3;"
        "UPDATE stored_events SET district = 'xinzhou', sequence = 3 WHERE district = 'xinqiu' AND sequence = 3;"
        "UPDATE stored_events SET sequence = 3 WHERE district = 'xinqiu' AND sequence = 99",
    ),
    "the words of another district's fact": Forgery(
        "UPDATE stored_events SET state = (SELECT state FROM stored_events WHERE position = 14) WHERE position = 2",
        broken(2),
        "UPDATE stored_events SET state = (SELECT state FROM stored_events WHERE district = 'xinqiu' AND sequence = 2) "
        "WHERE district = 'xinzhou' AND sequence = 2",
    ),
    "another algorithm": Forgery("UPDATE ledger SET algorithm = 'sm3'", both(1, 1)),
    "a leaf of the same beginning": Forgery(
        f"UPDATE facts SET leaf = CAST(substr(leaf, 1, 31) || x'00' AS BLOB) WHERE {_OWN} AND sequence = 4",
        broken(4),
        rf"UPDATE stored_events SET leaf = substr(leaf, 1, 31) || '\x00' WHERE {_OWN} AND sequence = 4",
    ),
    "half a leaf": Forgery(
        f"UPDATE facts SET leaf = substr(leaf, 1, 16) WHERE {_OWN} AND sequence = 4",
        broken(4),
        f"UPDATE stored_events SET leaf = substr(leaf, 1, 16) WHERE {_OWN} AND sequence = 4",
    ),
    "a fact without words": Forgery(
        "UPDATE stored_events SET state = x'' WHERE position = 4",
        broken(4),
        f"UPDATE stored_events SET state = '' WHERE {_OWN} AND sequence = 4",
    ),
    "a byte behind a fact": Forgery(
        "UPDATE stored_events SET state = CAST(state || x'00' AS BLOB) WHERE position = 4",
        broken(4),
        rf"UPDATE stored_events SET state = state || '\x00' WHERE {_OWN} AND sequence = 4",
    ),
    "bytes that are no text": Forgery(
        "UPDATE stored_events SET state = x'ff' WHERE position = 4",
        broken(4),
        rf"UPDATE stored_events SET state = '\xff' WHERE {_OWN} AND sequence = 4",
    ),
    "a fact before the first": Forgery(
        f"UPDATE facts SET sequence = 0 WHERE {_OWN} AND sequence = 1",
        broken(1),
        f"UPDATE stored_events SET sequence = 0 WHERE {_OWN} AND sequence = 1",
    ),
    "a fact under a number below nothing": Forgery(
        "INSERT INTO facts SELECT district, -1, zeroblob(16), position, leaf, root FROM facts "
        f"WHERE {_OWN} AND sequence = 4",
        broken(13),
        "INSERT INTO stored_events SELECT originator_id, 99, topic, state, district, -1, "
        f"'00000000-0000-0000-0000-000000000000', leaf, root {_COPIED}",
    ),
    "a fact repeated under a new number": Forgery(
        "INSERT INTO facts SELECT district, 13, zeroblob(16), position, leaf, root FROM facts "
        f"WHERE {_OWN} AND sequence = 4",
        broken(13),
        "INSERT INTO stored_events SELECT originator_id, 98, topic, state, district, 13, "
        f"'00000000-0000-0000-0000-000000000000', leaf, root {_COPIED}",
    ),
    "a fact put into a case": Forgery(
        "INSERT INTO stored_events SELECT 999, originator_id, 77, topic, state FROM stored_events WHERE position = 4",
        broken(13),
        "INSERT INTO stored_events SELECT originator_id, 77, topic, state, 'nobody', 1, "
        f"'00000000-0000-0000-0000-000000000000', leaf, root {_COPIED}",
    ),
    "a fact of a district that has none": Forgery(
        "INSERT INTO stored_events SELECT 999, 'yuanzhou/matter/m-1', 1, topic, state FROM stored_events "
        "WHERE position = 4",
        {STRAY: (None, "ledger.stray_rows")},
        "INSERT INTO stored_events SELECT 'yuanzhou/matter/m-1', 1, topic, state, 'yuanzhou', 1, "
        f"'00000000-0000-0000-0000-000000000000', leaf, root {_COPIED}",
    ),
    "a district removed without a trace": Forgery(
        "DELETE FROM stored_events WHERE originator_id LIKE 'xinqiu/%'; DELETE FROM facts WHERE district = 'xinqiu'; "
        "DELETE FROM heads WHERE district = 'xinqiu'",
        {XINQIU: (1, "ledger.tail_cut")},
        "DELETE FROM stored_events WHERE district = 'xinqiu'; DELETE FROM heads WHERE district = 'xinqiu'",
        by_seals=False,
    ),
    "everything removed": Forgery(
        "DELETE FROM stored_events; DELETE FROM facts; DELETE FROM heads",
        {XINZHOU: (1, "ledger.tail_cut"), XINQIU: (1, "ledger.tail_cut")},
        "DELETE FROM stored_events; DELETE FROM heads",
        by_seals=False,
    ),
}
ON_POSTGRES: dict[str, Found] = {
    "a fact put into a case": broken(13) | broken(1, "nobody"),
    "a fact of a district that has none": broken(1, "yuanzhou"),
}
"""Where PostgreSQL, which keeps the district beside each fact, says more."""


@pytest.mark.parametrize("what", FORGERIES)
def test_whatever_is_written_to_the_tables_is_found(filled: Store, what: str) -> None:
    forgery = FORGERIES[what]
    run(filled, forgery.lite, forgery.postgres or forgery.lite)
    expected = ON_POSTGRES.get(what, forgery.found) if isinstance(filled, PostgresStore) else forgery.found
    assert wrong(filled) == expected
    forget_checkpoints(filled)
    assert wrong(filled) == (expected if forgery.by_seals else {})


VALUES_OF_ANOTHER_TYPE: dict[str, tuple[str, int | None]] = {
    "an id as text": (f"UPDATE facts SET id = CAST(id AS TEXT) WHERE {_OWN} AND sequence = 4", 4),
    "a leaf as text": (f"UPDATE facts SET leaf = substr(leaf, 1, 31) || x'00' WHERE {_OWN} AND sequence = 4", 4),
    "a root as text": (f"UPDATE facts SET root = 'abc' WHERE {_OWN} AND sequence = 4", 4),
    "words as text": ("UPDATE stored_events SET state = CAST(state AS TEXT) WHERE position = 4", 4),
    "a type as bytes": ("UPDATE stored_events SET topic = CAST(topic AS BLOB) WHERE position = 4", 4),
    "a case as bytes": ("UPDATE stored_events SET originator_id = CAST(originator_id AS BLOB) WHERE position = 4", 4),
    "half a version": ("UPDATE stored_events SET originator_version = 1.5 WHERE position = 4", 4),
    "a version in words": ("UPDATE stored_events SET originator_version = 'x' WHERE position = 4", 4),
    "a head in words": (f"UPDATE heads SET sequence = 'zwölf' WHERE {_OWN}", 13),
    "half a head": (f"UPDATE heads SET sequence = 12.5 WHERE {_OWN}", 13),
    "a frontier as text": (f"UPDATE heads SET frontier = 'abc' WHERE {_OWN}", 12),
}


@pytest.mark.parametrize("what", VALUES_OF_ANOTHER_TYPE)
def test_values_of_another_type_which_sqlite_takes_are_found(
    what: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = SqliteStore(tmp_path_factory.mktemp("ledger") / "var")
    record(store, 1, 12)
    statement, first_bad = VALUES_OF_ANOTHER_TYPE[what]
    run(store, statement, "")
    assert wrong(store) == {XINZHOU: (first_bad, "ledger.seal_broken")}


@pytest.mark.parametrize(
    ("statement", "first_bad"),
    [
        ("UPDATE heads SET frontier = x'00'", b'"first_bad":12'),
        ("DELETE FROM heads", b'"first_bad":1'),
        ("INSERT INTO heads VALUES ('a/b', 1, 'x', x'00')", b'"district":"a/b"'),
        ("UPDATE heads SET district = CAST(district AS BLOB)", b'"first_bad":1'),
    ],
)
def test_the_command_says_so_and_ends_with_one(
    tmp_path_factory: pytest.TempPathFactory,
    capfdbinary: pytest.CaptureFixture[bytes],
    statement: str,
    first_bad: bytes,
) -> None:
    store = SqliteStore(tmp_path_factory.mktemp("ledger") / "var")
    record(store, 1, 12)
    run(store, statement, "")
    assert main(["verify", str(store.data), "--json"]) == 1
    assert first_bad in capfdbinary.readouterr().out


@pytest.mark.parametrize("statement", ["DELETE FROM ledger", "UPDATE ledger SET algorithm = NULL", "DROP TABLE facts"])
def test_a_ledger_that_cannot_be_read_at_all_is_damaged_and_no_missing_one(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str], statement: str
) -> None:
    store = SqliteStore(tmp_path_factory.mktemp("ledger") / "var")
    record(store, 1, 3)
    run(store, statement, "")
    assert main(["verify", str(store.data)]) == 1
    assert "ledger.damaged" in capsys.readouterr().err


def test_a_database_whose_algorithm_was_removed_is_damaged_and_not_empty(filled: Store) -> None:
    run(filled, "DELETE FROM ledger", "DELETE FROM ledger")
    with pytest.raises(LedgerUnusableError) as caught, filled.reading():
        pass
    assert caught.value.code in {"ledger.damaged", "database.damaged"}


def test_another_ledger_beside_it_is_not_held_against_its_checkpoints(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    store = SqliteStore(tmp_path_factory.mktemp("ledger") / "var")
    record(store, 1, 3)
    shutil.copyfile(store.data / LEDGER_FILE, store.data / "earlier.sqlite")
    assert not (store.data / CHECKPOINTS).exists()
    with closing(sqlite3.connect(store.data / "earlier.sqlite")) as file, file:
        file.executescript("DELETE FROM stored_events; DELETE FROM facts; DELETE FROM heads")
    sign(store)
    assert main(["verify", str(store.data / "earlier.sqlite")]) == 0
    assert main(["verify", str(store.data)]) == 0
