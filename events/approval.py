"""Facts about consent and approval by leaders and bodies."""

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, UnsetType

from events.fact import FactData
from events.fields import AnyRef, DocumentRef, ExactDecimal, FactType, PersonId, Text, UnitId, Whole, choices, says
from events.moment import Moment
from events.shared_terms import ApprovalLevel

ApprovalKind = Annotated[
    Literal[
        "review",
        "consent",
        "determine",
        "approve",
        "pass",
        "print",
        "hold_meeting",
        "attend",
        "skip_level",
        "outside_plan",
        "inspect",
        "issue_directive",
        "supporting_document",
        "invite",
        "release",
        "speech",
        "seal_use",
        "travel",
        "spend",
        "start",
        "theme",
        "device",
        "extra_staff",
        "text_settled",
        "rectification",
        "waiver",
    ],
    choices(
        "approval_kind",
        "审批种类",
        "What is given",
        {
            "review": ("审核", "check on the way to a decision"),
            "consent": ("同意", "consent"),
            "determine": ("确定议题", "determination of a topic"),
            "approve": ("批准", "approval"),
            "pass": ("审签", "review and sign on"),
            "print": ("同意付印", "consent to print"),
            "hold_meeting": ("同意开会", "consent to hold a meeting"),
            "attend": ("同意出席", "consent to attend an activity"),
            "skip_level": ("同意越级", "consent to skip a level"),
            "outside_plan": ("同意计划外", "consent outside the plan"),
            "inspect": ("同意检查", "consent to an inspection"),
            "issue_directive": ("同意行文", "consent to issue downward"),
            "supporting_document": ("同意配套文件", "consent to a supporting document"),
            "invite": ("同意邀请", "consent to invite"),
            "release": ("同意发布", "consent to release"),
            "speech": ("同意讲话发文", "consent to speak or publish"),
            "seal_use": ("同意用印", "consent to use a seal"),
            "travel": ("同意出访", "consent to travel abroad"),
            "spend": ("同意支出", "consent to spend"),
            "start": ("同意启动", "consent to start or change"),
            "theme": ("审定主题", "approval of a theme"),
            "device": ("同意录音录像", "consent to record"),
            "extra_staff": ("同意增加列席", "consent to extra sit-ins"),
            "text_settled": ("审定稿件", "text settled"),
            "rectification": ("同意整改结论", "consent to a rectification"),
            "waiver": ("豁免", "exception granted"),
        },
    ),
]


class ApprovalRequested(FactData, frozen=True, kw_only=True):
    """Something was put before a leader or body for consent or approval."""

    TYPE: ClassVar = FactType("approval.requested.v1", "呈批", "approval", opens=True)

    kind: Annotated[ApprovalKind, says("种类", "What is asked.")]
    about: Annotated[AnyRef, says("对象", "About what.")]
    to_person: Annotated[PersonId | None | UnsetType, says("呈送领导", "Leader asked.")] = UNSET
    to_unit: Annotated[UnitId | None | UnsetType, says("呈送单位", "Body asked, when not a person.")] = UNSET
    via_unit: Annotated[UnitId | None | UnsetType, says("经由单位", "Passed through, usually the office.")] = UNSET
    reason: Annotated[
        Text | None | UnsetType, says("理由", "Stated reason; for a meeting also why this form or name is needed.")
    ] = UNSET
    reply_by: Annotated[Moment | None | UnsetType, says("请于", "Day the paper asks for.")] = UNSET
    amount_wan: Annotated[ExactDecimal | None | UnsetType, says("金额（万元）", "Sum asked for.")] = UNSET


class ApprovalGiven(FactData, frozen=True, kw_only=True):
    """A leader or body gave the step asked for; actor and post tell by whom and in which capacity."""

    TYPE: ClassVar = FactType("approval.given.v1", "审批同意", "approval", opens=True)

    kind: Annotated[ApprovalKind, says("种类", "What was given.")]
    about: Annotated[AnyRef, says("对象", "About what.")]
    level: Annotated[
        ApprovalLevel,
        says("审批层级", "Column of the form that was signed; who may sign there is judged by actor and post."),
    ]
    round: Annotated[
        Whole | None | UnsetType, says("轮次", "First or second pass of a route that is walked twice.")
    ] = UNSET
    opinion: Annotated[Text | None | UnsetType, says("意见", "Text of the opinion.")] = UNSET
    conditions: Annotated[Text | None | UnsetType, says("条件", "Conditions attached.")] = UNSET
    amount_wan: Annotated[ExactDecimal | None | UnsetType, says("批准金额（万元）", "Sum approved.")] = UNSET
    covers: Annotated[
        tuple[AnyRef, ...] | None | UnsetType,
        says("一并同意", "Further things expressly covered, such as each topic of a meeting."),
    ] = UNSET
    scope: Annotated[
        Text | None | UnsetType, says("批准范围", "What exactly is allowed, where a rule bans it without approval.")
    ] = UNSET
    until: Annotated[
        Moment | None | UnsetType, says("有效至", "When the approval is bounded in time or sets a limit.")
    ] = UNSET
    document: Annotated[DocumentRef | None | UnsetType, says("批件", "The paper.")] = UNSET


class ApprovalRefused(FactData, frozen=True, kw_only=True):
    """The step asked for was refused or sent back."""

    TYPE: ClassVar = FactType("approval.refused.v1", "不予批准", "approval")

    level: Annotated[ApprovalLevel, says("审批层级", "Column of the form that was signed.")]
    reason: Annotated[Text, says("原因", "Why.")]


class ApprovalWithdrawn(FactData, frozen=True, kw_only=True):
    """An approval given earlier, or a request for one, was taken back."""

    TYPE: ClassVar = FactType("approval.withdrawn.v1", "撤销审批", "approval")

    reason: Annotated[Text, says("原因", "Why.")]
