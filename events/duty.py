"""Facts about duty shifts and emergencies."""

import datetime as dt
from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, Meta, UnsetType, field

from events.fact import FactData
from events.fields import FactType, PersonId, Text, UnitId, choices, says
from events.moment import Moment
from events.shared_terms import Form

EmergencyKind = Annotated[
    Literal["sudden_event", "major_situation", "public_opinion"],
    choices(
        "emergency_kind",
        "事件种类",
        "Kind of event",
        {
            "sudden_event": ("突发事件", "sudden event"),
            "major_situation": ("重大情况", "major situation"),
            "public_opinion": ("舆情", "public opinion"),
        },
    ),
]

EmergencyGrade = Annotated[
    Literal["extraordinary", "major", "larger", "ordinary", "ungraded"],
    choices(
        "emergency_grade",
        "事件等级",
        "Grade of event",
        {
            "extraordinary": ("特别重大", "extraordinary"),
            "major": ("重大", "major"),
            "larger": ("较大", "larger"),
            "ordinary": ("一般", "ordinary"),
            "ungraded": ("未定级", "not graded"),
        },
    ),
]

ReportStage = Annotated[
    Literal["first", "follow_up", "final"],
    choices(
        "report_stage",
        "报告阶段",
        "Stage of a report",
        {
            "first": ("首报", "first"),
            "follow_up": ("续报", "follow-up"),
            "final": ("终报", "final"),
        },
    ),
]


class DutyRostered(FactData, frozen=True, kw_only=True):
    """The duty shift of a unit for a day was set; a later record replaces it."""

    TYPE: ClassVar = FactType("duty.rostered.v1", "值班安排", "duty", opens=True)

    date: Annotated[dt.date, says("日期", "Day of the shift.")]
    unit: Annotated[UnitId, says("单位", "Which unit.")]
    officers: Annotated[tuple[PersonId, ...], Meta(min_length=1), says("值班人员", "Duty officers.")]
    leader: Annotated[PersonId | None | UnsetType, says("带班领导", "Leader on duty.")] = UNSET


class DutyContactTried(FactData, frozen=True, kw_only=True):
    """Somebody tried to reach a person who has to be within reach."""

    TYPE: ClassVar = FactType("duty.contact_tried.v1", "联络", "duty")

    person: Annotated[PersonId, says("被联系人", "Whom.")]
    reached: Annotated[bool, says("是否接通", "Whether reached.")]


class DutyContactChanged(FactData, frozen=True, kw_only=True):
    """A person told an office of a time out of reach or of a new number; the number itself is not recorded."""

    TYPE: ClassVar = FactType("duty.contact_changed.v1", "通讯变动", "duty")

    person: Annotated[PersonId, says("人员", "Who.")]
    to_unit: Annotated[UnitId, says("告知单位", "Office told.")]
    from_: Annotated[Moment | None | UnsetType, says("停机起", "Out of reach from.")] = field(
        name="from", default=UNSET
    )
    until: Annotated[Moment | None | UnsetType, says("停机止", "Out of reach until.")] = UNSET
    new_number: Annotated[bool, says("换号", "A new number was given.")]


class DutyEventRecorded(FactData, frozen=True, kw_only=True):
    """A sudden event or major situation became known."""

    TYPE: ClassVar = FactType("duty.event_recorded.v1", "突发事件登记", "emergency", opens=True)

    title: Annotated[Text, says("事件", "What.")]
    kind: Annotated[EmergencyKind, says("种类", "Sudden event, major situation, public opinion.")]
    event_grade: Annotated[EmergencyGrade, says("等级", "Grade as first assessed.")]
    unit: Annotated[UnitId, says("获知单位", "Unit that learned of it.")]
    happened_at: Annotated[
        Moment | None | UnsetType, says("发生时间", "When it happened; occurred_at is when the unit learned of it.")
    ] = UNSET
    public_opinion: Annotated[bool | None | UnsetType, says("涉及舆情", "Public opinion is stirred.")] = UNSET


class DutyEventReported(FactData, frozen=True, kw_only=True):
    """The event was reported to a unit or leader; each report, also a follow-up, is one fact."""

    TYPE: ClassVar = FactType("duty.event_reported.v1", "突发事件报告", "emergency")

    from_unit: Annotated[UnitId, says("报告单位", "Who reports.")]
    to_unit: Annotated[UnitId | None | UnsetType, says("接报单位", "To which unit.")] = UNSET
    to_person: Annotated[PersonId | None | UnsetType, says("接报领导", "To which leader.")] = UNSET
    form: Annotated[Form, says("形式", "Telephone, written.")]
    stage: Annotated[ReportStage, says("报告阶段", "First, follow-up, final.")]


class DutyEventHandled(FactData, frozen=True, kw_only=True):
    """A step of handling an event was entered, by the duty officer or the handling unit."""

    TYPE: ClassVar = FactType("duty.event_handled.v1", "突发事件处置", "emergency")

    unit: Annotated[UnitId, says("处置单位", "Who.")]
    content: Annotated[Text, says("处置情况", "What was done.")]
    finished: Annotated[bool, says("处置结束", "The event is over.")]
