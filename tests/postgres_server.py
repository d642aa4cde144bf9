"""A real PostgreSQL server for the tests, run by the scripts in deploy/postgres."""

from __future__ import annotations

import fcntl
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from msgspec import Struct
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from events.postgres.migrating import ledger_migrations, migrate

SCRIPTS = Path(__file__).parents[1] / "deploy" / "postgres"
FOLDER = "TAIZHANG_TEST_POSTGRES_FOLDER"
"""Names, to every process of one test run, the folder of the server they share."""
LONGEST_ACTION = 300
"""Seconds until a script that ought to be through, and a standby that ought to follow, are given up."""
FOR_TESTS = ("-c", "max_connections=200", "-c", "shared_buffers=64MB")


class PostgresServer(Struct, frozen=True):
    """A running server; `url` reaches its maintenance database, its password included."""

    folder: Path
    url: str

    def database_url(self, name: str) -> str:
        """Return the conninfo of a database of this server."""
        return make_conninfo(self.url, dbname=name)

    def new_database(self) -> str:
        """Make an empty database and return its conninfo."""
        name = f"taizhang_{uuid4().hex[:12]}"
        self._maintain(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        return self.database_url(name)

    def new_ledger_database(self) -> str:
        """Make a database with the tables of the ledger, and return its conninfo."""
        conninfo = self.new_database()
        with psycopg.connect(conninfo, autocommit=True) as connection:
            migrate(connection, ledger_migrations())
        return conninfo

    def drop_database(self, conninfo: str) -> None:
        """Remove a database and end who still uses it."""
        name = conninfo_to_dict(conninfo)["dbname"]
        self._maintain(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(str(name))))

    def act(self, action: str) -> None:
        """Run an action of deploy/postgres/server: start, stop, kill, wait."""
        run_script(action, self.folder)

    def _maintain(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement)


def shared_server() -> PostgresServer:
    """Return the server that all processes of this test run share; the first to ask starts it. Leave it running."""
    folder = Path(os.environ[FOLDER])
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return started(folder / "server")


@contextmanager
def own_server() -> Iterator[PostgresServer]:
    """Run a server of one's own, to be stopped or killed at will."""
    with tempfile.TemporaryDirectory(prefix="taizhang-postgres-", ignore_cleanup_errors=True) as parent:
        Path(parent).chmod(0o711)
        server = started(Path(parent) / "server")
        try:
            yield server
        finally:
            run_script("clean", server.folder)


@contextmanager
def standby_of(primary: PostgresServer) -> Iterator[PostgresServer]:
    """Run a standby that a primary waits for at each commit, in a folder beside it; the passwords are the same."""
    standby = PostgresServer(
        primary.folder.with_name("standby"),
        run_script("follow", primary.folder.with_name("standby"), str(primary.folder), *FOR_TESTS),
    )
    try:
        with psycopg.connect(primary.url, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
            connection.execute("SELECT pg_reload_conf()")
            until = time.monotonic() + LONGEST_ACTION
            while not connection.execute("SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'").fetchall():
                assert time.monotonic() < until, "the standby does not follow the primary"
                time.sleep(0.05)
        yield standby
    finally:
        run_script("clean", standby.folder)


def started(folder: Path) -> PostgresServer:
    """Start the server in a folder unless it runs; skip the test where there is none to be had, never with CI=true."""
    if not installed():
        said = "没有 PostgreSQL，见 deploy/postgres/programs / there is no PostgreSQL, see deploy/postgres/programs"
        if os.environ.get("CI") == "true":
            pytest.fail(said)
        pytest.skip(said)
    return PostgresServer(folder, run_script("start", folder, *FOR_TESTS))


def installed() -> bool:
    """Tell whether the programs of a server are there, after the script has tried to install them."""
    return subprocess.run([SCRIPTS / "programs"], check=False, capture_output=True).returncode == 0


def run_script(action: str, folder: Path, *more: str) -> str:
    """Run deploy/postgres/server and return what it prints."""
    command = [str(SCRIPTS / "server"), action, str(folder), *more]
    try:
        done = subprocess.run(command, check=False, capture_output=True, timeout=LONGEST_ACTION)
    except subprocess.TimeoutExpired:
        pytest.fail(f"deploy/postgres/server {action} has not come to its end in {LONGEST_ACTION} seconds")
    if done.returncode != 0:
        pytest.fail(f"deploy/postgres/server {action}: {done.stderr.decode()}")
    return done.stdout.decode().strip()


def begin_test_run() -> None:
    """Choose the folder of the server this test run shares, before its processes start."""
    folder = Path(tempfile.mkdtemp(prefix="taizhang-postgres-"))
    folder.chmod(0o711)
    os.environ[FOLDER] = str(folder)


def end_test_run() -> None:
    """Stop the shared server and remove its folder."""
    folder = Path(os.environ.pop(FOLDER))
    if (folder / "server").exists():
        run_script("clean", folder / "server")
    (folder / "lock").unlink(missing_ok=True)
    folder.rmdir()
