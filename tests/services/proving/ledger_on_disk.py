"""A small ledger in a data folder, for the tests of checkpoints, and the commands run on it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from events.sqlite.ledger import SqliteLedger
from events.tree.sealing import Algorithm
from services.cli import main
from services.recording.embedded import LEDGER_FILE
from tests.events.ledger.examples import NINE, alone, withdrawn

Run = Callable[..., tuple[int, str, str]]
"""Runs a command; gives its exit code, standard output and standard error."""


@contextmanager
def ledger_of(data: Path, algorithm: Algorithm | None = None) -> Iterator[SqliteLedger]:
    data.mkdir(exist_ok=True)
    with SqliteLedger(data / LEDGER_FILE, algorithm) as ledger:
        yield ledger


def record(data: Path, first: int, last: int, *, algorithm: Algorithm | None = None, reason: str = "另行研究") -> None:
    """Record the facts numbered from first to last."""
    with ledger_of(data, algorithm) as ledger:
        facts = (withdrawn(number, matter=f"m-{number % 5}", reason=reason) for number in range(first, last + 1))
        ledger.record(alone(*facts), NINE)


def runner(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], data: Path) -> Run:
    monkeypatch.setenv("TAIZHANG_DATA", str(data))
    monkeypatch.setenv("TAIZHANG_INSTALLATION", "office.example")

    def run(*arguments: object) -> tuple[int, str, str]:
        code = main([str(one) for one in arguments])
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


def as_json(told: tuple[int, str, str]) -> Any:  # noqa: ANN401  what a command prints
    return json.loads(told[1])
