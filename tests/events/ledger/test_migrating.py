"""Migrations: numbered, applied once, by one at a time, and never over what is not known."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Thread

import psycopg
import pytest

from events.ledger.errors import LedgerUnusableError
from events.postgres.ledger import PostgresLedger
from events.postgres.migrating import Migration, check_migrated, ledger_migrations, migrate
from tests.postgres_server import PostgresServer

FIRST = Migration("desk", 1, "papers", "CREATE TABLE papers (id bigint)")
SECOND = Migration("desk", 2, "titles", "ALTER TABLE papers ADD COLUMN title text; CREATE INDEX ON papers (title)")


@pytest.fixture
def empty(postgres_server: PostgresServer) -> Iterator[str]:
    conninfo = postgres_server.new_database()
    yield conninfo
    postgres_server.drop_database(conninfo)


@pytest.fixture
def connection(empty: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(empty, autocommit=True) as opened:
        yield opened


def refused(connection: psycopg.Connection, known: list[Migration]) -> str:
    with pytest.raises(LedgerUnusableError) as error:
        migrate(connection, known)
    return error.value.code


def test_what_is_missing_is_applied_in_order_and_once(connection: psycopg.Connection) -> None:
    assert migrate(connection, [FIRST]) == [FIRST]
    assert migrate(connection, [FIRST, SECOND]) == [SECOND]
    assert migrate(connection, [FIRST, SECOND]) == []
    found = connection.execute("SELECT part, number, name FROM applied_migrations ORDER BY number").fetchall()
    assert found == [("desk", 1, "papers"), ("desk", 2, "titles")]


def test_a_step_that_fails_leaves_nothing_of_any(connection: psycopg.Connection) -> None:
    broken = Migration("desk", 2, "titles", "ALTER TABLE nowhere ADD COLUMN title text")
    with pytest.raises(psycopg.errors.UndefinedTable):
        migrate(connection, [FIRST, broken])
    assert connection.execute("SELECT to_regclass('papers'), to_regclass('applied_migrations')").fetchone() == (
        None,
        None,
    )


def test_parts_are_numbered_apart(connection: psycopg.Connection) -> None:
    shelf = Migration("shelf", 1, "shelves", "CREATE TABLE shelves (id bigint)")
    migrate(connection, [FIRST])
    assert migrate(connection, [FIRST, shelf]) == [shelf]
    assert migrate(connection, [shelf]) == []


def test_a_newer_schema_is_refused(connection: psycopg.Connection) -> None:
    migrate(connection, [FIRST, SECOND])
    assert refused(connection, [FIRST]) == "database.newer_schema"


def test_a_step_that_was_changed_after_it_was_applied_is_refused(connection: psycopg.Connection) -> None:
    migrate(connection, [FIRST])
    assert refused(connection, [Migration("desk", 1, "papers", "CREATE TABLE papers (id uuid)")]) == (
        "database.changed_migration"
    )


def test_several_that_migrate_at_once_apply_each_step_once(empty: str) -> None:
    applied: list[Migration] = []

    def apply() -> None:
        with psycopg.connect(empty, autocommit=True) as own:
            applied.extend(migrate(own, ledger_migrations()))

    threads = [Thread(target=apply) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert applied == ledger_migrations()


def test_a_ledger_is_not_opened_before_its_tables_are_there(empty: str, connection: psycopg.Connection) -> None:
    with pytest.raises(LedgerUnusableError) as error:
        PostgresLedger(empty)
    assert error.value.code == "database.not_migrated"
    migrate(connection, ledger_migrations())
    check_migrated(connection, ledger_migrations())
    PostgresLedger(empty).close()


def test_an_older_program_does_not_open_a_newer_ledger(empty: str, connection: psycopg.Connection) -> None:
    migrate(connection, [*ledger_migrations(), Migration("ledger", 9_999, "later", "SELECT 1")])
    with pytest.raises(LedgerUnusableError) as error:
        PostgresLedger(empty)
    assert error.value.code == "database.newer_schema"
