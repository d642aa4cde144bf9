"""Absences (外出请假): who is away from when to when, approved or not, and who takes over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from events.absence import (
    AbsenceApproved,
    AbsenceCancelled,
    AbsenceChanged,
    AbsenceDeparted,
    AbsenceFiled,
    AbsenceRefused,
    AbsenceRegistered,
    AbsenceReported,
    AbsenceRequested,
    AbsenceReturned,
    AbsenceReturnReported,
)
from projections.views.description import CLASSIFICATION, Description, Order, between, column, is_, of_list, one_of
from projections.views.view import OfCase, Row, View, class_of, many, told

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from events.fact import AnyFact
    from projections.views.view import Value

_STANDINGS: Final = (
    ("unknown", "起始未录", "its beginning is not recorded"),
    ("registered", "已登记", "registered"),
    ("requested", "已请假", "asked for"),
    ("approved", "已准假", "approved"),
    ("refused", "未准", "refused"),
    ("away", "在外", "away"),
    ("returned", "已返回", "back"),
    ("cancelled", "已取消", "called off"),
)


def _rows(case: str, facts: Sequence[AnyFact]) -> Iterable[Row]:
    if not facts:
        return []
    values: dict[str, Value] = {"absence": case, "standing": "unknown"}
    for fact in facts:
        _take(fact, values)
    values["classification"] = class_of(facts)
    return [Row(case, values)]


def _take(fact: AnyFact, values: dict[str, Value]) -> None:  # noqa: C901  one case a type of fact
    data, at = fact.data, fact.occurred_at.text
    match data:
        case AbsenceRegistered():
            values.update(
                person=data.person,
                kind=data.kind,
                from_at=data.from_.text,
                until_at=data.until.text,
                leaves=many(data.leaves),
                destination=told(data.destination),
                reason=data.reason,
                stand_in=told(data.stand_in),
                standing="registered",
            )
        case AbsenceRequested():
            values.update(requested_at=at, asked_of=data.to, standing="requested")
        case AbsenceReported():
            values.update(reported_at=at)
        case AbsenceApproved():
            values.update(
                approved_at=at,
                approved_by=told(fact.actor.person),
                from_at=data.from_.text,
                until_at=data.until.text,
                overlap_with=many(data.overlap_with),
                standing="approved",
            )
        case AbsenceRefused():
            values["standing"] = "refused"
        case AbsenceFiled():
            values["filed_at"] = at
        case AbsenceChanged():
            values.update(from_at=data.from_.text, until_at=data.until.text)
            values["kind"] = told(data.kind) or values.get("kind")
            values["leaves"] = many(data.leaves) or values.get("leaves", ())
        case AbsenceDeparted():
            values.update(departed_at=at, standing="away", stand_in=told(data.handover_to) or values.get("stand_in"))
        case AbsenceReturned():
            values.update(returned_at=at, standing="returned")
        case AbsenceReturnReported():
            values["closed_at"] = at
        case AbsenceCancelled():
            values["standing"] = "cancelled"
        case _:
            pass


ABSENCES: Final = View(
    Description(
        name="absences",
        zh="外出与AB角日历",
        en="Absences and AB calendar",
        version=1,
        columns=(
            column("absence", "外出", "Absence", "case"),
            column("person", "外出人", "Who is away", "person"),
            of_list("kind", "种类", "Kind", "absence_kind"),
            one_of("standing", "状态", "Standing", *_STANDINGS),
            column("from_at", "起", "From", "moment"),
            column("until_at", "止", "Until", "moment"),
            of_list("leaves", "离开范围", "Boundaries crossed", "boundary", many=True),
            column("destination", "目的地", "Where to"),
            column("reason", "事由", "What for"),
            column("stand_in", "顶岗人员", "Who takes over", "person"),
            column("asked_of", "请假对象", "Asked of", "person"),
            column("requested_at", "请假时间", "Asked", "moment"),
            column("reported_at", "报告时间", "Reported", "moment"),
            column("approved_at", "准假时间", "Approved", "moment"),
            column("approved_by", "准假人", "Approved by", "person"),
            column("overlap_with", "同意重叠的外出", "Overlaps let pass", "case", many=True),
            column("filed_at", "报备时间", "Filed", "moment"),
            column("departed_at", "离开时间", "Left", "moment"),
            column("returned_at", "返回时间", "Back", "moment"),
            column("closed_at", "销假时间", "Return reported", "moment"),
            column("partners", "AB角", "AB partners", "person", many=True, derived=True),
            column(
                "partners_away", "同期外出的AB角", "Partners away at the same time", "person", many=True, derived=True
            ),
            CLASSIFICATION,
        ),
        filters=(
            *is_("absence", "person", "stand_in", "standing", "kind"),
            *between("from_at"),
            *between("until_at"),
        ),
        orders=(
            Order(name="from", column="from_at", zh="起", en="latest first", descending=True),
            Order(name="until", column="until_at", zh="止", en="latest end first", descending=True),
        ),
    ),
    of_case=OfCase(frozenset({"absence"}), _rows),
)
