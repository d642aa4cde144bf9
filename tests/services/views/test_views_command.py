"""`taizhang views` as a person types it: list, show, rebuild, also before and after the service ran."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from services.cli import main

SAMPLE = Path(__file__).parents[3] / "services" / "sample" / "one-fact" / "asked.jsonl"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    monkeypatch.setenv("TAIZHANG_DATA", str(tmp_path))
    assert main(["record", str(SAMPLE)]) == 0
    capsys.readouterr()
    return tmp_path


@pytest.mark.usefixtures("data")
def test_views_are_shown_after_a_rebuild_and_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["views", "show", "countersigns", "--district", "xinzhou"]) == 2
    assert "taizhang serve" in capsys.readouterr().err
    assert main(["views", "rebuild"]) == 0
    assert main(["views", "rebuild", "--view", "countersigns"]) == 0
    assert "countersigns" in capsys.readouterr().out
    shown = ["views", "show", "countersigns", "--district", "xinzhou", "--filter", "party=u-land"]
    assert main([*shown, "--json"]) == 0
    page = json.loads(capsys.readouterr().out)
    row = {name: value for name, value in page["rows"][0].items() if value not in (None, [])}
    assert (page["as_of"], page["next"], page["names"]["entries"]["u-land"]) == (6, None, "区自然资源分局")
    assert row == {
        "key": "countersign/cs-1|u-land",
        "countersign": "countersign/cs-1",
        "party": "u-land",
        "kind": "opinion",
        "about": "document/d-101",
        "sponsor": "u-housing",
        "standing": "asked",
        "asked_at": "2025-09-29T09:00:00+08:00",
        "version": "1",
        "classification": "internal",
    }
    assert main(shown) == 0
    assert "待回复 waiting for a reply" in capsys.readouterr().out


@pytest.mark.usefixtures("data")
def test_a_bad_question_is_answered_by_name_and_the_list_tells_what_may_be_asked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["views", "rebuild", "--view", "tasks"]) == 0
    capsys.readouterr()
    assert main(["views", "show", "tasks", "--district", "xinzhou", "--filter", "colour=red"]) == 2
    assert "view.filter_unknown" in capsys.readouterr().err
    assert main(["views", "show", "tasks", "--district", "xinzhou", "--filter", "red"]) == 2
    assert "NAME=VALUE" in capsys.readouterr().err
    assert main(["views", "list", "--json"]) == 0
    listed = {one["name"]: one for one in map(json.loads, capsys.readouterr().out.splitlines())}
    assert "lead" in {one["name"] for one in listed["tasks"]["filters"]}
    assert main(["views", "list"]) == 0
    assert "督查台账" in capsys.readouterr().out
