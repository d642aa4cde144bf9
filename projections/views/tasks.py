"""The supervision ledger (督查台账): instructions and other items to be carried out, and problems to be put right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from events.instruction import (
    InstructionAssigned,
    InstructionBrokenDown,
    InstructionClosed,
    InstructionCompleted,
    InstructionExtensionGranted,
    InstructionIssued,
    InstructionProgressReported,
    InstructionReceived,
    InstructionReminded,
    InstructionVerified,
)
from events.supervision import (
    SupervisionProblemClosed,
    SupervisionProblemFound,
    SupervisionProblemNotified,
    SupervisionRechecked,
    SupervisionRectificationReported,
)
from projections.views.description import CLASSIFICATION, Description, Order, between, column, is_, of_list, one_of
from projections.views.view import OfCase, Row, View, class_of, many, told

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from events.fact import AnyFact
    from projections.views.view import Value

_STANDINGS: Final = (
    ("unknown", "起始未录", "its beginning is not recorded"),
    ("issued", "已交办", "set"),
    ("assigned", "已分工", "assigned"),
    ("under_way", "办理中", "under way"),
    ("reported_done", "已报办结", "reported done"),
    ("confirmed", "核查属实", "found done"),
    ("sent_back", "核查退回", "sent back by the check"),
    ("closed", "已销号", "struck off"),
    ("dropped", "已终止", "dropped"),
)


def _rows(case: str, facts: Sequence[AnyFact]) -> Iterable[Row]:
    if not facts:
        return []
    values: dict[str, Value] = {"task": case, "standing": "unknown", "reminders": 0, "reports": 0}
    for fact in facts:
        _take_instruction(fact, values)
        _take_problem(fact, values)
    values.update(changed_at=facts[-1].occurred_at.text, classification=class_of(facts))
    return [Row(case, values)]


def _count(values: dict[str, Value], name: str) -> None:
    values[name] = int(str(values[name])) + 1


def _limit(values: dict[str, Value], given: object) -> None:
    if (text := told(given)) is not None:
        values["limit_at"] = text


def _report(values: dict[str, Value], progress: str, content: str, at: str) -> None:
    _count(values, "reports")
    values.update(progress=progress, latest=content, reported_at=at)


def _take_instruction(fact: AnyFact, values: dict[str, Value]) -> None:  # noqa: C901  one case a type of fact
    data, at = fact.data, fact.occurred_at.text
    match data:
        case InstructionIssued():
            units = tuple(data.units)
            values.update(
                source=data.kind,
                content=data.content,
                by=told(data.by),
                about=told(data.about),
                units=units,
                grade=told(data.grade),
                issued_at=at,
                report_every=told(data.report_every),
                standing="issued",
            )
            values.setdefault("lead", units[0] if len(units) == 1 else None)
            _limit(values, data.due)
        case InstructionAssigned():
            values.update(
                lead=data.lead,
                co_units=many(data.co_units),
                responsible=told(data.responsible_person),
                leader=told(data.leader),
                supervisor=told(data.supervisor),
                standing="assigned",
            )
            _limit(values, data.due)
        case InstructionReceived() | InstructionBrokenDown():
            values["standing"] = "under_way"
        case InstructionProgressReported():
            _report(values, data.progress, data.content, at)
            values["standing"] = "under_way"
        case InstructionExtensionGranted():
            _limit(values, data.until)
        case InstructionReminded():
            _count(values, "reminders")
            values["reminded_at"] = at
        case InstructionCompleted():
            values.update(standing="reported_done", progress="done", latest=data.summary, completed_at=at)
        case InstructionVerified():
            values.update(standing="confirmed" if data.confirmed else "sent_back", checked_at=at)
            if not data.confirmed:
                values["completed_at"] = None
        case InstructionClosed():
            values.update(standing="dropped" if data.dropped else "closed", closed_at=at)
        case _:
            pass


def _take_problem(fact: AnyFact, values: dict[str, Value]) -> None:
    data, at = fact.data, fact.occurred_at.text
    match data:
        case SupervisionProblemFound():
            values.update(
                found_by=data.kind,
                content=data.content,
                about=told(data.inspection),
                units=(data.unit,),
                lead=data.unit,
                issued_at=at,
                source="problem",
                standing="issued",
            )
            _limit(values, data.due)
        case SupervisionProblemNotified():
            values["standing"] = "assigned"
            _limit(values, data.due)
        case SupervisionRectificationReported():
            _report(values, data.progress, data.content, at)
            done = data.progress == "done"
            values.update(standing="reported_done" if done else "under_way", completed_at=at if done else None)
        case SupervisionRechecked():
            values.update(standing="confirmed" if data.confirmed else "sent_back", checked_at=at)
            if not data.confirmed:
                values["completed_at"] = None
        case SupervisionProblemClosed():
            values.update(standing="closed", closed_at=at)
        case _:
            pass


TASKS: Final = View(
    Description(
        name="tasks",
        zh="督查台账",
        en="Instructions and supervision ledger",
        version=1,
        columns=(
            column("task", "事项", "Item", "case"),
            column("content", "内容", "What is to be done"),
            of_list("source", "来源种类", "Where it comes from", "instruction_kind"),
            of_list("found_by", "问题来源", "Who found the problem", "finding_source"),
            one_of("standing", "状态", "Standing", *_STANDINGS),
            column("lead", "牵头单位", "Lead unit", "unit"),
            column("units", "交办单位", "Units addressed", "unit", many=True),
            column("co_units", "配合单位", "Cooperating units", "unit", many=True),
            column("responsible", "责任人", "Responsible person", "person"),
            column("by", "批示领导", "Instruction of", "person"),
            column("leader", "包抓领导", "Leader who follows it up", "person"),
            column("supervisor", "督办单位", "Supervised by", "unit"),
            column("about", "依据", "Rests on", "case"),
            of_list("grade", "难易分级", "Grade", "task_grade"),
            column("issued_at", "交办时间", "Set", "moment"),
            column("limit_at", "所定时限", "Limit stated", "moment"),
            column("report_every", "报告周期", "Rhythm of reports"),
            column("reports", "反馈次数", "Reports", "whole"),
            of_list("progress", "进度", "Progress", "progress"),
            column("latest", "最近反馈", "Latest report"),
            column("reported_at", "最近反馈时间", "Last reported", "moment"),
            column("reminders", "催办次数", "Reminders", "whole"),
            column("reminded_at", "最近催办时间", "Last reminded", "moment"),
            column("completed_at", "办结时间", "Reported done", "moment"),
            column("checked_at", "核查时间", "Checked", "moment"),
            column("closed_at", "销号时间", "Struck off", "moment"),
            column("changed_at", "最近变动", "Last change", "moment"),
            CLASSIFICATION,
        ),
        filters=(
            *is_("task", "about", "lead", "responsible", "leader", "by", "supervisor", "standing", "source"),
            *between("issued_at"),
            *between("limit_at"),
        ),
        orders=(
            Order(name="limit", column="limit_at", zh="时限", en="earliest limit first"),
            Order(name="issued", column="issued_at", zh="交办时间", en="latest set first", descending=True),
        ),
    ),
    of_case=OfCase(frozenset({"task", "finding"}), _rows),
)
