"""Rows of public records: their dates, their places, and what is wrong with them."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from events.moment import TIME_ZONE

FileKind = Literal["meetings", "documents", "notices", "leaders"]
Row = Mapping[str, object]

IMPOSSIBLE_DATE: Final = "row.impossible_date"
MISSING_FIELD: Final = "row.missing_field"
WRONG_TYPE: Final = "row.wrong_type"

_TELLING_FIELDS: Final[Mapping[str, FileKind]] = {
    "date_held": "meetings",
    "date_signed": "documents",
    "reply_deadline": "notices",
    "pairs": "leaders",
}
_DATE_FIELDS: Final = ("date", "reply_deadline", "valid_until", "period_start")
_MONTH: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_HOUR: Final = re.compile(_DAY.pattern + r"[ T]\d{2}:\d{2}.*", re.ASCII)
_DISTRICT: Final = re.compile(r"[a-z][a-z0-9_-]{0,62}")
_OTHER_PLACE: Final = "xn--"
_LONGEST_NAME: Final = 120


@dataclass(frozen=True)
class RowProblem:
    """Why a row brought no facts; `code` is stable, `sheet` and the letter of the `column` are those of a workbook.

    A refused row is wrong and wants mending. One that is passed over is right, but says nothing that can be recorded.
    """

    code: str
    file: str
    row: int
    field: str | None
    zh: str
    en: str
    refused: bool = True
    sheet: str | None = None
    column: str | None = None

    def __str__(self) -> str:
        place_zh, place_en = place_in_file(self.row, self.field, self.sheet, self.column)
        return f"{self.file} {place_zh}：{self.zh} / {self.file}, {place_en}: {self.en} [{self.code}]"


def place_in_file(row: int, field: str | None, sheet: str | None, column: str | None) -> tuple[str, str]:
    """Say where a row or cell stands, in Chinese and English, as the program that shows the file counts."""
    name = (field or "").removeprefix("data.")
    if sheet is None:
        return f"第{row}行" + (f" 字段 {field}" if field else ""), f"row {row}" + (f", field {field}" if field else "")
    if column is not None:
        cell_zh, cell_en = f" {column}列", f", column {column}"
        named = (f"（{name}）", f" ({name})") if name else ("", "")
        return f"{sheet} 第{row}行{cell_zh}{named[0]}", f"{sheet}, row {row}{cell_en}{named[1]}"
    named = (f"（{name}）", f" ({name})") if name else ("", "")
    return f"{sheet} 第{row}行{named[0]}", f"{sheet}, row {row}{named[1]}"


class UnusableValueError(Exception):
    """A field of a row cannot be used; `zh` and `en` say why."""

    def __init__(self, code: str, field: str, zh: str, en: str) -> None:
        super().__init__(code, field, zh, en)
        self.code, self.field, self.zh, self.en = code, field, zh, en


def file_kind_of(row: Row) -> FileKind | None:
    """Return which of the four forms a row has; None when it has none of them."""
    return next((kind for field, kind in _TELLING_FIELDS.items() if field in row), None)


def dates_of(row: Row) -> dict[str, str]:
    """Return the dates that a row states to the day, as moments are written.

    An hour is one in +08:00. A month without a day leaves the day unknown, as null does. Raise UnusableValueError for a
    date that cannot be.
    """
    named = (field for field in row if field in _DATE_FIELDS or field.startswith("date_"))
    read = {field: _moment(field, row[field]) for field in named if row[field] is not None}
    return {field: moment for field, moment in read.items() if moment is not None}


def _moment(field: str, given: object) -> str | None:
    try:
        return _read_moment(given)
    except ValueError:
        raise UnusableValueError(
            IMPOSSIBLE_DATE,
            field,
            f"{given!r:.80} 不是可能的日期，整行未导入；请按原文改为 YYYY-MM-DD，不详则写 null。",
            f"{given!r:.80} is no possible date, so the row was not imported; "
            "write it as YYYY-MM-DD after the source, or null when it is not known.",
        ) from None


def _read_moment(given: object) -> str | None:
    if isinstance(given, str) and _MONTH.fullmatch(given):
        return None
    if isinstance(given, str) and _DAY.fullmatch(given):
        return dt.date.fromisoformat(given).isoformat()
    if isinstance(given, str) and _HOUR.fullmatch(given):
        stated = dt.datetime.fromisoformat(given)
        return (stated if stated.tzinfo else stated.replace(tzinfo=TIME_ZONE)).isoformat()
    raise ValueError(given)


def text_of(row: Row, field: str) -> str | None:
    """Return a text field; None when it is absent, null or blank; raise UnusableValueError when it is no text."""
    given = row.get(field)
    if given is None:
        return None
    if not isinstance(given, str):
        raise UnusableValueError(
            WRONG_TYPE, field, f"应为文字，现为 {given!r:.80}。", f"expected a text, got {given!r:.80}."
        )
    return given.strip() or None


def needed(row: Row, field: str) -> str:
    """Return a text field without which no fact can be made; raise UnusableValueError when it is missing."""
    given = text_of(row, field)
    if given is None:
        raise UnusableValueError(
            MISSING_FIELD,
            field,
            "缺少此项，整行未导入；请补上。",
            "missing, so the row was not imported; add it.",
        )
    return given


def identity_of(name: str) -> str:
    """Return a name as an identity: what an identity may not hold becomes a hyphen."""
    kept = re.sub(r"[^\w.\-〔〕]+", "-", name).strip("-._")[:_LONGEST_NAME]
    return kept if re.match(r"[A-Za-z0-9\u4e00-\u9fff]", kept) else f"x-{kept}"


def district_of(name: str) -> str:
    """Return the id of a place's district: an id stays as it is, any other name is written in Punycode after `xn--`."""
    if _DISTRICT.fullmatch(name):
        return name
    kept = re.sub(r"[\W_]+", "", name).lower()
    slug = _OTHER_PLACE + kept.encode("punycode").decode("ascii")
    if kept and _DISTRICT.fullmatch(slug):
        return slug
    return "place-" + hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:40]


def place_of(district: str) -> str:
    """Return the name of the place that a district id was made from; an id of our own is its own name."""
    if not district.startswith(_OTHER_PLACE):
        return district
    try:
        return district.removeprefix(_OTHER_PLACE).encode("ascii").decode("punycode")
    except UnicodeError:
        return district


class Statement(NamedTuple):
    """One thing that a row says happened, as it goes into the fact's envelope."""

    type: str
    case: tuple[str, str]
    occurred_at: str
    unit: str
    data: Mapping[str, object]


def known(**fields: object) -> dict[str, object]:
    """Return the fields that are known; one left out of a fact means not known."""
    return {name: value for name, value in fields.items() if value is not None}
