"""Tables go out as Excel and CSV: real dates, real numbers, and nothing that acts as a formula."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.moment import Moment
from services.workbooks.problems import WorkbookError
from services.workbooks.tables import Row, TableColumn, csv_lines, write_table, write_to
from tests.services.workbooks.filling import sheet_of

COLUMNS = (
    TableColumn("name", "名称", "name"),
    TableColumn("count", "数量", "count", "number"),
    TableColumn("late", "逾期", "late", "flag"),
    TableColumn("day", "日期", "day", "date"),
    TableColumn("due", "到期", "due", "moment"),
    TableColumn("units", "单位", "units", "list"),
)
ROWS: tuple[Row, ...] = (
    ("会签", 3, True, "2026-09-28", "2026-10-10T23:59:59.999999+08:00", ("u-land", "u-finance")),
    (None, Decimal("2600.50"), False, dt.date(2026, 9, 28), Moment("2026-10-10"), ()),
    ("很久以前", None, None, "1899-01-01", "2026-10-10T00:00:00Z", None),
)
DANGEROUS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1+1", "|calc", "%0A")


def hour(year: int, month: int, day: int, hours: int = 0, minutes: int = 0, seconds: int = 0) -> dt.datetime:
    return dt.datetime.combine(dt.date(year, month, day), dt.time(hours, minutes, seconds))


def workbook_of(columns: tuple[TableColumn, ...], rows: tuple[Row, ...]) -> openpyxl.Workbook:
    file = io.BytesIO()
    write_to(file, "xlsx", "表: [一]", columns, rows)
    file.seek(0)
    return openpyxl.load_workbook(file)


def csv_of(columns: tuple[TableColumn, ...], rows: tuple[Row, ...]) -> list[list[str]]:
    whole = b"".join(csv_lines(columns, rows))
    assert whole.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(whole.decode("utf-8-sig"), newline="")))


def test_a_workbook_holds_dates_as_dates_numbers_as_numbers_and_hours_in_beijing_time() -> None:
    sheet = workbook_of(COLUMNS, ROWS).worksheets[0]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["名称 name", "数量 count", "逾期 late", "日期 day", "到期 due", "单位 units"],
        [
            "会签",
            3,
            "是 yes",
            hour(2026, 9, 28),
            hour(2026, 10, 10, 23, 59, 59),
            "u-land、u-finance",
        ],
        [None, 2600.5, "否 no", hour(2026, 9, 28), hour(2026, 10, 10), None],
        ["很久以前", None, None, "1899-01-01", hour(2026, 10, 10, 8), None],
    ]
    assert (sheet["D2"].number_format, sheet["E2"].number_format) == ("yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss")
    assert (sheet.title, sheet.freeze_panes, sheet.auto_filter.ref) == ("表   一 ", "A2", "A1:F4")


def test_csv_says_the_same() -> None:
    assert csv_of(COLUMNS, ROWS) == [
        ["名称 name", "数量 count", "逾期 late", "日期 day", "到期 due", "单位 units"],
        ["会签", "3", "是 yes", "2026-09-28", "2026-10-10 23:59:59", "u-land、u-finance"],
        ["", "2600.50", "否 no", "2026-09-28", "2026-10-10", ""],
        ["很久以前", "", "", "1899-01-01", "2026-10-10 08:00:00", ""],
    ]


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_text_that_would_act_as_a_formula_is_a_text_that_says_so(text: str) -> None:
    columns = (TableColumn("a", "文", "text"),)
    assert csv_of(columns, ((text,),))[1] == [f"'{text}"]
    cell = workbook_of(columns, ((text,),)).worksheets[0]["A2"]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


@given(st.lists(st.text(), max_size=4))
def test_whatever_is_written_can_be_read_and_is_no_formula(texts: list[str]) -> None:
    columns = (TableColumn("a", "文", "text"), TableColumn("b", "日", "day", "moment"))
    sheet = workbook_of(columns, tuple((text, text) for text in texts)).worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
    read = csv_of(columns, tuple((text, text) for text in texts))
    assert all(not cell.lstrip().startswith(("=", "+", "-", "@")) for row in read for cell in row)


def test_a_text_longer_than_a_cell_is_cut_and_says_so() -> None:
    cell = workbook_of((TableColumn("a", "文", "text"),), (("长" * 40_000,),)).worksheets[0]["A2"]
    assert isinstance(cell.value, str)
    assert (len(cell.value), cell.value.endswith("…（截断 cut）")) == (32_767, True)


def test_a_file_is_replaced_whole_and_another_ending_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(b"old")
    write_table(path, "表", COLUMNS, ROWS)
    assert sheet_of(openpyxl.load_workbook(path), "表").max_row == 4

    def failing() -> Row:
        raise OSError(28, "disk full")

    with pytest.raises(OSError, match="disk full"):
        write_table(path, "表", COLUMNS, (failing() for _ in range(1)))
    assert sheet_of(openpyxl.load_workbook(path), "表").max_row == 4
    assert [one.name for one in tmp_path.iterdir()] == ["t.xlsx"]
    with pytest.raises(WorkbookError) as refused:
        write_table(tmp_path / "t.pdf", "表", COLUMNS, ROWS)
    assert refused.value.code == "table.unknown_format"
