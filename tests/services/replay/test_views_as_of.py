"""Whole views as known on a day, and as true where their rows keep intervals: as a live view was on that day."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from events.moment import Moment
from projections.policy.policy import shipped_policy
from projections.replay.question import Question
from projections.views.query import Query, QueryError
from services.cli import main
from services.replay.ledger_until import reach_of
from services.replay.view_as_of import ViewAsOf
from services.views.asking import AskedBy, ViewPage
from tests.services.replay.replay_scene import ASKED, NOW, Line, basis, replied, told

LATE = "2026-10-20T10:00:00+08:00"
AWAY: Line = {
    "type": "absence.registered.v1",
    "subject": {"kind": "absence", "id": "a-1"},
    "occurred_at": "2026-09-20",
    "recorded_at": "2026-10-05T09:00:00+08:00",
    "actor": {"unit": "u-office"},
    "data": {"person": "p-li", "kind": "annual_leave", "from": "2026-09-25", "until": "2026-10-03", "reason": "休假"},
}


def view(name: str, *lines: Line, **at: str) -> ViewPage:
    ledger = told(*lines)
    question = Question(**{axis: Moment(given) for axis, given in at.items()})
    asking = ViewAsOf(ledger, basis("xinzhou"), "xinzhou", question.as_of(reach_of(ledger, "xinzhou", NOW)))
    by = AskedBy(now=NOW, policy=shipped_policy())
    return asking.page(name, Query(), by)


def test_a_view_as_known_on_a_day_shows_what_was_recorded_by_then() -> None:
    lines = (ASKED, replied(LATE, LATE))
    before, after = (view("countersigns", *lines, known_at=day) for day in ("2026-10-15", "2026-10-20"))
    assert [(one["standing"], page.as_of) for page in (before, after) for one in page.rows] == [
        ("asked", 1),
        ("replied", 2),
    ]
    assert view("countersigns", *lines, known_at="2026-09-01").rows == ()


def test_the_desk_of_a_day_holds_what_was_awaited_then() -> None:
    lines = (ASKED, replied(LATE, LATE))
    (row,) = view("desk", *lines, known_at="2026-10-09").rows
    assert (row["rule"], row["standing"], row["due_at"]) == ("xinzhou/28.2-reply", "open", "2026-10-10")
    assert view("desk", *lines, known_at="2026-10-21").rows == ()


def test_absences_can_be_asked_as_true_before_anybody_recorded_them() -> None:
    assert view("absences", AWAY, known_at="2026-10-01").rows == ()
    (row,) = view("absences", AWAY, true_at="2026-10-01").rows
    assert (row["person"], row["from_at"]) == ("p-li", "2026-09-25")


def test_a_view_without_intervals_is_not_asked_as_true_and_one_that_is_not_there_not_at_all() -> None:
    with pytest.raises(QueryError, match="known_at"):
        view("desk", ASKED, true_at="2026-10-01")
    with pytest.raises(QueryError, match="none"):
        view("none", ASKED, known_at="2026-10-01")


def test_the_command_prints_a_page_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TAIZHANG_DATA", str(tmp_path / "data"))
    history = tmp_path / "history.jsonl"
    history.write_text("".join(json.dumps(one) + "\n" for one in (ASKED, replied(LATE, LATE))), encoding="utf-8")
    assert main(["record", str(history), "--district", "xinzhou"]) == 0
    capsys.readouterr()
    asked = ["replay", "--district", "xinzhou", "--known-at", "2026-10-15", "--view"]
    assert main([*asked, "countersigns", "--filter", "party=u-land", "--json"]) == 0
    page = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [(one["standing"], page["as_of"]) for one in page["rows"]] == [("asked", 1)]
    assert main([*asked, "countersigns"]) == 0
    assert "待回复 waiting for a reply" in capsys.readouterr().out
    assert main([*asked, "countersigns", "--filter", "colour=red"]) == 2
    assert "view.filter_unknown" in capsys.readouterr().err
