"""Facts about what happened in the meeting room."""

from typing import Annotated, ClassVar

from msgspec import UNSET, UnsetType

from events.document_terms import Disclosure
from events.fact import FactData
from events.fields import (
    ConductRef,
    DocumentRef,
    ExactDecimal,
    FactType,
    MatterRef,
    PersonId,
    PostId,
    Text,
    UnitId,
    Whole,
    says,
)
from events.meeting_terms import Capacity, DecisionSubject, MinutesNeed, Outcome
from events.shared_terms import Stance


class MeetingOpened(FactData, frozen=True, kw_only=True):
    """The meeting opened."""

    TYPE: ClassVar = FactType("meeting.opened.v1", "会议开始", "meeting")

    chair: Annotated[PersonId, says("主持人", "Who in fact chaired; the entrustment stands in the envelope's `under`.")]
    convener: Annotated[PersonId | None | UnsetType, says("召集人", "Who in fact called it.")] = UNSET


class MeetingAttendanceRecorded(FactData, frozen=True, kw_only=True):
    """One person's presence or absence was recorded, with the capacity."""

    TYPE: ClassVar = FactType("meeting.attendance_recorded.v1", "到会登记", "meeting")

    person: Annotated[PersonId, says("人员", "Who; a person with two posts is recorded once and counts once.")]
    present: Annotated[bool, says("到会", "Present or absent.")]
    capacity: Annotated[Capacity, says("身份", "Only `member` counts for a quorum.")]
    post: Annotated[PostId | None | UnsetType, says("职务", "Post in which the person came.")] = UNSET
    unit: Annotated[UnitId | None | UnsetType, says("代表单位", "Unit represented.")] = UNSET
    instead_of: Annotated[PersonId | None | UnsetType, says("代谁参会", "For a substitute.")] = UNSET
    items: Annotated[tuple[Whole, ...] | None | UnsetType, says("参加议题", "Only for these items.")] = UNSET
    remote: Annotated[bool | None | UnsetType, says("视频参会", "Took part by video.")] = UNSET


class MeetingPersonLeft(FactData, frozen=True, kw_only=True):
    """A person left the room."""

    TYPE: ClassVar = FactType("meeting.person_left.v1", "中途离会", "meeting")

    person: Annotated[PersonId, says("人员", "Who.")]
    item: Annotated[Whole | None | UnsetType, says("当时议题", "Item under discussion.")] = UNSET
    reason: Annotated[Text | None | UnsetType, says("原因", "Why, when stated.")] = UNSET


class MeetingPersonRejoined(FactData, frozen=True, kw_only=True):
    """A person who had left came back."""

    TYPE: ClassVar = FactType("meeting.person_rejoined.v1", "返回会场", "meeting")

    person: Annotated[PersonId, says("人员", "Who.")]
    item: Annotated[Whole | None | UnsetType, says("当时议题", "Item under discussion.")] = UNSET


class MeetingItemOpened(FactData, frozen=True, kw_only=True):
    """Consideration of an agenda item began."""

    TYPE: ClassVar = FactType("meeting.item_opened.v1", "议题开始审议", "meeting")

    item: Annotated[Whole, says("序号", "Agenda number; 0 for one not on the agenda.")]
    matter: Annotated[MatterRef, says("事项", "The matter.")]
    presenter: Annotated[PersonId | None | UnsetType, says("汇报人", "Who presented.")] = UNSET
    presenter_post: Annotated[PostId | None | UnsetType, says("汇报人职务", "In which post.")] = UNSET


class MeetingStatementMade(FactData, frozen=True, kw_only=True):
    """A person spoke to an item, in the order given."""

    TYPE: ClassVar = FactType("meeting.statement_made.v1", "发言", "meeting")

    item: Annotated[Whole, says("议题序号", "Which item.")]
    person: Annotated[PersonId, says("发言人", "Who.")]
    post: Annotated[PostId | None | UnsetType, says("职务", "In which post the person spoke.")] = UNSET
    order: Annotated[Whole, says("发言次序", "1 for the first speaker to the item.")]
    stance: Annotated[Stance, says("态度", "Position taken.")]
    opinion: Annotated[Text | None | UnsetType, says("意见", "Gist.")] = UNSET


