"""Facts about reviews, assessments and hearings."""

from typing import Annotated, ClassVar

from msgspec import UNSET, Meta, UnsetType

from events.fact import FactData
from events.fields import AnyRef, DocumentRef, FactType, Part, Text, UnitId, says
from events.meeting_terms import MeetingKind
from events.moment import Moment
from events.paper_terms import CheckQuestion, ReviewResult
from events.review_terms import GroupConsulted, HearingForm, OpinionOccasion, ReviewAspect, ReviewKind
from events.shared_terms import Role


class ReviewRequested(FactData, frozen=True, kw_only=True):
    """A review, assessment, expert opinion or consultation of the public was asked for or opened."""

    TYPE: ClassVar = FactType("review.requested.v1", "送审", "review", opens=True)

    kind: Annotated[ReviewKind, says("种类", "Which review.")]
    about: Annotated[AnyRef, says("审查对象", "Matter, document, contract, funds application, project change.")]
    version: Annotated[Text | None | UnsetType, says("送审版本", "Version under review.")] = UNSET
    reviewer: Annotated[UnitId | None | UnsetType, says("审查单位", "Unit asked; absent for the public at large.")] = (
        UNSET
    )
    reviewer_role: Annotated[
        Role | None | UnsetType, says("审查人角色", "When a legal adviser or other person is asked.")
    ] = UNSET
    reply_by: Annotated[
        Moment | None | UnsetType, says("限时", "Limit the paper states, or end of a public consultation.")
    ] = UNSET
    simple: Annotated[
        bool | None | UnsetType, says("简单件", "The paper marks it simple, where limits differ by difficulty.")
    ] = UNSET


class ReviewReceived(FactData, frozen=True, kw_only=True):
    """The reviewer received the material; limits that run from receipt, or from complete material, start here."""

    TYPE: ClassVar = FactType("review.received.v1", "送审件收到", "review")

    complete: Annotated[
        bool,
        says(
            "材料齐备",
            "Whether the reviewer confirmed that it was complete; recorded again as true "
            "once missing material came in.",
        ),
    ]


class ReviewMaterialsReturned(FactData, frozen=True, kw_only=True):
    """The reviewer sent the material back as incomplete."""

    TYPE: ClassVar = FactType("review.materials_returned.v1", "送审材料退补", "review")

    missing: Annotated[tuple[Text, ...], Meta(min_length=1), says("缺项", "What is missing.")]


class ReviewAnswer(Part, frozen=True, kw_only=True):
    """One prescribed question of a review with its answer."""

    question: Annotated[CheckQuestion, says("问题", "Which question.")]
    answer: Annotated[bool, says("是否", "True: yes.")]


class ReviewConcluded(FactData, frozen=True, kw_only=True):
    """A review ended with a result."""

    TYPE: ClassVar = FactType("review.concluded.v1", "审查结论", "review")

    result: Annotated[ReviewResult, says("结论", "What was found.")]
    opinion: Annotated[Text | None | UnsetType, says("意见", "Gist or full text.")] = UNSET
    written: Annotated[bool | None | UnsetType, says("书面意见", "An opinion exists in writing.")] = UNSET
    document: Annotated[DocumentRef | None | UnsetType, says("意见书", "The paper.")] = UNSET
    version: Annotated[Text | None | UnsetType, says("审查版本", "Version it speaks of.")] = UNSET
    aspects: Annotated[tuple[ReviewAspect, ...] | None | UnsetType, says("覆盖方面", "Aspects expressly covered.")] = (
        UNSET
    )
    forms: Annotated[
        tuple[HearingForm, ...] | None | UnsetType, says("听取意见方式", "Ways in which opinions were heard.")
    ] = UNSET
    heard: Annotated[tuple[GroupConsulted, ...] | None | UnsetType, says("听取对象", "Groups heard.")] = UNSET
    answers: Annotated[
        tuple[ReviewAnswer, ...] | None | UnsetType, says("逐项答复", "Express answers to prescribed questions.")
    ] = UNSET
    given_on: Annotated[
        OpinionOccasion | None | UnsetType, says("提出场合", "Before the meeting, at it, or on the draft minutes.")
    ] = UNSET
    decided_by: Annotated[MeetingKind | None | UnsetType, says("议决会议", "When a unit's own meeting settled it.")] = (
        UNSET
    )


class ReviewFoundUnnecessary(FactData, frozen=True, kw_only=True):
    """It was recorded, with a reason, that a review was not needed."""

    TYPE: ClassVar = FactType("review.found_unnecessary.v1", "说明无需审查", "review", opens=True)

    kind: Annotated[ReviewKind, says("种类", "Which review.")]
    about: Annotated[AnyRef, says("对象", "Of what.")]
    reason: Annotated[Text, says("理由", "Why not, or the legal ground of secrecy.")]


class ReviewWithdrawn(FactData, frozen=True, kw_only=True):
    """The request for review was withdrawn."""

    TYPE: ClassVar = FactType("review.withdrawn.v1", "撤回送审", "review")

    reason: Annotated[Text, says("原因", "Why.")]
