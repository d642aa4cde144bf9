"""Facts about meetings before they open: plan, agenda, notice, papers, leave."""

from typing import Annotated, ClassVar

from msgspec import UNSET, Meta, UnsetType

from events.fact import FactData
from events.fields import FactType, MatterRef, MeetingRef, Part, PersonId, PlanRef, Text, UnitId, Whole, ref, says
from events.meeting_terms import Capacity, ItemKind, LeaveReason, MeetingKind, MeetingMode
from events.moment import Moment
from events.shared_terms import Form, NameUsed, Role


class ExpectedParticipant(Part, frozen=True, kw_only=True):
    """One who is to come to a meeting: a named person, or somebody whom a unit sends."""

    person: Annotated[PersonId | None | UnsetType, says("人员", "Named person.")] = UNSET
    unit: Annotated[UnitId | None | UnsetType, says("单位", "Unit that sends somebody.")] = UNSET
    role: Annotated[Role | None | UnsetType, says("要求角色", "Which post the unit is to send.")] = UNSET
    capacity: Annotated[Capacity, says("身份", "Member, sit-in, invited and so on.")]
    items: Annotated[tuple[Whole, ...] | None | UnsetType, says("对应议题", "Only for these items.")] = UNSET


class MeetingPlanned(FactData, frozen=True, kw_only=True):
    """A meeting was planned for a day, with its kind, chair and expected persons."""

    TYPE: ClassVar = FactType("meeting.planned.v1", "会议拟定", "meeting", opens=True)

    kind: Annotated[MeetingKind, says("种类", "Which meeting.")]
    title: Annotated[Text, says("名称", "Title.")]
    starts_at: Annotated[Moment, says("开会时间", "May be a day off; nothing refuses it.")]
    place: Annotated[Text | None | UnsetType, says("地点", "Where.")] = UNSET
    host: Annotated[UnitId, says("主办单位", "Unit that holds or arranges it.")]
    in_name_of: Annotated[NameUsed | None | UnsetType, says("会议名义", "In whose name.")] = UNSET
    convener: Annotated[PersonId | None | UnsetType, says("召集人", "Who calls it.")] = UNSET
    chair: Annotated[PersonId | None | UnsetType, says("主持人", "Who is to chair.")] = UNSET
    mode: Annotated[MeetingMode, says("形式", "In person or by video.")]
    mode_reason: Annotated[Text | None | UnsetType, says("形式理由", "Why not by video.")] = UNSET
    extraordinary: Annotated[bool | None | UnsetType, says("临时召开", "Called outside the regular rhythm.")] = UNSET
    district_wide: Annotated[bool | None | UnsetType, says("全区性", "District-wide meeting.")] = UNSET
    annual_work: Annotated[bool | None | UnsetType, says("年度工作会议", "A unit's yearly work meeting.")] = UNSET
    routine: Annotated[bool | None | UnsetType, says("事务性部署", "A routine deployment meeting.")] = UNSET
    within_unit_power: Annotated[
        bool | None | UnsetType, says("属部门业务", "Its subject lies within one unit's own business.")
    ] = UNSET
    confidential: Annotated[bool | None | UnsetType, says("涉密", "Confidential content.")] = UNSET
    conference_class: Annotated[
        Whole | None | UnsetType, says("工作会议类别", "Class 1 or 2 of a work conference.")
    ] = UNSET
    plan: Annotated[PlanRef | None | UnsetType, says("所列计划", "Yearly plan it stands in.")] = UNSET
    plan_entry: Annotated[Text | None | UnsetType, says("计划项号", "Number in the plan.")] = UNSET
    theme: Annotated[Text | None | UnsetType, says("主题", "Theme of a study session; subject of a conference.")] = (
        UNSET
    )
    fields: Annotated[
        tuple[Text, ...] | None | UnsetType, says("涉及领域", "Fields of work, when there is no matter to carry them.")
    ] = UNSET
    expected: Annotated[tuple[ExpectedParticipant, ...] | None | UnsetType, says("应到人员", "Who is to come.")] = UNSET


class MeetingRescheduled(FactData, frozen=True, kw_only=True):
    """A meeting was moved to another time."""

    TYPE: ClassVar = FactType("meeting.rescheduled.v1", "会议改期", "meeting")

    starts_at: Annotated[Moment, says("新时间", "New start.")]
    reason: Annotated[Text, says("原因", "Why.")]


class MeetingCancelled(FactData, frozen=True, kw_only=True):
    """A meeting was called off, or merged into another."""

    TYPE: ClassVar = FactType("meeting.cancelled.v1", "会议取消", "meeting")

    merged_into: Annotated[MeetingRef | None | UnsetType, says("并入会议", "When merged.")] = UNSET
    reason: Annotated[Text, says("原因", "Why.")]


