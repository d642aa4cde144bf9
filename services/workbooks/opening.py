"""A workbook as people filled it in: its sheets, and of each the rows that hold something."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple

import openpyxl
from openpyxl.utils import range_boundaries
from openpyxl.utils.datetime import from_excel
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from services.workbooks.archive import Merged, checked_archive
from services.workbooks.problems import WorkbookError, damaged, too_large

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_ROWS: Final = 50_000
"""Rows that hold something, in all sheets together."""
LAST_ROW: Final = 1_048_576
"""The last row that Excel has."""
MOST_COLUMNS: Final = 300
MOST_MERGED: Final = 1_000
"""Columns of a sheet, and merged ranges in it."""
_CHINESE_DATES: Final = frozenset({*range(27, 37), *range(50, 59)})
"""Built-in formats of Chinese editions that show a date; openpyxl knows them not and gives the bare number."""
_NO_WIDTH: Final = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u2060"))
"""Characters without width, which come with text copied from web pages, and are left out."""
_CARRIAGE_RETURN: Final = "_x000D_"
"""How the format writes the one half of a line break; the library leaves it as it is."""


class Cell(NamedTuple):
    """What stands in a cell; `kind` is openpyxl's: s text, n number, d date, b flag, f formula, e error."""

    value: object
    kind: str


class Row(NamedTuple):
    """A row that holds something: its number and its cells that are not blank, by column from 1."""

    number: int
    cells: dict[int, Cell]


class Sheet(NamedTuple):
    """A sheet: its title, its rows, and the merged ranges as (first column, first row, last column, last row)."""

    title: str
    rows: list[Row]
    merged: list[tuple[int, int, int, int]]


class Workbook(NamedTuple):
    """The sheets of a workbook in their order."""

    sheets: tuple[Sheet, ...]


def open_workbook(name: str, file: BinaryIO) -> Workbook:
    """Read a whole workbook; raise WorkbookError for one that is damaged, too large or of another format."""
    merged = checked_archive(name, file)
    try:
        with warnings.catch_warnings():
            # The library warns of drop-downs and formats that it drops; nothing of that is asked for here.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(file, read_only=True, keep_links=False)
            return Workbook(tuple(_sheets(name, book.worksheets, merged)))
    except WorkbookError:
        raise
    except Exception as fault:
        # For a file that is not sound the library raises whatever happened to fail: KeyError, TypeError, struct.error.
        raise damaged(name) from fault


def _sheets(name: str, sheets: Sequence[object], merged: Merged) -> Iterator[Sheet]:
    left = MOST_ROWS
    for sheet in sheets:
        if not isinstance(sheet, ReadOnlyWorksheet):
            continue
        # A program that writes a wrong size into the sheet would hide the rows beyond it.
        sheet.reset_dimensions()
        rows: list[Row] = []
        for row in _rows(name, sheet):
            rows.append(row)
            left -= 1
            if left < 0:
                raise too_large(name, f"超过 {MOST_ROWS:,} 行", f"has more than {MOST_ROWS:,} rows")
        part = sheet._worksheet_path  # type: ignore[attr-defined]  # noqa: SLF001  nothing else says which part it is
        ranges = merged.get(part, ())
        if len(ranges) > MOST_MERGED:
            raise too_large(name, f"合并单元格超过 {MOST_MERGED} 处", f"has more than {MOST_MERGED} merged ranges")
        yield Sheet(str(sheet.title).strip(), rows, [_range(one) for one in ranges])


def _rows(name: str, sheet: ReadOnlyWorksheet) -> Iterator[Row]:
    cells_of_rows: Iterator[Sequence[Any]] = sheet.iter_rows(max_row=LAST_ROW + 1)  # type: ignore[misc]  # stub's `self`
    for number, cells in enumerate(cells_of_rows, 1):
        if number > LAST_ROW:
            raise damaged(name)
        held: dict[int, Cell] = {}
        for column, cell in enumerate(cells, 1):
            value = cell.value
            if isinstance(value, str):
                value = value.replace(_CARRIAGE_RETURN, "").translate(_NO_WIDTH).strip()
            if value is None or value == "":
                continue
            if column > MOST_COLUMNS:
                raise too_large(name, f"超过 {MOST_COLUMNS} 列", f"has more than {MOST_COLUMNS} columns")
            held[column] = _read(cell, value)
        if held:
            yield Row(number, held)


def _read(cell: Any, value: object) -> Cell:  # noqa: ANN401  openpyxl's cell; its stubs do not know the read-only one
    if cell.data_type == "n" and isinstance(value, int | float) and cell.style_array.numFmtId in _CHINESE_DATES:
        return Cell(from_excel(value, cell.parent.parent.epoch), "d")
    return Cell(value, cell.data_type)


def _range(written: str) -> tuple[int, int, int, int]:
    first_column, first_row, last_column, last_row = range_boundaries(written)
    return first_column or 1, first_row or 1, last_column or MOST_COLUMNS, last_row or LAST_ROW
