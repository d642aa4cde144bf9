"""What is wrong with one value of one field."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

import msgspec

from events.cases import CASE_KINDS
from events.errors import FactError, printable
from events.field_types import FieldType
from events.fields import (
    CASE_ID,
    DECIMAL,
    DISTRICT,
    IDENTITY,
    LARGEST_INT,
    LONGEST_IDENTITY,
    LONGEST_TEXT,
    Choices,
    DateTime,
    ExactDecimal,
)
from events.moment import Moment

Reason = tuple[str, str, str]
"""Code, reason in Chinese, reason in English."""

_CASE: Final = re.compile(CASE_ID)
_DISTRICT: Final = re.compile(DISTRICT)
_IDENTITY: Final = re.compile(IDENTITY)
_NO_TEXT: Final = re.compile(r"[\x00\ud800-\udfff]")
_DECIMAL: Final = re.compile(DECIMAL)
_SHAPE_OF_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SHAPE_OF_TIME: Final = re.compile(_SHAPE_OF_DAY.pattern + r"[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?")


def value_error(field: FieldType, value: object, path: str) -> FactError | None:
    """Return what is wrong with a value that is not null and stands alone or in a list; None when nothing is."""
    if path == "subject.id":
        reason = _identity(value, _CASE)
    elif path == "district":
        reason = _district(value)
    elif field.ref_kinds:
        reason = _ref(field.ref_kinds, value)
    elif field.choices:
        reason = _enum(field.choices, value)
    else:
        reason = _CHECKS[field.type](value)
    return reason and FactError(*reason, field=path)


def shown(value: object) -> str:
    """Return a value as a message may quote it, short and as JSON has it."""
    if isinstance(value, str):
        return f"“{printable(value[:60])}”"
    if isinstance(value, list | tuple):
        return "[…]"
    if isinstance(value, Mapping):
        return "{…}"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, float) or (isinstance(value, int) and abs(value) <= LARGEST_INT):
        return str(value)
    return type(value).__name__


def _wrong_type(zh: str, en: str, value: object) -> Reason:
    return "wrong_type", f"应为{zh}，不是 {shown(value)}。", f"expected {en}, got {shown(value)}."


def _text(value: object) -> Reason | None:
    if not isinstance(value, str):
        return _wrong_type("文本", "a text", value)
    if len(value) > LONGEST_TEXT:
        return (
            "text_too_long",
            f"有 {len(value):,} 个字符，超过上限 {LONGEST_TEXT:,}；请写要点，原文留在来源中。",
            f"it has {len(value):,} characters, the limit is {LONGEST_TEXT:,}; give the gist and name the source.",
        )
    if not value.strip():
        return (
            "blank_text",
            "不能为空白；不知道就不填此字段。",
            "it is blank; leave the field out when it is not known.",
        )
    if _NO_TEXT.search(value):
        return (
            "bad_characters",
            "含有空字符或不成对的代理字符，不是有效文字；请更正。",
            "a NUL or half of a surrogate pair is not text; correct it.",
        )
    return None


def _district(value: object) -> Reason | None:
    found = _text(value)
    if found or (isinstance(value, str) and _DISTRICT.match(value)):
        return found
    return (
        "malformed_identity",
        f"区县代码 {shown(value)} 应为小写字母开头的代码，如 xinzhou。",
        f"the district {shown(value)} must be a code in small letters, such as xinzhou.",
    )


def _identity(value: object, pattern: re.Pattern[str] = _IDENTITY) -> Reason | None:
    found = _text(value)
    if found or (isinstance(value, str) and pattern.match(value) and len(value) <= LONGEST_IDENTITY):
        return found
    return (
        "malformed_identity",
        f"编号 {shown(value)} 不合要求：以字母、数字或汉字开头，其余可用 . _ - 〔〕，最多 {LONGEST_IDENTITY} 个字符。",
        f"malformed id {shown(value)}: begin with a letter, digit or Chinese character; . _ - 〔〕 may follow.",
    )


def _ref(kinds: tuple[str, ...], value: object) -> Reason | None:
    found = _text(value)
    if found or not isinstance(value, str):
        return found
    kind, slash, id_ = value.partition("/")
    if not slash or not _CASE.match(id_) or len(value) > LONGEST_IDENTITY:
        example = f"{'matter' if kinds == ('any',) else kinds[0]}/m-14"
        return (
            "malformed_reference",
            f"引用 {shown(value)} 应写成 种类/编号，如 {example}。",
            f"the reference {shown(value)} must be written kind/id, such as {example}.",
        )
    if kind not in CASE_KINDS or (kinds != ("any",) and kind not in kinds):
        allowed = list(CASE_KINDS) if kinds == ("any",) else kinds
        return (
            "wrong_reference_kind",
            f"此处不能引用 {shown(kind)}；可引用：{'、'.join(allowed)}。",
            f"a {shown(kind)} cannot be referred to here; allowed: {', '.join(allowed)}.",
        )
    return None


def _enum(choices: Choices, value: object) -> Reason | None:
    if not isinstance(value, str):
        return _wrong_type("文本", "a text", value)
    if value in choices.values:
        return None
    listed_zh = "、".join(f"{one}（{zh}）" for one, (zh, _) in choices.values.items())
    return (
        "unknown_value",
        f"没有 {shown(value)} 这个值；可用：{listed_zh}。",
        f"{shown(value)} is none of the values allowed: {', '.join(choices.values)}.",
    )


def _int(value: object) -> Reason | None:
    if isinstance(value, float) and value.is_integer() and abs(value) > LARGEST_INT:
        return _out_of_range()
    if isinstance(value, bool) or not isinstance(value, int):
        return _wrong_type("整数", "an integer", value)
    return None if -LARGEST_INT - 1 <= value <= LARGEST_INT else _out_of_range()


def _out_of_range() -> Reason:
    return "number_out_of_range", "整数超出 64 位范围。", "the integer does not fit in 64 bits."


def _bool(value: object) -> Reason | None:
    return None if isinstance(value, bool) else _wrong_type(" true 或 false", "true or false", value)


def _decimal(value: object) -> Reason | None:
    if isinstance(value, ExactDecimal) or (isinstance(value, str) and _DECIMAL.match(value)):
        return None
    return _wrong_type('写在引号中的十进制数，如 "2600.50"', 'a decimal number in quotes, such as "2600.50"', value)


def _uuid(value: object) -> Reason | None:
    if isinstance(value, UUID):
        return None
    if not isinstance(value, str):
        return _wrong_type("文本", "a text", value)
    try:
        msgspec.convert(value, UUID)
    except msgspec.ValidationError:
        return "malformed_identity", f"{shown(value)} 不是 UUID。", f"{shown(value)} is no UUID."
    return None


def _date(value: object) -> Reason | None:
    if type(value) is dt.date:
        return None
    if not isinstance(value, str):
        return _wrong_type("日期文本", "a date in text", value)
    return None if _is_day(value) else _not_in_time(value, "日期，如 2026-10-09", "a date such as 2026-10-09")


def _moment(value: object) -> Reason | None:
    if isinstance(value, Moment):
        return None
    if not isinstance(value, str):
        return _wrong_type("日期或时间文本", "a date or date-time in text", value)
    try:
        Moment(value)
    except (ValueError, OverflowError):
        return _not_in_time(
            value,
            "日期（2026-10-09）或带时区的时间（2026-10-09T09:00:00+08:00）",
            "a date (2026-10-09) or a date-time with offset (2026-10-09T09:00:00+08:00)",
        )
    return None


def _datetime(value: object) -> Reason | None:
    if not isinstance(value, str | dt.datetime):
        return _wrong_type("时间文本", "a date-time in text", value)
    try:
        Moment(msgspec.convert(value, DateTime).isoformat())
    except (msgspec.ValidationError, ValueError):
        return _not_in_time(
            str(value),
            "带时区的时间，如 2026-10-09T09:00:00+08:00",
            "a date-time with offset such as 2026-10-09T09:00:00+08:00",
        )
    return None


def _is_day(text: str) -> bool:
    try:
        return bool(_SHAPE_OF_DAY.fullmatch(text)) and dt.date.fromisoformat(text) is not None
    except ValueError:
        return False


def _not_in_time(text: str, wanted_zh: str, wanted_en: str) -> Reason:
    if _SHAPE_OF_DAY.match(text) and not _is_day(text[:10]):
        return (
            "impossible_date",
            f"{shown(text)} 中的日期不存在；请核对原件。",
            f"{shown(text)} names a day that does not exist; look at the paper again.",
        )
    if _SHAPE_OF_TIME.fullmatch(text):
        return (
            "no_offset",
            f"{shown(text)} 缺少时区；请写成 …T09:00:00+08:00。",
            f"{shown(text)} has no offset from UTC; write …T09:00:00+08:00.",
        )
    return "malformed_date", f"{shown(text)} 应为{wanted_zh}。", f"{shown(text)} must be {wanted_en}."


_CHECKS: Final[Mapping[str, Callable[[object], Reason | None]]] = {
    "string": _text,
    "person": _identity,
    "post": _identity,
    "unit": _identity,
    "int": _int,
    "bool": _bool,
    "decimal": _decimal,
    "uuid": _uuid,
    "date": _date,
    "moment": _moment,
    "datetime": _datetime,
}
