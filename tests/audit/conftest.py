"""Each drill runs on both stores."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.audit.stores import PostgresStore, SqliteStore, Store
from tests.postgres_server import PostgresServer


@pytest.fixture(scope="module")
def migrated(postgres_server: PostgresServer) -> Iterator[str]:
    conninfo = postgres_server.new_ledger_database()
    yield conninfo
    postgres_server.drop_database(conninfo)


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """Give an empty ledger in each kind of store."""
    if request.param == "sqlite":
        return SqliteStore(tmp_path / "var")
    database: str = request.getfixturevalue("migrated")
    with psycopg.connect(database) as connection:
        connection.execute("TRUNCATE stored_events, heads, requests, person_keys, ledger")
    return PostgresStore(database, tmp_path / "var")