class AgendaItem(Part, frozen=True, kw_only=True):
    """One topic of an agenda."""

    item: Annotated[Whole, says("序号", "Place on the agenda.")]
    matter: Annotated[MatterRef, says("事项", "The matter.")]
    kind: Annotated[ItemKind, says("议题类别", "First topic, bottom-line topic, ordinary.")]
    about: Annotated[
        Annotated[str, ref("document", "report", "task")] | None | UnsetType,
        says("学习或汇报内容", "Paper or instruction studied or reported on."),
    ] = UNSET
    lead: Annotated[UnitId | None | UnsetType, says("汇报单位", "Reporting unit.")] = UNSET
    sit_in: Annotated[tuple[UnitId, ...] | None | UnsetType, says("列席单位", "Units that sit in for this item.")] = (
        UNSET
    )


class MeetingAgendaProposed(FactData, frozen=True, kw_only=True):
    """An order of topics was proposed for a meeting."""

    TYPE: ClassVar = FactType("meeting.agenda_proposed.v1", "议程建议", "meeting")

    proposed_by: Annotated[tuple[PersonId, ...] | None | UnsetType, says("提出人", "All who proposed it together.")] = (
        UNSET
    )
    agenda: Annotated[tuple[AgendaItem, ...], Meta(min_length=1), says("议题", "Topics in order.")]


class MeetingAgendaApproved(FactData, frozen=True, kw_only=True):
    """The agenda was settled; a later settlement replaces it."""

    TYPE: ClassVar = FactType("meeting.agenda_approved.v1", "议程审定", "meeting")

    agenda: Annotated[tuple[AgendaItem, ...], Meta(min_length=1), says("议题", "Topics in order.")]


class MeetingInvitee(Part, frozen=True, kw_only=True):
    """One who was told of a meeting or invited to it."""

    person: Annotated[PersonId | None | UnsetType, says("人员", "Named person.")] = UNSET
    unit: Annotated[UnitId | None | UnsetType, says("单位", "Unit.")] = UNSET
    role: Annotated[Role | None | UnsetType, says("要求角色", "Post asked for.")] = UNSET
    capacity: Annotated[Capacity, says("身份", "In which capacity.")]


class MeetingNoticeSent(FactData, frozen=True, kw_only=True):
    """Persons or units were told of the meeting or invited to it."""

    TYPE: ClassVar = FactType("meeting.notice_sent.v1", "会议通知发出", "meeting")

    invitees: Annotated[tuple[MeetingInvitee, ...], Meta(min_length=1), says("通知对象", "Whom.")]
    form: Annotated[Form, says("形式", "How.")]


class MeetingMaterialsDistributed(FactData, frozen=True, kw_only=True):
    """Papers reached participants; occurred_at is the delivery."""

    TYPE: ClassVar = FactType("meeting.materials_distributed.v1", "会议材料送达", "meeting")

    items: Annotated[tuple[Whole, ...], Meta(min_length=1), says("对应议题", "Agenda items the papers belong to.")]
    to_persons: Annotated[tuple[PersonId, ...], Meta(min_length=1), says("送达人员", "Who received them.")]
    return_after: Annotated[bool, says("会后收回", "Marked to be returned after the meeting.")]


class MeetingMaterialsCollected(FactData, frozen=True, kw_only=True):
    """Papers were given back."""

    TYPE: ClassVar = FactType("meeting.materials_collected.v1", "会议材料收回", "meeting")

    items: Annotated[tuple[Whole, ...], Meta(min_length=1), says("对应议题", "Which papers.")]
    from_persons: Annotated[tuple[PersonId, ...], Meta(min_length=1), says("交回人员", "Who gave them back.")]


class MeetingLeaveRequested(FactData, frozen=True, kw_only=True):
    """A person asked leave from the meeting."""

    TYPE: ClassVar = FactType("meeting.leave_requested.v1", "会议请假", "meeting")

    person: Annotated[PersonId, says("请假人", "Who cannot come.")]
    to: Annotated[PersonId | None | UnsetType, says("请假对象", "Leader asked, as a rule the chair.")] = UNSET
    to_unit: Annotated[UnitId | None | UnsetType, says("报送单位", "Office where it was filed.")] = UNSET
    leave_reason: Annotated[LeaveReason, says("请假事由", "Kind of reason.")]
    reason: Annotated[Text | None | UnsetType, says("说明", "Text.")] = UNSET
    substitute: Annotated[PersonId | None | UnsetType, says("代会人", "Who comes instead.")] = UNSET


class MeetingLeaveAnswered(FactData, frozen=True, kw_only=True):
    """The chair granted or refused leave from the meeting."""

    TYPE: ClassVar = FactType("meeting.leave_answered.v1", "会议准假", "meeting")

    person: Annotated[PersonId, says("请假人", "Who asked.")]
    granted: Annotated[bool, says("是否准假", "Granted or not.")]
    substitute: Annotated[PersonId | None | UnsetType, says("同意代会人", "Substitute accepted.")] = UNSET


class MeetingLeaveReported(FactData, frozen=True, kw_only=True):
    """The office reported the absences of a meeting to its chair."""

    TYPE: ClassVar = FactType("meeting.leave_reported.v1", "请假情况报告", "meeting")

    persons: Annotated[tuple[PersonId, ...], Meta(min_length=1), says("请假人员", "Whose absences.")]
    to: Annotated[PersonId, says("报告对象", "The chair.")]
