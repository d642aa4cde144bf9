"""The scripts that run PostgreSQL: what was committed survives a kill, the server listens on loopback only."""

from __future__ import annotations

import subprocess

import psycopg
import pytest

from tests.postgres_server import SCRIPTS, PostgresServer, own_server


def test_a_module_gets_an_empty_database_of_its_own(postgres_database: str) -> None:
    with psycopg.connect(postgres_database) as connection:
        found = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert found == (0,)


def test_the_server_is_durable_and_listens_on_loopback_only(postgres_server: PostgresServer) -> None:
    asked = ("fsync", "synchronous_commit", "listen_addresses", "unix_socket_directories", "data_checksums")
    with psycopg.connect(postgres_server.url) as connection:
        found = {name: (connection.execute(f"SHOW {name}").fetchone() or ("",))[0] for name in asked}
    assert found == {
        "fsync": "on",
        "synchronous_commit": "on",
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "data_checksums": "on",
    }


def test_without_the_password_nobody_gets_in(postgres_server: PostgresServer) -> None:
    guess = "guessed"
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(postgres_server.url, password=guess)


def test_a_killed_server_starts_again_at_its_address_with_what_was_committed() -> None:
    with own_server() as server:
        with psycopg.connect(server.url) as connection:
            connection.execute("CREATE TABLE kept (word text)")
            connection.execute("INSERT INTO kept VALUES ('台账')")
        server.act("kill")
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(server.url)
        server.act("start")
        with psycopg.connect(server.url) as connection:
            assert connection.execute("SELECT word FROM kept").fetchone() == ("台账",)


def test_an_unknown_action_prints_how_it_is_used() -> None:
    done = subprocess.run([SCRIPTS / "server", "dance", "here"], check=False, capture_output=True)
    assert (done.returncode, "start FOLDER" in done.stderr.decode()) == (2, True)
