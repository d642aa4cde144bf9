"""Which column of a sheet is which field, by the headings in Chinese or by the names of the fields."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Final, NamedTuple

from openpyxl.utils import get_column_letter

from services.workbooks.forms import Column, Form, simplified
from services.workbooks.opening import Row, Sheet
from services.workbooks.problems import CellError

_OWN: Final = "#"
"""A heading that begins so is the writer's own column, which is not read."""
_LAST_HEADING: Final = 10
_FEWEST: Final = 2


class Headings(NamedTuple):
    """The columns of a sheet by number, and the number of its last heading row."""

    columns: dict[int, Column]
    row: int


class HeadingError(CellError):
    """A sheet whose headings cannot be read; `row` and `letter` say where."""

    def __init__(self, code: str, zh: str, en: str, row: int, letter: str | None) -> None:
        super().__init__(code, zh, en)
        self.row, self.letter = row, letter


def headings_of(form: Form, sheet: Sheet) -> Headings:
    """Find the headings of a sheet, in one row or two; raise HeadingError when a column is not known or is missing."""
    known = _known(form)
    found: list[Row] = []
    for row in sheet.rows:
        if row.number > _LAST_HEADING or (found and row.number > found[-1].number + 1):
            break
        hits = sum(simplified(str(cell.value)) in known for cell in row.cells.values())
        if hits >= min(_FEWEST, len(form.columns)):
            found.append(row)
        elif found:
            break
    if not found:
        names = "、".join(column.zh for column in form.columns if column.required)
        raise HeadingError(
            "sheet.no_headings",
            f"前 {_LAST_HEADING} 行中没有表头，整张表未导入；请用模板的表头，至少要有：{names}。",
            f"there are no headings in the first {_LAST_HEADING} rows, so the sheet was not imported; take those of "
            "the template.",
            1,
            None,
        )
    columns = _columns(found, known)
    _refuse_missing(form, columns, found[0].number)
    return Headings(columns, found[-1].number)


def _known(form: Form) -> Mapping[str, Column]:
    return {simplified(name): column for column in form.columns for name in (column.zh, column.name, column.path)}


def _columns(rows: list[Row], known: Mapping[str, Column]) -> dict[int, Column]:
    columns: dict[int, Column] = {}
    for row in rows:
        for number, cell in row.cells.items():
            heading = str(cell.value)
            if heading.startswith(_OWN) or str(rows[0].cells.get(number, cell).value).startswith(_OWN):
                continue
            column = known.get(simplified(heading))
            if column is None:
                raise _unknown(heading, known, row.number, number)
            if columns.get(number, column) != column or (number not in columns and column in columns.values()):
                raise HeadingError(
                    "sheet.heading_twice",
                    f"表头“{heading}”与另一处表头重复或不一致，整张表未导入；请每列只用一个表头。",
                    f"the heading {heading!r} stands twice or says another field than the row above it, so the sheet "
                    "was not imported; give each column one heading.",
                    row.number,
                    get_column_letter(number),
                )
            columns[number] = column
    return columns


def _unknown(heading: str, known: Mapping[str, Column], row: int, number: int) -> HeadingError:
    near = get_close_matches(simplified(heading)[:100], known, n=1)
    hint_zh, hint_en = (
        (f"；是否为“{known[near[0]].zh}”？", f"; did you mean {known[near[0]].name}?") if near else ("", "")
    )
    return HeadingError(
        "sheet.unknown_heading",
        f"没有名为“{heading[:60]}”的列，整张表未导入{hint_zh}自己用的列请在表头前加 {_OWN}。",
        f"there is no column {heading[:60]!r}, so the sheet was not imported{hint_en} Put {_OWN} before the heading of "
        "a column of your own.",
        row,
        get_column_letter(number),
    )


def _refuse_missing(form: Form, columns: Mapping[int, Column], row: int) -> None:
    missing = [column for column in form.columns if column.required and column not in columns.values()]
    if missing:
        raise HeadingError(
            "sheet.missing_column",
            f"缺少必填列：{'、'.join(column.zh for column in missing)}，整张表未导入；请照模板补上。",
            f"required columns are missing: {', '.join(column.name for column in missing)}, so the sheet was not "
            "imported; add them as in the template.",
            row,
            None,
        )
