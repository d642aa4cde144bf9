"""Two services on one PostgreSQL: each records and reads, neither needs the other, and every fact is in once."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Thread

import httpx
import pytest
from psycopg.conninfo import conninfo_to_dict

from services.cli import main
from services.stores.migrations import all_migrations
from tests.postgres_server import PostgresServer
from tests.services.streams.system import running, wait_while_it_runs

CASES = 12
LONGEST_WAIT = 120
"""Seconds in which an answer comes; nothing is measured."""
SERVE = "serve"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def database(postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Name a database with all its tables by the settings, and a data folder for what belongs to a process."""
    conninfo = postgres_server.new_database()
    monkeypatch.setenv("TAIZHANG_DATABASE", conninfo)
    monkeypatch.setenv("TAIZHANG_DATA", str(tmp_path / "var"))
    monkeypatch.setenv("TAIZHANG_LOG_FORMAT", "json")
    assert main(["migrate"]) == 0
    yield conninfo
    postgres_server.drop_database(conninfo)


@pytest.fixture
def taizhang(database: str, capsys: pytest.CaptureFixture[str]) -> Run:  # noqa: ARG001  the settings name it
    """Run a command and give its exit code and what it prints."""
    capsys.readouterr()

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


@contextmanager
def serving(access: Path) -> Iterator[str]:
    """Run a service until the block ends, and give its address."""
    access.mkdir()
    own = {"TAIZHANG_DATA": os.environ["TAIZHANG_DATA"], "TAIZHANG_ACCESS": str(access)}
    with running(access, own, "real") as system:
        system.taizhang(SERVE, SERVE)
        wait_while_it_runs(system, SERVE, lambda: '"serve.ready"' in system.log(SERVE), "it is ready")
        ready = next(line for line in system.log(SERVE).splitlines() if '"serve.ready"' in line)
        try:
            yield json.loads(ready)["address"]
        finally:
            assert system.stop(SERVE) == 0


def address_of(conninfo: str) -> str:
    """Return the same as an address, as one types it."""
    return "postgresql://{user}:{password}@{host}:{port}/{dbname}".format(**conninfo_to_dict(conninfo))


def asked(case: str) -> dict[str, object]:
    return {
        "type": "countersign.requested.v1",
        "subject": {"kind": "countersign", "id": case},
        "occurred_at": "2025-09-22",
        "actor": {"unit": "u-housing"},
        "data": {
            "kind": "opinion",
            "about": "matter/m-1",
            "sponsor": "u-housing",
            "departments": ["u-land"],
            "form": "online",
        },
    }


def test_two_services_record_into_one_database_and_every_fact_is_in_once(taizhang: Run, tmp_path: Path) -> None:
    issued = taizhang("token", "--role", "clerk", "--district", "xinzhou", "--person", "p-clerk")[1]
    token = re.findall(r"[\w-]+\.[\w-]+\.[\w-]+", issued)[-1]
    answered: list[tuple[int, str]] = []

    def hand_in(address: str) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.Client(base_url=address, headers=headers, timeout=LONGEST_WAIT) as client:
            for number in range(CASES):
                # Both services are handed the same request, as after a lost answer.
                answer = client.post(
                    "/v1/districts/xinzhou/facts",
                    json={"facts": [asked(f"cs-{number}")]},
                    headers={"Idempotency-Key": f"form-{number}"},
                )
                answered.append((answer.status_code, answer.json()["status"]))

    with ExitStack() as services:
        addresses = [services.enter_context(serving(tmp_path / f"access-{n}")) for n in range(2)]
        callers = [Thread(target=hand_in, args=(address,), daemon=True) for address in addresses]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join(LONGEST_WAIT)
            assert not caller.is_alive(), f"not all was handed in: {answered}"
        ready = [httpx.get(f"{address}/v1/ready", timeout=LONGEST_WAIT).json()["lag_facts"] for address in addresses]
    assert sorted(answered) == [(200, "repeated")] * CASES + [(201, "recorded")] * CASES
    assert ready == [CASES, CASES]
    verified = json.loads(taizhang("verify", "--json")[1])
    assert (verified["ok"], verified["facts"]) == (True, CASES)


def test_a_history_is_recorded_and_verified_in_the_database(taizhang: Run, database: str, tmp_path: Path) -> None:
    history = tmp_path / "history.jsonl"
    history.write_text(json.dumps(asked("cs-1")) + "\n", encoding="utf-8")
    first, again = (taizhang("record", str(history), "--district", "xinzhou") for _ in range(2))
    assert (first[0], first[1].startswith("已入账 1 条")) == (0, True)
    assert (again[0], again[1].startswith("已入账 0 条，重复 1 条")) == (0, True)
    assert json.loads(taizhang("verify", address_of(database), "--json")[1])["facts"] == 1
    assert not (tmp_path / "var" / "ledger.sqlite").exists()


def test_what_belongs_to_the_embedded_ledger_alone_says_so(taizhang: Run, tmp_path: Path) -> None:
    backup = taizhang("backup", "--to", str(tmp_path / "copy"))
    once = taizhang("serve", "--once")
    assert (backup[0], "backup.database" in backup[2]) == (2, True)
    assert (once[0], "serve.once_embedded" in once[2]) == (2, True)


def test_every_part_of_the_schema_is_named_once() -> None:
    named = [(step.part, step.number) for step in all_migrations()]
    assert len(named) == len(set(named))
