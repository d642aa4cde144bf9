"""Facts about what is put to the government from outside."""

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, UnsetType

from events.fact import FactData
from events.fields import DocumentRef, FactType, PersonId, Text, UnitId, choices, says
from events.moment import Moment
from events.shared_terms import Form

ConcernKind = Annotated[
    Literal[
        "letter",
        "petition",
        "hotline",
        "press_concern",
        "congress_suggestion",
        "cppcc_proposal",
        "interpellation",
        "disclosure_application",
        "reconsideration",
        "judgment",
        "judicial_advice",
        "application",
        "city_meeting",
    ],
    choices(
        "concern_kind",
        "外来事项种类",
        "What came from outside",
        {
            "letter": ("群众来信", "letter"),
            "petition": ("信访", "petition"),
            "hotline": ("热线", "hotline"),
            "press_concern": ("舆论关切", "press or public concern"),
            "congress_suggestion": ("人大代表建议", "deputy's suggestion"),
            "cppcc_proposal": ("政协提案", "CPPCC proposal"),
            "interpellation": ("询问质询", "inquiry or interpellation"),
            "disclosure_application": ("依申请公开", "application for information"),
            "reconsideration": ("行政复议决定", "reconsideration decision"),
            "judgment": ("生效裁判", "effective judgment"),
            "judicial_advice": ("司法检察建议", "judicial or procuratorial advice"),
            "application": ("政务服务申请", "application for a service or decision"),
            "city_meeting": ("市级会议来区", "city unit's wish to hold a meeting here"),
        },
    ),
]

ConcernAnswer = Annotated[
    Literal["solved", "planned", "explained", "performed", "refused"],
    choices(
        "concern_answer",
        "办理结果",
        "How it was answered",
        {
            "solved": ("已解决", "solved"),
            "planned": ("列入计划", "planned"),
            "explained": ("作出解释", "explained"),
            "performed": ("已履行", "performed"),
            "refused": ("不予支持", "refused"),
        },
    ),
]


class ConcernRegistered(FactData, frozen=True, kw_only=True):
    """A thing put to the government from outside was registered."""

    TYPE: ClassVar = FactType("concern.registered.v1", "外来事项登记", "concern", opens=True)

    kind: Annotated[ConcernKind, says("种类", "Letter, petition, suggestion, judgment, application.")]
    title: Annotated[Text, says("事由", "What.")]
    from_text: Annotated[Text | None | UnsetType, says("来源", "From whom; no name of a private person.")] = UNSET
    to_person: Annotated[PersonId | None | UnsetType, says("致送领导", "Leader addressed.")] = UNSET
    against_unit: Annotated[UnitId | None | UnsetType, says("所涉单位", "Unit it concerns or binds.")] = UNSET
    important: Annotated[bool | None | UnsetType, says("重要", "Marked as important.")] = UNSET
    major: Annotated[bool | None | UnsetType, says("重大", "Marked as major or key.")] = UNSET
    statutory_due: Annotated[
        Moment | None | UnsetType, says("法定或要求时限", "Limit stated by law or by the paper.")
    ] = UNSET


class ConcernAssigned(FactData, frozen=True, kw_only=True):
    """It was assigned to a unit, with a responsible person or leader."""

    TYPE: ClassVar = FactType("concern.assigned.v1", "交办", "concern")

    unit: Annotated[UnitId, says("承办单位", "Who handles it.")]
    responsible_person: Annotated[PersonId | None | UnsetType, says("责任人", "Responsible person.")] = UNSET
    leader: Annotated[PersonId | None | UnsetType, says("包案领导", "Leader in charge of the case.")] = UNSET
    due: Annotated[Moment | None | UnsetType, says("办理时限", "Limit of the assignment.")] = UNSET


class ConcernRead(FactData, frozen=True, kw_only=True):
    """A leader or principal head read it, with or without an instruction."""

    TYPE: ClassVar = FactType("concern.read.v1", "阅批", "concern")

    opinion: Annotated[Text | None | UnsetType, says("批示", "Instruction, when there is one.")] = UNSET
    in_person: Annotated[bool, says("亲自阅批", "The actor did so in person.")]


class ConcernChecked(FactData, frozen=True, kw_only=True):
    """The facts of it were checked."""

    TYPE: ClassVar = FactType("concern.checked.v1", "核实", "concern")

    unit: Annotated[UnitId, says("核实单位", "Who.")]
    content: Annotated[Text, says("核实情况", "What was found.")]


class ConcernContacted(FactData, frozen=True, kw_only=True):
    """The handling unit was in contact with the author."""

    TYPE: ClassVar = FactType("concern.contacted.v1", "联系沟通", "concern")

    unit: Annotated[UnitId, says("承办单位", "Who.")]
    form: Annotated[Form, says("方式", "How.")]


class ConcernExtensionGranted(FactData, frozen=True, kw_only=True):
    """A later limit for the answer was granted, as the law on that kind of concern allows."""

    TYPE: ClassVar = FactType("concern.extension_granted.v1", "同意延期答复", "concern")

    until: Annotated[Moment, says("延至", "New limit.")]
    reason: Annotated[Text, says("原因", "Why.")]


class ConcernAnswered(FactData, frozen=True, kw_only=True):
    """It was answered, complied with or performed."""

    TYPE: ClassVar = FactType("concern.answered.v1", "答复履行", "concern")

    unit: Annotated[UnitId, says("承办单位", "Who.")]
    answer: Annotated[ConcernAnswer, says("结果", "Solved, planned, explained, performed, refused.")]
    document: Annotated[DocumentRef | None | UnsetType, says("复文", "The paper.")] = UNSET


class ConcernClosed(FactData, frozen=True, kw_only=True):
    """It was closed."""

    TYPE: ClassVar = FactType("concern.closed.v1", "办结", "concern")

    solved: Annotated[bool, says("已解决", "Whether the problem was solved.")]
    author_satisfied: Annotated[bool | None | UnsetType, says("满意", "As the author said.")] = UNSET
