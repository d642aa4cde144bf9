"""The ledger in an SQLite file: the contract, and what only a file can do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from events.keys import MemoryKeys
from events.ledger.port import Ledger, Proposal, Recorded
from events.sqlite.ledger import SqliteLedger
from events.sqlite.reader import open_reader
from events.tree.sealing import hash_function
from tests.events.ledger import contract
from tests.events.ledger.examples import (
    MINUTE,
    NINE,
    XINZHOU,
    YUANZHOU,
    alone,
    receipts,
    refusal,
    registered,
    sequences,
    withdrawn,
)
from tests.events.ledger.reference import tree_hash


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with SqliteLedger(path) as opened:
        yield opened


@pytest.fixture
def keys() -> MemoryKeys:
    return MemoryKeys()


@pytest.fixture
def sealed(path: Path, keys: MemoryKeys) -> Iterator[Ledger]:
    with SqliteLedger(path, keys=keys) as opened:
        yield opened


class TestRecording(contract.RecordingContract):
    """Writing."""


class TestStored(contract.StoredContract):
    """What can be stored."""


class TestDeciding(contract.DecidingContract):
    """Decisions."""


class TestTime(contract.TimeContract):
    """Times and clock facts."""


class TestReading(contract.ReadingContract):
    """Reading."""


class TestPersonal(contract.PersonalContract):
    """Personal fields."""


def test_a_ledger_goes_on_where_it_was_closed(path: Path) -> None:
    with SqliteLedger(path) as first:
        (before,) = first.record(alone(withdrawn(1)), NINE)
    with SqliteLedger(path) as second:
        again, after = second.record(alone(withdrawn(1), withdrawn(2)), NINE + MINUTE)
        assert (receipts(again), sequences([after])) == (receipts(before), [2])
        assert second.verify(XINZHOU).ok


def test_a_ledger_can_be_sealed_with_sm3(path: Path) -> None:
    with SqliteLedger(path, "sm3") as ledger:
        outcomes = ledger.record(alone(withdrawn(1), withdrawn(2), withdrawn(3)), NINE)
    given = [receipt for outcome in outcomes for receipt in receipts(outcome)]
    with SqliteLedger(path) as ledger:
        head, found = ledger.head(XINZHOU), ledger.verify(XINZHOU)
    assert (head.algorithm, head.root) == ("sm3", given[-1].root)
    assert given[-1].root == tree_hash(hash_function("sm3"), [receipt.leaf for receipt in given])
    assert (found.ok, found.root) == (True, head.root)


def test_a_reader_sees_whole_transactions_while_the_writer_is_in_one(path: Path, ledger: Ledger) -> None:
    ledger.record(alone(withdrawn(1)), NINE)
    reader = open_reader(path)
    seen: list[int] = []
    looking = Proposal(facts=(withdrawn(3),), decide=lambda _: seen.append(reader.head(XINZHOU).sequence))
    ledger.record([*alone(withdrawn(2)), looking], NINE)
    seen.append(reader.head(XINZHOU).sequence)
    assert seen == [1, 3]
    assert reader.read(XINZHOU) == ledger.read(XINZHOU)
    reader.close()


def test_facts_keep_their_place_when_the_file_is_compacted(path: Path) -> None:
    with SqliteLedger(path) as ledger:
        ledger.record(alone(*(withdrawn(n, matter=f"m-{n}") for n in range(6))), NINE)
        before = ledger.read(XINZHOU)
    with sqlite3.connect(path) as connection:
        connection.execute("VACUUM")
    connection.close()
    with SqliteLedger(path) as ledger:
        assert (ledger.read(XINZHOU), ledger.verify(XINZHOU).ok) == (before, True)


def test_the_key_of_a_person_is_not_in_the_ledger_file(path: Path, sealed: Ledger, keys: MemoryKeys) -> None:
    sealed.record(alone(registered(name="某甲")), NINE)
    written = path.read_bytes() + path.with_name("ledger.sqlite-wal").read_bytes()
    key = keys.find(XINZHOU, "p-li")
    assert key is not None
    assert (key in written, "某甲".encode() in written, b"sealed:v1:" in written) == (False, False, True)


@pytest.mark.parametrize(
    ("change", "first_bad"),
    [
        ("UPDATE stored_events SET state = CAST(replace(state, '研究', '撤回') AS BLOB) WHERE position = 3", 3),
        ("UPDATE stored_events SET state = 'nothing' WHERE position = 2", 2),
        ("UPDATE stored_events SET state = NULL WHERE position = 2", None),
        ("UPDATE stored_events SET topic = 'matter.postponed.v1' WHERE position = 4", 4),
        ("UPDATE stored_events SET originator_id = 'xinzhou/matter/other' WHERE position = 4", 4),
        ("UPDATE stored_events SET originator_version = 9 WHERE position = 5", 5),
        ("UPDATE facts SET id = zeroblob(16) WHERE sequence = 2", 2),
        ("UPDATE facts SET id = 'text' WHERE sequence = 2", 2),
        ("UPDATE facts SET leaf = zeroblob(32) WHERE sequence = 1", 1),
        ("UPDATE facts SET root = zeroblob(32) WHERE sequence = 4", 4),
        ("UPDATE facts SET position = 6 - position WHERE sequence < 6", 1),
        ("DELETE FROM facts WHERE sequence = 3", 3),
        ("DELETE FROM facts WHERE sequence = 5", 5),
        ("DELETE FROM stored_events WHERE position = 3", 3),
        ("DELETE FROM heads", 1),
        ("UPDATE heads SET sequence = 4", 4),
        ("UPDATE heads SET frontier = (SELECT frontier FROM heads) || x'00'", 5),
        ("UPDATE heads SET recorded_at = '2026-09-28T08:00:00+08:00'", 5),
        ("UPDATE stored_events SET topic = CAST(x'ff' AS TEXT) WHERE position = 4", 4),
        ("INSERT INTO stored_events VALUES (99, 'xinzhou/matter/m-14', 99, 'matter.withdrawn.v1', x'7b7d')", 6),
    ],
)
def test_verification_names_the_first_fact_that_was_tampered_with(
    path: Path, change: str, first_bad: int | None
) -> None:
    with SqliteLedger(path) as ledger:
        ledger.record(alone(*(withdrawn(n) for n in range(1, 6))), NINE)
    connection = sqlite3.connect(path)
    try:
        with connection:
            connection.execute(change)
    except sqlite3.IntegrityError:
        assert first_bad is None
        return
    finally:
        connection.close()
    reader = open_reader(path)
    found = reader.verify(XINZHOU)
    reader.close()
    assert (found.ok, found.first_bad) == (False, first_bad)
    assert found.reason is not None
    assert found.reason.code == "ledger.seal_broken"


def test_districts_verify_apart(path: Path) -> None:
    with SqliteLedger(path) as ledger:
        ledger.record(alone(withdrawn(1), withdrawn(1, district=YUANZHOU)), NINE)
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("UPDATE facts SET leaf = zeroblob(32) WHERE district = 'xinzhou'")
    connection.close()
    reader = open_reader(path)
    assert [reader.verify(district).ok for district in (XINZHOU, YUANZHOU)] == [False, True]
    reader.close()


def test_many_facts_of_one_proposal_are_all_there_or_none(ledger: Ledger) -> None:
    facts = tuple(withdrawn(n, matter=f"m-{n % 7}") for n in range(300))
    spoiled = (*facts[:-1], replace(facts[-1], data=withdrawn(1, reason="\ud800").data))
    (refused,) = ledger.record([Proposal(facts=spoiled)], NINE)
    assert (refusal(refused), ledger.read(XINZHOU)) == ("ledger.unstorable", [])
    (outcome,) = ledger.record([Proposal(facts=facts)], NINE)
    assert isinstance(outcome, Recorded)
    assert len(ledger.read(XINZHOU)) == 300
