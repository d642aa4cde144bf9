"""Facts about entrustments."""

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, UnsetType, field

from events.document_terms import DocumentKind
from events.fact import FactData
from events.fields import (
    AbsenceRef,
    DocumentRef,
    FactType,
    MatterRef,
    MeetingRef,
    PersonId,
    SealRef,
    Text,
    choices,
    says,
)
from events.moment import Moment

EntrustmentKind = Annotated[
    Literal[
        "acting_head",
        "portfolio",
        "cover",
        "chair_meeting",
        "sign_documents",
        "approve",
        "special_task",
        "represent",
        "coordinate",
        "seal_use",
    ],
    choices(
        "entrustment_kind",
        "委托种类",
        "What is entrusted",
        {
            "acting_head": ("主持全面工作", "preside over the government's work"),
            "portfolio": ("代管分工", "take over a portfolio"),
            "cover": ("指定顶岗", "cover named because the AB partner cannot"),
            "chair_meeting": ("主持会议", "chair a meeting"),
            "sign_documents": ("签发公文", "sign documents"),
            "approve": ("审批", "approve matters of a kind"),
            "special_task": ("专项工作", "a special task"),
            "represent": ("代表政府", "represent the government"),
            "coordinate": ("牵头协调", "coordinate a dispute"),
            "seal_use": ("用印审批", "approve use of a seal"),
        },
    ),
]


class EntrustmentGiven(FactData, frozen=True, kw_only=True):
    """A person entrusted another with acting in his or her place or beyond the other's own portfolio."""

    TYPE: ClassVar = FactType("entrustment.given.v1", "委托授权", "entrustment", opens=True)

    kind: Annotated[EntrustmentKind, says("委托种类", "What is entrusted.")]
    by: Annotated[
        PersonId, says("委托人", "Whose power it is; differs from the actor when the office records a cover.")
    ]
    to: Annotated[PersonId, says("受托人", "Who may act.")]
    from_: Annotated[Moment, says("起", "First day or moment.")] = field(name="from")
    until: Annotated[
        Moment | None | UnsetType, says("止", "Last day or moment; absent for a standing authorisation.")
    ] = UNSET
    absence: Annotated[AbsenceRef | None | UnsetType, says("对应外出", "The absence it covers.")] = UNSET
    meeting: Annotated[MeetingRef | None | UnsetType, says("会议", "The meeting to be chaired.")] = UNSET
    matters: Annotated[tuple[MatterRef, ...] | None | UnsetType, says("事项", "Matters it is bounded to.")] = UNSET
    fields: Annotated[tuple[Text, ...] | None | UnsetType, says("领域", "Fields of work it is bounded to.")] = UNSET
    document_kinds: Annotated[
        tuple[DocumentKind, ...] | None | UnsetType, says("公文种类", "Documents that may be signed.")
    ] = UNSET
    seal: Annotated[SealRef | None | UnsetType, says("印章", "Seal whose use may be approved.")] = UNSET
    document: Annotated[DocumentRef | None | UnsetType, says("书面依据", "The paper, when there is one.")] = UNSET
    urgent: Annotated[
        bool | None | UnsetType, says("特殊紧急情况", "Given because of a special, urgent situation.")
    ] = UNSET
    reason: Annotated[Text | None | UnsetType, says("原因", "Why, where a rule allows it only for stated reasons.")] = (
        UNSET
    )


class EntrustmentEnded(FactData, frozen=True, kw_only=True):
    """An entrustment ended before its stated end, by return or by withdrawal."""

    TYPE: ClassVar = FactType("entrustment.ended.v1", "委托终止", "entrustment")

    reason: Annotated[Text, says("原因", "Return, withdrawal, or change of the paper.")]
