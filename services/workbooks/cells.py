"""From what stands in a cell to a value as facts write it, by the type of the field."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

import orjson

from events.errors import printable
from events.field_types import FieldType
from events.fields import Choices
from events.moment import TIME_ZONE
from services.workbooks.opening import Cell
from services.workbooks.problems import CellError

NONE_AT_ALL: Final = frozenset({"无", "null"})
"""What people write where they know that there is none; a blank cell says that it is not known."""
YES: Final = "是"
NO: Final = "否"

_YES: Final = frozenset({YES, "true", "yes", "y", "1", "√", "✓"})
_NO: Final = frozenset({NO, "false", "no", "n", "0", "×", "✗"})
_NAMES_APART: Final = re.compile(r"[、,，;；\s]+")
_TEXTS_APART: Final = re.compile(r"[、;；\n]+")
_PARTS_APART: Final = re.compile(r"[|｜]")
_DAY: Final = (
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})[日号])"
)
_HOUR: Final = r"(上午|下午|晚上)?(\d{1,2})(?::(\d{2})(?::(\d{2}))?|[时点](?:(\d{1,2})分?)?)"
_WRITTEN: Final = re.compile(rf"{_DAY}(?:(?:[ T]+|(?<=[日号])){_HOUR})?", re.ASCII)
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_WITH_OFFSET: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})", re.ASCII)
_THOUSANDS: Final = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_NOON: Final = 12
_MOST_EXACT: Final = 10**15
_LONGEST_NUMBER: Final = 40

Day = dt.date | dt.datetime
"""A day, or an hour of a day without offset."""


def value_of(field: FieldType, cell: Cell) -> object:
    """Return what a cell says for a field; raise CellError when it cannot be used."""
    refuse_unusable(cell)
    if not field.required and isinstance(cell.value, str) and cell.value in NONE_AT_ALL:
        return [] if field.is_list else None
    if field.fields is not None:
        entries = _entries(field.fields, cell)
        return entries if field.is_list else entries[0]
    if not field.is_list:
        return _one(field, cell)
    if not isinstance(cell.value, str):
        return [_one(field, cell)]
    apart = _TEXTS_APART if field.type == "string" else _NAMES_APART
    return [_one(field, Cell(part.strip(), "s")) for part in apart.split(cell.value) if part.strip()]


def refuse_unusable(cell: Cell) -> None:
    """Raise CellError for a formula or an error value."""
    if cell.kind == "f":
        raise CellError(
            "cell.formula",
            "是公式，其值会随打开的时间和环境变化，不能作为事实；请复制后“选择性粘贴—数值”。",
            "it is a formula, whose value may change each time it is opened; copy it and paste the value.",
        )
    if cell.kind == "e":
        raise CellError(
            "cell.error_value",
            f"是错误值 {cell.value}；请改为实际内容。",
            f"it is the error value {cell.value}; write what is meant.",
        )


def text_of_cell(cell: Cell) -> str:
    """Return a text; a number is written out, as Excel turns typed digits into one."""
    match cell.value:
        case str() as text:
            return text
        case bool():
            raise CellError("cell.not_text", "是逻辑值，应为文字；请改写。", "it is true or false; write a text.")
        case int() | float() as number:
            return number_of(Cell(number, "n"))
        case _:
            raise CellError(
                "cell.not_text",
                "被 Excel 当作日期或时间，原文已失；请把该列设为“文本”格式后重新填写。",
                "Excel made a date or time of it; set the column to text and type it again.",
            )


def number_of(cell: Cell) -> str:
    """Return a number digit for digit, also one that was typed as text."""
    given = cell.value
    if isinstance(given, int | float) and not isinstance(given, bool):
        if abs(given) >= _MOST_EXACT:
            raise CellError(
                "cell.digits_lost",
                "数字超过 15 位，Excel 已将其舍入；请把该列设为“文本”格式后重新填写。",
                "it has more than 15 digits, so Excel has rounded it; set the column to text and type it again.",
            )
        number = Decimal(repr(given))
        return format(number.quantize(1) if number == number.to_integral_value() else number.normalize(), "f")
    text = unicodedata.normalize("NFKC", given).replace(" ", "") if isinstance(given, str) else ""
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    if not _NUMBER.fullmatch(text) or len(text) > _LONGEST_NUMBER:
        raise CellError(
            "cell.not_a_number",
            f"应为数字，现为 {_shown(cell)}；请只填数字，不带单位。",
            f"expected a number, got {_shown(cell)}; give digits alone, without a unit.",
        )
    return text


def day_of_cell(cell: Cell) -> Day | str:
    """Return the day or hour that a cell states; a text with an offset is returned as it is."""
    match cell.value:
        case dt.datetime() as moment:
            return moment.date() if moment.time() == dt.time() else moment.replace(microsecond=0)
        case dt.date() as day:
            return day
        case str() as text if _WITH_OFFSET.fullmatch(text):
            return text
        case str() | int() as given if not isinstance(given, bool):
            found = _read_day(unicodedata.normalize("NFKC", str(given)))
            if found is not None:
                return found
        case _:
            pass
    raise CellError(
        "cell.not_a_date",
        f"{_shown(cell)} 不是可用的日期；请写成 2026-9-28、2026年9月28日 或 2026-9-28 9:30，年月日都要有。",
        f"{_shown(cell)} is no date; write 2026-9-28 or 2026-9-28 9:30, with year, month and day.",
    )


def _read_day(text: str) -> Day | None:
    compact = _COMPACT.fullmatch(text)
    written = None if compact else _WRITTEN.fullmatch(text)
    try:
        if compact:
            return dt.date(*map(int, compact.groups()))
        if written is None:
            return None
        given = [part for part in written.groups()[:9] if part is not None]
        day = dt.date(*map(int, given))
        half, hour, minute, second, spoken = written.groups()[9:]
        if hour is None:
            return day
        afternoon = _NOON if half in {"下午", "晚上"} and int(hour) < _NOON else 0
        clock = dt.time(int(hour) + afternoon, int(minute or spoken or 0), int(second or 0))
        return dt.datetime.combine(day, clock)
    except ValueError:
        return None


def moment_of(cell: Cell) -> str:
    """Return a moment as facts write it: a day, or an hour in +08:00; midnight says that only the day is known."""
    day = day_of_cell(cell)
    if isinstance(day, str):
        return day
    return day.replace(tzinfo=TIME_ZONE).isoformat() if isinstance(day, dt.datetime) else day.isoformat()


def _one(field: FieldType, cell: Cell) -> object:
    if field.choices is not None:
        return _choice(field.choices, cell)
    match field.type:
        case "bool":
            return _flag(cell)
        case "int":
            return _whole(cell)
        case "decimal":
            return number_of(cell)
        case "moment":
            return moment_of(cell)
        case "date":
            return _whole_day(cell)
        case "datetime":
            return _hour(cell)
        case _:
            return _reference(field.ref_kinds, text_of_cell(cell)) if field.ref_kinds else text_of_cell(cell)


def _choice(choices: Choices, cell: Cell) -> str:
    text = text_of_cell(cell)
    for value, (zh, en) in choices.values.items():
        if text in {value, zh, en, f"{zh} {value}"}:
            return value
    listed_zh = "、".join(zh for zh, _ in choices.values.values())
    raise CellError(
        "cell.not_a_choice",
        f"{_shown(cell)} 不在可选值中；可填：{listed_zh}。",
        f"{_shown(cell)} is none of the values; choose one of {', '.join(choices.values)}.",
    )


def _flag(cell: Cell) -> bool:
    if isinstance(cell.value, bool):
        return cell.value
    text = text_of_cell(cell).lower()
    if text in _YES | _NO:
        return text in _YES
    raise CellError(
        "cell.not_a_flag", f"{_shown(cell)} 应为 是 或 否。", f"{_shown(cell)} must be {YES} (yes) or {NO} (no)."
    )


def _whole(cell: Cell) -> int:
    number = number_of(cell)
    if "." in number:
        raise CellError(
            "cell.not_whole", f"应为整数，现为 {number}；请改正。", f"expected a whole number, got {number}."
        )
    return int(number)


def _whole_day(cell: Cell) -> str:
    day = day_of_cell(cell)
    if isinstance(day, dt.datetime | str):
        raise CellError(
            "cell.day_with_hour", "只填日期，不填钟点；请去掉时间。", "give the day alone, without the hour."
        )
    return day.isoformat()


def _hour(cell: Cell) -> str:
    moment = moment_of(cell)
    if "T" not in moment:
        raise CellError(
            "cell.hour_missing", "要有钟点，如 2026-9-28 9:30。", "give the hour too, such as 2026-9-28 9:30."
        )
    return moment


def _reference(kinds: tuple[str, ...], text: str) -> str:
    """Return a reference; where only one kind of case may be meant, its id is enough."""
    plain = text.replace("／", "/")
    return f"{kinds[0]}/{plain}" if "/" not in plain and len(kinds) == 1 and kinds != ("any",) else plain


def _entries(parts: Mapping[str, FieldType], cell: Cell) -> list[dict[str, object]]:
    """Return the entries of a list of objects: one a line, its parts in their order between bars, or JSON."""
    text = text_of_cell(cell)
    if text.startswith(("[", "{")):
        return _json_entries(text)
    return [_entry(parts, line) for line in text.splitlines() if line.strip()]


def _json_entries(text: str) -> list[dict[str, object]]:
    try:
        read = orjson.loads(text)
    except orjson.JSONDecodeError as fault:
        raise CellError(
            "cell.not_json",
            f"以 [ 或 {{ 开头，却不是有效的 JSON（{fault}）；请改正，或每行写一项，各部分用 | 隔开。",
            f"it begins as JSON but is none ({fault}); mend it, or write one entry a line, its parts between bars |.",
        ) from None
    return read if isinstance(read, list) else [read]


def _entry(parts: Mapping[str, FieldType], line: str) -> dict[str, object]:
    given = [part.strip() for part in _PARTS_APART.split(line)]
    if len(given) > len(parts):
        order = "|".join(parts)
        raise CellError(
            "cell.too_many_parts",
            f"“{printable(line[:60])}” 有 {len(given)} 部分，最多 {len(parts)} 部分；各部分的顺序是 {order}。",
            f"{printable(line[:60])!r} has {len(given)} parts, at most {len(parts)} are known: {order}.",
        )
    pairs = zip(parts.items(), given, strict=False)
    return {name: value_of(part, Cell(text, "s")) for (name, part), text in pairs if text}


def _shown(cell: Cell) -> str:
    return f"“{printable(str(cell.value)[:60])}”"
