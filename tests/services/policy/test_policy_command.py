"""taizhang policy: linted by line, adopted by a fact that rules from then on, explained by today's roster."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from events.sqlite.reader import open_reader
from projections.policy.policy import SHIPPED, hash_of, shipped_policy
from services.cli import main
from services.commands.clock import now
from services.policy.kept_policies import POLICIES_FILE, KeptPolicies
from services.recording.embedded import LEDGER_FILE
from services.serving import open_service
from services.settings.service import current_settings

TEXT = SHIPPED.read_text(encoding="utf-8")
ROSTER = Path(__file__).parents[3] / "services" / "sample" / "histories" / "xinzhou" / "overdue-reply.jsonl"


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TAIZHANG_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def urgent(tmp_path: Path) -> Path:
    """Return a file of settings in which a notice is urgent too."""
    path = tmp_path / "policy.yaml"
    path.write_text(TEXT.replace("notice: low", "notice: high").replace("taizhang/1", "house/1"), encoding="utf-8")
    return path


def explained(capsys: pytest.CaptureFixture[str], *arguments: str) -> Mapping[str, Any]:
    capsys.readouterr()
    assert main(["policy", "explain", *arguments, "--json"]) == 0
    found: Mapping[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return found


def test_every_fault_is_named_by_its_line_in_both_languages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "policy.yaml"
    bad = TEXT.replace("policy: taizhang/1", "policy: taizhang/1\ncolour: red")
    bad = bad.replace(
        "after_working_days: 3, tell: leader_in_charge}", "after_working_days: 1, tell: holder} # 依第二十八条"
    )
    bad = bad.replace("breach: high", "breach: high\n  breach: low").replace("[office_director]", "[director]")
    bad = bad.replace("otherwise: office_head", "otherwise: xinzhou/28.2-reply")
    path.write_text(bad, encoding="utf-8")
    assert main(["policy", "lint", str(path), "--json"]) == 1
    problems = json.loads(capsys.readouterr().out)["problems"]
    assert [(one["line"], one["field"]) for one in problems] == [
        (3, "colour"),
        (7, "第二十八条"),
        (7, "escalation[2]"),
        (9, "xinzhou/28.2-reply"),
        (9, "otherwise"),
        (12, "urgency.breach"),
        (18, "roles.office_head"),
    ]
    assert all(one["zh"] and one["en"] for one in problems)
    assert main(["policy", "lint", str(path)]) == 1
    assert f"{path}: 第3行 colour：不认识" in capsys.readouterr().err
    assert main(["policy", "lint", str(SHIPPED)]) == 0


def test_settings_with_a_fault_are_not_adopted(tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(TEXT.replace("breach: high", "breach: soon"), encoding="utf-8")
    assert main(["policy", "adopt", str(path), "--district", "xinzhou"]) == 2
    assert "urgency.breach" in capsys.readouterr().err
    assert not data.exists()
    assert main(["policy", "adopt", str(tmp_path / "none.yaml"), "--district", "xinzhou"]) == 2


def test_adopted_settings_rule_in_their_district_alone(urgent: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "adopt", str(urgent), "--district", "xinzhou"]) == 0
    assert main(["policy", "adopt", str(urgent), "--district", "yuanzhou", "--from", "2099-01-01"]) == 0
    sha256 = hash_of(urgent.read_bytes())
    assert explained(capsys, "--district", "xinzhou")["sha256"] == sha256
    with open_service(current_settings(), now) as service:
        service.watching.catch_up()
    shown = [explained(capsys, "--district", district)["sha256"] for district in ("xinzhou", "yuanzhou")]
    assert shown == [sha256, shipped_policy().sha256]
    assert main(["policy", "explain", "--district", "nowhere"]) == 2


def test_it_is_explained_who_is_told_today_and_where_a_post_is_vacant(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["record", str(ROSTER)]) == 0
    units = {one["unit"]: one["steps"] for one in explained(capsys, "--district", "xinzhou")["units"]}
    assert units["u-land"] == [
        {"step": 1, "persons": ["p-land"], "vacant": False},
        {"step": 2, "persons": ["p-dep1"], "vacant": False},
        {"step": 3, "persons": ["p-odir"], "vacant": False},
    ]
    assert units["u-office"][0] == {"step": 1, "persons": ["p-odir"], "vacant": True}
    assert main(["policy", "explain", "--district", "xinzhou"]) == 0
    assert "空缺 vacant →" in capsys.readouterr().out


def test_settings_that_are_not_kept_cannot_be_adopted(
    tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    history = tmp_path / "history.jsonl"
    adoption = {
        "type": "setting.policy_adopted.v1",
        "subject": {"kind": "setting", "id": "policy"},
        "occurred_at": "2026-01-05",
        "actor": {"unit": "u-office"},
        "data": {"sha256": "0" * 64, "effective_on": "2026-01-05", "reason": "调整"},
    }
    history.write_text(json.dumps(adoption), encoding="utf-8")
    assert main(["record", str(history), "--district", "xinzhou"]) == 2
    assert "recording.policy_not_kept" in capsys.readouterr().err
    with closing(open_reader(data / LEDGER_FILE)) as reader:
        assert reader.districts() == []


def test_a_kept_text_that_was_altered_counts_as_not_there(urgent: Path, data: Path) -> None:
    policy = KeptPolicies(data).keep(urgent.read_bytes())
    assert KeptPolicies(data).find(policy.sha256) == policy
    with closing(sqlite3.connect(data / POLICIES_FILE)) as connection, connection:
        connection.execute("UPDATE policies SET text = ?", (TEXT.encode(),))
    with capture_logs() as logs:
        assert KeptPolicies(data).find(policy.sha256) is None
    assert [one["event"] for one in logs] == ["policy.altered"]
    assert KeptPolicies(data).find(shipped_policy().sha256) == shipped_policy()
