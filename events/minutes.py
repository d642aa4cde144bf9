"""Facts about minutes of meetings."""

from typing import Annotated, ClassVar

from msgspec import UNSET, Meta, UnsetType

from events.fact import FactData
from events.fields import FactType, MeetingRef, PersonId, Text, UnitId, says
from events.meeting_terms import DecisionSubject
from events.paper_terms import Paper, ReviewResult
from events.shared_terms import ApprovalLevel


class MinutesDrafted(FactData, frozen=True, kw_only=True):
    """Minutes of a meeting were drafted."""

    TYPE: ClassVar = FactType("minutes.drafted.v1", "纪要起草", "minutes", opens=True)

    meeting: Annotated[MeetingRef, says("会议", "Of which meeting.")]
    drafter: Annotated[UnitId, says("起草单位", "Who drafted.")]
    decisions: Annotated[
        tuple[Text, ...], Meta(min_length=1), says("所载议定编号", "Keys of the decisions they carry.")
    ]
    subjects: Annotated[
        tuple[DecisionSubject, ...] | None | UnsetType, says("涉及内容", "Funds, large funds, major project, staffing.")
    ] = UNSET
    major: Annotated[bool | None | UnsetType, says("涉及重大事项", "Flagged as touching major matters.")] = UNSET
    names_dissenter: Annotated[bool | None | UnsetType, says("载有个人不同意见", "They name who dissented.")] = UNSET
    attachments: Annotated[tuple[Paper, ...] | None | UnsetType, says("附件", "Written opinions attached.")] = UNSET


class MinutesReviewed(FactData, frozen=True, kw_only=True):
    """The minutes were checked or read on their way to signature."""

    TYPE: ClassVar = FactType("minutes.reviewed.v1", "纪要审核", "minutes")

    level: Annotated[ApprovalLevel, says("审核层级", "Column of the form that was signed.")]
    result: Annotated[ReviewResult, says("结论", "Passed on, changed, sent back.")]
    opinion: Annotated[Text | None | UnsetType, says("意见", "Text.")] = UNSET


class MinutesSigned(FactData, frozen=True, kw_only=True):
    """The minutes were signed for issue."""

    TYPE: ClassVar = FactType("minutes.signed.v1", "纪要签发", "minutes")

    level: Annotated[ApprovalLevel, says("签发层级", "Column of the form that was signed.")]


class MinutesIssued(FactData, frozen=True, kw_only=True):
    """The minutes were printed and issued."""

    TYPE: ClassVar = FactType("minutes.issued.v1", "纪要印发", "minutes")

    number: Annotated[Text, says("编号", "Number.")]
    to_units: Annotated[tuple[UnitId, ...] | None | UnsetType, says("分送单位", "Units they went to.")] = UNSET
    to_persons: Annotated[tuple[PersonId, ...] | None | UnsetType, says("呈送领导", "Leaders they went to.")] = UNSET


class MinutesWithdrawn(FactData, frozen=True, kw_only=True):
    """Minutes already drafted or issued were withdrawn."""

    TYPE: ClassVar = FactType("minutes.withdrawn.v1", "纪要撤回", "minutes")

    reason: Annotated[Text, says("原因", "Why.")]
