"""taizhang import with a workbook: the good rows go in once, whatever their order, and nothing twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import Workbook

from services.cli import main
from tests.services.workbooks.filling import workbook
from tests.services.workbooks.test_rows_of_workbook import ANSWERED, ASKED, REPLIED, REQUESTED


@pytest.fixture(autouse=True)
def _own_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAIZHANG_DATA", str(tmp_path / "var"))


def imported(capsys: pytest.CaptureFixture[str], path: Path, book: Workbook) -> tuple[int, int, int, list[str]]:
    book.save(path)
    main(["import", str(path), "--district", "xinzhou", "--json"])
    report = json.loads(capsys.readouterr().out)
    refused = [f"{row['sheet']} {row['row']} {row['column']} {row['code']}" for row in report["rows"] if row["code"]]
    return report["recorded"], report["repeated"], report["refused"], refused


def test_good_rows_go_in_once_bad_ones_are_named_and_mended_ones_follow(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "f.xlsx"
    bad = {**REPLIED, "stance": "好", "department": "u-finance", "actor.unit": "u-finance"}
    lost = {**REPLIED, "subject.id": "cs-none"}
    early = {**REPLIED, "occurred_at": "2026-9-27"}
    book = workbook({ANSWERED: [early, bad, lost], ASKED: [REQUESTED]})
    named = [f"{ANSWERED} 3 G cell.not_a_choice", f"{ANSWERED} 4 A recording.case_not_open"]
    assert imported(capsys, path, book) == (2, 0, 2, named)
    assert imported(capsys, path, book) == (0, 2, 2, named)
    mended = workbook({ASKED: [REQUESTED], ANSWERED: [{**bad, "stance": "同意"}, early]})
    assert imported(capsys, path, mended) == (1, 2, 0, [])


def test_people_are_shown_sheet_row_and_column_in_chinese(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "f.xlsx"
    workbook({ASKED: [REQUESTED, {**REQUESTED, "form": "口信"}]}).save(path)
    assert main(["import", str(path), "--as", "xinzhou"]) == 2
    shown = capsys.readouterr().out
    assert f"{path} 征求意见会签 第3行 J列（form）：拒绝 refused" in shown
    assert "已入账 1 行，重复 0 行，拒绝 1 行" in shown


def test_a_file_that_cannot_be_read_stops_all_before_anything_goes_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, broken = tmp_path / "good.xlsx", tmp_path / "broken.xlsx"
    workbook({ASKED: [REQUESTED]}).save(good)
    broken.write_bytes(good.read_bytes()[:3_000])
    assert main(["import", str(good), str(broken), "--as", "xinzhou"]) == 2
    captured = capsys.readouterr()
    assert (captured.out, "broken.xlsx 已损坏" in captured.err) == ("", True)
    assert not (tmp_path / "var").exists()
