"""My desk (待办): what waits for a unit or person: obligations that still run, and alerts to act on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from events.moment import Moment, day_of
from projections.views.alerts import alert_values
from projections.views.description import CLASSIFICATION, Description, Order, between, column, is_, of_list, one_of
from projections.views.view import OfCase, Row, View, many

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from events.fact import AnyFact
    from projections.views.view import Value
    from projections.watch.shelf import Kept

NOBODY: Final = "-"
"""The holder of what nobody is named for; no id of a unit or person looks like it."""
_HOLDERS: Final = frozenset({"unit", "person", "post"})
_SORTS: Final = (("obligation", "待办", "to be done"), ("alert", "预警", "alert"))
_STANDINGS: Final = (
    ("open", "进行中", "open"),
    ("paused", "暂停", "paused"),
    ("raised", "待处理", "to be acted on"),
    ("forecast", "预测", "forecast"),
)


def _obligations(kept: Kept, classification: str) -> Iterable[Row]:
    if kept.state not in {"open", "paused"}:
        return []
    key = "|".join((kept.rule, kept.subject, kept.party or "", kept.period or "", str(kept.trigger)))
    values: dict[str, Value] = {
        "holder": kept.party or _in_person(kept.subject),
        "sort": "obligation",
        "standing": kept.state,
        "rule": kept.rule,
        "about": kept.subject,
        "party": kept.party,
        "period": kept.period,
        "opened_at": kept.opened,
        "due_at": _due(kept),
        "provisional": kept.provisional,
        "modality": kept.modality,
        "severity": kept.severity,
        "classification": classification,
    }
    return [Row(f"obligation|{key}", values)]


def _in_person(subject: str) -> str:
    """Return the unit, person or post that a subject is; without a party it is the one who has to act."""
    kind, _, identity = subject.partition("/")
    return identity if kind in _HOLDERS else NOBODY


def _due(kept: Kept) -> str | None:
    if kept.due is None:
        return None
    return day_of(kept.due).isoformat() if kept.due_is_day else Moment.at(kept.due).text


def _alerts(case: str, facts: Sequence[AnyFact]) -> Iterable[Row]:
    """Return an open alert once for each who has to act on it: the responsible, and who was told when it climbed."""
    values = alert_values(case, facts)
    if values is None or values["standing"] not in {"raised", "forecast"}:
        return []
    named = (*many(values["units"]), *many(values["persons"]), *many(values["told"]))
    shown = {name: values.get(name) for name in _OF_ALERTS}
    return [
        Row(f"{case}|{holder}", {**shown, "holder": holder, "sort": "alert"})
        for holder in dict.fromkeys(named or (NOBODY,))
    ]


_OF_ALERTS: Final = (
    "standing",
    "rule",
    "about",
    "party",
    "period",
    "opened_at",
    "due_at",
    "provisional",
    "modality",
    "severity",
    "urgency",
    "acknowledged",
    "promised_until",
    "alert",
    "zh",
    "en",
    "classification",
)

DESK: Final = View(
    Description(
        name="desk",
        zh="待办",
        en="My desk",
        version=1,
        columns=(
            column("holder", "谁的待办", "Whose desk", "party"),
            one_of("sort", "类别", "What it is", *_SORTS),
            one_of("standing", "状态", "Standing", *_STANDINGS),
            column("about", "案卷", "About", "case"),
            column("rule", "规则", "Rule", "rule"),
            column("party", "当事方", "Party", "party"),
            column("period", "期间或议题", "Period or item"),
            column("opened_at", "起算", "Opened", "moment"),
            column("due_at", "到期", "Due", "moment"),
            column("days_left", "剩余工作日", "Working days left", "whole", derived=True),
            column("due_soon", "临期", "Due soon", "yes_no", derived=True),
            column("provisional", "暂定", "Provisional", "yes_no"),
            of_list("severity", "级别", "Severity", "severity"),
            of_list("modality", "效力", "Force", "modality"),
            of_list("urgency", "紧急程度", "Urgency", "urgency"),
            column("alert", "预警", "Alert", "case"),
            column("acknowledged", "已知悉", "Acknowledged", "yes_no"),
            column("promised_until", "承诺处理至", "Action promised by", "moment"),
            column("zh", "说明", "Explanation (Chinese)"),
            column("en", "英文说明", "Explanation (English)"),
            CLASSIFICATION,
        ),
        filters=(*is_("about", "holder", "rule", "sort", "standing", "severity"), *between("due_at")),
        orders=(Order(name="due", column="due_at", zh="到期", en="earliest due first"),),
    ),
    of_case=OfCase(frozenset({"alert"}), _alerts),
    of_finding=_obligations,
)
