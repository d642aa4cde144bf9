"""The district overview (全区概览): how many of what, month by month, and how many stand open now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from events.countersign import CountersignReplied, CountersignRequested
from events.document import DocumentReceived
from events.document_issue import DocumentIssued
from events.instruction import InstructionCompleted, InstructionIssued
from events.matter import MatterProposed
from events.meeting_room import MeetingDecisionMade, MeetingOpened
from events.supervision import SupervisionProblemFound
from projections.views.absences import ABSENCES
from projections.views.alerts import alert_values
from projections.views.countersigns import COUNTERSIGNS
from projections.views.description import Choice, Column, Description, Order, between, column, is_
from projections.views.tasks import TASKS
from projections.views.view import OfCase, Row, View, class_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from events.fact import AnyFact

NOW: Final = "now"
"""The month of a count that says how it stands now."""
_MEASURES: Final = (
    ("topics_proposed", "提出事项", "matters proposed"),
    ("meetings_held", "召开会议", "meetings held"),
    ("topics_decided", "议定事项", "decisions made"),
    ("opinions_asked", "征求意见", "opinions asked of units"),
    ("opinions_given", "回复意见", "opinions given"),
    ("opinions_waiting", "待回复意见", "opinions still waited for"),
    ("documents_received", "收文", "documents received"),
    ("documents_issued", "发文", "documents issued"),
    ("tasks_set", "交办事项", "items set"),
    ("tasks_done", "报办结事项", "items reported done"),
    ("tasks_open", "在办事项", "items under way"),
    ("problems_found", "发现问题", "problems found"),
    ("absences", "外出", "absences"),
    ("away", "在外人员", "persons away"),
    ("alerts_breach", "预警：违反", "alerts: breach"),
    ("alerts_deviation", "预警：偏离", "alerts: deviation"),
    ("alerts_notice", "预警：提醒", "alerts: notice"),
    ("alerts_open", "待处理预警", "alerts to act on"),
    ("alerts_forecast", "预测", "forecasts"),
    ("alerts_resolved", "已补办预警", "alerts resolved"),
)
_COUNTED: Final[dict[type, str]] = {
    MatterProposed: "topics_proposed",
    MeetingOpened: "meetings_held",
    MeetingDecisionMade: "topics_decided",
    CountersignReplied: "opinions_given",
    DocumentReceived: "documents_received",
    DocumentIssued: "documents_issued",
    InstructionIssued: "tasks_set",
    InstructionCompleted: "tasks_done",
    SupervisionProblemFound: "problems_found",
}
_KINDS: Final = frozenset({"matter", "meeting", "countersign", "document", "task", "finding", "absence", "alert"})
_DONE_WITH: Final = frozenset({"closed", "dropped", "confirmed"})


def _rows(case: str, facts: Sequence[AnyFact]) -> Iterable[Row]:
    counts: dict[tuple[str, str], int] = {}
    for measure, month, number in (*_by_month(facts), *_of_case(case, facts)):
        counts[measure, month] = counts.get((measure, month), 0) + number
    if not counts:
        return []
    classification = class_of(facts)
    return [
        Row(
            f"{measure}|{month}",
            {"measure": measure, "month": month, "number": number, "classification": classification},
        )
        for (measure, month), number in counts.items()
    ]


def _by_month(facts: Iterable[AnyFact]) -> Iterable[tuple[str, str, int]]:
    for fact in facts:
        measure = _COUNTED.get(type(fact.data))
        if measure is not None:
            yield measure, _month(fact), 1
        if isinstance(fact.data, CountersignRequested):
            yield "opinions_asked", _month(fact), len(fact.data.departments)


def _of_case(case: str, facts: Sequence[AnyFact]) -> Iterable[tuple[str, str, int]]:
    """Count by how the case stands, as its own view shows it."""
    kind = case.partition("/")[0]
    if kind == "alert":
        yield from _of_alert(case, facts)
        return
    view = {"countersign": COUNTERSIGNS, "task": TASKS, "finding": TASKS, "absence": ABSENCES}.get(kind)
    if view is None or view.of_case is None:
        return
    for row in view.of_case.rows(case, facts):
        standing = row.values["standing"]
        if kind == "countersign":
            yield "opinions_waiting", NOW, int(standing in {"asked", "returned", "unknown"})
        elif kind == "absence":
            begins = row.values.get("from_at")
            if begins is not None and standing not in {"cancelled", "refused"}:
                yield "absences", str(begins)[:7], 1
            yield "away", NOW, int(standing == "away")
        else:
            yield "tasks_open", NOW, int(standing not in _DONE_WITH)


def _of_alert(case: str, facts: Sequence[AnyFact]) -> Iterable[tuple[str, str, int]]:
    values = alert_values(case, facts)
    if values is None:
        return
    month, standing = str(values["raised_at"])[:7], values["standing"]
    if values["finding"] != "forecast":
        yield f"alerts_{values['severity']}", month, 1
    if standing == "resolved":
        yield "alerts_resolved", str(values["ended_at"])[:7], 1
    yield "alerts_open", NOW, int(standing == "raised")
    yield "alerts_forecast", NOW, int(standing == "forecast")


def _month(fact: AnyFact) -> str:
    return fact.occurred_at.day.isoformat()[:7]


OVERVIEW: Final = View(
    Description(
        name="overview",
        zh="全区概览",
        en="District overview",
        version=1,
        columns=(
            Column(
                name="measure",
                zh="指标",
                en="Measure",
                kind="choice",
                choices=tuple(Choice(*one) for one in _MEASURES),
            ),
            column("month", "月份", "Month", "month"),
            column("number", "数量", "Number", "whole"),
        ),
        filters=(*is_("measure"), *between("month")),
        orders=(Order(name="month", column="month", zh="月份", en="now, then latest month first", descending=True),),
    ),
    of_case=OfCase(_KINDS, _rows),
    sums="number",
)
