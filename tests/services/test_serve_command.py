"""taizhang serve, alerts, missing and verify, as a person types them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.services.streams.system import System, running, wait_while_it_runs

PROJECT = Path(__file__).parents[2]
SERVE = "serve"
TAIZHANG = (sys.executable, "-m", "services.cli")
ASKED = {
    "type": "countersign.requested.v1",
    "subject": {"kind": "countersign", "id": "cs-1"},
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


@pytest.fixture
def environment(tmp_path: Path) -> Mapping[str, str]:
    return {**os.environ, "TAIZHANG_DATA": str(tmp_path / "var"), "TAIZHANG_LOG_FORMAT": "json"}


@pytest.fixture
def history(tmp_path: Path) -> Path:
    path = tmp_path / "history.jsonl"
    path.write_text(json.dumps(ASKED) + "\n", encoding="utf-8")
    return path


def taizhang(environment: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*TAIZHANG, *arguments], env=environment, cwd=PROJECT, capture_output=True, text=True, check=False
    )


@contextmanager
def serving(environment: Mapping[str, str]) -> Iterator[System]:
    """Run the service until the block ends; it is ready when the block begins."""
    with running(Path(environment["TAIZHANG_DATA"]).parent, environment, "real") as system:
        system.taizhang(SERVE, SERVE, "--json")
        wait_while_it_runs(system, SERVE, lambda: '"serve.ready"' in system.log(SERVE), "it is ready")
        yield system


def shown(system: System) -> list[dict[str, Any]]:
    """Return the facts that the service has printed."""
    return [line for line in map(json.loads, system.log(SERVE).splitlines()) if "type" in line]


def test_an_alert_comes_out_as_it_is_found_and_the_service_stops_when_asked(
    environment: Mapping[str, str], history: Path
) -> None:
    with serving(environment) as system:
        recorded = taizhang(environment, "record", str(history), "--district", "xinzhou")
        assert (recorded.returncode, recorded.stderr) == (0, "")
        wait_while_it_runs(system, SERVE, lambda: bool(shown(system)), "it has printed the alert")
        assert system.stop(SERVE) == 0
        (raised,) = shown(system)
    assert (raised["type"], raised["data"]["article"], raised["data"]["due_at"]) == (
        "alert.raised.v1",
        "28.2",
        "2025-09-28",
    )


def test_the_service_signs_a_checkpoint_of_what_is_recorded(environment: Mapping[str, str], history: Path) -> None:
    taizhang(environment, "record", str(history), "--district", "xinzhou")
    signed_here = Path(environment["TAIZHANG_DATA"]) / "checkpoints" / "xinzhou"
    with serving(environment) as system:
        wait_while_it_runs(system, SERVE, lambda: any(signed_here.glob("*.checkpoint")), "it has signed a checkpoint")
    signed = taizhang(environment, "checkpoint", "--district", "xinzhou", "--list").stdout
    assert len(signed.splitlines()) == 1
    verified = json.loads(taizhang(environment, "verify", environment["TAIZHANG_DATA"], "--json").stdout)
    assert (verified["ok"], len(verified["districts"][0]["checkpoints"])) == (True, 1)


def test_a_second_service_on_the_same_data_is_refused_clearly(environment: Mapping[str, str]) -> None:
    with serving(environment):
        second = taizhang(environment, "serve", "--once")
    assert (second.returncode, second.stdout) == (2, "")
    assert "ledger.second_writer" in second.stderr
    assert "Traceback" not in second.stderr


def test_once_catches_up_and_the_lists_show_what_was_found(environment: Mapping[str, str], history: Path) -> None:
    taizhang(environment, "record", str(history), "--district", "xinzhou")
    once = taizhang(environment, "serve", "--once")
    assert (once.returncode, "xinzhou/28.2-reply" in once.stdout) == (0, True)
    again = taizhang(environment, "serve", "--once")
    assert (again.returncode, again.stdout) == (0, "")
    listed = [json.loads(line) for line in taizhang(environment, "alerts", "--json").stdout.splitlines()]
    assert [(one["rule"], one["standing"], one["party"], one["due_at"]) for one in listed] == [
        ("xinzhou/28.2-reply", "raised", "u-land", "2025-09-28")
    ]
    shown = taizhang(environment, "alerts", "--district", "xinzhou")
    assert "第28条第2款" in shown.stdout
    sheet = history.with_name("alerts.xlsx")
    assert taizhang(environment, "alerts", "--to", str(sheet)).returncode == 0
    (headings, row) = openpyxl.load_workbook(sheet).worksheets[0].iter_rows(values_only=True)
    named = dict(zip(headings, row, strict=True))
    assert (named["状态 standing"], named["规则 rule"], named["当事方 party"], str(named["到期 due at"])) == (
        "待处理 open", "xinzhou/28.2-reply", "u-land", "2025-09-28 00:00:00"
    )  # fmt: skip
    verified = taizhang(environment, "verify", environment["TAIZHANG_DATA"], "--json")
    result = json.loads(verified.stdout)
    assert (verified.returncode, result["ok"], result["first_bad"]) == (0, True, None)


@pytest.mark.parametrize(
    ("district", "code"), [("nowhere", "serve.no_such_district"), ("yuanzhou", "ledger.no_such_district")]
)
def test_once_for_a_district_with_nothing_to_judge_says_so(
    environment: Mapping[str, str], history: Path, district: str, code: str
) -> None:
    taizhang(environment, "record", str(history), "--district", "xinzhou")
    once = taizhang(environment, "serve", "--once", "--district", district)
    assert (once.returncode, once.stdout, code in once.stderr) == (2, "", True)


def test_a_terminal_that_has_no_chinese_is_written_to_all_the_same(
    environment: Mapping[str, str], history: Path
) -> None:
    ascii_alone = {**environment, "PYTHONIOENCODING": "ascii"}
    recorded = taizhang(ascii_alone, "record", str(history), "--district", "xinzhou")
    assert (recorded.returncode, recorded.stdout.partition(" / ")[2]) == (0, "1 recorded, 0 repeated, 0 refused\n")
    assert taizhang(environment, "serve", "--once").returncode == 0
    (line,) = taizhang(ascii_alone, "alerts", "--json").stdout.splitlines()
    (same,) = taizhang(environment, "alerts", "--json").stdout.splitlines()
    assert json.loads(line) == json.loads(same)
    assert taizhang(ascii_alone, "alerts").returncode == 0


def test_what_is_missing_is_listed_by_case(environment: Mapping[str, str], tmp_path: Path) -> None:
    given = {
        "type": "meeting.opened.v1",
        "subject": {"kind": "meeting", "id": "zw-1"},
        "occurred_at": "2025-09-22T09:00:00+08:00",
        "actor": {"unit": "u-office"},
        "data": {"chair": "p-head"},
    }
    planned = {
        **given,
        "type": "meeting.planned.v1",
        "occurred_at": "2025-09-20T09:00:00+08:00",
        "data": {
            "title": "常务会议",
            "host": "u-office",
            "kind": "executive",
            "mode": "in_person",
            "starts_at": "2025-09-22T09:00:00+08:00",
            "chair": "p-head",
        },
    }
    path = tmp_path / "meeting.jsonl"
    path.write_text(f"{json.dumps(planned)}\n{json.dumps(given)}\n", encoding="utf-8")
    recorded = taizhang(environment, "record", str(path), "--district", "xinzhou")
    assert recorded.stderr == ""
    taizhang(environment, "serve", "--once")
    listed = [json.loads(line) for line in taizhang(environment, "missing", "--json").stdout.splitlines()]
    (meeting,) = [one for one in listed if one["subject"] == "meeting/zw-1"]
    assert {rule.partition("/")[0] for rules in meeting["missing"].values() for rule in rules} == {"xinzhou"}


def test_without_a_ledger_the_lists_say_so(environment: Mapping[str, str]) -> None:
    for command in (("alerts",), ("missing",), ("verify", environment["TAIZHANG_DATA"])):
        answer = taizhang(environment, *command)
        assert answer.returncode != 0
        assert answer.stdout == ""
        assert "ledger." in answer.stderr
        assert "Traceback" not in answer.stderr
