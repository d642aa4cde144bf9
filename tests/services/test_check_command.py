"""`taizhang check`: exit codes, output and bad input."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.cli import main

ROSTER = {
    "type": "roster.unit_established.v1",
    "subject": {"kind": "unit", "id": "u-land"},
    "occurred_at": "2026-01-05",
    "actor": {"unit": "u-office"},
    "data": {"name": "区自然资源局", "kind": "department"},
}
ASKED = {
    "type": "countersign.requested.v1",
    "subject": {"kind": "countersign", "id": "cs-1"},
    "occurred_at": "2026-09-28",
    "actor": {"unit": "u-housing"},
    "data": {
        "kind": "opinion",
        "about": "matter/m-1",
        "sponsor": "u-housing",
        "departments": ["u-land"],
        "form": "online",
    },
}
REPLIED = {
    "type": "countersign.replied.v1",
    "subject": {"kind": "countersign", "id": "cs-1"},
    "occurred_at": "2026-10-10",
    "actor": {"unit": "u-land"},
    "data": {"department": "u-land", "stance": "agree"},
}
REPLY_RULE = "xinzhou/28.2-reply"


def written(folder: Path, *facts: object, settings_line: object = None) -> str:
    lines = [settings_line or {"district": "xinzhou"}, *facts]
    path = folder / "history.jsonl"
    path.write_bytes(b"\n".join(orjson.dumps(line) for line in lines))
    return str(path)


def checked(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[dict[str, object]], str]:
    code = main(["check", "--json", *arguments])
    out, err = capsys.readouterr()
    return code, [orjson.loads(line) for line in out.splitlines()], err


def outcomes(result: dict[str, object], rule: str) -> list[tuple[object, object, object]]:
    findings = result["findings"]
    assert isinstance(findings, list)
    return [(one["outcome"], one["due_at"], one["facts"]) for one in findings if one["rule"] == rule]


def test_a_reply_on_the_make_up_saturday_is_in_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, results, _ = checked(capsys, written(tmp_path, ROSTER, ASKED, REPLIED), "--all")
    assert (code, outcomes(results[0], REPLY_RULE)) == (0, [("satisfied", "2026-10-10", [2, 3])])


def test_no_reply_by_the_end_of_the_due_day_is_a_violation(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, results, _ = checked(capsys, written(tmp_path, ROSTER, ASKED), "--until", "2026-10-10")
    assert (code, outcomes(results[0], REPLY_RULE)) == (1, [("violated", "2026-10-10", [2])])


RETURNED = {
    "type": "countersign.materials_returned.v1",
    "subject": {"kind": "countersign", "id": "cs-1"},
    "occurred_at": "2026-09-29",
    "actor": {"unit": "u-land"},
    "data": {"department": "u-land", "missing": ["测算表"]},
}


@pytest.mark.parametrize(
    ("until", "facts", "state"),
    [
        ("2026-10-08", [ASKED], "open"),
        ("2026-10-09T00:00:00+08:00", [ASKED], "due_soon"),
        ("2026-10-10T17:00:00+08:00", [ASKED], "due_soon"),
        ("2026-10-10T17:00:00+08:00", [ASKED, RETURNED], "paused"),
    ],
)
def test_before_the_due_day_ends_the_reply_is_awaited_and_soon_due_from_the_working_day_before(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], until: str, facts: list[object], state: str
) -> None:
    code, results, _ = checked(capsys, written(tmp_path, ROSTER, *facts), "--until", until)
    still = results[0]["open"]
    assert isinstance(still, list)
    assert (code, [(one["due_at"], one["state"]) for one in still if one["rule"] == REPLY_RULE]) == (
        0,
        [("2026-10-10", state)],
    )


def test_an_act_before_the_rulebook_came_into_force_yields_no_finding(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = {**ASKED, "occurred_at": "2023-03-01"}
    code, results, _ = checked(capsys, written(tmp_path, asked), "--until", "2023-12-31", "--all")
    assert (code, outcomes(results[0], REPLY_RULE)) == (0, [])


def test_a_due_day_beyond_the_last_holiday_notice_is_provisional(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = {**ASKED, "occurred_at": "2026-12-30"}
    _, results, _ = checked(capsys, written(tmp_path, asked), "--until", "2026-12-31")
    still = results[0]["open"]
    assert isinstance(still, list)
    assert [one["provisional"] for one in still if one["rule"] == REPLY_RULE] == [True]


def test_an_impossible_date_is_refused_by_line_and_field(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, results, err = checked(capsys, written(tmp_path, ROSTER, {**ASKED, "occurred_at": "2026-09-31"}))
    assert (code, results) == (2, [])
    assert "第3行" in err
    assert "occurred_at" in err


def test_one_bad_file_among_good_ones_prints_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = written(tmp_path, ROSTER, ASKED, REPLIED)
    code, results, _ = checked(capsys, good, str(tmp_path / "missing.jsonl"))
    assert (code, results) == (2, [])


def test_an_unknown_district_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = checked(capsys, written(tmp_path, ASKED, settings_line={"district": "atlantis"}))
    assert code == 2
    assert "atlantis" in err


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(noise=st.lists(st.binary(max_size=200), max_size=5), cut=st.integers(0, 400))
def test_whatever_a_history_holds_there_is_no_stack_trace(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], noise: list[bytes], cut: int
) -> None:
    path = tmp_path / "noise.jsonl"
    path.write_bytes(orjson.dumps(ASKED)[:cut] + b"\n" + b"\n".join(noise))
    code = main(["check", str(path), "--district", "xinzhou"])
    out, err = capsys.readouterr()
    assert code in {0, 1, 2}
    assert (out == "") is (code == 2)
    assert "Traceback" not in err


def test_a_day_beyond_all_planning_is_refused_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = checked(capsys, written(tmp_path, ROSTER, ASKED), "--until", "9999-12-31")
    assert (code, out, "判定截至 9999-12-31 太远，至多到 2999 年底" in err) == (2, [], True)
