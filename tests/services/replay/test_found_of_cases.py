"""Desk and what is missing of single cases, as known on any day: as fed anew, and without judging the whole ledger."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import pytest

from events.fact import case_key
from events.moment import datetime_of
from events.sqlite.reader import open_reader
from projections.policy.policy import shipped_policy
from projections.view_rows.history_feeding import HistoryFeeding
from projections.views.catalogue import VIEWS
from projections.views.query import Query
from services.cli import main
from services.replay.indexing import Sources
from services.replay.view_as_of import ViewAsOf
from services.simulation.districts import DISTRICTS
from services.stores.views_places import VIEW_HISTORY_FILE, FolderPlace
from services.views.asking import AskedBy
from tests.at_another_time import TOLD_AT, clock_moved, seconds_until
from tests.services.replay.replay_scene import basis
from tests.services.replay.test_as_the_watch_says import as_of_day, lived

ASKED = Path(__file__).parents[3] / "services" / "sample" / "one-fact" / "asked.jsonl"
OF_FINDINGS = ("desk", "missing")


@pytest.mark.parametrize("district", sorted(DISTRICTS))
def test_of_cases_of_an_invented_history_the_same_is_shown_as_fed_anew(district: str, tmp_path: Path) -> None:
    facts, ledger = lived(district, 1)
    choice = Random(district)
    as_of = as_of_day(facts, choice.choice(sorted({one.occurred_at.day for one in facts})[-30:]), "known")
    by = AskedBy(now=datetime_of(as_of.hour), policy=shipped_policy())
    anew = ViewAsOf(ledger, basis(district), district, as_of)
    others = sorted({case_key(one.subject) for one in facts if one.subject.kind not in {"unit", "person"}})
    with FolderPlace(tmp_path).history() as history:
        HistoryFeeding(history, ledger, views=VIEWS, step=choice.choice([7, 20])).catch_up()
        kept = ViewAsOf(ledger, basis(district), district, as_of, history=history, sources=Sources(ledger))
        for name in OF_FINDINGS:
            whole = anew.page(name, Query(limit=500), by)
            shown = {str(one["about"]) for one in whole.rows}
            some = [one for one in sorted(shown) if one.partition("/")[0] not in {"unit", "person"}][:30]
            cases = (*some, *choice.sample(others, 10))
            page = kept.page_of_history(name, Query(filters={"about": cases}, limit=500), by)
            assert page is not None
            assert page.rows == tuple(one for one in whole.rows if one["about"] in cases)
            assert (page.as_of, whole.next) == (whole.as_of, None)
            assert name == "missing" or some


def test_of_all_cases_and_of_units_it_is_not_told_without_judging_the_whole(tmp_path: Path) -> None:
    facts, ledger = lived("xinzhou", 1)
    as_of = as_of_day(facts, facts[-1].occurred_at.day, "known")
    by = AskedBy(now=datetime_of(as_of.hour), policy=shipped_policy())
    with FolderPlace(tmp_path).history() as history:
        HistoryFeeding(history, ledger, views=VIEWS, step=50).catch_up()
        asking = ViewAsOf(ledger, basis("xinzhou"), "xinzhou", as_of, history=history, sources=Sources(ledger))
        for about in ((), ("unit/u-gov",), ("matter/m-1", "person/p-1")):
            assert asking.page_of_history("desk", Query(filters={"about": about}), by) is None


def shown(capsys: pytest.CaptureFixture[str], view: str, known_at: str) -> Any:  # noqa: ANN401  a JSON value
    capsys.readouterr()
    asked = ["replay", "--district", "xinzhou", "--view", view, "--filter", "about=countersign/cs-1"]
    assert main([*asked, "--known-at", known_at, "--json"]) == 0
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def test_the_command_shows_what_was_to_be_done_then_and_the_alert_from_when_it_was_raised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TAIZHANG_DATA", str(tmp_path))
    with clock_moved(seconds_until(TOLD_AT)):
        assert main(["record", str(ASKED)]) == 0
        assert main(["serve", "--once"]) == 0
        with FolderPlace(tmp_path).history() as history, closing(open_reader(tmp_path / "ledger.sqlite")) as ledger:
            feeding = HistoryFeeding(history, ledger, views=VIEWS, step=1)
            feeding.rebuild()
            feeding.catch_up()
        days = ("2025-09-28", "2025-10-10", "2025-10-13", "2026-11-21")
        by_history = [shown(capsys, view, day) for view in OF_FINDINGS for day in days]
        (tmp_path / VIEW_HISTORY_FILE).unlink()
        assert by_history == [shown(capsys, view, day) for view in OF_FINDINGS for day in days]
    sorts = [[one["sort"] for one in page["rows"]] for page in by_history[: len(days)]]
    assert sorts == [[], ["obligation"], [], ["alert"]]


def test_the_command_shows_a_whole_desk_then_without_judging_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TAIZHANG_DATA", str(tmp_path))
    days = ("2025-09-28", "2025-10-10", "2025-10-13", "2026-11-21")
    with clock_moved(seconds_until(TOLD_AT)):
        assert main(["record", str(ASKED)]) == 0
        assert main(["serve", "--once"]) == 0
        assert main(["views", "rebuild", "--history"]) == 0
        anew = [whole(capsys, view, day, "--from-ledger") for view in OF_FINDINGS for day in days]
        monkeypatch.setattr("services.replay.view_as_of.WholePlay", None)
        assert [whole(capsys, view, day) for view in OF_FINDINGS for day in days] == anew
    assert sum(len(page["rows"]) for page in anew) > 1


def whole(capsys: pytest.CaptureFixture[str], view: str, known_at: str, *more: str) -> Any:  # noqa: ANN401  a JSON value
    capsys.readouterr()
    asked = ["replay", "--district", "xinzhou", "--view", view, "--known-at", known_at, "--json"]
    assert main([*asked, *more]) == 0
    return json.loads(capsys.readouterr().out.splitlines()[-1])
