"""From a row of the public records to facts; the readings stand in `services/sample/README.md`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final
from uuid import UUID, uuid5

import orjson

from events.errors import FactError
from events.fact import AnyFact
from events.parsing import Defaults, complete, parse
from events.strict_json import read_object
from services.public_records.documents import document_facts
from services.public_records.leaders import leader_facts
from services.public_records.meetings import meeting_facts
from services.public_records.notices import notice_facts
from services.public_records.rows import (
    FileKind,
    Row,
    RowProblem,
    Statement,
    UnusableValueError,
    dates_of,
    district_of,
    file_kind_of,
    needed,
    text_of,
)

_ID_NAMESPACE: Final = UUID("5b0f5a43-60f4-5d0c-9c59-3d9a2f1f7c55")
_READERS: Final[Mapping[FileKind, Callable[[Row, Mapping[str, str], str], Iterator[Statement]]]] = {
    "meetings": meeting_facts,
    "documents": document_facts,
    "notices": notice_facts,
    "leaders": leader_facts,
}


def facts_of_line(
    line: bytes, row_number: int, *, file: str, district: str | None = None
) -> list[AnyFact] | RowProblem:
    """Turn one line of a file into facts; see `facts_of_row`."""
    try:
        row = read_object(line)
    except FactError as error:
        return RowProblem(f"row.{error.code}", file, row_number, error.field, error.reason_zh, error.reason_en)
    kind = file_kind_of(row)
    if kind is None:
        return RowProblem(
            "row.unknown_form",
            file,
            row_number,
            None,
            "不是会议、公文、通知或领导名单的记录；四种格式见 services/sample/README.md。",
            "no record of a meeting, document, notice or list of leaders; see services/sample/README.md for the forms.",
        )
    return facts_of_row(row, kind, row_number, file=file, district=district)


def facts_of_row(
    row: Row, file_kind: FileKind, row_number: int, *, file: str | None = None, district: str | None = None
) -> list[AnyFact] | RowProblem:
    """Turn one row into facts in the order in which they happened, or say why it brings none.

    The same row gives the same facts, whatever its number and file. `file` is what a problem calls the file. Without
    `district` the facts belong to the row's own place, which is one of ours only if the row names it by its id.
    """
    named = file or f"{file_kind}.jsonl"
    try:
        dates = dates_of(row)
        place = district or district_of(needed(row, "district"))
        key = hashlib.sha256(orjson.dumps(row, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]
        statements = sorted(_READERS[file_kind](row, dates, key), key=lambda statement: statement.occurred_at[:10])
        facts = [_fact(statement, row, place, f"{key} {number}") for number, statement in enumerate(statements)]
    except UnusableValueError as problem:
        return RowProblem(problem.code, named, row_number, problem.field, problem.zh, problem.en)
    except FactError as error:
        return RowProblem(f"row.{error.code}", named, row_number, error.field, error.reason_zh, error.reason_en)
    if facts:
        return facts
    code, zh, en = _NO_DAY if not dates else _NOTHING
    return RowProblem(code, named, row_number, None, zh, en, refused=False)


_NO_DAY: Final = (
    "row.undated",
    "没有一个到日的日期，无法入账；其余内容未丢弃，补上日期后可再导入。",
    "no date to the day, so nothing of it can be recorded; import it again once a day is known.",
)
_NOTHING: Final = (
    "row.nothing_to_record",
    "没有词汇中的事实可记：所载内容缺少必需的对象或时间。",
    "nothing that the vocabulary has a fact for: whom or when it concerns is not on the page.",
)


def _fact(statement: Statement, row: Row, district: str, key: str) -> AnyFact:
    kind, case = statement.case
    given: dict[str, Any] = {
        "id": str(uuid5(_ID_NAMESPACE, f"{district} {key}")),
        "type": statement.type,
        "subject": {"kind": kind, "id": case},
        "occurred_at": statement.occurred_at,
        "actor": {"unit": statement.unit},
        "source": {"kind": "system", "name": _source(row)},
        "data": statement.data,
    }
    return parse(complete(given, 0, Defaults(district=district, origin="imported", classification="public")))


def _source(row: Row) -> str:
    address = text_of(row, "source_url") or "无网址 no address"
    title = text_of(row, "title_short") or text_of(row, "body") or ""
    return re.sub(r"\s+", " ", f"公开记录 public record {title} {address}").strip()
