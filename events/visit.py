"""Facts about trips, receptions and activities."""

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, UnsetType, field

from events.fact import FactData
from events.fields import ExactDecimal, FactType, Part, PersonId, Text, UnitId, choices, ref, says
from events.moment import Moment
from events.shared_terms import NameUsed, Rank, Role

VisitKind = Annotated[
    Literal[
        "research_trip",
        "contact_day",
        "petition_reception",
        "reception",
        "guest_visit",
        "foreign_affairs",
        "ceremony",
        "forum",
        "meeting_activity",
        "open_day",
        "abroad",
        "request_in_name",
    ],
    choices(
        "visit_kind",
        "活动种类",
        "Kind of trip or activity",
        {
            "research_trip": ("调研", "research trip"),
            "contact_day": ("基层联系", "contact with the base"),
            "petition_reception": ("接访", "reception of petitioners"),
            "reception": ("接待", "reception"),
            "guest_visit": ("来访考察", "visit by guests"),
            "foreign_affairs": ("外事活动", "foreign-affairs activity"),
            "ceremony": ("庆典奠基剪彩", "ceremony, foundation or ribbon"),
            "forum": ("论坛展会节会", "forum, exhibition or festival"),
            "meeting_activity": ("会议活动", "other meeting or activity"),
            "open_day": ("政府开放日", "open day"),
            "abroad": ("出访", "trip abroad"),
            "request_in_name": ("打招呼请托", "request in a leader's name"),
        },
    ),
]

Meal = Annotated[
    Literal["buffet", "canteen", "work_meal", "banquet", "none", "no_facilities"],
    choices(
        "meal",
        "用餐",
        "Meal on a trip",
        {
            "buffet": ("自助餐", "buffet"),
            "canteen": ("食堂", "canteen"),
            "work_meal": ("工作餐", "work meal"),
            "banquet": ("宴请", "banquet"),
            "none": ("未用餐", "none"),
            "no_facilities": ("无条件自助", "no facilities for a buffet"),
        },
    ),
]


class VisitGuest(Part, frozen=True, kw_only=True):
    """One invited guest of an activity."""

    unit: Annotated[UnitId, says("单位", "From where.")]
    role: Annotated[Role, says("角色", "What they are.")]
    rank: Annotated[Rank | None | UnsetType, says("职级", "Highest rank.")] = UNSET


class VisitPlanned(FactData, frozen=True, kw_only=True):
    """A trip, reception, ceremony or other activity with a leader or guest was planned."""

    TYPE: ClassVar = FactType("visit.planned.v1", "调研活动安排", "visit", opens=True)

    kind: Annotated[VisitKind, says("种类", "Which.")]
    title: Annotated[Text, says("名称", "What.")]
    leaders: Annotated[
        tuple[PersonId, ...] | None | UnsetType, says("出席领导", "District leaders who are to take part.")
    ] = UNSET
    host: Annotated[UnitId, says("主办承办单位", "Organiser or host.")]
    in_name_of: Annotated[NameUsed | None | UnsetType, says("主办名义", "In whose name it is held.")] = UNSET
    invited_person: Annotated[
        PersonId | None | UnsetType, says("受邀个人", "When the invitation went to one leader personally.")
    ] = UNSET
    form_received: Annotated[
        bool | None | UnsetType, says("申报单已收", "The prescribed declaration form reached the office, filled in.")
    ] = UNSET
    guests: Annotated[tuple[VisitGuest, ...] | None | UnsetType, says("来访嘉宾", "Guests from outside.")] = UNSET
    from_: Annotated[Moment, says("起", "Start.")] = field(name="from")
    until: Annotated[Moment, says("止", "End.")]
    fields: Annotated[tuple[Text, ...] | None | UnsetType, says("领域", "Field of work.")] = UNSET
    topic: Annotated[Text | None | UnsetType, says("课题", "Research topic.")] = UNSET
    represents: Annotated[bool | None | UnsetType, says("代表政府", "The leader represents the government.")] = UNSET
    arrangement: Annotated[
        Annotated[str, ref("approval", "document")] | None | UnsetType,
        says("统一安排", "Unified arrangement or approval it rests on."),
    ] = UNSET
    arranged_by: Annotated[UnitId | None | UnsetType, says("安排单位", "Unit that arranged the leader's part.")] = UNSET
    reported_to: Annotated[tuple[UnitId, ...] | None | UnsetType, says("事先报告", "Units told beforehand.")] = UNSET


class VisitCompanion(Part, frozen=True, kw_only=True):
    """One who went along."""

    person: Annotated[PersonId | None | UnsetType, says("人员", "Who.")] = UNSET
    unit: Annotated[UnitId, says("单位", "From which unit.")]


class VisitMade(FactData, frozen=True, kw_only=True):
    """The trip or activity took place."""

    TYPE: ClassVar = FactType("visit.made.v1", "调研活动开展", "visit")

    leaders: Annotated[tuple[PersonId, ...] | None | UnsetType, says("出席领导", "Who in fact took part.")] = UNSET
    days_spent: Annotated[
        ExactDecimal | None | UnsetType, says("天数", "Days spent at the base, as recorded by the leader's office.")
    ] = UNSET
    companions: Annotated[tuple[VisitCompanion, ...] | None | UnsetType, says("陪同人员", "Who went along.")] = UNSET
    police_car: Annotated[bool | None | UnsetType, says("警车带道", "A police car led the way.")] = UNSET
    boundary_reception: Annotated[bool | None | UnsetType, says("边界迎送", "Met or seen off at the boundary.")] = UNSET
    meal: Annotated[Meal | None | UnsetType, says("用餐", "Kind of meal.")] = UNSET
    masses_received: Annotated[
        bool | None | UnsetType, says("接待群众", "Masses were received (for a petition reception).")
    ] = UNSET


class VisitCancelled(FactData, frozen=True, kw_only=True):
    """The trip or activity was called off."""

    TYPE: ClassVar = FactType("visit.cancelled.v1", "活动取消", "visit")

    reason: Annotated[Text, says("原因", "Why.")]
