"""Any table as an Excel workbook or as CSV, told by its columns; what goes out cannot act as a formula."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, Final, Literal, NamedTuple, cast

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from events.moment import TIME_ZONE, Moment
from services.workbooks.problems import WorkbookError
from services.written_whole import written_whole

Kind = Literal["text", "number", "flag", "date", "moment", "list"]
"""What a column holds: `date` and `moment` as ISO texts, dates or Moments, `list` as a sequence of texts."""
Format = Literal["xlsx", "csv"]
FORMATS: Final[tuple[Format, ...]] = ("xlsx", "csv")

_LONGEST_CELL: Final = 32_767
"""Characters that Excel lets a cell hold; a longer one makes it call the file damaged."""
_CUT: Final = "…（截断 cut）"
_MOST_ROWS: Final = 1_048_575
_LONGEST_TITLE: Final = 31
_FIRST_YEAR: Final = 1901
_DAY_FORMAT: Final = "yyyy-mm-dd"
_MOMENT_FORMAT: Final = "yyyy-mm-dd hh:mm:ss"
_ACTS: Final = re.compile(r"[\s]*[=+\-@＝＋－＠|%\t\r\n]")
_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_TITLES: Final = re.compile(r"[\[\]:*?/\\']")


class TableColumn(NamedTuple):
    """A column: its key in a row, its headings, and what it holds."""

    key: str
    zh: str
    en: str
    kind: Kind = "text"
    width: int = 18

    @property
    def heading(self) -> str:
        """The heading that people see."""
        return f"{self.zh} {self.en}"


Row = Sequence[object]
"""One value a column, None for nothing."""


def format_of(path: Path) -> Format:
    """Return the format that a file's name asks for; raise WorkbookError for another."""
    ending = path.suffix.lower().removeprefix(".")
    for known in FORMATS:
        if ending == known:
            return known
    raise WorkbookError(
        "table.unknown_format",
        f"{path} 的后缀不是 .xlsx 或 .csv，不知道写成什么格式；请改文件名。",
        f"the name of {path} ends neither in .xlsx nor in .csv, so its format is not known; name it so.",
    )


def write_table(path: Path, title: str, columns: Sequence[TableColumn], rows: Iterable[Row]) -> None:
    """Write a table to a file, whole or not at all, over one that is there; raise WorkbookError or OSError."""
    form = format_of(path)
    with written_whole(path, replace=True) as file:
        write_to(file, form, title, columns, rows)


def write_to(file: BinaryIO, form: Format, title: str, columns: Sequence[TableColumn], rows: Iterable[Row]) -> None:
    """Write a table to an open file; raise WorkbookError when it has more rows than a sheet holds."""
    if form == "csv":
        file.writelines(csv_lines(columns, rows))
    else:
        _workbook(title, columns, rows).save(file)


def csv_lines(columns: Sequence[TableColumn], rows: Iterable[Row]) -> Iterator[bytes]:
    """Give a table as CSV line by line, in UTF-8 with the mark by which Excel knows it."""
    yield b"\xef\xbb\xbf" + _csv_line([column.heading for column in columns])
    for row in rows:
        yield _csv_line([_csv_text(column, value) for column, value in zip(columns, row, strict=True)])


def _csv_line(cells: Sequence[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue().encode("utf-8", "replace")


def _csv_text(column: TableColumn, value: object) -> str:
    plain = _plain(column, value)
    match plain:
        case None:
            return ""
        case bool():
            return _flag(on=plain)
        case dt.datetime():
            return plain.isoformat(" ", "seconds")
        case str():
            return f"'{plain}" if _ACTS.match(plain) else plain
        case _:
            return str(plain)


def _workbook(title: str, columns: Sequence[TableColumn], rows: Iterable[Row]) -> Workbook:
    book = Workbook(write_only=True)
    # The stub of the write-only sheet leaves out what it has in common with the ordinary one.
    sheet = cast("Worksheet", book.create_sheet(_NOT_IN_TITLES.sub(" ", title)[:_LONGEST_TITLE]))
    sheet.freeze_panes = "A2"
    for number, column in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    try:
        sheet.append([_heading(sheet, column) for column in columns])
        count = 0
        for count, row in enumerate(_as_many_as_fit(rows), 1):  # noqa: B007  the last count is read below
            sheet.append([_cell(sheet, column, value) for column, value in zip(columns, row, strict=True)])
    except BaseException:
        # What is begun must be ended, or the temporary file of the sheet stays open.
        book.save(io.BytesIO())
        raise
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{count + 1}"
    return book


def _as_many_as_fit(rows: Iterable[Row]) -> Iterator[Row]:
    for count, row in enumerate(rows, 1):
        if count > _MOST_ROWS:
            raise WorkbookError(
                "table.too_many_rows",
                f"超过 {_MOST_ROWS:,} 行，Excel 放不下；请改用 .csv 或缩小范围。",
                f"there are more than {_MOST_ROWS:,} rows, more than Excel holds; write .csv, or ask for less.",
            )
        yield row


def _heading(sheet: Worksheet, column: TableColumn) -> Cell:
    cell = WriteOnlyCell(sheet, column.heading)
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: Worksheet, column: TableColumn, value: object) -> Cell:
    plain = _plain(column, value)
    cell = WriteOnlyCell(sheet)
    match plain:
        case None | "":
            pass
        case bool():
            cell.value = _flag(on=plain)
        case str():
            # The type is set after the value, or openpyxl would take `=1+1` for a formula; the prefix keeps Excel
            # from doing the same when somebody edits the cell.
            cell.value = _fitting(plain)
            cell.data_type = "s"
            cell.quotePrefix = bool(_ACTS.match(plain))
        case dt.datetime():
            cell.value, cell.number_format = plain, _MOMENT_FORMAT
        case dt.date():
            cell.value, cell.number_format = plain, _DAY_FORMAT
        case _:
            cell.value = plain
    return cell


def _plain(column: TableColumn, value: object) -> str | bool | int | float | Decimal | dt.date | None:
    """Return a value as its column holds it; one of another shape becomes its text rather than nothing."""
    if value is None:
        return None
    match column.kind:
        case "number" if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            return value
        case "flag" if isinstance(value, bool):
            return value
        case "date" | "moment":
            return _moment(value)
        case "list" if isinstance(value, Sequence) and not isinstance(value, str):
            return "、".join(map(str, value))
        case _:
            return str(value)


def _moment(value: object) -> str | dt.date:
    """Return a day, or an hour in +08:00 to the second; Excel has no offsets, and rounds up what is finer."""
    try:
        moment = value if isinstance(value, Moment) else Moment(_iso(value))
    except ValueError:
        return str(value)
    if moment.day.year < _FIRST_YEAR:
        return moment.text
    if moment.day_only:
        return moment.day
    return dt.datetime.fromisoformat(moment.text).astimezone(TIME_ZONE).replace(tzinfo=None, microsecond=0)


def _iso(value: object) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _flag(*, on: bool) -> str:
    return "是 yes" if on else "否 no"


def _fitting(text: str) -> str:
    sound = _NOT_IN_XML.sub("\ufffd", text)
    return sound if len(sound) <= _LONGEST_CELL else sound[: _LONGEST_CELL - len(_CUT)] + _CUT
