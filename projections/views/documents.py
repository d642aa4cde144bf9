"""Documents (公文): each paper on its way in or out, where it is and under which number it went out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from events.document import (
    DocumentAnswered,
    DocumentDrafted,
    DocumentForwarded,
    DocumentHandlingProposed,
    DocumentMarkedByLeader,
    DocumentPresented,
    DocumentReceived,
    DocumentReturned,
)
from events.document_issue import (
    DocumentArchived,
    DocumentEnded,
    DocumentFiled,
    DocumentIssued,
    DocumentPublished,
    DocumentReviewed,
    DocumentSigned,
)
from projections.views.description import CLASSIFICATION, Description, Order, between, column, is_, of_list, one_of
from projections.views.view import OfCase, Row, View, class_of, many, told

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from events.fact import AnyFact
    from projections.views.view import Value

_STANDINGS: Final = (
    ("unknown", "起始未录", "its beginning is not recorded"),
    ("received", "已收文", "received"),
    ("drafted", "已起草", "drafted"),
    ("handling_proposed", "已拟办", "handling proposed"),
    ("presented", "已呈送", "before a leader"),
    ("marked", "已批办", "marked by a leader"),
    ("forwarded", "已分办", "forwarded"),
    ("returned", "已退文", "returned"),
    ("answered", "已答复", "answered"),
    ("reviewed", "审核中", "being checked"),
    ("signed", "已签发", "signed"),
    ("issued", "已印发", "issued"),
    ("published", "已公布", "published"),
    ("archived", "已归档", "archived"),
    ("ended", "已废止失效", "no longer in force"),
)
_DIRECTIONS: Final = (("incoming", "收文", "incoming"), ("outgoing", "发文", "outgoing"))


def _rows(case: str, facts: Sequence[AnyFact]) -> Iterable[Row]:
    if not facts:
        return []
    values: dict[str, Value] = {"document": case, "standing": "unknown"}
    for fact in facts:
        _take_in(fact, values)
        _take_out(fact, values)
    values.update(changed_at=facts[-1].occurred_at.text, classification=class_of(facts))
    return [Row(case, values)]


def _take_in(fact: AnyFact, values: dict[str, Value]) -> None:
    data, at = fact.data, fact.occurred_at.text
    match data:
        case DocumentReceived():
            values.update(
                title=data.title,
                kind=data.kind,
                way="incoming",
                from_unit=data.from_unit,
                held_by=data.received_by,
                number=told(data.number),
                register_no=told(data.register_no),
                dated=told(data.dated),
                began_at=at,
                standing="received",
                limit_at=told(data.reply_by),
            )
        case DocumentHandlingProposed():
            values["standing"] = "handling_proposed"
            values["limit_at"] = told(data.reply_by) or values.get("limit_at")
        case DocumentPresented():
            values.update(standing="presented", held_by=data.to)
            values["limit_at"] = told(data.reply_by) or values.get("limit_at")
        case DocumentMarkedByLeader():
            values.update(standing="marked", marked_at=at, marked_by=told(fact.actor.person))
            values["limit_at"] = told(data.reply_by) or values.get("limit_at")
        case DocumentForwarded():
            values.update(standing="forwarded", held_by=data.to_unit)
            values["limit_at"] = told(data.reply_by) or values.get("limit_at")
        case DocumentReturned():
            values.update(standing="returned", held_by=data.to_unit)
        case DocumentAnswered():
            values.update(standing="answered", answered_at=at, stance=data.stance)
        case _:
            pass


def _take_out(fact: AnyFact, values: dict[str, Value]) -> None:
    data, at = fact.data, fact.occurred_at.text
    match data:
        case DocumentDrafted():
            values.update(
                title=data.title,
                kind=data.kind,
                way="outgoing",
                from_unit=data.drafter,
                issuers=many(data.issuers),
                held_by=data.drafter,
                disclosure=told(data.disclosure),
                version=data.version,
                began_at=at,
                standing="drafted",
            )
        case DocumentReviewed():
            values.update(standing="reviewed", version=told(data.version) or values.get("version"))
        case DocumentSigned():
            values.update(standing="signed", signed_at=at, signed_by=told(fact.actor.person))
        case DocumentIssued():
            values.update(
                standing="issued",
                number=data.number,
                dated=data.dated.isoformat(),
                printed_on=data.printed_on.isoformat(),
                issued_at=at,
            )
        case DocumentPublished():
            values.update(standing="published", published_at=at)
        case DocumentFiled():
            values["filed_at"] = at
        case DocumentArchived():
            values.update(standing="archived", archive_no=data.archive_no)
        case DocumentEnded():
            values.update(standing="ended", ended_on=data.ended_on.isoformat())
        case _:
            pass


DOCUMENTS: Final = View(
    Description(
        name="documents",
        zh="公文",
        en="Documents",
        version=1,
        columns=(
            column("document", "公文", "Document", "case"),
            column("title", "标题", "Title"),
            of_list("kind", "文种", "Kind", "document_kind"),
            one_of("way", "收发", "In or out", *_DIRECTIONS),
            column("number", "文号", "Number"),
            one_of("standing", "状态", "Standing", *_STANDINGS),
            column("from_unit", "来文或起草单位", "From", "unit"),
            column("issuers", "发文机关", "Issued by", "unit", many=True),
            column("held_by", "当前承办", "Now with", "party"),
            column("register_no", "收文编号", "Register number"),
            column("dated", "成文日期", "Dated", "moment"),
            column("began_at", "收文或起草时间", "Received or drafted", "moment"),
            column("limit_at", "所定时限", "Limit stated", "moment"),
            column("marked_by", "批示领导", "Marked by", "person"),
            column("marked_at", "批示时间", "Marked", "moment"),
            of_list("stance", "答复态度", "Answer", "stance"),
            column("answered_at", "答复时间", "Answered", "moment"),
            column("version", "版本", "Version"),
            column("signed_by", "签发人", "Signed by", "person"),
            column("signed_at", "签发时间", "Signed", "moment"),
            column("issued_at", "印发时间", "Issued", "moment"),
            column("printed_on", "印发日期", "Printed", "moment"),
            of_list("disclosure", "公开属性", "Disclosure", "disclosure"),
            column("published_at", "公布时间", "Published", "moment"),
            column("filed_at", "备案时间", "Filed", "moment"),
            column("ended_on", "失效日期", "Ended", "moment"),
            column("archive_no", "档号", "Archive number"),
            column("changed_at", "最近变动", "Last change", "moment"),
            CLASSIFICATION,
        ),
        filters=(
            *is_("document", "number", "held_by", "from_unit", "standing", "kind", "way"),
            *between("began_at"),
        ),
        orders=(
            Order(name="changed", column="changed_at", zh="最近变动", en="latest change first", descending=True),
            Order(name="began", column="began_at", zh="收文或起草时间", en="latest first", descending=True),
        ),
    ),
    of_case=OfCase(frozenset({"document"}), _rows),
)
