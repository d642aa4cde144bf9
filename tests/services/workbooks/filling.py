"""Workbooks as people fill them in, for the tests of what is read of them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import cast

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from events.field_types import FieldType
from services.public_records.rows import RowProblem
from services.workbooks.forms import template_forms
from services.workbooks.opening import open_workbook
from services.workbooks.rows import SheetRow, rows_of_workbook

Rows = Sequence[Mapping[str, object]]


def workbook(sheets: Mapping[str, Rows], *, headings: str = "name") -> Workbook:
    """Return a workbook with the template's headings, in Chinese or by name, and one row a mapping by name."""
    forms = {form.title: form for form in template_forms()}
    book = Workbook()
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        columns = forms[title].columns
        sheet.append([str(getattr(column, headings)) for column in columns])
        for row in rows:
            sheet.append([row.get(column.name) for column in columns])
    return book


def sheet_of(book: Workbook, title: str) -> Worksheet:
    """Return a sheet that can be written to."""
    return cast("Worksheet", book[title])


def saved(book: Workbook) -> BytesIO:
    """Return a workbook as the file that it is saved to."""
    file = BytesIO()
    book.save(file)
    file.seek(0)
    return file


def read(file: BytesIO | Workbook, district: str | None = "xinzhou") -> list[SheetRow | RowProblem]:
    """Read a file as `taizhang import` does, up to the recording."""
    given = saved(file) if isinstance(file, Workbook) else file
    return list(rows_of_workbook(open_workbook("f.xlsx", given), "f.xlsx", district))


def facts(rows: Sequence[SheetRow | RowProblem]) -> list[SheetRow]:
    """Return rows all of which became facts."""
    problems = [str(row) for row in rows if isinstance(row, RowProblem)]
    assert problems == []
    return [row for row in rows if isinstance(row, SheetRow)]


def cell_for(field: FieldType, value: object) -> object:
    """Return a value of a fact as a person would type it."""
    if field.fields is not None:
        entries = cast("list[dict[str, object]]", value if isinstance(value, list) else [value])
        return "\n".join(
            "|".join(_part(part, entry.get(name)) for name, part in field.fields.items()) for entry in entries
        )
    if isinstance(value, list):
        return "、".join(str(cell_for(field, entry)) for entry in value) or "无"
    if field.choices is not None:
        return field.choices.values[str(value)][0]
    if isinstance(value, bool):
        return "是" if value else "否"
    if field.type in {"date", "moment"} and isinstance(value, str):
        return dt.date.fromisoformat(value) if len(value) == 10 else value
    return value


def _part(field: FieldType, value: object) -> str:
    return "" if value is None else str(cell_for(field, value))


def as_in_lines(row: Mapping[str, object]) -> dict[str, object]:
    """Return a public record as a person would type it into a sheet."""
    typed: dict[str, object] = {}
    for name, value in row.items():
        if name == "agenda" and isinstance(value, list):
            typed[name] = "\n".join("|".join(str(part or "") for part in topic.values()) for topic in value)
        elif isinstance(value, list):
            typed[name] = "\n".join(value)
        elif isinstance(value, dict):
            typed[name] = json.dumps(value, ensure_ascii=False)
        else:
            typed[name] = value
    return typed
