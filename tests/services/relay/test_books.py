"""The book of relays, in a file and in a database: one holder at a time, positions that only grow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from events.ledger.errors import LedgerUnusableError
from events.moment import TIME_ZONE
from events.postgres.migrating import migrate_database
from services.relay.book import LeaseLostError, RelayBook
from services.relay.postgres_book import PostgresRelayBook, relay_migrations
from services.relay.sqlite_book import SqliteRelayBook
from tests.postgres_server import PostgresServer

Open = Callable[[str], RelayBook]
Pass = Callable[[], None]
LEASE = 60.0


class Surroundings:
    """How a kind of book is opened, and how its leases are made to run out."""

    def __init__(self, opened: Open, run_out: Pass) -> None:
        self.opened = opened
        self.run_out = run_out


@pytest.fixture
def file(tmp_path: Path) -> Surroundings:
    now = [dt.datetime(2026, 9, 28, 9, 0, tzinfo=TIME_ZONE)]

    def run_out() -> None:
        now[0] += dt.timedelta(seconds=LEASE + 1)

    return Surroundings(lambda topic: SqliteRelayBook(tmp_path / "relay.sqlite", topic, lambda: now[0]), run_out)


@pytest.fixture
def database(postgres_server: PostgresServer) -> Iterator[Surroundings]:
    conninfo = postgres_server.new_database()
    migrate_database(conninfo, relay_migrations())

    def run_out() -> None:
        with psycopg.connect(conninfo, autocommit=True) as connection:
            connection.execute("UPDATE relay_leases SET expires_at = expires_at - interval '61 seconds'")

    yield Surroundings(lambda topic: PostgresRelayBook(conninfo, topic), run_out)
    postgres_server.drop_database(conninfo)


@pytest.fixture(params=["file", "database"])
def kind(request: pytest.FixtureRequest) -> Surroundings:
    found: Surroundings = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def book(kind: Surroundings) -> Iterator[RelayBook]:
    opened = kind.opened("facts")
    yield opened
    opened.close()


def test_one_holder_has_the_lease_and_a_standby_gets_it_when_it_is_given_up(book: RelayBook) -> None:
    first = book.acquire("one", LEASE)
    assert first is not None
    assert (first.epoch, book.acquire("two", LEASE)) == (1, None)
    book.release(first)
    second = book.acquire("two", LEASE)
    assert second is not None
    assert (second.epoch, book.acquire("one", LEASE)) == (2, None)


def test_a_holder_that_begins_again_need_not_wait_for_itself(book: RelayBook) -> None:
    epochs = [lease.epoch for _ in range(2) if (lease := book.acquire("one", LEASE)) is not None]
    assert epochs == [1, 2]


def test_after_a_lease_has_run_out_another_has_it_and_the_former_keeps_nothing(
    kind: Surroundings, book: RelayBook
) -> None:
    first = book.acquire("one", LEASE)
    assert first is not None
    book.keep(first, {"xinzhou": 5}, LEASE)
    kind.run_out()
    second = book.acquire("two", LEASE)
    assert second is not None
    with pytest.raises(LeaseLostError):
        book.keep(first, {"xinzhou": 9}, LEASE)
    book.release(first)
    assert (book.published(), book.acquire("three", LEASE)) == ({"xinzhou": 5}, None)
    book.keep(second, {}, LEASE)


def test_a_lease_that_ran_out_and_that_nobody_took_is_held_on(kind: Surroundings, book: RelayBook) -> None:
    lease = book.acquire("one", LEASE)
    assert lease is not None
    kind.run_out()
    book.keep(lease, {"yuanzhou": 1}, LEASE)
    assert (book.published(), book.acquire("two", LEASE)) == ({"yuanzhou": 1}, None)


def test_positions_of_a_topic_only_grow_and_are_its_own(kind: Surroundings, book: RelayBook) -> None:
    lease = book.acquire("one", LEASE)
    assert lease is not None
    book.keep(lease, {"xinzhou": 5, "yuanzhou": 2}, LEASE)
    book.keep(lease, {"xinzhou": 3, "huancui": 1}, LEASE)
    other = kind.opened("other")
    try:
        taken = other.acquire("two", LEASE)
        assert (book.published(), other.published()) == ({"xinzhou": 5, "yuanzhou": 2, "huancui": 1}, {})
        assert taken is not None
    finally:
        other.close()


def test_a_database_without_the_tables_is_refused(postgres_database: str) -> None:
    with pytest.raises(LedgerUnusableError) as refused:
        PostgresRelayBook(postgres_database, "facts")
    assert refused.value.code == "database.not_migrated"
