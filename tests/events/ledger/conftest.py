"""A PostgreSQL database for the ledger, emptied for each test."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from tests.postgres_server import PostgresServer


@pytest.fixture(scope="module")
def migrated(postgres_server: PostgresServer) -> Iterator[str]:
    conninfo = postgres_server.new_ledger_database()
    yield conninfo
    postgres_server.drop_database(conninfo)


@pytest.fixture
def database(migrated: str) -> str:
    """Give the database of this module, emptied."""
    emptied(migrated)
    return migrated


def emptied(conninfo: str) -> None:
    """Take every row out of a ledger's tables."""
    with psycopg.connect(conninfo) as connection:
        connection.execute("TRUNCATE stored_events, heads, requests, person_keys, ledger")
