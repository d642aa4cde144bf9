"""`taizhang replay` as a person types it, with and without what the service has saved."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from services.cli import main
from tests.at_another_time import TOLD_AT, clock_moved, seconds_until

ONE_FACT = Path(__file__).parents[3] / "services" / "sample" / "one-fact"
CASE = ["replay", "--district", "xinzhou", "--case", "countersign/cs-1"]
REPLY = "xinzhou/28.2-reply"


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    """Undo that `serve` sends log lines to the standard error of its test."""
    yield
    structlog.reset_defaults()


@pytest.fixture(autouse=True)
def _time_is_set() -> Iterator[None]:
    with clock_moved(seconds_until(TOLD_AT)):
        yield


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    monkeypatch.setenv("TAIZHANG_DATA", str(tmp_path))
    assert main(["record", str(ONE_FACT / "asked.jsonl")]) == 0
    capsys.readouterr()
    return tmp_path


def answered(capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, Any]:
    assert main([*options, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.usefixtures("data")
def test_what_the_service_saved_changes_nothing_but_the_alerts_recorded(capsys: pytest.CaptureFixture[str]) -> None:
    bare = answered(capsys, *CASE, "--known-at", "2025-10-13")
    assert [(one["rule"], one["due_at"], one["steps"]) for one in bare["findings"]] == [(REPLY, "2025-10-13", [])]
    assert main(["serve", "--once", "--json"]) == 0
    capsys.readouterr()
    saved = answered(capsys, *CASE, "--known-at", "2025-10-13")
    assert saved == {**bare, "head": saved["head"]}
    now = answered(capsys, *CASE)
    assert [step["step"] for step in now["findings"][0]["steps"]] == ["raised"]
    assert main(["record", str(ONE_FACT / "replied-late.jsonl")]) == 0
    assert main(["serve", "--once", "--json"]) == 0
    capsys.readouterr()
    cured = answered(capsys, *CASE)
    assert [step["step"] for step in cured["findings"][0]["steps"]] == ["raised", "resolved"]
    assert cured["obligations"][0]["closed_at"] == "2025-10-14T10:00:00+08:00"


@pytest.mark.usefixtures("data")
def test_a_district_is_replayed_whole_and_two_days_of_it_are_compared(capsys: pytest.CaptureFixture[str]) -> None:
    found = answered(capsys, "replay", "--district", "xinzhou", "--known-at", "2025-10-10", "--compare", "2025-10-14")
    assert (found["case"], found["facts"], len(found["timeline"]), found["findings"]) == (None, 6, 6, [])
    assert [(one["rule"], one["state"]) for one in found["obligations"]] == [(REPLY, "open")]
    assert [(one["what"], one["rule"]) for one in found["differences"]["judged"]] == [("broken", REPLY)]
    before = answered(capsys, "replay", "--district", "xinzhou", "--known-at", "2024-01-01")
    assert (before["facts"], [one["code"] for one in before["notes"]]) == (0, ["replay.before_first_fact"])


@pytest.mark.usefixtures("data")
def test_the_government_itself_shows_what_is_counted_across_cases(capsys: pytest.CaptureFixture[str]) -> None:
    government = ["replay", "--district", "xinzhou", "--case", "unit/u-gov"]
    told = [
        [(one["rule"], one["due_at"]) for one in answered(capsys, *government, "--known-at", day)["obligations"]]
        for day in ("2025-12-30", "2026-01-01")
    ]
    assert told == [[], [("xinzhou/17.2-frequency", "2026-12-31")]]


@pytest.mark.usefixtures("data")
def test_recomputing_tells_whether_the_alerts_recorded_are_those_that_must_be(
    capsys: pytest.CaptureFixture[str],
) -> None:
    whole = ["replay", "--district", "xinzhou", "--recompute"]
    assert answered(capsys, *whole)["recomputation"]["verdict"] == "equal"
    assert main(["serve", "--once", "--json"]) == 0
    capsys.readouterr()
    found = answered(capsys, *whole)["recomputation"]
    assert (found["verdict"], found["recorded"], found["equal"], found["differences"]) == ("equal", 1, 1, [])
    assert main([*CASE, "--recompute"]) == 0
    assert "与入账的预警完全相同 equal to the alerts recorded" in capsys.readouterr().out


@pytest.mark.usefixtures("data")
def test_people_read_it_line_by_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*CASE, "--known-at", "2025-10-12", "--true-at", "2025-10-14"]) == 0
    shown = capsys.readouterr().out
    assert "2025-10-14 实情 as true then；2025-10-12 所知 as known then" in shown
    assert "其间 4 个工作日（13 日）无动静" in shown
    assert "甲 A 2025-10-12 所知" in shown
    assert main([*CASE, "--known-at", "2025-10-10", "--next-finding"]) == 0
    assert "下一处发现 next finding 2025-10-13T23:59:59.999999+08:00" in capsys.readouterr().out


@pytest.mark.usefixtures("data")
@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([*CASE, "--known-at", "yesterday"], "--known-at"),
        (["replay", "--district", "xinzhou", "--case", "cs-1"], "KIND/ID"),
        (["replay", "--district", "xinzhou", "--case", "countersign/none"], "no case countersign/none"),
        (["replay", "--district", "yuanzhou"], "no facts of yuanzhou"),
    ],
)
def test_what_cannot_be_replayed_is_named(options: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(options) == 2
    shown = capsys.readouterr()
    assert said in shown.err
    assert shown.out == ""


def test_without_a_ledger_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TAIZHANG_DATA", str(tmp_path))
    assert main(CASE) == 2
    assert "ledger.sqlite" in capsys.readouterr().err
