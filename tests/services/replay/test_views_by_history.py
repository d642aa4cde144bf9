"""Whole views as known on a day by their history: the same pages as fed anew, by the command and over a long ledger."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from events.moment import Moment
from events.sqlite.reader import open_reader
from projections.policy.policy import shipped_policy
from projections.replay.question import Question
from projections.view_rows.history import ViewHistory
from projections.view_rows.history_feeding import HistoryFeeding
from projections.views.catalogue import VIEWS
from projections.views.query import Query
from services.cli import main
from services.replay.ledger_until import reach_of
from services.replay.view_as_of import ViewAsOf
from services.stores.views_places import VIEW_HISTORY_FILE, FolderPlace
from services.views.asking import AskedBy
from tests.services.replay.replay_scene import ASKED, NOW, Line, annulled, basis, facts_of, recorded, replied

XINZHOU = "xinzhou"
LATE = "2026-10-20T10:00:00+08:00"
PERSON: Line = {
    "type": "roster.person_registered.v1",
    "subject": {"kind": "person", "id": "p-gao"},
    "occurred_at": "2026-09-01",
    "actor": {"unit": "u-office"},
    "data": {"name": "高某", "rank": "division_chief"},
}
AWAY: Line = {
    "type": "absence.registered.v1",
    "subject": {"kind": "absence", "id": "a-1"},
    "occurred_at": "2026-09-20",
    "actor": {"unit": "u-office"},
    "data": {"person": "p-gao", "kind": "annual_leave", "from": "2026-09-25", "until": "2026-10-03", "reason": "休假"},
}
ERASE = ["erase", "--district", XINZHOU, "--person", "p-gao", "--basis", "个人信息保护法第四十七条", "--reason", "期满"]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    monkeypatch.setenv("TAIZHANG_DATA", str(tmp_path / "var"))
    history = tmp_path / "history.jsonl"
    history.write_text("".join(json.dumps(one) + "\n" for one in (PERSON, AWAY, ASKED)), encoding="utf-8")
    assert main(["record", str(history), "--district", XINZHOU]) == 0
    capsys.readouterr()
    return tmp_path / "var"


def kept(data: Path, history: ViewHistory) -> None:
    """Keep the history of every view after each single fact."""
    with closing(open_reader(data / "ledger.sqlite")) as ledger:
        feeding = HistoryFeeding(history, ledger, views=VIEWS, step=1)
        feeding.rebuild()
        feeding.catch_up()


def shown(capsys: pytest.CaptureFixture[str], view: str, known_at: str) -> Any:  # noqa: ANN401  a JSON value
    capsys.readouterr()
    assert main(["replay", "--district", XINZHOU, "--view", view, "--known-at", known_at, "--json"]) == 0
    return json.loads(capsys.readouterr().out.splitlines()[-1])


@pytest.mark.parametrize("known_at", ["2026-09-10", "2026-09-21", "2026-12-01"])
def test_an_erased_name_is_a_hole_in_every_day_and_nowhere_in_what_is_kept(
    data: Path, known_at: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with FolderPlace(data).history() as history:
        kept(data, history)
    named = shown(capsys, "absences", known_at)["names"]["entries"]
    assert main(ERASE) == 0
    views = [name for name in VIEWS if name != "timeline"]  # which is asked for one case at a time
    by_history = [shown(capsys, view, known_at) for view in views]
    for file in data.glob(f"{VIEW_HISTORY_FILE}*"):
        assert "高某".encode() not in file.read_bytes()
        file.unlink()
    assert by_history == [shown(capsys, view, known_at) for view in views]
    rows = [one for page in by_history if page["view"] == "absences" for one in page["rows"]]
    assert named == ({"p-gao": "高某"} if rows else {})
    assert "高某" not in json.dumps(by_history, ensure_ascii=False)


def test_the_command_keeps_the_history_and_goes_on_with_it(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["views", "rebuild", "--history"]) == 0
    assert "countersigns" in capsys.readouterr().out
    assert main(["views", "rebuild", "--history", "--go-on"]) == 0
    assert (data / VIEW_HISTORY_FILE).exists()
    assert shown(capsys, "absences", "2026-12-01")["rows"][0]["person"] == "p-gao"


def test_a_correction_and_a_late_fact_count_from_when_they_were_known(tmp_path: Path) -> None:
    lines = (ASKED, replied("2026-10-09T10:00:00+08:00", LATE))
    wrong = str(facts_of(lines)[1].id)
    ledger = recorded(facts_of((*lines, annulled(wrong, "2026-11-02T10:00:00+08:00"))))
    by = AskedBy(now=NOW, policy=shipped_policy())
    with FolderPlace(tmp_path).history() as history:
        feeding = HistoryFeeding(history, ledger, views=VIEWS, step=2)
        feeding.catch_up()
        standings = []
        for day in ("2026-10-15", "2026-10-20", "2026-11-01", "2026-11-02"):
            as_of = Question(known_at=Moment(day)).as_of(reach_of(ledger, XINZHOU, NOW))
            asking = ViewAsOf(ledger, basis(XINZHOU), XINZHOU, as_of, history=history)
            page = asking.page_of_history("countersigns", Query(), by)
            assert page is not None
            assert page == ViewAsOf(ledger, basis(XINZHOU), XINZHOU, as_of).page("countersigns", Query(), by)
            standings += [one["standing"] for one in page.rows]
            assert asking.page_of_history("desk", Query(), by) is None
    assert standings == ["asked", "replied", "replied", "asked"]


def test_as_true_on_a_day_is_not_asked_of_the_history(tmp_path: Path) -> None:
    ledger = recorded(facts_of((AWAY,)))
    as_of = Question(true_at=Moment("2026-09-26")).as_of(reach_of(ledger, XINZHOU, NOW))
    with FolderPlace(tmp_path).history() as history:
        HistoryFeeding(history, ledger, views=VIEWS).catch_up()
        asking = ViewAsOf(ledger, basis(XINZHOU), XINZHOU, as_of, history=history)
        assert asking.page_of_history("absences", Query(), AskedBy(now=NOW, policy=shipped_policy())) is None
