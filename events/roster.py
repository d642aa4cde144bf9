"""Facts about persons, units, posts, the division of work and AB arrangements."""

import datetime as dt
from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, Meta, UnsetType, field

from events.fact import FactData
from events.fields import DocumentRef, FactType, MatterRef, Part, PersonId, Text, UnitId, choices, says
from events.moment import Moment
from events.shared_terms import Rank, Role

UnitKind = Annotated[
    Literal[
        "government",
        "government_office",
        "department",
        "town",
        "subdistrict",
        "park",
        "internal_division",
        "subordinate_institution",
        "enterprise",
        "coordination_body",
        "temporary_body",
        "party_committee",
        "party_standing_committee",
        "party_coordination_body",
        "party_group",
        "party_body",
        "discipline",
        "congress",
        "congress_standing",
        "cppcc",
        "court",
        "procuratorate",
        "armed_forces",
        "mass_organisation",
        "democratic_party",
        "superior_government",
        "superior_department",
        "other_place",
        "public",
    ],
    choices(
        "unit_kind",
        "单位种类",
        "What a unit is",
        {
            "government": ("区县政府", "district government"),
            "government_office": ("政府办公室", "government office"),
            "department": ("政府部门", "department"),
            "town": ("镇乡", "town or township"),
            "subdistrict": ("街道", "sub-district"),
            "park": ("园区管委会", "park committee"),
            "internal_division": ("内设机构", "internal division"),
            "subordinate_institution": ("下属单位", "institution under a department"),
            "enterprise": ("国有企业", "state enterprise"),
            "coordination_body": ("议事协调机构", "coordination body"),
            "temporary_body": ("临时机构", "temporary body"),
            "party_committee": ("区委", "Party committee"),
            "party_standing_committee": ("区委常委会", "Party standing committee"),
            "party_coordination_body": ("党委议事协调机构", "Party coordination body"),
            "party_group": ("政府党组", "government Party group"),
            "party_body": ("党委部门", "other Party body"),
            "discipline": ("纪委监委", "discipline commission"),
            "congress": ("人大", "people's congress"),
            "congress_standing": ("人大常委会", "congress standing committee"),
            "cppcc": ("政协", "CPPCC"),
            "court": ("法院", "court"),
            "procuratorate": ("检察院", "procuratorate"),
            "armed_forces": ("人武部", "armed forces department"),
            "mass_organisation": ("群团组织", "mass organisation"),
            "democratic_party": ("民主党派", "democratic party"),
            "superior_government": ("上级政府", "superior government"),
            "superior_department": ("上级部门", "superior department"),
            "other_place": ("外地单位", "organisation of another place"),
            "public": ("社会", "public or press"),
        },
    ),
]

AppointmentCapacity = Annotated[
    Literal["substantive", "acting", "concurrent", "secondment"],
    choices(
        "appointment_capacity",
        "任职方式",
        "How a post is held",
        {
            "substantive": ("实任", "substantive"),
            "acting": ("代理或主持工作", "acting"),
            "concurrent": ("兼任", "concurrent with another post"),
            "secondment": ("挂职", "on secondment"),
        },
    ),
]

LeavingReason = Annotated[
    Literal["transferred", "retired", "resigned", "dismissed", "suspended", "deceased", "acting_ended"],
    choices(
        "leaving_reason",
        "离任原因",
        "Why a post was left",
        {
            "transferred": ("调任", "transferred"),
            "retired": ("退休", "retired"),
            "resigned": ("辞职", "resigned"),
            "dismissed": ("免职", "removed"),
            "suspended": ("停职", "suspended"),
            "deceased": ("去世", "deceased"),
            "acting_ended": ("代理结束", "acting period over"),
        },
    ),
]

AbForm = Annotated[
    Literal["mutual", "one_way", "chain", "unpaired"],
    choices(
        "ab_form",
        "AB角形式",
        "Form of the arrangement",
        {
            "mutual": ("互为AB角", "each for the other"),
            "one_way": ("单向替补", "the later for the earlier"),
            "chain": ("ABC角", "in the order of the chain"),
            "unpaired": ("不设AB角", "a leader without partner"),
        },
    ),
]


class RosterPersonRegistered(FactData, frozen=True, kw_only=True):
    """A person was entered in the roster."""

    TYPE: ClassVar = FactType("roster.person_registered.v1", "人员登记", "person", opens=True)

    name: Annotated[Text, says("姓名", "Name as shown; stored encrypted under the person's own key.", personal=True)]
    rank: Annotated[Rank | None | UnsetType, says("职级", "Rank on entry; a later appointment may change it.")] = UNSET


class RosterUnitEstablished(FactData, frozen=True, kw_only=True):
    """A unit or body was established or entered in the roster."""

    TYPE: ClassVar = FactType("roster.unit_established.v1", "单位设立", "unit", opens=True)

    name: Annotated[Text, says("名称", "Name as used in documents.")]
    kind: Annotated[UnitKind, says("种类", "What it is.")]
    parent: Annotated[
        UnitId | None | UnsetType, says("上级单位", "Its direct superior; decides skipping of levels.")
    ] = UNSET
    office_unit: Annotated[
        UnitId | None | UnsetType, says("办事机构", "For a coordination body: the unit that does its daily work.")
    ] = UNSET
    first_level_budget: Annotated[bool | None | UnsetType, says("一级预算单位", "It is a first-level budget unit.")] = (
        UNSET
    )
    matter: Annotated[
        MatterRef | None | UnsetType,
        says("设立事项", "For a coordination or temporary body: the matter in which it was decided."),
    ] = UNSET
    fields: Annotated[
        tuple[Text, ...] | None | UnsetType, says("职能领域", "Codes of the fields of work it is competent for.")
    ] = UNSET
    until: Annotated[Moment | None | UnsetType, says("存续至", "For a body set up for a time.")] = UNSET


