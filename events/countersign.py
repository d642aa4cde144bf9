"""Facts about countersigns and requests for opinions."""

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, Meta, UnsetType

from events.fact import FactData
from events.fields import FactType, MeetingRef, Part, PersonId, PostId, Text, UnitId, choices, ref, says
from events.moment import Moment
from events.shared_terms import Form, Stance

CountersignKind = Annotated[
    Literal["countersign", "opinion", "fund_opinion", "minutes_opinion", "preliminary", "coordination"],
    choices(
        "countersign_kind",
        "会签种类",
        "What is asked of units",
        {
            "countersign": ("会签", "countersignature"),
            "opinion": ("征求意见", "opinion"),
            "fund_opinion": ("资金意见", "opinion on funds"),
            "minutes_opinion": ("纪要征求意见", "opinion on draft minutes"),
            "preliminary": ("会前酝酿", "preliminary discussion of a topic"),
            "coordination": ("协商", "coordination"),
        },
    ),
]

CoordinationLevel = Annotated[
    Literal["sponsor", "principal_heads", "office", "leader_in_charge", "executive_deputy", "district_head"],
    choices(
        "coordination_level",
        "协调层级",
        "Who led the coordination",
        {
            "sponsor": ("主办单位", "lead unit"),
            "principal_heads": ("主要负责人", "principal heads"),
            "office": ("政府办公室", "government office"),
            "leader_in_charge": ("分管领导", "leader in charge"),
            "executive_deputy": ("常务副区长", "executive deputy"),
            "district_head": ("区长", "district head"),
        },
    ),
]

CoordinationOutcome = Annotated[
    Literal["agreed", "small_difference", "large_difference", "decided"],
    choices(
        "coordination_outcome",
        "协调结果",
        "Outcome of coordination",
        {
            "agreed": ("达成一致", "agreed"),
            "small_difference": ("仍有一般分歧", "small difference remains"),
            "large_difference": ("仍有较大分歧", "large difference remains"),
            "decided": ("领导裁定", "decided by the leader"),
        },
    ),
]


class CountersignRequested(FactData, frozen=True, kw_only=True):
    """A lead unit asked other units for their opinion or countersignature."""

    TYPE: ClassVar = FactType("countersign.requested.v1", "征求意见会签", "countersign", opens=True)

    kind: Annotated[CountersignKind, says("种类", "Countersign, opinion, fund opinion, draft minutes, coordination.")]
    about: Annotated[
        str, ref("matter", "document", "minutes", "funds", "contract"), says("对象", "What is put to them.")
    ]
    sponsor: Annotated[UnitId, says("主办单位", "Who asks.")]
    departments: Annotated[
        tuple[UnitId, ...], Meta(min_length=1), says("会签单位", "Every unit asked; towns and sub-districts too.")
    ]
    leaders: Annotated[
        tuple[PersonId, ...] | None | UnsetType,
        says("会签领导", "Leaders asked to countersign within their portfolios."),
    ] = UNSET
    reply_by: Annotated[
        Moment | None | UnsetType, says("限时回复", "Limit that the sponsor or a leader set in this paper.")
    ] = UNSET
    form: Annotated[Form, says("形式", "Meeting, in writing, online.")]
    version: Annotated[Text | None | UnsetType, says("征求意见稿版本", "Version sent.")] = UNSET
    reason: Annotated[
        Text | None | UnsetType,
        says("书面征求理由", "Why in writing instead of by meeting, where that needs a reason."),
    ] = UNSET


class CountersignReceived(FactData, frozen=True, kw_only=True):
    """A unit received the request; limits that run from receipt, or from complete material, start here."""

    TYPE: ClassVar = FactType("countersign.received.v1", "会签件收到", "countersign")

    department: Annotated[UnitId, says("单位", "Who received.")]
    complete: Annotated[
        bool,
        says(
            "材料齐备",
            "Whether the unit confirmed that the material was complete; recorded again as true "
            "once missing material came in.",
        ),
    ]


class CountersignMaterialsReturned(FactData, frozen=True, kw_only=True):
    """A unit sent the material back as incomplete."""

    TYPE: ClassVar = FactType("countersign.materials_returned.v1", "会签材料退补", "countersign")

    department: Annotated[UnitId, says("单位", "Who returned it.")]
    missing: Annotated[tuple[Text, ...], Meta(min_length=1), says("缺项", "What is missing.")]