class MeetingRecusalMade(FactData, frozen=True, kw_only=True):
    """A person kept out of an item because of an interest."""

    TYPE: ClassVar = FactType("meeting.recusal_made.v1", "回避", "meeting")

    item: Annotated[Whole, says("议题序号", "Which item.")]
    person: Annotated[PersonId, says("回避人", "Who.")]
    reason: Annotated[Text, says("回避事由", "Interest or relation.")]
    left_room: Annotated[
        bool,
        says(
            "离场",
            "Whether the person left for the item; whether he still counts for the quorum is the rulebook's reading.",
        ),
    ]
    declaration: Annotated[
        ConductRef | None | UnsetType, says("申报", "Declaration of interest, when there was one.")
    ] = UNSET


class MeetingDecisionMade(FactData, frozen=True, kw_only=True):
    """The meeting decided on an item."""

    TYPE: ClassVar = FactType("meeting.decision_made.v1", "议定事项", "meeting")

    item: Annotated[Whole, says("议题序号", "Which item.")]
    matter: Annotated[MatterRef, says("事项", "The matter.")]
    decision: Annotated[Text, says("议定编号", "Key of the decision within the meeting.")]
    outcome: Annotated[Outcome, says("结果", "Adopted, sent back, put off and so on.")]
    version: Annotated[Text | None | UnsetType, says("通过版本", "Version of the paper decided on.")] = UNSET
    text: Annotated[Text | None | UnsetType, says("议定内容", "Text.")] = UNSET
    subjects: Annotated[
        tuple[DecisionSubject, ...] | None | UnsetType, says("涉及内容", "Funds, projects, staffing and so on.")
    ] = UNSET
    amount_wan: Annotated[ExactDecimal | None | UnsetType, says("金额（万元）", "Sum decided.")] = UNSET
    to_issue: Annotated[
        bool | None | UnsetType, says("决定印发文件", "A document is to be printed and issued on it.")
    ] = UNSET
    document: Annotated[DocumentRef | None | UnsetType, says("审议文件", "The document examined.")] = UNSET
    responsible: Annotated[tuple[UnitId, ...] | None | UnsetType, says("责任单位", "Who carries it out.")] = UNSET
    needs_opinion_round: Annotated[
        bool | None | UnsetType, says("纪要需再征求意见", "The chair left a point open for an opinion round.")
    ] = UNSET
    disclosure: Annotated[Disclosure | None | UnsetType, says("公开属性", "To be published or not.")] = UNSET
    disclosure_ground: Annotated[Text | None | UnsetType, says("不公开依据", "Legal ground when not published.")] = (
        UNSET
    )


class MeetingDevicesChecked(FactData, frozen=True, kw_only=True):
    """It was recorded whether devices were brought into the room."""

    TYPE: ClassVar = FactType("meeting.devices_checked.v1", "电子设备检查", "meeting")

    devices_found: Annotated[Whole, says("带入设备数", "Number found in the room.")]


class MeetingRecordingMade(FactData, frozen=True, kw_only=True):
    """A sound or picture recording of the meeting was made."""

    TYPE: ClassVar = FactType("meeting.recording_made.v1", "录音录像", "meeting")

    person: Annotated[PersonId, says("录制人", "Who recorded.")]
    arranged_by: Annotated[UnitId | None | UnsetType, says("安排单位", "Who had arranged it.")] = UNSET


class MeetingClosed(FactData, frozen=True, kw_only=True):
    """The meeting ended."""

    TYPE: ClassVar = FactType("meeting.closed.v1", "会议结束", "meeting")

    minutes_need: Annotated[MinutesNeed, says("纪要要求", "Whether minutes are to be issued, as the chair said.")]
    reason: Annotated[Text | None | UnsetType, says("理由", "Why none, or why for a routine meeting.")] = UNSET
