"""Views go out as CSV and Excel: every row, the same that the pages show, and nothing that acts as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from projections.views.query import USUAL_PAGE
from services.cli import main
from services.http import tables
from tests.services.http.api import ASKED, Api, serving

FACTS = "/v1/districts/xinzhou/facts"
VIEW = "/v1/districts/xinzhou/views/countersigns"
COUNT = USUAL_PAGE + 3
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def fed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """Give a service of its own whose views hold more rows than one page."""
    with serving(tmp_path_factory.mktemp("files")) as api:
        cases = [{**ASKED, "subject": {"kind": "countersign", "id": f"cs-{number}"}} for number in range(COUNT)]
        client = api.client("clerk")
        for start in range(0, COUNT, 20):
            assert client.post(FACTS, json={"facts": cases[start : start + 20]}).status_code == 201
        api.service.feeding.catch_up()
        yield api


def read_csv(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_a_view_comes_as_csv_and_as_a_workbook_with_all_its_rows(fed: Api) -> None:
    client = fed.client("leader")
    page = client.get(VIEW).json()
    as_csv = client.get(VIEW, params={"format": "csv"})
    assert (as_csv.status_code, as_csv.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert as_csv.headers["content-disposition"] == 'attachment; filename="countersigns-xinzhou.csv"'
    rows = read_csv(as_csv.content)
    assert len(rows) == COUNT > len(page["rows"])
    assert [row["会签 Countersign"] for row in rows[:USUAL_PAGE]] == [row["countersign"] for row in page["rows"]]
    as_xlsx = client.get(VIEW, headers={"accept": f"{XLSX}, application/json;q=0.5"})
    assert (as_xlsx.status_code, as_xlsx.headers["content-type"]) == (200, XLSX)
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx.content)).worksheets[0]
    assert [str(cell.value) for cell in sheet[1]] == list(rows[0])
    assert sheet.max_row == COUNT + 1


def test_what_is_not_asked_for_or_not_known_stays_as_it_was(fed: Api) -> None:
    client = fed.client("leader")
    assert client.get(VIEW, headers={"accept": "text/html, */*"}).headers["content-type"] == "application/json"
    assert client.get(VIEW, params={"format": "pdf"}).status_code == 422
    assert client.get(VIEW, params={"format": "csv", "colour": "red"}).status_code == 422
    assert client.get(VIEW.replace("xinzhou", "huancui"), params={"format": "csv"}).status_code == 404
    assert fed.client("operator").get(VIEW, params={"format": "csv"}).status_code == 403


def test_more_rows_than_one_answer_holds_are_refused_with_what_to_do(fed: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 10)
    refused = fed.client("leader").get(VIEW, params={"format": "xlsx"})
    assert (refused.status_code, refused.json()["code"]) == (422, "view.export_too_large")


def test_the_command_writes_every_row_or_as_many_as_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TAIZHANG_DATA", str(tmp_path / "var"))
    sample = Path(__file__).parents[3] / "services" / "sample" / "one-fact" / "asked.jsonl"
    assert main(["record", str(sample)]) == 0
    assert main(["views", "rebuild", "--view", "countersigns"]) == 0
    show = ["views", "show", "countersigns", "--district", "xinzhou", "--to"]
    assert main([*show, str(tmp_path / "v.csv")]) == 0
    (row,) = read_csv((tmp_path / "v.csv").read_bytes())
    assert (row["会签 Countersign"], row["征求对象 Asked of"]) == ("countersign/cs-1", "区自然资源分局（u-land）")
    assert main([*show, str(tmp_path / "v.xlsx"), "--limit", "1"]) == 0
    assert openpyxl.load_workbook(tmp_path / "v.xlsx").worksheets[0].max_row == 2
    capsys.readouterr()
    assert main([*show, str(tmp_path / "v.pdf")]) == 2
    assert main([*show, str(tmp_path / "none" / "v.csv")]) == 2
    errors = capsys.readouterr().err
    assert ("table.unknown_format" in errors, "无法写入" in errors) == (True, True)
