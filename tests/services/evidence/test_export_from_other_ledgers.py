"""A package is the same whatever the ledger is kept in, and is sealed as the ledger is."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from events.ledger.port import Proposal
from events.ledger.sealed_facts import SealedReader
from events.postgres.ledger import PostgresLedger
from events.postgres.reader import open_postgres_reader
from events.sqlite.ledger import SqliteLedger
from events.sqlite.reader import open_reader
from events.tree.sealing import Algorithm
from services.cli import main
from services.evidence import verify as offline
from services.evidence.exporting import export
from services.evidence.verifying import verify_package
from services.evidence.vouching import vouching
from services.evidence.wanted import Wanted
from tests.postgres_server import PostgresServer
from tests.services.evidence.packages import INSTALLATION
from tests.services.recording.acts import NOW, XINZHOU, act

FACTS = [
    act(
        "countersign.requested",
        f"cs-{number}",
        kind="opinion",
        about="matter/m-1",
        sponsor="u-housing",
        form="online",
        departments=["u-land"],
    )
    for number in range(9)
]
PROPOSALS = [Proposal(facts=(fact,)) for fact in FACTS]


def packaged(ledger: SealedReader, data: Path, to: Path) -> dict[str, bytes]:
    wanted = Wanted(district=XINZHOU, first=3, last=8)
    export(ledger, wanted, vouching(data, INSTALLATION, ledger, wanted), lambda _sha256: None, to)
    assert (verify_package(to).problems, offline.check(str(to)).problems) == ((), [])
    return {path.relative_to(to).as_posix(): path.read_bytes() for path in to.rglob("*") if path.is_file()}


def sqlite_package(folder: Path, data: Path, algorithm: Algorithm) -> dict[str, bytes]:
    with SqliteLedger(folder / "ledger.sqlite", algorithm) as ledger:
        ledger.record(PROPOSALS, NOW)
    with closing(open_reader(folder / "ledger.sqlite")) as reader:
        return packaged(reader, data, folder / "sqlite")


def test_a_package_from_postgresql_is_byte_for_byte_the_one_from_sqlite(
    postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = postgres_server.new_database()
    monkeypatch.setenv("TAIZHANG_DATABASE", database)
    assert main(["migrate"]) == 0
    with PostgresLedger(database) as ledger:
        ledger.record(PROPOSALS, NOW)
    with open_postgres_reader(database) as reader:
        found = packaged(reader, tmp_path, tmp_path / "postgres")
    assert found == sqlite_package(tmp_path, tmp_path, "sha256")
    postgres_server.drop_database(database)


def test_a_ledger_sealed_with_sm3_is_proved_with_sm3(tmp_path: Path) -> None:
    found = sqlite_package(tmp_path, tmp_path, "sm3")
    assert b'"algorithm": "sm3"' in found["proofs.json"]
    assert b"office.example/xinzhou/sm3" in found["checkpoints/9.txt"]
