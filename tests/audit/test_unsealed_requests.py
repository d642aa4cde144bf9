"""What the threat model says of request keys, which nothing seals: no recorded fact changes with them."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import psycopg

from events.ledger.port import Outcome, Proposal, Recorded, Repeated
from services.recording.embedded import LEDGER_FILE
from tests.audit.house import verified
from tests.audit.stores import PostgresStore, SqliteStore, Store
from tests.events.ledger.examples import NINE, receipts, withdrawn


def asked(store: Store, key: str, name: str) -> Outcome:
    """Hand in the same request, with a new id as a client makes one that does not know its answer."""
    with store.writing() as ledger:
        (outcome,) = ledger.record([Proposal(facts=(withdrawn(1, name=name),), key=key)], NINE)
        return outcome


def run(store: Store, statement: bytes) -> None:
    if isinstance(store, SqliteStore):
        with closing(sqlite3.connect(store.data / LEDGER_FILE)) as file, file:
            file.execute(statement.decode())
    elif isinstance(store, PostgresStore):
        with psycopg.connect(store.database) as connection:
            connection.execute(statement)


def test_a_request_whose_key_was_removed_goes_in_again_and_what_was_recorded_stays(store: Store) -> None:
    first = asked(store, "form-7", "first")
    assert isinstance(asked(store, "form-7", "again"), Repeated)
    before = store.tables().rows
    run(store, b"DELETE FROM requests WHERE key = 'form-7'")
    repeated = asked(store, "form-7", "once more")
    assert isinstance(repeated, Recorded)
    assert [one.sequence for one in (*receipts(first), *repeated.receipts)] == [1, 2]
    assert store.tables().rows[:1] == before
    assert verified(store).ok


def test_a_request_whose_key_was_changed_is_taken_for_one_that_was_answered(store: Store) -> None:
    first = asked(store, "form-7", "first")
    run(store, b"UPDATE requests SET key = 'form-8' WHERE key = 'form-7'")
    before = store.tables().rows
    other = asked(store, "form-8", "another")
    assert isinstance(other, Repeated)
    assert receipts(other) == receipts(first)
    assert store.tables().rows == before
    assert verified(store).ok
