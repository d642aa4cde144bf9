"""The roster (人员岗位): units, persons, posts with their holders and AB partners; from here names are resolved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from events.roster import (
    RosterAbArranged,
    RosterAbArrangementEnded,
    RosterPersonAppointed,
    RosterPersonLeftPost,
    RosterPersonRegistered,
    RosterPostAbolished,
    RosterPostEstablished,
    RosterUnitClosed,
    RosterUnitEstablished,
)
from projections.views.description import CLASSIFICATION, Description, Order, column, is_, of_list, one_of
from projections.views.view import OfCase, Row, View, class_of, told

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from events.fact import AnyFact
    from projections.views.view import Value

_SORTS: Final = (
    ("unit", "单位", "unit"),
    ("person", "人员", "person"),
    ("post", "岗位", "post"),
    ("holding", "任职", "holding of a post"),
    ("partnership", "AB角", "AB partnership"),
)


def _rows(case: str, facts: Sequence[AnyFact]) -> Iterable[Row]:
    if case.startswith("ab_arrangement/"):
        return _partnerships(case, facts)
    kind, _, identity = case.partition("/")
    values: dict[str, Value] = {"sort": kind, "entry": identity, "case": case}
    holdings: dict[str, dict[str, Value]] = {}
    for fact in facts:
        _take(fact, values, holdings)
    if not facts:
        return []
    values["classification"] = class_of(facts)
    shared = {name: values.get(name) for name in ("case", "entry", "unit", "role", "name", "classification")}
    held = [Row(f"{case}|{key}", {**shared, **one, "sort": "holding"}) for key, one in holdings.items()]
    return [Row(case, values), *held]


def _partnerships(case: str, facts: Sequence[AnyFact]) -> Iterable[Row]:
    """Return a row for each member of an arrangement; one that ended ends the day before."""
    arranged = [fact.data for fact in facts if isinstance(fact.data, RosterAbArranged)]
    ended = [fact.data.ended_on.isoformat() for fact in facts if isinstance(fact.data, RosterAbArrangementEnded)]
    if not arranged:
        return []
    last = arranged[-1]
    common: dict[str, Value] = {
        "case": case,
        "entry": case.partition("/")[2],
        "sort": "partnership",
        "ab_form": last.ab_form,
        "since": last.from_.text,
        "until": told(last.until),
        "left": min(ended, default=None),
        "classification": class_of(facts),
    }
    return [
        Row(f"{case}|{one}", {**common, "person": one, "partners": tuple(who for who in last.members if who != one)})
        for one in last.members
    ]


def _take(fact: AnyFact, values: dict[str, Value], holdings: dict[str, dict[str, Value]]) -> None:
    data = fact.data
    match data:
        case RosterUnitEstablished():
            values.update(name=data.name, unit_kind=data.kind, parent=told(data.parent), until=told(data.until))
        case RosterPersonRegistered():
            # The name is sealed under the person's key; the row only says which fact tells it.
            values.update(named_by=str(fact.id), rank=told(data.rank))
        case RosterPostEstablished():
            values.update(name=data.title, unit=data.unit, role=data.role)
        case RosterUnitClosed() | RosterPostAbolished():
            values["until"] = fact.occurred_at.text
        case RosterPersonAppointed():
            holdings[f"{data.person}|{data.from_.text}"] = {
                "person": data.person,
                "held_as": data.held_as,
                "since": data.from_.text,
                "until": told(data.until),
                "rank": told(data.rank),
            }
        case RosterPersonLeftPost():
            for one in holdings.values():
                if one["person"] == data.person and one.get("left") is None:
                    one["left"] = data.left_on.isoformat()
        case _:
            pass


ROSTER: Final = View(
    Description(
        name="roster",
        zh="人员岗位",
        en="Roster",
        version=1,
        columns=(
            column("case", "案卷", "Case", "case"),
            one_of("sort", "类别", "What it is", *_SORTS),
            column("entry", "编号", "Id"),
            column("name", "名称或职务", "Name or title"),
            of_list("unit_kind", "单位种类", "Kind of unit", "unit_kind"),
            column("parent", "上级单位", "Superior unit", "unit"),
            column("unit", "所在单位", "Unit", "unit"),
            of_list("role", "角色", "Role", "role"),
            column("person", "人员", "Held by", "person"),
            of_list("held_as", "任职方式", "Held as", "appointment_capacity"),
            of_list("rank", "职级", "Rank", "rank"),
            of_list("ab_form", "AB角形式", "Form of the partnership", "ab_form"),
            column("partners", "AB角", "AB partners", "person", many=True),
            column("since", "任职起始", "Since", "moment"),
            column("until", "任期或存续至", "Until", "moment"),
            column("left", "离任或终止日期", "Left or ended", "moment"),
            column("named_by", "姓名所在事实", "Fact that tells the name", "fact"),
            CLASSIFICATION,
        ),
        filters=is_("case", "person", "unit", "role", "sort"),
        orders=(Order(name="entry", column="entry", zh="编号", en="by id"),),
    ),
    of_case=OfCase(frozenset({"unit", "person", "post", "ab_arrangement"}), _rows),
)
