"""Document numbers (文号): each number that was reserved, used or voided, in the order of its series."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from events.document_issue import DocumentIssued
from events.document_number import parse_number
from events.fact import case_key
from events.minutes import MinutesIssued
from events.series import SeriesNumberReserved, SeriesNumberVoided, SeriesOpened
from projections.views.description import CLASSIFICATION, Description, Order, column, is_, one_of
from projections.views.view import OfCase, Row, View

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from events.fact import AnyFact

_USES: Final = (("reserved", "预留", "reserved"), ("used", "已使用", "used"), ("voided", "作废", "voided"))


def _rows(case: str, facts: Sequence[AnyFact]) -> Iterable[Row]:
    opened = next((fact.data for fact in facts if isinstance(fact.data, SeriesOpened)), None)
    found: dict[str, Row] = {}
    for fact in facts:
        match fact.data:
            case DocumentIssued(number=text) | MinutesIssued(number=text):
                read = parse_number(text)
                code, year, serial = (read.code, read.year, read.serial) if read else (None, None, None)
                row = _row(fact, "used", text, code, year, serial, case)
            case SeriesNumberReserved(serial=serial, document=document) if opened is not None:
                row = _of_series(fact, "reserved", opened, serial, document)
            case SeriesNumberVoided(serial=serial) if opened is not None:
                row = _of_series(fact, "voided", opened, serial, None)
            case _:
                continue
        found[row.key] = row
    return found.values()


def _of_series(fact: AnyFact, use: str, opened: SeriesOpened, serial: int, document: str | None) -> Row:
    number = f"{opened.code}〔{opened.year}〕{serial}号"
    return _row(fact, use, number, opened.code, opened.year, serial, document)


def _row(
    fact: AnyFact, use: str, number: str, code: str | None, year: int | None, serial: int | None, document: str | None
) -> Row:
    in_order = "" if serial is None else f"{code}〔{year}〕{serial:09d}"
    return Row(
        f"{case_key(fact.subject)}|{use}|{number}",
        {
            "number": number,
            "place": in_order or None,
            "code": code,
            "year": year,
            "serial": serial,
            "use": use,
            "document": document,
            "at": fact.occurred_at.text,
            "classification": fact.classification,
        },
    )


NUMBERS: Final = View(
    Description(
        name="numbers",
        zh="文号",
        en="Document numbers",
        version=1,
        columns=(
            column("number", "文号", "Number"),
            column("place", "序列位置", "Place in its series"),
            column("code", "机关代字", "Code"),
            column("year", "年份", "Year", "whole"),
            column("serial", "顺序号", "Serial", "whole"),
            one_of("use", "使用", "Use", *_USES),
            column("document", "公文或纪要", "Document or minutes", "case"),
            column("at", "时间", "When", "moment"),
            CLASSIFICATION,
        ),
        filters=is_("number", "document", "code", "year", "use"),
        orders=(
            Order(name="place", column="place", zh="序列位置", en="in the order of the series"),
            Order(name="latest", column="at", zh="时间", en="latest first", descending=True),
        ),
    ),
    of_case=OfCase(frozenset({"document", "minutes", "series"}), _rows),
)