class CountersignReplied(FactData, frozen=True, kw_only=True):
    """A unit or leader replied."""

    TYPE: ClassVar = FactType("countersign.replied.v1", "会签回复", "countersign")

    department: Annotated[UnitId, says("单位", "For whom the reply speaks; a leader's reply names the government.")]
    stance: Annotated[Stance, says("态度", "Agrees, objects and so on.")]
    opinion: Annotated[Text | None | UnsetType, says("意见", "Text.")] = UNSET
    grounds: Annotated[Text | None | UnsetType, says("理据", "Grounds of an objection.")] = UNSET
    signed_by: Annotated[PersonId | None | UnsetType, says("签字人", "Who signed it.")] = UNSET
    signer_post: Annotated[PostId | None | UnsetType, says("签字人职务", "In which post.")] = UNSET
    sealed: Annotated[bool | None | UnsetType, says("加盖公章", "Bears the unit's seal.")] = UNSET
    head_took_part: Annotated[
        bool | None | UnsetType, says("主要负责人参加研究", "The unit's principal head took part in forming it.")
    ] = UNSET


class CountersignExtensionRequested(FactData, frozen=True, kw_only=True):
    """A unit asked the sponsor for a later day or another form of reply."""

    TYPE: ClassVar = FactType("countersign.extension_requested.v1", "申请延期回复", "countersign")

    department: Annotated[UnitId, says("单位", "Who asks.")]
    until: Annotated[Moment, says("申请延至", "Day asked for.")]
    reason: Annotated[Text, says("原因", "Special reason.")]


class CountersignExtensionAgreed(FactData, frozen=True, kw_only=True):
    """Sponsor and unit agreed on a new day; it counts when agreed before the old one ran out."""

    TYPE: ClassVar = FactType("countersign.extension_agreed.v1", "同意延期回复", "countersign")

    department: Annotated[UnitId, says("单位", "For whom.")]
    until: Annotated[Moment, says("延至", "New limit.")]
    form: Annotated[Form | None | UnsetType, says("回复形式", "Agreed form of the reply.")] = UNSET


class DepartmentView(Part, frozen=True, kw_only=True):
    """What one side of a remaining difference holds."""

    department: Annotated[UnitId, says("单位", "Which side.")]
    opinion: Annotated[Text, says("意见", "What it holds.")]
    grounds: Annotated[Text | None | UnsetType, says("理据", "Why.")] = UNSET


class CountersignCoordinated(FactData, frozen=True, kw_only=True):
    """A difference was talked over by the heads concerned, a leader or the office."""

    TYPE: ClassVar = FactType("countersign.coordinated.v1", "分歧协调", "countersign")

    led_at: Annotated[CoordinationLevel, says("协调层级", "Who led it.")]
    led_by: Annotated[PersonId, says("牵头人", "The person who led.")]
    participants: Annotated[tuple[PersonId, ...] | None | UnsetType, says("参加人", "Persons who took part.")] = UNSET
    meeting: Annotated[MeetingRef | None | UnsetType, says("会议", "When it was a meeting.")] = UNSET
    agreement: Annotated[CoordinationOutcome, says("协调结果", "Agreement, remaining difference and its size.")]
    views: Annotated[tuple[DepartmentView, ...] | None | UnsetType, says("各方意见", "Each remaining side.")] = UNSET
    leaning_opinion: Annotated[Text | None | UnsetType, says("倾向性意见", "Opinion of who led it.")] = UNSET
    proposal: Annotated[Text | None | UnsetType, says("办理建议", "How the lead unit proposes to proceed.")] = UNSET


class CountersignClosed(FactData, frozen=True, kw_only=True):
    """The sponsor closed the round of opinions; further replies are recorded but no longer awaited."""

    TYPE: ClassVar = FactType("countersign.closed.v1", "会签办结", "countersign")

    summary: Annotated[Text, says("意见汇总", "Gist of what was heard and taken up.")]


class CountersignWithdrawn(FactData, frozen=True, kw_only=True):
    """The request was withdrawn, wholly or for some units."""

    TYPE: ClassVar = FactType("countersign.withdrawn.v1", "会签撤回", "countersign")

    departments: Annotated[tuple[UnitId, ...] | None | UnsetType, says("撤回单位", "Absent: all.")] = UNSET
    reason: Annotated[Text, says("原因", "Why.")]
