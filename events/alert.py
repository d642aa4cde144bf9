"""Facts about alerts: raised, moved, acknowledged, answered, resolved."""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from events.fact import FactData
from events.fields import (
    AnyRef,
    ApprovalRef,
    CalendarRef,
    FactType,
    Part,
    PersonId,
    RulebookRef,
    Text,
    UnitId,
    Whole,
    choices,
    says,
)
from events.moment import Moment

Severity = Annotated[
    Literal["breach", "deviation", "notice"],
    choices(
        "severity",
        "预警级别",
        "Severity",
        {
            "breach": ("违反", "breach"),
            "deviation": ("偏离", "deviation"),
            "notice": ("提醒", "notice"),
        },
    ),
]

AlertOutcome = Annotated[
    Literal["due_soon", "forecast", "violated", "not_determinable"],
    choices(
        "alert_outcome",
        "预警结论",
        "What the alert says",
        {
            "due_soon": ("临期", "due soon"),
            "forecast": ("预测", "forecast"),
            "violated": ("已违反", "violated"),
            "not_determinable": ("无法判定", "not determinable"),
        },
    ),
]

Modality = Annotated[
    Literal["must", "must_not", "in_principle", "in_principle_not", "generally", "may"],
    choices(
        "modality",
        "规定效力",
        "Force of the wording of a provision.",
        {
            "must": ("应当", "must"),
            "must_not": ("不得", "must not"),
            "in_principle": ("原则上", "in principle"),
            "in_principle_not": ("原则上不", "in principle not"),
            "generally": ("一般", "generally"),
            "may": ("可以", "may"),
        },
    ),
]

Urgency = Annotated[
    Literal["high", "medium", "low"],
    choices(
        "urgency",
        "紧急程度",
        "How soon somebody should look at an alert, by the house policy.",
        {
            "high": ("紧急", "high"),
            "medium": ("一般", "medium"),
            "low": ("较低", "low"),
        },
    ),
]


class SayInBothLanguages(Part, frozen=True, kw_only=True):
    """What an alert says, in Chinese and in English."""

    zh: Annotated[Text, says("中文说明", "In Chinese.")]
    en: Annotated[Text, says("英文说明", "In English.")]


class AlertRaised(FactData, frozen=True, kw_only=True):
    """The watch raised an alert; the same rule, subject, party, trigger and period always give the same id."""

    TYPE: ClassVar = FactType("alert.raised.v1", "预警发出", "alert", opens=True)

    rule: Annotated[Text, says("规则编号", "Rule id.")]
    rulebook: Annotated[RulebookRef, says("规则版本", "Version that judged.")]
    rulebook_sha256: Annotated[Text, says("规则摘要值", "Hash of that version.")]
    article: Annotated[Text, says("条款", "ARTICLE.PARAGRAPH(ITEM).")]
    severity: Annotated[Severity, says("级别", "Breach, deviation, notice.")]
    finding: Annotated[AlertOutcome, says("结论", "Due soon, forecast, violated, not determinable.")]
    about: Annotated[AnyRef, says("案卷", "Subject of the finding.")]
    trigger: Annotated[UUID, says("起因事实", "Fact that opened the obligation or was judged.")]
    judged_period: Annotated[
        Text | None | UnsetType, says("判定期间", "Period or item judged, such as 2026-Q3 or agenda item 2.")
    ] = UNSET
    modality: Annotated[Modality, says("效力", "Force of the wording.")]
    urgency: Annotated[Urgency, says("紧急程度", "By the policy in force.")]
    party: Annotated[
        Text | None | UnsetType,
        says("当事方", "The unit, person or item within the subject, such as one countersigning unit."),
    ] = UNSET
    responsible_units: Annotated[tuple[UnitId, ...] | None | UnsetType, says("责任单位", "Who has to act.")] = UNSET
    responsible_persons: Annotated[tuple[PersonId, ...] | None | UnsetType, says("责任人", "Who has to act.")] = UNSET
    opened_at: Annotated[Moment | None | UnsetType, says("起算", "When the obligation opened.")] = UNSET
    due_at: Annotated[Moment | None | UnsetType, says("到期", "Due moment.")] = UNSET
    provisional: Annotated[bool, says("暂定", "The calendar of that year is not yet adopted.")]
    calendar: Annotated[tuple[CalendarRef, ...] | None | UnsetType, says("日历", "Calendars used.")] = UNSET
    facts: Annotated[tuple[UUID, ...], Meta(min_length=1), says("证据事实", "Facts that prove it.")]
    engine: Annotated[Text, says("引擎版本", "Version of the judging program.")]
    policy_sha256: Annotated[Text, says("内部设置摘要值", "Hash of the policy in force.")]
    judged_through: Annotated[Whole, says("判定截至序号", "Sequence number up to which facts were judged.")]
    missing: Annotated[
        tuple[Text, ...] | None | UnsetType, says("缺失信息", "What is missing, when not determinable.")
    ] = UNSET
    say: Annotated[SayInBothLanguages, says("说明", "Explanation.")]


