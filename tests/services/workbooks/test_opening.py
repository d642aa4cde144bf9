"""Files that are no sound workbook, or are built to do harm, are refused before anything is made of them."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from services.workbooks import archive
from services.workbooks.archive import is_spreadsheet
from services.workbooks.opening import Cell, open_workbook
from services.workbooks.problems import WorkbookError
from tests.services.workbooks.filling import saved

SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def small() -> Workbook:
    book = Workbook()
    sheet = book.create_sheet("请假", 0)
    sheet.append(["案卷编号", "发生时间"])
    sheet.append(["a-1", dt.date(2026, 9, 28)])
    return book


WHOLE = saved(small()).getvalue()


def changed(part: str, change: Callable[[bytes], bytes]) -> BytesIO:
    """Return the small workbook with one of its parts changed."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(WHOLE)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    file.seek(0)
    return file


def sheet(rows: str) -> BytesIO:
    return changed(SHEET, lambda _: f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'.encode())


def zipped(**parts: str) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name, text in parts.items():
            made.writestr(name.replace("__", "/"), text)
    return file.getvalue()


def refusal(file: BytesIO, name: str = "f.xlsx") -> str:
    with pytest.raises(WorkbookError) as refused:
        open_workbook(name, file)
    return refused.value.code


def test_a_sound_workbook_is_read_with_its_rows_and_dates() -> None:
    (first, _) = open_workbook("f.xlsx", BytesIO(WHOLE)).sheets
    midnight = dt.datetime(2026, 9, 28)  # noqa: DTZ001  the hours of a workbook have no offset
    assert (first.title, [row.number for row in first.rows]) == ("请假", [1, 2])
    assert first.rows[1].cells == {1: Cell("a-1", "s"), 2: Cell(midnight, "d")}


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("f.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "workbook.other_format"),
        ("f.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1locked", "workbook.other_format"),
        ("f.ods", zipped(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "workbook.other_format"),
        ("f.xlsb", zipped(xl__workbook__bin="x").replace(b"workbook/bin", b"workbook.bin"), "workbook.other_format"),
        ("f.csv", "案卷,日期\n".encode(), "workbook.other_format"),
        ("f.xlsx", b"", "workbook.damaged"),
        ("f.xlsx", b"PK\x03\x04", "workbook.damaged"),
        ("f.xlsx", zipped(a="b"), "workbook.damaged"),
        ("f.xlsx", WHOLE[:-200], "workbook.damaged"),
        ("f.xlsx", "一段文字".encode(), "workbook.damaged"),
    ],
)
def test_another_format_or_a_broken_file_is_refused_clearly(name: str, content: bytes, code: str) -> None:
    assert is_spreadsheet(name, content[:8])
    assert refusal(BytesIO(content), name) == code


@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
def test_a_flipped_byte_is_read_all_the_same_or_refused_never_worse(place: int, flip: int) -> None:
    content = bytearray(WHOLE)
    content[place] ^= flip
    try:
        open_workbook("f.xlsx", BytesIO(content))
    except WorkbookError as refused:
        assert refused.code in {"workbook.damaged", "workbook.other_format", "workbook.too_large"}  # noqa: PT017  either is right


def test_a_file_that_unpacks_to_far_more_than_people_type_is_refused_unread() -> None:
    bomb = changed("xl/theme/theme1.xml", lambda _: b"<a>" + b" " * (archive.LARGEST_UNPACKED + 1) + b"</a>")
    assert len(bomb.getvalue()) < 1_000_000
    assert refusal(bomb) == "workbook.too_large"


def test_a_part_with_too_many_elements_is_refused_unread() -> None:
    many = b"<styleSheet>" + b"<xf/>" * (archive.MOST_ELEMENTS_ASIDE + 1) + b"</styleSheet>"
    assert refusal(changed("xl/styles.xml", lambda _: many)) == "workbook.too_large"


def test_a_strict_open_xml_workbook_is_refused_rather_than_read_as_empty() -> None:
    strict = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    assert (
        refusal(changed("xl/workbook.xml", lambda xml: xml.replace(MAIN.encode(), strict))) == "workbook.other_format"
    )


def test_line_breaks_and_blanks_of_other_programs_are_plain_ones() -> None:
    text = "  甲_x000D_\n乙\u200b\u00a0"
    (first, _) = open_workbook("f.xlsx", sheet(f'<row r="1"><c r="A1" t="str"><v>{text}</v></c></row>')).sheets
    assert first.rows[0].cells == {1: Cell("甲\n乙", "s")}


def test_elements_in_elements_without_end_are_refused() -> None:
    deep = b"<a>" * (archive.DEEPEST + 1) + b"</a>" * (archive.DEEPEST + 1)
    assert refusal(changed("docProps/core.xml", lambda _: deep)) == "workbook.too_large"


def test_entities_that_multiply_are_refused() -> None:
    laughs = b'<!DOCTYPE a [<!ENTITY l "ha"><!ENTITY m "&l;&l;">]><worksheet>&m;</worksheet>'
    assert refusal(changed(SHEET, lambda _: laughs)) == "workbook.damaged"


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="999999999999"><c r="A999999999999" t="str"><v>x</v></c></row>',
        '<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>77777</v></c></row>',
        '<row r="1"><c r="A1"><v>nan</v></c></row>',
        '<row r="x"/>',
        f'<row r="1">{"<c/>" * 20_000}</row>',
    ],
)
def test_rows_that_no_spreadsheet_program_writes_are_refused_rather_than_dropped(rows: str) -> None:
    assert refusal(sheet(rows)) == "workbook.damaged"


def test_too_many_rows_or_columns_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(sheet('<row r="1"><c r="XFD1"><v>1</v></c></row>')) == "workbook.too_large"
    monkeypatch.setattr("services.workbooks.opening.MOST_ROWS", 1)
    assert refusal(BytesIO(WHOLE)) == "workbook.too_large"


def test_formats_reaching_to_the_last_row_do_no_harm() -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576" s="1"/></row>'
    (first, _) = open_workbook("f.xlsx", sheet(rows)).sheets
    assert [row.number for row in first.rows] == [1]


def test_a_sheet_that_states_a_wrong_size_is_read_to_its_end() -> None:
    file = changed(SHEET, lambda xml: xml.replace(b'ref="A1:B2"', b'ref="A1"'))
    (first, _) = open_workbook("f.xlsx", file).sheets
    assert [sorted(row.cells) for row in first.rows] == [[1, 2], [1, 2]]


def test_a_date_in_a_format_of_chinese_editions_is_a_date() -> None:
    def change(xml: bytes) -> bytes:
        without = re.sub(rb"<numFmts.*?</numFmts>|<numFmts[^>]*/>", b"", xml)
        assert without.count(b'numFmtId="164"') == 1
        return without.replace(b'numFmtId="164"', b'numFmtId="31"')

    (first, _) = open_workbook("f.xlsx", changed("xl/styles.xml", change)).sheets
    assert str(first.rows[1].cells[2].value) == "2026-09-28 00:00:00"
