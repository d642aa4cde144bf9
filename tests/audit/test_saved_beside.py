"""What watch and views saved is no evidence: a replay by the ledger alone is not misled by it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import structlog

from services.cli import main
from services.stores.views_places import VIEW_HISTORY_FILE, VIEW_ROWS_FILE, VIEWS_FILE
from tests.at_another_time import TOLD_AT, clock_moved, seconds_until

ASKED = Path(__file__).parents[2] / "services" / "sample" / "one-fact" / "asked.jsonl"
CASE = ["replay", "--district", "xinzhou", "--case", "countersign/cs-1", "--known-at", "2025-10-13"]
ROSTER = ["replay", "--district", "xinzhou", "--view", "roster", "--known-at", "2025-10-13"]


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Path]:
    """Give a ledger that was watched, with its views and their history."""
    monkeypatch.setenv("TAIZHANG_DATA", str(tmp_path))
    with clock_moved(seconds_until(TOLD_AT)):
        assert main(["record", str(ASKED)]) == 0
        assert main(["serve", "--once"]) == 0
        assert main(["views", "rebuild", "--history"]) == 0
        capsys.readouterr()
        yield tmp_path
    structlog.reset_defaults()


def shown(capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, Any]:
    assert main([*options, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def forged(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as file, file:
        assert file.execute(statement).rowcount > 0


def test_a_case_replayed_from_the_ledger_is_not_misled_by_a_roster_that_was_forged(
    watched: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    honest = shown(capsys, *CASE)
    assert shown(capsys, *CASE, "--from-ledger") == honest
    forged(watched / VIEWS_FILE, "DELETE FROM background")
    assert shown(capsys, *CASE) != honest
    assert shown(capsys, *CASE, "--from-ledger") == honest


def test_a_view_shown_from_the_ledger_needs_nothing_that_was_saved(
    watched: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    honest = shown(capsys, *ROSTER)
    for name in (VIEWS_FILE, VIEW_ROWS_FILE, VIEW_HISTORY_FILE):
        (watched / name).unlink()
    assert honest["rows"]
    assert shown(capsys, *ROSTER, "--from-ledger") == honest
