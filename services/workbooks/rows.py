"""From the rows of a workbook to facts; a row that cannot become one is named by sheet, row and column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID, uuid5

import orjson
from msgspec import Struct
from openpyxl.utils import get_column_letter

from events.errors import FactError
from events.fact import AnyFact
from events.parsing import Defaults, complete, parse
from events.vocabulary import subject_kind
from services.public_records.facts import facts_of_row
from services.public_records.rows import RowProblem
from services.workbooks.cells import refuse_unusable, value_of
from services.workbooks.forms import GUIDE, LISTS, Column, Form, forms, simplified
from services.workbooks.headings import HeadingError, Headings, headings_of
from services.workbooks.opening import Row, Sheet, Workbook
from services.workbooks.problems import CellError
from services.workbooks.public_cells import public_value

_ID_NAMESPACE: Final = UUID("3f0f2f0a-8a4e-5f5b-a1d4-6c8f6a1f2b90")
_DISTRICT_HEADING: Final = "区县"


class SheetRow(Struct, frozen=True):
    """A row that became facts; `columns` are the letters of its columns by the path of their field."""

    file: str
    sheet: str
    number: int
    facts: tuple[AnyFact, ...]
    columns: Mapping[str, str]
    is_public: bool
    rank: int


def rows_of_workbook(workbook: Workbook, file: str, district: str | None = None) -> Iterator[SheetRow | RowProblem]:
    """Read every row of a workbook, the problems first, then by day and in the order of a case's life.

    The same row gives the same facts wherever it stands; equal rows of one sheet are told apart by their count. With
    `district` every row must be one of that district; without, the guide sheet may name the district of all.
    """
    stated = district or _stated_district(workbook.sheets)
    read = [one for sheet in workbook.sheets for one in _sheet_rows(sheet, file, stated, asked=district)]
    yield from (one for one in read if isinstance(one, RowProblem))
    yield from sorted((one for one in read if isinstance(one, SheetRow)), key=_order)


def column_of(columns: Mapping[str, str], field: str | None) -> str | None:
    """Return the letter of the column that a field such as `data.departments[1]` stands in; None when it has none."""
    while field:
        if field in columns:
            return columns[field]
        field = field[: max(field.rfind("."), field.rfind("["), 0)]
    return None


def _order(row: SheetRow) -> tuple[bool, int, int, int]:
    return row.is_public, row.facts[0].occurred_at.day.toordinal(), row.rank, row.number


def _stated_district(sheets: Sequence[Sheet]) -> str | None:
    for sheet in sheets:
        if simplified(sheet.title) == simplified(GUIDE):
            for row in sheet.rows:
                heading, value = row.cells.get(1), row.cells.get(2)
                if heading is not None and str(heading.value).startswith(_DISTRICT_HEADING) and value is not None:
                    return str(value.value).strip()
    return None


def _sheet_rows(sheet: Sheet, file: str, district: str | None, *, asked: str | None) -> Iterator[SheetRow | RowProblem]:
    title = simplified(sheet.title)
    if not sheet.rows or title in {simplified(GUIDE), simplified(LISTS)}:
        return
    form = forms().get(title)
    if form is None:
        yield RowProblem(
            "sheet.unknown",
            file,
            1,
            None,
            f"没有名为“{sheet.title}”的表，整张表未导入；请用模板中的表名，或事实类型如 countersign.replied。",
            f"no sheet is called {sheet.title!r}, so it was not imported; use a title of the template, or a type of "
            "fact such as countersign.replied.",
            sheet=sheet.title,
        )
        return
    try:
        headings = headings_of(form, sheet)
    except HeadingError as error:
        yield RowProblem(error.code, file, error.row, None, error.zh, error.en, sheet=sheet.title, column=error.letter)
        return
    yield from _Reader(form, sheet, file, headings, district, asked).rows()


class _Reader:
    """The rows of one sheet, with what all of them have in common."""

    def __init__(
        self, form: Form, sheet: Sheet, file: str, headings: Headings, district: str | None, asked: str | None
    ) -> None:
        self._form, self._sheet, self._file = form, sheet, file
        self._headings, self._district, self._asked = headings, district, asked
        self._letters = {column.path: get_column_letter(number) for number, column in headings.columns.items()}
        self._merged = _merged_rows(sheet, headings)
        self._seen: Counter[bytes] = Counter()

    def rows(self) -> Iterator[SheetRow | RowProblem]:
        for row in self._sheet.rows:
            if row.number > self._headings.row and not row.cells.keys().isdisjoint(self._headings.columns):
                yield self._row(row)

    def _row(self, row: Row) -> SheetRow | RowProblem:
        values, problems = self._values(row)
        if problems:
            return self._problem(row, problems)
        try:
            found = self._public(row, values) if self._form.public else (self._fact(values),)
        except FactError as error:
            column = column_of(self._letters, error.field)
            found = RowProblem(
                f"row.{error.code}", self._file, row.number, error.field, error.reason_zh, error.reason_en,
                sheet=self._sheet.title, column=column,
            )  # fmt: skip
        if isinstance(found, RowProblem):
            return found
        is_public = self._form.public is not None
        return SheetRow(self._file, self._sheet.title, row.number, found, self._letters, is_public, self._form.rank)

    def _values(self, row: Row) -> tuple[dict[str, object], list[tuple[int, Column, CellError]]]:
        values: dict[str, object] = {}
        problems: list[tuple[int, Column, CellError]] = []
        merged = self._merged.get(row.number)
        for number, column in self._headings.columns.items():
            cell = row.cells.get(number)
            try:
                if number == merged:
                    raise _in_merged_range()
                if cell is not None and self._form.public:
                    refuse_unusable(cell)
                    values[column.path] = public_value(column.field, cell)
                elif cell is not None:
                    values[column.path] = value_of(column.field, cell)
                elif column.required and column.path != "district":
                    raise _blank(column)
            except CellError as problem:
                problems.append((number, column, problem))
        return values, problems

    def _fact(self, values: Mapping[str, object]) -> AnyFact:
        given: dict[str, Any] = {"type": self._form.type, "data": {}}
        for path, value in values.items():
            outer, _, inner = path.partition(".")
            if inner:
                given.setdefault(outer, {})[inner] = value
            else:
                given[outer] = value
        given["subject"]["kind"] = subject_kind(self._form.type or "")
        given.setdefault("actor", {})
        if self._asked is not None and given.get("district", self._asked) != self._asked:
            raise FactError(
                "other_district",
                f"此行写明区县为 {given['district']}，命令指定的是 {self._asked}；请核对。",
                f"the row says {given['district']}, the command says {self._asked}; check which is right.",
                field="district",
            )
        if "district" not in given and self._district is not None:
            given["district"] = self._district
        content = orjson.dumps(given, option=orjson.OPT_SORT_KEYS)
        self._seen[content] += 1
        given["id"] = str(uuid5(_ID_NAMESPACE, f"{content.decode()} {self._seen[content]}"))
        return parse(complete(given, 0, Defaults()))

    def _public(self, row: Row, values: Mapping[str, object]) -> tuple[AnyFact, ...] | RowProblem:
        assert self._form.public is not None  # noqa: S101  tells the type checker what the caller has seen
        whole = {column.path: values.get(column.path) for column in self._form.columns}
        if "agenda" in whole and self._form.public == "meetings":
            whole["agenda"] = whole["agenda"] or []
        found = facts_of_row(whole, self._form.public, row.number, file=self._file, district=self._asked)
        if isinstance(found, RowProblem):
            column = column_of(self._letters, found.field)
            return RowProblem(
                found.code, found.file, found.row, found.field, found.zh, found.en, refused=found.refused,
                sheet=self._sheet.title, column=column,
            )  # fmt: skip
        return tuple(found)

    def _problem(self, row: Row, problems: Sequence[tuple[int, Column, CellError]]) -> RowProblem:
        """Name the first bad cell of a row, and tell of the others behind it."""
        number, column, first = problems[0]
        others = [(get_column_letter(one), other.name, problem) for one, other, problem in problems[1:]]
        zh = first.zh + "".join(f" 另有 {letter}列（{name}）：{one.zh}" for letter, name, one in others)
        en = first.en + "".join(f" Also column {letter} ({name}): {one.en}" for letter, name, one in others)
        return RowProblem(
            first.code, self._file, row.number, column.path, zh, en,
            sheet=self._sheet.title, column=get_column_letter(number),
        )  # fmt: skip


def _merged_rows(sheet: Sheet, headings: Headings) -> dict[int, int]:
    """Return the rows that a merged range touches, each with the first column of the range that has a heading."""
    found: dict[int, int] = {}
    for first_column, first_row, last_column, last_row in sheet.merged:
        touched = [number for number in headings.columns if first_column <= number <= last_column]
        if touched:
            for row in sheet.rows:
                if first_row <= row.number <= last_row:
                    found.setdefault(row.number, min(touched))
    return found


def _in_merged_range() -> CellError:
    return CellError(
        "cell.merged",
        "在合并单元格中，Excel 只在其左上角保存内容；请取消合并并逐行填写。",
        "it lies in a merged range, of which only the first cell holds anything; unmerge it and fill in each row.",
    )


def _blank(column: Column) -> CellError:
    return CellError(
        "cell.required",
        f"“{column.zh}”必填，现为空白；请填写。",
        f"this field is required and blank ({column.en}); fill it in.",
    )
