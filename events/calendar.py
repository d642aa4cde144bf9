"""Facts about the working-day calendar."""

import datetime as dt
from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, Meta, UnsetType, field

from events.fact import FactData
from events.fields import FactType, Text, UnitId, Whole, choices, says
from events.moment import Moment

DayEffect = Annotated[
    Literal["day_off", "workday"],
    choices(
        "day_effect",
        "调整方式",
        "What a local calendar entry does",
        {
            "day_off": ("放假", "not a working day"),
            "workday": ("上班", "a working day"),
        },
    ),
]

DayMark = Annotated[
    Literal["holiday", "special"],
    choices(
        "day_mark",
        "时段种类",
        "Marked period",
        {
            "holiday": ("节假日", "holiday"),
            "special": ("特殊时期", "special period"),
        },
    ),
]


class CalendarNoticeAdopted(FactData, frozen=True, kw_only=True):
    """The State Council's holiday notice for a year was adopted, so that due days of that year are no longer provisional."""  # noqa: E501  one sentence, which the vocabulary prints

    TYPE: ClassVar = FactType("calendar.notice_adopted.v1", "放假安排采用", "calendar", opens=True)

    year: Annotated[Whole, says("年份", "Calendar year.")]
    number: Annotated[Text, says("文号", "Number of the notice.")]
    days_off: Annotated[
        tuple[dt.date, ...], Meta(min_length=1), says("放假日", "Every day off of the notice, weekends included.")
    ]
    workdays: Annotated[tuple[dt.date, ...] | None | UnsetType, says("调休上班日", "Make-up working days.")] = UNSET


class CalendarLocalDayDeclared(FactData, frozen=True, kw_only=True):
    """A local day off or working day was declared for the district or for some units."""

    TYPE: ClassVar = FactType("calendar.local_day_declared.v1", "本地调整日", "calendar")

    days: Annotated[tuple[dt.date, ...], Meta(min_length=1), says("日期", "The days.")]
    effect: Annotated[DayEffect, says("调整方式", "Day off or working day.")]
    units: Annotated[tuple[UnitId, ...] | None | UnsetType, says("适用单位", "Absent: the whole district.")] = UNSET
    reason: Annotated[Text, says("原因", "For instance a storm.")]


class CalendarPeriodMarked(FactData, frozen=True, kw_only=True):
    """A holiday or special period was marked, in which leaders must be on duty."""

    TYPE: ClassVar = FactType("calendar.period_marked.v1", "重要时段标定", "calendar")

    period: Annotated[DayMark, says("时段种类", "Holiday or special period.")]
    from_: Annotated[Moment, says("起", "First day.")] = field(name="from")
    until: Annotated[Moment, says("止", "Last day, included.")]
    title: Annotated[Text, says("名称", "Name of the period.")]
    units: Annotated[tuple[UnitId, ...] | None | UnsetType, says("适用单位", "Absent: every unit.")] = UNSET
