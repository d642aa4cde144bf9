"""taizhang migrate: makes the tables, safe to repeat, and tells what it did."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from events.postgres.ledger import PostgresLedger
from services.cli import main
from services.stores.migrations import all_migrations
from tests.postgres_server import PostgresServer


@pytest.fixture
def database(postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    conninfo = postgres_server.new_database()
    monkeypatch.setenv("TAIZHANG_DATABASE", conninfo)
    yield conninfo
    postgres_server.drop_database(conninfo)


def test_migrating_makes_the_tables_and_a_second_time_nothing(
    database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["migrate", "--json"]) == 0
    applied = json.loads(capsys.readouterr().out)["applied"]
    assert applied == [{"part": one.part, "number": one.number, "name": one.name} for one in all_migrations()]
    assert main(["migrate"]) == 0
    assert capsys.readouterr().out == "数据库已是最新 / the database is up to date\n"
    PostgresLedger(database).close()


def test_without_a_database_there_is_nothing_to_migrate(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("TAIZHANG_DATABASE", raising=False)
    assert main(["migrate"]) == 2
    assert "[database.not_named]" in capsys.readouterr().err


def test_a_database_that_does_not_answer_is_told_without_its_password(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TAIZHANG_DATABASE", "postgresql://office:hunter2@127.0.0.1:1/ledger")
    assert main(["migrate"]) == 2
    told = capsys.readouterr().err
    assert ("[database.unreachable]" in told, "127.0.0.1:1/ledger" in told, "hunter2" in told) == (True, True, False)
    assert "，没有改动任何表；请检查服务器与网络，随后重新运行。" in told
    assert "; no table was changed. Check server and network, then run it again. [database.unreachable]" in told
