"""The ledger in PostgreSQL, on a real server: the contract, and what only a database can do."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from events.keys import MemoryKeys
from events.ledger.errors import LedgerUnusableError
from events.ledger.port import Histories, Ledger, Proposal, Recorded
from events.postgres.ledger import PostgresLedger
from events.postgres.reader import open_postgres_reader
from tests.events.ledger import contract
from tests.events.ledger.examples import (
    MINUTE,
    NINE,
    XINZHOU,
    YUANZHOU,
    alone,
    receipts,
    sequences,
    withdrawn,
)

SIXTH = (
    "INSERT INTO stored_events SELECT originator_id, 99, topic, state, district, 6, gen_random_uuid(), leaf, root "
    "FROM stored_events WHERE sequence = 5"
)


@pytest.fixture
def ledger(database: str) -> Iterator[Ledger]:
    with PostgresLedger(database) as opened:
        yield opened


@pytest.fixture
def keys() -> MemoryKeys:
    return MemoryKeys()


@pytest.fixture
def sealed(database: str, keys: MemoryKeys) -> Iterator[Ledger]:
    with PostgresLedger(database, keys=keys) as opened:
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


def test_a_ledger_goes_on_where_it_was_closed(database: str) -> None:
    with PostgresLedger(database) as first:
        (before,) = first.record(alone(withdrawn(1)), NINE)
    with PostgresLedger(database) as second:
        again, after = second.record(alone(withdrawn(1), withdrawn(2)), NINE + MINUTE)
        assert (receipts(again), sequences([after])) == (receipts(before), [2])
        assert second.verify(XINZHOU).ok


def test_a_ledger_keeps_the_algorithm_it_was_made_with(database: str) -> None:
    with PostgresLedger(database, "sm3") as ledger:
        given = [
            receipt
            for outcome in ledger.record(alone(withdrawn(1), withdrawn(2)), NINE)
            for receipt in receipts(outcome)
        ]
    with open_postgres_reader(database) as reader:
        assert (reader.head(XINZHOU).algorithm, reader.head(XINZHOU).root) == ("sm3", given[-1].root)
        assert reader.verify(XINZHOU).ok
    with pytest.raises(LedgerUnusableError) as refused:
        PostgresLedger(database, "sha256")
    assert refused.value.code == "database.other_algorithm"


def test_a_database_in_which_nothing_was_recorded_has_no_ledger_to_read(database: str) -> None:
    with pytest.raises(LedgerUnusableError) as refused:
        open_postgres_reader(database)
    assert refused.value.code == "database.no_ledger"


def test_a_reader_sees_whole_transactions_while_a_writer_is_in_one(database: str, ledger: Ledger) -> None:
    ledger.record(alone(withdrawn(1)), NINE)
    seen: list[int] = []
    with open_postgres_reader(database) as reader:
        looking = Proposal(facts=(withdrawn(3),), decide=lambda _: seen.append(reader.head(XINZHOU).sequence))
        ledger.record([*alone(withdrawn(2)), looking], NINE)
        assert (seen, reader.head(XINZHOU).sequence) == ([1], 3)


def test_many_facts_of_one_proposal_are_all_there_or_none(ledger: Ledger) -> None:
    facts = tuple(withdrawn(n, matter=f"m-{n % 7}") for n in range(300))
    (outcome,) = ledger.record([Proposal(facts=facts)], NINE)
    assert isinstance(outcome, Recorded)
    assert len(ledger.read(XINZHOU)) == 300


def test_a_case_to_which_another_process_added_is_read_anew(database: str, ledger: Ledger) -> None:
    seen: list[int] = []

    def decide(histories: Histories) -> None:
        seen.append(len(histories["matter/m-14"]))

    ledger.record([Proposal(facts=(withdrawn(1),), decide=decide)], NINE)
    with PostgresLedger(database) as other:
        other.record(alone(withdrawn(2), withdrawn(3)), NINE)
    stated = Proposal(facts=(withdrawn(4),), decide=decide, expected={"matter/m-14": 3})
    assert sequences(ledger.record([stated], NINE)) == [4]
    assert seen == [0, 3]


def test_commits_wait_for_the_disk_whatever_the_database_says(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
        try:
            with PostgresLedger(database) as ledger:
                assert ledger._datastore.rows("SHOW synchronous_commit") == [("on",)]  # noqa: SLF001  no other way in
        finally:
            connection.execute(f"ALTER DATABASE {name} RESET synchronous_commit")


@pytest.mark.parametrize(
    ("change", "first_bad"),
    [
        ("UPDATE stored_events SET state = state || '\\x20' WHERE sequence = 2", 2),
        ("UPDATE stored_events SET state = '\\x7b7d' WHERE sequence = 2", 2),
        ("UPDATE stored_events SET topic = 'matter.merged.v1' WHERE sequence = 3", 3),
        ("UPDATE stored_events SET originator_version = 99 WHERE sequence = 3", 3),
        ("UPDATE stored_events SET originator_id = 'yuanzhou/matter/m-14' WHERE sequence = 3", 3),
        ("UPDATE stored_events SET id = gen_random_uuid() WHERE sequence = 2", 2),
        ("UPDATE stored_events SET leaf = '\\x00' WHERE sequence = 1", 1),
        ("UPDATE stored_events SET root = '\\x00' WHERE sequence = 4", 4),
        ("DELETE FROM stored_events WHERE sequence = 3", 3),
        ("DELETE FROM stored_events WHERE sequence = 5", 5),
        ("DELETE FROM heads", 1),
        ("UPDATE heads SET sequence = 4", 4),
        ("UPDATE heads SET frontier = frontier || '\\x00'", 5),
        ("UPDATE heads SET recorded_at = recorded_at - interval '1 hour'", 5),
        (SIXTH, 6),
    ],
)
def test_verification_names_the_first_fact_that_was_tampered_with(database: str, change: str, first_bad: int) -> None:
    with PostgresLedger(database) as ledger:
        ledger.record(alone(*(withdrawn(n) for n in range(1, 6))), NINE)
        with psycopg.connect(database) as connection:
            connection.execute(change)
        found = ledger.verify(XINZHOU)
    assert (found.ok, found.first_bad, found.reason and found.reason.code) == (False, first_bad, "ledger.seal_broken")


def test_districts_verify_apart(database: str) -> None:
    with PostgresLedger(database) as ledger:
        ledger.record(alone(withdrawn(1), withdrawn(1, district=YUANZHOU)), NINE)
        with psycopg.connect(database) as connection:
            connection.execute("UPDATE stored_events SET leaf = '\\x00' WHERE district = 'xinzhou'")
        assert [ledger.verify(district).ok for district in (XINZHOU, YUANZHOU)] == [False, True]
