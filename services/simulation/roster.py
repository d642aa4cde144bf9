"""The invented district: its units, posts and persons, who is in charge of what, who stands in for whom."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final, NamedTuple

from services.simulation.diary import at


class Department(NamedTuple):
    """A department with the field of work by which leaders divide it, and words for its business."""

    unit: str
    name: str
    field: str
    leader: str
    topics: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What differs from district to district in the roster."""

    party_member: bool
    """Whether a member of the government's Party group who is no deputy head belongs to the leaders."""
    pairs: tuple[tuple[str, str], ...] = ()
    """AB partners."""
    director_is_member: bool = False
    """The director of the office is a member of the Party group."""
    office_member: bool = False
    director_sits: bool = False
    """The director of the office is a member of the executive meeting."""
    invited: tuple[str, ...] = ()
    """Whose leaders are invited to the executive meeting."""


OUTSIDE: Final = (
    ("u-city", "市人民政府", "superior_government"),
    ("u-citydept", "市住房和城乡建设局", "superior_department"),
    ("u-party", "区委", "party_committee"),
    ("u-partysc", "区委常委会", "party_standing_committee"),
    ("u-discipline", "区纪委监委", "discipline"),
    ("u-congress", "区人大常委会", "congress_standing"),
    ("u-cppcc", "区政协", "cppcc"),
    ("u-armed", "区人武部", "armed_forces"),
)
DEPARTMENTS: Final = (
    Department("u-finance", "区财政局", "finance", "exec", ("国库集中支付", "预算绩效管理", "行政单位资产清查")),
    Department("u-develop", "区发展和改革局", "development", "exec", ("以工代赈", "粮食储备", "节能降碳")),
    Department("u-housing", "区住房和城乡建设局", "construction", "dep1", ("老旧小区改造", "燃气安全", "停车管理")),
    Department("u-land", "区自然资源局", "land", "dep1", ("耕地保护", "地质灾害防治", "不动产登记")),
    Department("u-agri", "区农业农村局", "agriculture", "dep2", ("高标准农田", "春耕备耕", "动物防疫")),
    Department("u-water", "区水利局", "water", "dep2", ("防汛备汛", "农村供水", "河道清淤")),
    Department("u-justice", "区司法局", "justice", "dep3", ("人民调解", "行政复议", "法治宣传")),
    Department("u-safety", "区应急管理局", "safety", "dep3", ("安全生产", "森林防火", "应急演练")),
    Department("u-market", "区市场监督管理局", "market", "pgm", ("食品安全", "电梯维保", "质量强区")),
    Department("u-trade", "区商务局", "trade", "pgm", ("消费促进", "电商进村", "成品油监管")),
)
TOWNS: Final = (("u-town", "东山镇人民政府", "town"), ("u-street", "北门街道办事处", "subdistrict"))
INSTITUTION: Final = ("u-center", "区房屋服务中心", "subordinate_institution")
LEADERS: Final = (
    ("head", "区长", "district_head"),
    ("exec", "常务副区长", "executive_deputy"),
    ("dep1", "副区长", "deputy_head"),
    ("dep2", "副区长", "deputy_head"),
    ("dep3", "副区长", "deputy_head"),
    ("pgm", "区政府党组成员", "party_group_member"),
)
OFFICE: Final = (
    ("odir", "办公室主任", "office_director"),
    ("odep", "办公室副主任", "office_deputy"),
    ("osec", "办公室科长", "office_section_head"),
)


class RosterFact(NamedTuple):
    """A fact that establishes a part of the roster."""

    fact: str
    kind: str
    id: str
    data: dict[str, object]


