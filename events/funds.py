"""Facts about projects, funds and costs."""

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, Meta, UnsetType

from events.fact import FactData
from events.fields import (
    DocumentRef,
    ExactDecimal,
    FactType,
    FundsRef,
    MatterRef,
    PersonId,
    Text,
    UnitId,
    Whole,
    choices,
    ref,
    says,
)
from events.paper_terms import Paper

FundsKind = Annotated[
    Literal["project", "funds", "merged"],
    choices(
        "funds_kind",
        "申请种类",
        "What is applied for",
        {
            "project": ("项目", "project"),
            "funds": ("资金", "funds"),
            "merged": ("项目资金合并", "merged"),
        },
    ),
]

CostKind = Annotated[
    Literal["meeting", "activity", "reception", "travel", "abroad", "gift", "banquet"],
    choices(
        "cost_kind",
        "费用种类",
        "What a cost is for",
        {
            "meeting": ("会议费", "meeting"),
            "activity": ("活动费", "activity"),
            "reception": ("接待费", "reception"),
            "travel": ("差旅费", "travel"),
            "abroad": ("因公出国境", "trip abroad"),
            "gift": ("礼品", "gift"),
            "banquet": ("宴请", "banquet"),
        },
    ),
]


class FundsApplied(FactData, frozen=True, kw_only=True):
    """A unit applied for a project, for funds, or for both at once."""

    TYPE: ClassVar = FactType("funds.applied.v1", "项目资金申请", "funds", opens=True)

    kind: Annotated[FundsKind, says("种类", "Project, funds, or merged.")]
    unit: Annotated[UnitId, says("申请单位", "Applicant.")]
    received_by: Annotated[UnitId, says("收文单位", "Unit that took it in.")]
    document: Annotated[DocumentRef | None | UnsetType, says("申请文件", "The formal paper.")] = UNSET
    matter: Annotated[MatterRef | None | UnsetType, says("事项", "The matter, when one is open.")] = UNSET
    for_project: Annotated[
        FundsRef | None | UnsetType, says("对应项目申请", "The project application the funds belong to.")
    ] = UNSET
    title: Annotated[Text, says("名称", "Project or purpose.")]
    fields: Annotated[tuple[Text, ...], Meta(min_length=1), says("领域", "Field of work.")]
    amount_wan: Annotated[ExactDecimal, says("金额（万元）", "Estimate or sum asked for.")]
    reason: Annotated[Text | None | UnsetType, says("申请理由", "Why.")] = UNSET
    overview: Annotated[Text | None | UnsetType, says("项目概况", "Project overview.")] = UNSET
    funding_source: Annotated[Text | None | UnsetType, says("资金来源", "Where the money comes from.")] = UNSET
    contact: Annotated[Text | None | UnsetType, says("联系人", "Contact person.")] = UNSET
    phone_given: Annotated[
        bool | None | UnsetType,
        says("已列联系电话", "A telephone number stands in the paper; the number itself is not recorded."),
    ] = UNSET
    construction_status: Annotated[Text | None | UnsetType, says("建设情况", "State of construction.")] = UNSET
    government_investment: Annotated[
        bool | None | UnsetType, says("政府投资项目", "For a government investment project.")
    ] = UNSET
    small_and_clear: Annotated[
        bool | None | UnsetType, says("金额小且事项明确", "The office marked it fit for one merged procedure.")
    ] = UNSET
    in_budget: Annotated[
        bool | None | UnsetType, says("已列年初预算", "Stands in the unit's budget set at the start of the year.")
    ] = UNSET
    papers: Annotated[tuple[Paper, ...] | None | UnsetType, says("附件", "Papers attached.")] = UNSET


class FundsHandlingProposed(FactData, frozen=True, kw_only=True):
    """The office proposed how to handle an application and whom to consult."""

    TYPE: ClassVar = FactType("funds.handling_proposed.v1", "资金拟办", "funds")

    round: Annotated[Whole, says("轮次", "First or second pass.")]
    opinion: Annotated[Text, says("拟办意见", "The proposal.")]
    consult: Annotated[tuple[UnitId, ...] | None | UnsetType, says("拟征求单位", "Units to be asked.")] = UNSET


class FundsPaid(FactData, frozen=True, kw_only=True):
    """Money was paid out."""

    TYPE: ClassVar = FactType("funds.paid.v1", "资金拨付", "funds")

    amount_wan: Annotated[ExactDecimal, says("金额（万元）", "Sum paid.")]
    payer: Annotated[UnitId, says("拨付单位", "Who paid.")]
    payee: Annotated[UnitId | None | UnsetType, says("收款单位", "Who received.")] = UNSET
    payment_basis: Annotated[str, ref("minutes", "document"), says("拨付依据", "Minutes or signed paper it rests on.")]
    started_by: Annotated[PersonId | None | UnsetType, says("经办人", "Who started the payment.")] = UNSET
    approved_by: Annotated[PersonId | None | UnsetType, says("审批人", "Who gave the last approval.")] = UNSET


class FundsCostRecorded(FactData, frozen=True, kw_only=True):
    """A planned or spent cost of a meeting, activity, trip, gift or banquet was recorded."""

    TYPE: ClassVar = FactType("funds.cost_recorded.v1", "费用登记", "cost", opens=True)

    kind: Annotated[CostKind, says("种类", "What for.")]
    about: Annotated[
        Annotated[str, ref("meeting", "visit", "inspection", "publicity")] | None | UnsetType,
        says("对应活动", "Which activity."),
    ] = UNSET
    unit: Annotated[UnitId, says("支出单位", "Who bears it.")]
    planned: Annotated[bool, says("计划数", "Planned (true) or spent (false).")]
    amount_wan: Annotated[ExactDecimal, says("金额（万元）", "Sum.")]
    budget_line: Annotated[Text | None | UnsetType, says("预算科目", "Budget line; null when there is none.")] = UNSET
    budget_left_wan: Annotated[
        ExactDecimal | None | UnsetType, says("科目余额（万元）", "What the line still held before this cost.")
    ] = UNSET
    ground: Annotated[Text | None | UnsetType, says("依据", "Legal ground, for a gift or banquet.")] = UNSET
