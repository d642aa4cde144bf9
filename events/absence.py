"""Facts about absences: leave asked for, approved, taken and closed."""

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, Meta, UnsetType, field

from events.fact import FactData
from events.fields import AbsenceRef, FactType, PersonId, Text, UnitId, choices, says
from events.moment import Moment
from events.shared_terms import Form

AbsenceKind = Annotated[
    Literal[
        "business_trip",
        "abroad",
        "inspection_tour",
        "training",
        "annual_leave",
        "sick_leave",
        "personal_leave",
        "holiday",
        "other",
    ],
    choices(
        "absence_kind",
        "外出种类",
        "Kind of absence",
        {
            "business_trip": ("因公外出", "business outside"),
            "abroad": ("出国出境", "visit abroad"),
            "inspection_tour": ("考察", "study tour"),
            "training": ("学习培训", "training"),
            "annual_leave": ("年休假", "annual leave"),
            "sick_leave": ("病假", "sick leave"),
            "personal_leave": ("事假", "personal leave"),
            "holiday": ("节假日离开", "away on days off"),
            "other": ("其他", "other"),
        },
    ),
]

Boundary = Annotated[
    Literal["urban_area", "district", "city", "province", "country"],
    choices(
        "boundary",
        "离开范围",
        "Boundary crossed",
        {
            "urban_area": ("中心城区", "central urban area"),
            "district": ("本区", "the district"),
            "city": ("本市", "the city"),
            "province": ("本省", "the province"),
            "country": ("国境", "the country"),
        },
    ),
]


class AbsenceRegistered(FactData, frozen=True, kw_only=True):
    """A person's absence became known, with its kind and interval; this says nothing about leave having been asked."""

    TYPE: ClassVar = FactType("absence.registered.v1", "外出登记", "absence", opens=True)

    person: Annotated[PersonId, says("外出人", "Who is away.")]
    kind: Annotated[AbsenceKind, says("种类", "Kind of absence.")]
    from_: Annotated[Moment, says("起", "Planned departure; the day itself counts as away.")] = field(name="from")
    until: Annotated[Moment, says("止", "Planned last day or moment away.")]
    leaves: Annotated[
        tuple[Boundary, ...] | None | UnsetType,
        says("离开范围", "Every boundary crossed; several districts define it differently."),
    ] = UNSET
    destination: Annotated[Text | None | UnsetType, says("目的地", "Where to.")] = UNSET
    reason: Annotated[Text, says("事由", "What for.")]
    stand_in: Annotated[PersonId | None | UnsetType, says("顶岗人员", "Who takes over, as the person names.")] = UNSET
    superior_notice: Annotated[
        Text | None | UnsetType, says("通知依据", "The superior's notice that calls the person away.")
    ] = UNSET


class AbsenceRequested(FactData, frozen=True, kw_only=True):
    """Leave was asked of a leader or filed as a leave form."""

    TYPE: ClassVar = FactType("absence.requested.v1", "请假", "absence")

    to: Annotated[PersonId, says("请假对象", "Of whom it was asked.")]
    form: Annotated[Form, says("形式", "Oral, written, leave form.")]


class AbsenceReported(FactData, frozen=True, kw_only=True):
    """The absence was reported to a leader."""

    TYPE: ClassVar = FactType("absence.reported.v1", "外出报告", "absence")

    to: Annotated[PersonId, says("报告对象", "To whom.")]
    form: Annotated[Form, says("形式", "How.")]


class AbsenceNotified(FactData, frozen=True, kw_only=True):
    """Others were told of the absence, without being asked for consent."""

    TYPE: ClassVar = FactType("absence.notified.v1", "外出告知", "absence")

    to_persons: Annotated[tuple[PersonId, ...], Meta(min_length=1), says("告知对象", "Every person told.")]
    form: Annotated[Form, says("形式", "How.")]


class AbsenceConsented(FactData, frozen=True, kw_only=True):
    """A leader on the way to the approver consented to the absence."""

    TYPE: ClassVar = FactType("absence.consented.v1", "外出同意", "absence")

    opinion: Annotated[Text | None | UnsetType, says("意见", "Remark.")] = UNSET


class AbsenceApproved(FactData, frozen=True, kw_only=True):
    """The absence was approved."""

    TYPE: ClassVar = FactType("absence.approved.v1", "准假", "absence")

    from_: Annotated[Moment, says("准假起", "As approved.")] = field(name="from")
    until: Annotated[Moment, says("准假止", "As approved.")]
    overlap_with: Annotated[
        tuple[AbsenceRef, ...] | None | UnsetType,
        says("同意重叠的外出", "Absences of a partner or of other leaders that the approver expressly let overlap."),
    ] = UNSET
    opinion: Annotated[Text | None | UnsetType, says("意见", "Remark.")] = UNSET


class AbsenceRefused(FactData, frozen=True, kw_only=True):
    """The absence was refused."""

    TYPE: ClassVar = FactType("absence.refused.v1", "不准假", "absence")

    reason: Annotated[Text, says("原因", "Why.")]


class AbsenceFiled(FactData, frozen=True, kw_only=True):
    """The absence was filed or reported for the record with a body, such as the Party committee or the office."""

    TYPE: ClassVar = FactType("absence.filed.v1", "外出报备", "absence")

    with_unit: Annotated[UnitId, says("报备单位", "Where.")]
    form: Annotated[Form, says("形式", "How.")]


class AbsenceDeparted(FactData, frozen=True, kw_only=True):
    """The person left; the absence is actual from then on."""

    TYPE: ClassVar = FactType("absence.departed.v1", "离开", "absence")

    handover_to: Annotated[PersonId | None | UnsetType, says("工作交接给", "Who has the desk now.")] = UNSET


class AbsenceChanged(FactData, frozen=True, kw_only=True):
    """The planned interval or kind was changed, by the person or by a superior."""

    TYPE: ClassVar = FactType("absence.changed.v1", "外出变更", "absence")

    from_: Annotated[Moment, says("起", "New start.")] = field(name="from")
    until: Annotated[Moment, says("止", "New end.")]
    kind: Annotated[AbsenceKind | None | UnsetType, says("种类", "When the kind changed too.")] = UNSET
    leaves: Annotated[
        tuple[Boundary, ...] | None | UnsetType, says("离开范围", "When the boundaries crossed changed too.")
    ] = UNSET
    reason: Annotated[Text, says("原因", "Why.")]


class AbsenceReturned(FactData, frozen=True, kw_only=True):
    """The person was back, early or not; AB cover and acting arrangements for this absence end."""

    TYPE: ClassVar = FactType("absence.returned.v1", "返回", "absence")


class AbsenceReturnReported(FactData, frozen=True, kw_only=True):
    """The return was reported, so that the leave was closed."""

    TYPE: ClassVar = FactType("absence.return_reported.v1", "销假", "absence")

    to: Annotated[PersonId, says("销假对象", "To whom.")]
    form: Annotated[Form, says("形式", "How.")]


class AbsenceCancelled(FactData, frozen=True, kw_only=True):
    """The absence was called off before it began."""

    TYPE: ClassVar = FactType("absence.cancelled.v1", "外出取消", "absence")

    reason: Annotated[Text, says("原因", "Why.")]