class Roster:
    """The roster of a district of one shape, from a day on."""

    def __init__(self, shape: Shape, first_day: dt.date) -> None:
        self._shape = shape
        self._day = first_day.isoformat()
        self.post_of: dict[str, str] = {}
        self.unit_of: dict[str, str] = {}
        self.leaders = tuple(f"p-{key}" for key, _, _ in LEADERS if key != "pgm" or shape.party_member)
        self.members = (*self.leaders, "p-odir") if shape.director_sits else self.leaders
        self.invited = shape.invited
        self.facts: list[RosterFact] = []
        self._establish()

    @property
    def moment(self) -> dt.datetime:
        """The moment from which the roster is known."""
        return at(dt.date.fromisoformat(self._day), dt.time(8, 0))

    def leader_of(self, unit: str) -> str:
        """Return the leader in charge of a department or town."""
        for one in DEPARTMENTS:
            if one.unit == unit:
                return self._in_charge(one.leader)
        return "p-dep2"

    def partner_of(self, leader: str) -> str | None:
        """Return the AB partner of a leader."""
        for one, other in self._shape.pairs:
            if leader in {f"p-{one}", f"p-{other}"}:
                return f"p-{other}" if leader == f"p-{one}" else f"p-{one}"
        return None

    def _in_charge(self, key: str) -> str:
        return f"p-{key}" if key != "pgm" or self._shape.party_member else "p-dep3"

    def _establish(self) -> None:
        self._unit("u-gov", "区人民政府", "government", None)
        self._unit("u-office", "区政府办公室", "government_office", "u-gov")
        for unit, name, kind in OUTSIDE:
            self._unit(unit, name, kind, None)
        for department in DEPARTMENTS:
            self._unit(department.unit, department.name, "department", "u-gov", [department.field])
        for unit, name, kind in TOWNS:
            self._unit(unit, name, kind, "u-gov")
        self._unit(*INSTITUTION, "u-housing")
        for key, title, role in LEADERS:
            if f"p-{key}" in self.leaders:
                self._post(key, title, role, "u-gov")
        for key, title, role in OFFICE:
            self._post(key, title, role, "u-office")
        if self._shape.office_member:
            self._post("omem", "办公室党组成员", "office_member", "u-office")
        for department in DEPARTMENTS:
            key = department.unit.removeprefix("u-")
            self._post(key, f"{department.name}局长", "unit_head", department.unit)
            self._post(f"{key}2", f"{department.name}副局长", "unit_deputy", department.unit)
            self._post(f"{key}3", f"{department.name}科员", "unit_staff", department.unit)
        self._establish_others()
        self._divide_work()
        self._pair()

    def _establish_others(self) -> None:
        self._post("town", "东山镇镇长", "town_head", "u-town")
        self._post("street", "北门街道办事处主任", "town_head", "u-street")
        self._post("center", "区房屋服务中心主任", "unit_head", "u-center")
        self._post("secretary", "区委书记", "party_secretary", "u-party")
        self._post("adviser", "政府法律顾问", "legal_adviser", "u-gov")
        if self._shape.director_is_member:
            self._appoint("post-odir-member", "区政府党组成员", "party_group_member", "u-gov", "p-odir", "concurrent")

    def _pair(self) -> None:
        for number, pair in enumerate(self._shape.pairs, start=1):
            members = [f"p-{key}" for key in pair]
            self._add(
                "roster.ab_arranged",
                "ab_arrangement",
                f"ab-{number}",
                ab_form="mutual",
                members=members,
                from_=self._day,
            )

    def _add(self, fact: str, kind: str, case: str, /, **data: object) -> None:
        self.facts.append(RosterFact(fact, kind, case, {name.removesuffix("_"): value for name, value in data.items()}))

    def _unit(self, unit: str, name: str, kind: str, parent: str | None, fields: list[str] | None = None) -> None:
        data: dict[str, object] = {"name": name, "kind": kind}
        if parent is not None:
            data["parent"] = parent
        if fields is not None:
            data["fields"] = fields
        if kind in {"department", "town", "subdistrict"}:
            data["first_level_budget"] = True
        self._add("roster.unit_established", "unit", unit, **data)

    def _post(self, key: str, title: str, role: str, unit: str) -> None:
        self.post_of[f"p-{key}"] = f"post-{key}"
        self.unit_of[f"p-{key}"] = unit
        self._appoint(f"post-{key}", title, role, unit, f"p-{key}", "substantive")

    def _appoint(self, post: str, title: str, role: str, unit: str, person: str, held_as: str) -> None:
        self._add("roster.post_established", "post", post, title=title, unit=unit, role=role)
        self._add("roster.person_appointed", "post", post, person=person, held_as=held_as, from_=self._day)

    def _divide_work(self) -> None:
        portfolios: list[dict[str, object]] = [{"person": "p-head", "fields": ["overall", "audit"], "units": ["u-gov"]}]
        for leader in self.leaders[1:]:
            mine = [one for one in DEPARTMENTS if self._in_charge(one.leader) == leader]
            units = [one.unit for one in mine]
            if leader == "p-exec":
                units.append("u-office")
            if leader == "p-dep2":
                units += [unit for unit, _, _ in TOWNS]
            portfolios.append(
                {"person": leader, "fields": [one.field for one in mine], "units": units, "assisted_by": ["p-odep"]}
            )
        self._add(
            "roster.work_divided", "division", "div-gov", unit="u-gov", effective_on=self._day, portfolios=portfolios
        )
        office = [
            {"person": "p-odir", "fields": ["overall"]},
            {"person": "p-odep", "fields": [one.field for one in DEPARTMENTS]},
        ]
        self._add(
            "roster.work_divided", "division", "div-office", unit="u-office", effective_on=self._day, portfolios=office
        )
