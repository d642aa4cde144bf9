"""One JSON object from one line of bytes: nothing twice, nothing that is no number, nothing too deep or too long."""

from __future__ import annotations

import json
import re
from typing import Final

import orjson

from events.errors import FactError

LONGEST_LINE: Final = 1_000_000
"""Bytes a line may hold."""
DEEPEST: Final = 32
"""Levels of lists and objects a line may hold; the deepest fact has five."""
_KEY: Final = re.compile(rb'"[ \t\r\n]*:')


def read_object(line: bytes) -> dict[str, object]:
    """Read one JSON object; raise FactError for anything else."""
    if len(line) > LONGEST_LINE:
        raise _too_long(len(line))
    try:
        read = orjson.loads(line)
    except orjson.JSONDecodeError as problem:
        raise _why_not_json(line, problem) from None
    if type(read) is not dict:
        raise _not_an_object()
    # A key token is a quote and a colon. There may be more of these, inside of texts, but never fewer than keys: when
    # their number equals that of the keys read, none was given twice.
    if len(_KEY.findall(line)) != _count_keys(read):
        _refuse_repeated_keys(line)
    return read


def _count_keys(read: dict[str, object]) -> int:
    count = 0
    level: list[object] = [read]
    for _ in range(DEEPEST):
        inner: list[object] = []
        for one in level:
            if type(one) is dict:
                count += len(one)
                inner += [value for value in one.values() if type(value) is dict or type(value) is list]
            elif type(one) is list:
                inner += [value for value in one if type(value) is dict or type(value) is list]
        if not inner:
            return count
        level = inner
    raise _too_deep()


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
        text = line.decode()
    except UnicodeDecodeError as where:
        return FactError(
            "not_utf8",
            f"第 {where.start + 1} 个字节不是 UTF-8；请将文件另存为 UTF-8。",
            f"byte {where.start + 1} is not UTF-8; save the file as UTF-8.",
        )
    reason = str(problem)
    if "depth" in reason or "ecursion" in reason:
        return _too_deep()
    if "surrogate" in reason:
        return FactError(
            "bad_characters",
            "含有不成对的代理字符（如 \\ud800），不是有效文字；请更正。",
            "half of a surrogate pair (such as \\ud800) is not text; correct it.",
        )
    if "infinity" in reason or _has_no_number(text):
        return FactError(
            "not_a_number",
            "NaN、Infinity 或过大的数不是 JSON 数值；请更正或删去该字段。",
            "NaN, Infinity or a number too large is no JSON number; correct it or leave the field out.",
        )
    return FactError(
        "not_json",
        f"不是有效的 JSON（第 {problem.colno} 列）：{problem.msg}。",
        f"not valid JSON (column {problem.colno}): {problem.msg}.",
    )


def _has_no_number(text: str) -> bool:
    found: list[str] = []
    try:
        json.loads(text, parse_constant=found.append)
    except (ValueError, RecursionError):
        return False
    return bool(found)


def _too_deep() -> FactError:
    return FactError(
        "too_deep",
        f"嵌套超过 {DEEPEST} 层；请按词汇表书写。",
        f"lists and objects are nested deeper than {DEEPEST} levels; write them as the vocabulary says.",
    )


def _too_long(length: int) -> FactError:
    return FactError(
        "line_too_long",
        f"本行有 {length:,} 字节，超过上限 {LONGEST_LINE:,}；请写要点，原文留在来源中。",
        f"the line has {length:,} bytes, the limit is {LONGEST_LINE:,}; give the gist and name the source.",
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
        f"字段 {key!r} 写了两次；请只保留一个。",
        f"the key {key!r} is given twice; keep one of them.",
    )
