"""A database that is not there when a process starts is awaited; one that does not admit the process is not."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from events.ledger.errors import LedgerUnusableError
from events.postgres.arrival import NOT_ADMITTED, why_away
from events.postgres.faults import Awaiting
from events.postgres.reader import open_postgres_reader
from services.cli import main
from tests.local_broker import LocalBroker
from tests.postgres_server import PostgresServer, own_server
from tests.services.streams.chaos import free_ports
from tests.services.streams.prepared import prepared, status
from tests.services.streams.system import running, wait_until

PARTS = {"api": "serve", "relay": "relay", "worker": "worker", "impatient": "serve"}


@pytest.fixture
def _signals_as_before() -> Iterator[None]:
    """Leave signals as they were: a command run in a test says what they do."""
    before = {one: signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT)}
    yield
    for one, handler in before.items():
        signal.signal(one, handler)


def test_every_part_waits_for_the_database_alive_and_not_ready_and_then_goes_on(
    tmp_path: Path, kafka: LocalBroker, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ports = dict(zip(PARTS, free_ports(len(PARTS)), strict=True))
    with own_server() as server:
        settings = prepared(tmp_path, server.url, kafka, topic, monkeypatch.setenv)
        server.act("stop")
        with running(tmp_path, settings, "") as system, httpx.Client(timeout=60) as client:
            for part, command in PARTS.items():
                access = str(tmp_path / f"{part}-access")
                system.taizhang(part, command, TAIZHANG_PORT=str(ports[part]), TAIZHANG_ACCESS=access)

            for part in PARTS:
                wait_until(lambda of=part: status(client, ports[of], "/v1/health") == 200, f"{part} is alive")  # type: ignore[misc]  # bound now
                assert status(client, ports[part], "/v1/ready") == 503
            assert status(client, ports["api"], "/v1/serving") == 503
            asked = client.post(f"http://127.0.0.1:{ports['api']}/v1/districts/xinzhou/facts", json={})
            assert (asked.status_code, asked.json()["code"], asked.headers["retry-after"]) == (
                503,
                "service.waiting",
                "5",
            )
            assert system.stop("impatient") == 0
            server.act("start")
            for part in ("api", "relay", "worker"):
                wait_until(lambda of=part: status(client, ports[of], "/v1/ready") == 200, f"{part} is ready")  # type: ignore[misc]  # bound now
                told = [json.loads(line) for line in system.log(part).splitlines() if line.startswith("{")]
                said = [one for one in told if one["event"].startswith("database.")]
                *away, found = [one["event"] for one in said]
                assert (set(away), found) == ({"database.away_at_start"}, "database.found"), said
                reasons = [one["reason"] for one in said[:-1] if "repeated" not in one]
                assert len(reasons) == len(set(reasons)), said  # refused, then it may be starting up: each told once
                assert ("refused" in said[0]["reason"], said[0]["level"], bool(said[0]["do_en"])) == (
                    True,
                    "warning",
                    True,
                )
                assert system.stop(part) == 0


@pytest.mark.usefixtures("_signals_as_before")
@pytest.mark.parametrize("command", ["serve", "relay", "worker", "migrate"])
def test_a_wrong_password_ends_a_command_at_once(
    command: str,
    postgres_server: PostgresServer,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wrong = make_conninfo(postgres_server.url, password="hunter2")  # noqa: S106  of nobody
    for name, value in {"DATABASE": wrong, "KAFKA": "127.0.0.1:9", "DATA": str(tmp_path)}.items():
        monkeypatch.setenv(f"TAIZHANG_{name}", value)
    assert main([command]) != 0
    told = capsys.readouterr().err
    assert (f"[{NOT_ADMITTED}]" in told, "hunter2" in told, "database.away" in told) == (True, False, False)


@pytest.mark.usefixtures("_signals_as_before")
@pytest.mark.parametrize("command", ["serve", "relay"])
def test_a_database_without_tables_ends_the_start_at_once(
    command: str,
    postgres_database: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in {"DATABASE": postgres_database, "KAFKA": "127.0.0.1:9", "DATA": str(tmp_path)}.items():
        monkeypatch.setenv(f"TAIZHANG_{name}", value)
    assert main([command]) == 2
    assert "[database.not_migrated]" in capsys.readouterr().err


def test_a_server_that_admits_nobody_for_now_is_awaited_and_one_that_knows_no_such_database_is_not(
    postgres_server: PostgresServer,
) -> None:
    url = postgres_server.url
    assert why_away(url) is None
    assert "refused" in (why_away(make_conninfo(url, port="9")) or "")
    only_a_standby = make_conninfo(url, target_session_attrs="standby")
    assert "hot standby" in (why_away(only_a_standby) or "")
    with pytest.raises(LedgerUnusableError, match="nowhere") as refusal:
        why_away(make_conninfo(url, dbname="nowhere"))
    assert refusal.value.code == NOT_ADMITTED


def test_whoever_reads_the_ledger_with_a_wrong_password_is_told_so_and_not_kept_waiting(
    postgres_server: PostgresServer,
) -> None:
    awaited: list[str] = []
    wrong = make_conninfo(postgres_server.url, password="hunter2")  # noqa: S106  of nobody
    with pytest.raises(LedgerUnusableError, match="password") as refusal:
        open_postgres_reader(wrong, awaiting=Awaiting(told=awaited.append, connection=0.3))
    assert (refusal.value.code, awaited) == (NOT_ADMITTED, [])


def test_a_server_without_a_free_connection_is_awaited(postgres_server: PostgresServer) -> None:
    with psycopg.connect(postgres_server.url, autocommit=True) as connection:
        connection.execute("CREATE ROLE crowded LOGIN PASSWORD 'crowded' CONNECTION LIMIT 0")
        try:
            crowded = make_conninfo(postgres_server.url, user="crowded", password="crowded")  # noqa: S106  of this test
            assert "too many connections" in (why_away(crowded) or "")
        finally:
            connection.execute("DROP ROLE crowded")