class RosterUnitClosed(FactData, frozen=True, kw_only=True):
    """A unit or body was dissolved or merged."""

    TYPE: ClassVar = FactType("roster.unit_closed.v1", "单位撤销", "unit")

    successor: Annotated[UnitId | None | UnsetType, says("承接单位", "Who took over its duties.")] = UNSET
    reason: Annotated[Text, says("原因", "Why.")]


class RosterPostEstablished(FactData, frozen=True, kw_only=True):
    """A post was set up in a unit; it is vacant until somebody is appointed."""

    TYPE: ClassVar = FactType("roster.post_established.v1", "岗位设置", "post", opens=True)

    title: Annotated[Text, says("职务名称", "Title as written.")]
    unit: Annotated[UnitId, says("单位", "Where the post stands.")]
    role: Annotated[Role, says("角色", "What it is for the rules.")]


class RosterPostAbolished(FactData, frozen=True, kw_only=True):
    """A post was abolished."""

    TYPE: ClassVar = FactType("roster.post_abolished.v1", "岗位撤销", "post")

    reason: Annotated[Text, says("原因", "Why.")]


class RosterPersonAppointed(FactData, frozen=True, kw_only=True):
    """A person took up a post, in substance, acting, concurrently or on secondment."""

    TYPE: ClassVar = FactType("roster.person_appointed.v1", "任职", "post")

    person: Annotated[PersonId, says("人员", "Who.")]
    held_as: Annotated[
        AppointmentCapacity, says("任职方式", "Acting counts as holding the post where the rulebook says so.")
    ]
    from_: Annotated[Moment, says("任职起始", "First day in the post.")] = field(name="from")
    until: Annotated[Moment | None | UnsetType, says("任期至", "When the paper states an end.")] = UNSET
    rank: Annotated[Rank | None | UnsetType, says("职级", "Rank from then on.")] = UNSET
    document: Annotated[DocumentRef | None | UnsetType, says("任职文件", "The paper of appointment.")] = UNSET


class RosterPersonLeftPost(FactData, frozen=True, kw_only=True):
    """A person left a post; with no other holder it is vacant."""

    TYPE: ClassVar = FactType("roster.person_left_post.v1", "离任", "post")

    person: Annotated[PersonId, says("人员", "Who.")]
    left_on: Annotated[dt.date, says("离任日期", "First day no longer in the post.")]
    leaving_reason: Annotated[LeavingReason, says("离任原因", "Why.")]


class Portfolio(Part, frozen=True, kw_only=True):
    """What one leader is in charge of."""

    person: Annotated[PersonId, says("领导", "Who.")]
    fields: Annotated[
        tuple[Text, ...], Meta(min_length=1), says("分管领域", "Codes of fields of work, from the district's own list.")
    ]
    units: Annotated[
        tuple[UnitId, ...] | None | UnsetType, says("分管单位", "Units in charge of; also towns of the contact area.")
    ] = UNSET
    contacts: Annotated[tuple[UnitId, ...] | None | UnsetType, says("联系单位", "Units kept in contact with.")] = UNSET
    assisted_by: Annotated[tuple[PersonId, ...] | None | UnsetType, says("协助人员", "Office leaders who assist.")] = (
        UNSET
    )


class RosterWorkDivided(FactData, frozen=True, kw_only=True):
    """The leaders' division of work was set as a whole, from a day on; the latest one in force holds."""

    TYPE: ClassVar = FactType("roster.work_divided.v1", "领导分工", "division", opens=True)

    unit: Annotated[UnitId, says("单位", "Whose leaders: the government, its office, or a department.")]
    effective_on: Annotated[dt.date, says("生效日期", "First day.")]
    document: Annotated[DocumentRef | None | UnsetType, says("分工文件", "The paper.")] = UNSET
    portfolios: Annotated[tuple[Portfolio, ...], Meta(min_length=1), says("分工内容", "One entry a leader.")]


class RosterAbArranged(FactData, frozen=True, kw_only=True):
    """A standing arrangement was made on who stands in for whom."""

    TYPE: ClassVar = FactType("roster.ab_arranged.v1", "AB角安排", "ab_arrangement", opens=True)

    ab_form: Annotated[AbForm, says("形式", "Mutual pair, one way, chain, or no partner.")]
    members: Annotated[
        tuple[PersonId, ...],
        Meta(min_length=1),
        says("成员", "A first, then B, then C; one member only when unpaired."),
    ]
    fields: Annotated[
        tuple[Text, ...] | None | UnsetType, says("适用领域", "Fields of work it is bounded to; absent: all.")
    ] = UNSET
    from_: Annotated[Moment, says("起", "First day.")] = field(name="from")
    until: Annotated[Moment | None | UnsetType, says("止", "Last day, when stated.")] = UNSET
    document: Annotated[DocumentRef | None | UnsetType, says("文件", "The paper.")] = UNSET


class RosterAbArrangementEnded(FactData, frozen=True, kw_only=True):
    """A standing arrangement ended."""

    TYPE: ClassVar = FactType("roster.ab_arrangement_ended.v1", "AB角安排终止", "ab_arrangement")

    ended_on: Annotated[dt.date, says("终止日期", "First day no longer in force.")]
    reason: Annotated[Text, says("原因", "Why.")]
