"""taizhang copy-ledger: a district moves into the database as it was sealed, with its keys, or not at all."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from events.keys import KeyFile
from events.ledger.errors import PersonErasedError
from events.ledger.port import Proposal, Repeated
from events.personal import reveal
from events.postgres.copying import CopyTarget
from events.postgres.keys import PostgresKeys
from events.postgres.ledger import PostgresLedger
from events.sqlite.ledger import SqliteLedger
from events.sqlite.reader import open_reader
from projections.policy.policy import SHIPPED
from services.cli import main
from services.policy.kept_policies import KeptPolicies
from tests.events.ledger.examples import (
    MINUTE,
    NINE,
    XINZHOU,
    YUANZHOU,
    alone,
    receipts,
    registered,
    sequences,
    withdrawn,
)
from tests.postgres_server import PostgresServer

FACTS = 30


@pytest.fixture
def database(postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    conninfo = postgres_server.new_ledger_database()
    monkeypatch.setenv("TAIZHANG_DATABASE", conninfo)
    yield conninfo
    postgres_server.drop_database(conninfo)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a data folder with facts of two districts, a request that was answered, and two persons, one erased."""
    keys = KeyFile(tmp_path / "keys.sqlite")
    with closing(keys), SqliteLedger(tmp_path / "ledger.sqlite", "sm3", keys=keys) as ledger:
        ledger.record(alone(*(withdrawn(n, matter=f"m-{n % 3}") for n in range(FACTS))), NINE)
        ledger.record([Proposal(facts=(withdrawn(99, matter="m-99"),), key="form-7")], NINE + MINUTE)
        ledger.record(alone(registered(), registered("p-sun", "某丙"), withdrawn(1, district=YUANZHOU)), NINE + MINUTE)
        keys.erase(XINZHOU, "p-sun", withdrawn(1).id)
    return tmp_path


def copied(capsys: pytest.CaptureFixture[str], folder: Path, *more: str) -> tuple[int, object, str]:
    code = main(["copy-ledger", "--from", str(folder), "--json", *more])
    told = capsys.readouterr()
    return code, json.loads(told.out) if told.out else None, told.err


def test_a_district_arrives_as_it_was_sealed_and_goes_on_there(
    database: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(open_reader(folder / "ledger.sqlite")) as reader:
        head, facts, before = reader.head(XINZHOU), reader.read(XINZHOU), reader.receipts(XINZHOU, [FACTS + 1])
    shown = {"district": XINZHOU, "facts": head.sequence, "keys": 2, "root": head.root.hex()}
    assert copied(capsys, folder, "--district", XINZHOU) == (0, [{**shown, "copied": head.sequence}], "")
    with closing(PostgresKeys(database)) as keys, PostgresLedger(database, keys=keys) as ledger:
        assert (ledger.districts(), ledger.head(XINZHOU), ledger.read(XINZHOU)) == ([XINZHOU], head, facts)
        assert reveal(facts[FACTS + 1], keys).fact.data == registered().data
        with pytest.raises(PersonErasedError):
            keys.find_or_make(XINZHOU, "p-sun")
        retried = Proposal(facts=(withdrawn(99, matter="m-99", name="a new id"),), key="form-7")
        assert ledger.record([retried], NINE + MINUTE) == [Repeated(tuple(before))]
        assert sequences(ledger.record(alone(withdrawn(100)), NINE + MINUTE)) == [head.sequence + 1]
        assert ledger.verify(XINZHOU).ok


def test_a_copy_that_was_broken_off_goes_on_and_a_whole_one_is_left_alone(
    database: str, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("events.postgres.copying._PAGE", 10)
    seen: list[int] = []

    def broken_off(more: int) -> None:
        seen.append(more)
        if sum(seen) >= 20:
            raise KeyboardInterrupt

    with (
        closing(open_reader(folder / "ledger.sqlite")) as reader,
        CopyTarget(database, reader, XINZHOU) as target,
        pytest.raises(KeyboardInterrupt),
    ):
        target.copy({}, broken_off)
    code, first, _ = copied(capsys, folder)
    again = copied(capsys, folder)[1]
    assert code == 0
    assert isinstance(first, list)
    assert isinstance(again, list)
    assert [(one["district"], one["facts"], one["copied"]) for one in first] == [(XINZHOU, 33, 13), (YUANZHOU, 1, 1)]
    assert [(one["facts"], one["copied"]) for one in again] == [(33, 0), (1, 0)]


def test_a_ledger_without_facts_is_refused_as_a_folder_taken_by_mistake(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with SqliteLedger(tmp_path / "ledger.sqlite"):
        pass
    code, shown, told = copied(capsys, tmp_path)
    assert (code, shown) == (2, None)
    assert f"The ledger in {tmp_path} has no facts, so there is nothing to copy; check --from." in told
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM stored_events").fetchone() == (0,)


def test_a_target_that_holds_something_else_is_refused_and_left_as_it_was(
    database: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with PostgresLedger(database, "sm3") as ledger:
        (own,) = ledger.record(alone(withdrawn(7)), NINE)
        code, _, told = copied(capsys, folder, "--district", XINZHOU)
        assert (code, "copy.target_differs" in told) == (1, True)
        assert ledger.head(XINZHOU).root == receipts(own)[0].root


def test_a_target_that_is_ahead_of_its_source_is_refused(
    database: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert copied(capsys, folder)[0] == 0
    with PostgresLedger(database) as ledger:
        ledger.record(alone(withdrawn(100)), NINE + MINUTE)
    code, _, told = copied(capsys, folder, "--district", XINZHOU)
    assert (code, "copy.target_differs" in told) == (1, True)


def test_a_source_that_was_changed_is_not_copied_past_the_change(
    database: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(folder / "ledger.sqlite")) as file, file:
        file.execute("UPDATE facts SET leaf = zeroblob(32) WHERE district = 'xinzhou' AND sequence = 5")
    code, _, told = copied(capsys, folder, "--district", XINZHOU)
    assert (code, "copy.source_broken" in told) == (1, True)
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM stored_events").fetchone() == (0,)


def test_nobody_records_in_the_folder_while_it_is_copied(
    database: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with SqliteLedger(folder / "ledger.sqlite"):
        code, _, told = copied(capsys, folder)
    assert (code, "ledger.second_writer" in told) == (2, True)
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM stored_events").fetchone() == (0,)


def test_a_database_sealed_otherwise_is_refused(
    database: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    PostgresLedger(database, "sha256").close()
    code, _, told = copied(capsys, folder)
    assert (code, "database.other_algorithm" in told) == (2, True)


def test_a_district_that_is_not_there_is_named(
    database: str,  # noqa: ARG001  the settings name it
    folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, _, told = copied(capsys, folder, "--district", "huancui")
    assert (code, "copy.no_such_district" in told) == (2, True)


@pytest.mark.usefixtures("database")
def test_adopted_settings_of_the_house_come_along_to_the_shared_data_folder(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shared = tmp_path_factory.mktemp("shared")
    monkeypatch.setenv("TAIZHANG_DATA", str(shared))
    policy = KeptPolicies(folder).keep(SHIPPED.read_bytes() + "# 本区所用\n".encode())
    assert main(["copy-ledger", "--from", str(folder)]) == 0
    assert f"1 份内部设置已存入 {shared}" in capsys.readouterr().out
    assert KeptPolicies(shared).find(policy.sha256) == policy
    assert main(["copy-ledger", "--from", str(folder)]) == 0