class AlertDueMoved(FactData, frozen=True, kw_only=True):
    """The due moment of an open alert or forecast moved, by an extension, a calendar notice or a correction."""

    TYPE: ClassVar = FactType("alert.due_moved.v1", "到期时间变动", "alert")

    due_at: Annotated[
        Moment | None | UnsetType, says("到期", "New due moment; absent when there is none any more.")
    ] = UNSET
    provisional: Annotated[bool, says("暂定", "The calendar of that year is not yet adopted.")]
    facts: Annotated[tuple[UUID, ...], Meta(min_length=1), says("证据事实", "Facts that moved it.")]


class AlertAnswered(FactData, frozen=True, kw_only=True):
    """The party named by an alert gave its own account."""

    TYPE: ClassVar = FactType("alert.answered.v1", "申辩说明", "alert")

    account: Annotated[Text, says("说明", "What the party says.")]
    facts: Annotated[tuple[UUID, ...] | None | UnsetType, says("所据事实", "Facts it points to.")] = UNSET


class AlertAcknowledged(FactData, frozen=True, kw_only=True):
    """Somebody answerable took note of an alert."""

    TYPE: ClassVar = FactType("alert.acknowledged.v1", "预警知悉", "alert")

    until: Annotated[Moment | None | UnsetType, says("承诺处理至", "Day by which action is promised.")] = UNSET
    note: Annotated[Text | None | UnsetType, says("说明", "Text.")] = UNSET


class AlertEscalated(FactData, frozen=True, kw_only=True):
    """An alert went one step up the ladder."""

    TYPE: ClassVar = FactType("alert.escalated.v1", "预警升级", "alert")

    step: Annotated[Whole, says("级次", "1 for the first step.")]
    to_persons: Annotated[tuple[PersonId, ...], Meta(min_length=1), says("升级对象", "Who is now told.")]


class AlertResolved(FactData, frozen=True, kw_only=True):
    """What was missing was done, late; the breach stays on record."""

    TYPE: ClassVar = FactType("alert.resolved.v1", "预警消除", "alert")

    facts: Annotated[tuple[UUID, ...], Meta(min_length=1), says("证据事实", "Facts that cure it.")]


class AlertWithdrawn(FactData, frozen=True, kw_only=True):
    """It turned out that nothing had been missing, by a fact recorded late, a correction, or a new calendar."""

    TYPE: ClassVar = FactType("alert.withdrawn.v1", "预警撤回", "alert")

    facts: Annotated[tuple[UUID, ...], Meta(min_length=1), says("证据事实", "Facts that show it.")]
    reason: Annotated[Text, says("原因", "Why.")]


class AlertWaived(FactData, frozen=True, kw_only=True):
    """Somebody with the power to do so waived an alert."""

    TYPE: ClassVar = FactType("alert.waived.v1", "预警豁免", "alert")

    reason: Annotated[Text, says("理由", "Why.")]
    until: Annotated[Moment | None | UnsetType, says("豁免至", "When the waiver lapses; absent: never.")] = UNSET
    approval: Annotated[ApprovalRef | None | UnsetType, says("批准依据", "Approval it rests on.")] = UNSET


class AlertReopened(FactData, frozen=True, kw_only=True):
    """A resolved, withdrawn or waived alert was opened again."""

    TYPE: ClassVar = FactType("alert.reopened.v1", "预警重启", "alert")

    reason: Annotated[Text, says("原因", "Why.")]
    facts: Annotated[tuple[UUID, ...] | None | UnsetType, says("证据事实", "Facts that show it.")] = UNSET
