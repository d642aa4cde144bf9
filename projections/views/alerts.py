"""The alerts inbox (预警): every alert with its article, its due day, who has to act and how it stands now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from events.alert import (
    AlertAcknowledged,
    AlertAnswered,
    AlertDueMoved,
    AlertEscalated,
    AlertRaised,
    AlertReopened,
    AlertResolved,
    AlertWaived,
    AlertWithdrawn,
)
from events.moment import Moment
from projections.views.description import CLASSIFICATION, Description, Order, between, column, is_, of_list, one_of
from projections.views.view import OfCase, Row, View, class_of, many, told

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from events.fact import AnyFact
    from projections.views.view import Value

STANDINGS: Final = (
    ("raised", "待处理", "open"),
    ("forecast", "预测", "forecast"),
    ("resolved", "已补办", "resolved"),
    ("withdrawn", "已撤回", "withdrawn"),
    ("waived", "已豁免", "waived"),
)


def alert_values(case: str, facts: Sequence[AnyFact]) -> dict[str, Value] | None:
    """Return how an alert stands by the facts about it; None when none of them raised it."""
    values: dict[str, Value] = {"alert": case, "standing": None, "step": 0, "acknowledged": False, "told": ()}
    for fact in facts:
        _take(fact, values)
    if values["standing"] is None or "rule" not in values:
        return None
    return {**values, "classification": class_of(facts)}


def _take(fact: AnyFact, values: dict[str, Value]) -> None:
    data, at = fact.data, fact.occurred_at.text
    match data:
        case AlertRaised():
            values.update(_raised(data), raised_at=at, standing="forecast" if data.finding == "forecast" else "raised")
        case AlertDueMoved():
            values.update(due_at=told(data.due_at), provisional=data.provisional)
        case AlertAcknowledged():
            values.update(acknowledged=True, acknowledged_by=_who(fact), promised_until=told(data.until))
        case AlertAnswered():
            values.update(answer=data.account, answered_at=at)
        case AlertEscalated():
            values.update(step=data.step, told=tuple(dict.fromkeys((*many(values["told"]), *data.to_persons))))
        case AlertResolved():
            values.update(standing="resolved", ended_at=at)
        case AlertWithdrawn():
            values.update(standing="withdrawn", ended_at=at, reason=data.reason)
        case AlertWaived():
            values.update(standing="waived", ended_at=at, reason=data.reason, waived_until=told(data.until))
        case AlertReopened():
            forecast = values.get("finding") == "forecast"
            values.update(standing="forecast" if forecast else "raised", ended_at=None, reason=data.reason)
        case _:
            pass


def _who(fact: AnyFact) -> str | None:
    return told(fact.actor.person) or told(fact.actor.unit)


def _raised(data: AlertRaised) -> dict[str, Value]:
    return {
        "rule": data.rule,
        "article": data.article,
        "severity": data.severity,
        "modality": data.modality,
        "urgency": data.urgency,
        "finding": data.finding,
        "about": data.about,
        "party": told(data.party),
        "period": told(data.judged_period),
        "units": many(data.responsible_units),
        "persons": many(data.responsible_persons),
        "opened_at": told(data.opened_at),
        "due_at": told(data.due_at),
        "provisional": data.provisional,
        "facts": many(data.facts),
        "zh": data.say.zh,
        "en": data.say.en,
    }


def _rows(case: str, facts: Sequence[AnyFact]) -> Iterable[Row]:
    values = alert_values(case, facts)
    if values is None:
        return []
    raised = Moment(str(values["raised_at"]))
    return [Row(case, {**values, "month": raised.day.isoformat()[:7]})]


ALERTS: Final = View(
    Description(
        name="alerts",
        zh="预警",
        en="Alerts inbox",
        version=1,
        columns=(
            column("alert", "预警", "Alert", "case"),
            one_of("standing", "状态", "Standing", *STANDINGS),
            of_list("severity", "级别", "Severity", "severity"),
            of_list("urgency", "紧急程度", "Urgency", "urgency"),
            of_list("finding", "结论", "Finding", "alert_outcome"),
            column("rule", "规则", "Rule", "rule"),
            column("article", "条款", "Article"),
            of_list("modality", "效力", "Force", "modality"),
            column("about", "案卷", "About", "case"),
            column("party", "当事方", "Party", "party"),
            column("period", "期间或议题", "Period or item"),
            column("units", "责任单位", "Units to act", "unit", many=True),
            column("persons", "责任人", "Persons to act", "person", many=True),
            column("opened_at", "起算", "Opened", "moment"),
            column("due_at", "到期", "Due", "moment"),
            column("provisional", "暂定", "Provisional", "yes_no"),
            column("raised_at", "发出时间", "Raised", "moment"),
            column("month", "发出月份", "Month", "month"),
            column("acknowledged", "已知悉", "Acknowledged", "yes_no"),
            column("acknowledged_by", "知悉人", "Acknowledged by", "party"),
            column("promised_until", "承诺处理至", "Action promised by", "moment"),
            column("answer", "申辩说明", "The party's account"),
            column("answered_at", "申辩时间", "Account given", "moment"),
            column("step", "升级级次", "Step of escalation", "whole"),
            column("told", "已告知", "Who was told", "person", many=True),
            column("ended_at", "终结时间", "Ended", "moment"),
            column("reason", "原因", "Reason"),
            column("waived_until", "豁免至", "Waived until", "moment"),
            column("facts", "证据事实", "Proof", "fact", many=True),
            column("zh", "说明", "Explanation (Chinese)"),
            column("en", "英文说明", "Explanation (English)"),
            CLASSIFICATION,
        ),
        filters=(
            *is_("alert", "about", "party", "rule", "standing", "severity", "urgency", "acknowledged", "month"),
            *between("raised_at"),
            *between("due_at"),
        ),
        orders=(
            Order(name="raised", column="raised_at", zh="发出时间", en="latest raised first", descending=True),
            Order(name="due", column="due_at", zh="到期", en="earliest due first"),
        ),
    ),
    of_case=OfCase(frozenset({"alert"}), _rows),
)
