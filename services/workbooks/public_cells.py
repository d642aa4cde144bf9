"""From a cell to what the row of a public record says; a value that is not listed is kept as it was typed."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

import orjson

from events.field_types import FieldType
from services.workbooks.cells import day_of_cell, text_of_cell, value_of
from services.workbooks.opening import Cell
from services.workbooks.problems import CellError

_MONTH: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)
_NAMES_APART: Final = re.compile(r"[、,，;；]+")


def public_value(field: FieldType, cell: Cell) -> object:
    """Return what a cell says; raise CellError when it cannot be used."""
    match field.type:
        case "public_day":
            return _day(cell)
        case "public_pairs":
            lines = text_of_cell(cell).splitlines()
            return [
                [name.strip() for name in _NAMES_APART.split(line) if name.strip()] for line in lines if line.strip()
            ]
        case "public_json":
            return _json(cell)
        case "int":
            return value_of(field, cell)
        case _:
            pass
    if field.fields is not None:
        return [_topic(field, line) for line in text_of_cell(cell).splitlines() if line.strip()]
    if field.is_list:
        return [line.strip() for line in text_of_cell(cell).splitlines() if line.strip()]
    return _text(field, cell)


def _text(field: FieldType, cell: Cell) -> str:
    text = text_of_cell(cell)
    if field.choices is None:
        return text
    return next((value for value, (zh, _) in field.choices.values.items() if text == zh), text)


def _topic(field: FieldType, line: str) -> dict[str, object]:
    parts = list((field.fields or {}).items())
    given = [part.strip() for part in re.split(r"[|｜]", line)]
    if len(given) > len(parts):
        raise CellError(
            "cell.too_many_parts",
            f"“{line[:60]}”的部分过多；每行应为：{'|'.join(part.zh for _, part in parts)}。",
            f"{line[:60]!r} has too many parts; each line is {'|'.join(name for name, _ in parts)}.",
        )
    filled = [*given, *([""] * (len(parts) - len(given)))]
    return {
        name: _text(part, Cell(text, "s")) if text else None for (name, part), text in zip(parts, filled, strict=True)
    }


def _day(cell: Cell) -> str:
    if isinstance(cell.value, str) and _MONTH.fullmatch(cell.value):
        return cell.value
    day = day_of_cell(cell)
    if isinstance(day, str):
        return day
    return day.strftime("%Y-%m-%d %H:%M") if isinstance(day, dt.datetime) else day.isoformat()


def _json(cell: Cell) -> object:
    try:
        return orjson.loads(text_of_cell(cell))
    except orjson.JSONDecodeError as fault:
        raise CellError(
            "cell.not_json",
            f"应为 JSON（{fault}）；此列不产生事实，不清楚可留空。",
            f"expected JSON ({fault}); nothing is made of this column, so it may stay blank.",
        ) from None
