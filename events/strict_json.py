"""One JSON object from one line of bytes: nothing twice, nothing that is no number, nothing too deep or too long."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from typing import Final

import orjson

from events.errors import FactError, printable
from events.fields import LONGEST_TEXT

LONGEST_LINE: Final = 1_000_000
"""Bytes a line may hold."""
LONGEST_LOOKED_AT: Final = 32_000_000
"""Bytes up to which a line that is too long is read all the same, to name the field that makes it so."""
_DEEPEST: Final = 32
"""Levels of lists and objects that are looked at to name a field; the deepest fact has five."""
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
_KEY: Final = b'":'
_SAID: Final = (
    ("Input is a zero-length", "内容为空"),
    ("unexpected end of data", "内容不完整"),
    ("unexpected content after document", "结尾之后还有内容"),
    ("trailing comma", "末项之后多了逗号"),
    ("unexpected character, expected a string key", "此处应为双引号括起的字段名"),
    ("unexpected character, expected ':'", "字段名之后应为冒号"),
    ("unexpected character, expected ','", "此处应为逗号或括号的另一半"),
    ("unexpected character", "此处应为 JSON 的值"),
    ("unexpected control character", "文字中有控制字符，换行请写成 \\n"),
    ("invalid escaped sequence", "反斜杠之后的写法不对"),
    ("invalid literal", "只能是 true、false 或 null"),
    ("number with leading zero", "数的前面多了 0"),
    ("no digit", "数字不完整"),
    ("UTF-8 byte order mark", "开头有字节顺序标记（BOM），请去掉"),
)
"""What the reader may say of a line that is no JSON, by its beginning, with the Chinese of it."""


def read_object(line: bytes) -> dict[str, object]:
    """Read one JSON object; raise FactError for anything else."""
    if len(line) > LONGEST_LINE:
        raise _too_long(line)
    try:
        read = orjson.loads(line)
    except orjson.JSONDecodeError as problem:
        raise _why_not_json(line, problem) from None
    if type(read) is not dict:
        raise _not_an_object()
    _refuse_repetition(line, read)
    return read


def _refuse_repetition(line: bytes, read: dict[str, object]) -> None:
    # Written again without spaces, an object has one quote-and-colon for each key, and one for each that stands inside
    # of a text. As many in the line mean that no key was lost in reading, hence none given twice. Where a space or an
    # escaped quote could hide one, and where the numbers differ, the slow way decides.
    try:
        written = orjson.dumps(read)
    except orjson.JSONEncodeError:
        raise _too_deep() from None
    if line.count(_KEY) != written.count(_KEY) or _may_hide_a_key(line):
        _refuse_repeated_keys(line)


def _may_hide_a_key(line: bytes) -> bool:
    return b" :" in line or b"\t:" in line or b"\r:" in line or b"\n:" in line or rb"\u0022" in line


def _refuse_repeated_keys(line: bytes) -> None:
    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        read = dict(pairs)
        if len(read) != len(pairs):
            keys = [key for key, _ in pairs]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise _repeated(twice)
        return read

    json.loads(line, object_pairs_hook=once, parse_int=str)


def _why_not_json(line: bytes, problem: orjson.JSONDecodeError) -> FactError:
    try:
        line.decode()
    except UnicodeDecodeError as where:
        return FactError(
            "not_utf8",
            f"第 {where.start + 1} 个字节不是 UTF-8；请将文件另存为 UTF-8。",
            f"byte {where.start + 1} is not UTF-8; save the file as UTF-8.",
        )
    if "depth" in problem.msg or "ecursion" in problem.msg:
        return _too_deep()
    read = _read_leniently(line)
    field = _path_to(read, lambda value: isinstance(value, str) and bool(_SURROGATE.search(value)))
    if field is not None or "surrogate" in problem.msg:
        return FactError(
            "bad_characters",
            "含有不成对的代理字符（如 \\ud800），不是有效文字；请更正。",
            "half of a surrogate pair (such as \\ud800) is not text; correct it.",
            field=field or None,
        )
    field = _path_to(read, lambda value: isinstance(value, float) and not math.isfinite(value))
    if field is not None or "infinity" in problem.msg:
        return FactError(
            "not_a_number",
            "NaN、Infinity 或过大的数不是 JSON 数值；请更正或删去该字段。",
            "NaN, Infinity or a number too large is no JSON number; correct it or leave the field out.",
            field=field or None,
        )
    return FactError(
        "not_json",
        f"不是有效的 JSON（第 {problem.colno} 列）：{_in_chinese(problem.msg)}。",
        f"not valid JSON (column {problem.colno}): {problem.msg}.",
    )


def _in_chinese(said: str) -> str:
    return next((zh for beginning, zh in _SAID if said.startswith(beginning)), "语法有误")


def _read_leniently(line: bytes) -> object:
    try:
        return json.loads(line, parse_int=float)
    except (ValueError, RecursionError):
        return None


def _path_to(read: object, is_wrong: Callable[[object], bool], path: str = "", depth: int = 0) -> str | None:
    if isinstance(read, dict):
        inner = [(f"{path}.{key}" if path else key, value) for key, value in read.items()]
    elif isinstance(read, list):
        inner = [(f"{path}[{number}]", value) for number, value in enumerate(read)]
    else:
        return printable(path) if is_wrong(read) else None
    if depth == _DEEPEST:
        return None
    found = (_path_to(value, is_wrong, deeper, depth + 1) for deeper, value in inner)
    return next((one for one in found if one is not None), None)


def _too_deep() -> FactError:
    return FactError(
        "too_deep",
        "列表和对象嵌套过深；请按词汇表书写。",
        "lists and objects are nested too deep; write them as the vocabulary says.",
    )


def _too_long(line: bytes) -> FactError:
    known = min(len(line), LONGEST_LOOKED_AT)
    more_zh, more_en = ("有", "") if known == len(line) else ("不止", "more than ")
    read = None if known < len(line) else _read_leniently(line)
    return FactError(
        "line_too_long",
        f"本行{more_zh} {known:,} 字节，超过上限 {LONGEST_LINE:,}；请写要点，原文留在来源中。",
        f"the line has {more_en}{known:,} bytes, the limit is {LONGEST_LINE:,}; give the gist and name the source.",
        field=_path_to(read, lambda value: isinstance(value, str) and len(value) > LONGEST_TEXT),
    )


def _not_an_object() -> FactError:
    return FactError(
        "not_an_object",
        "应为一个 JSON 对象 {…}；一行写一条事实。",
        "expected one JSON object {…}; write one fact a line.",
    )


def _repeated(key: str) -> FactError:
    return FactError(
        "duplicate_key",
        f"字段 {printable(key)} 写了两次；请只保留一个。",
        f"the key {printable(key)} is given twice; keep one of them.",
        field=printable(key),
    )
