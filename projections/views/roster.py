"""The roster (人员岗位): units, persons, posts with their holders and AB partners; from here names are resolved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from events.moment import day_of
from events.roster import (
    RosterAbArranged,
    RosterPersonRegistered,
    RosterPostAbolished,
    RosterPostEstablished,
    RosterUnitClosed,
    RosterUnitEstablished,
)
from projections.views.description import CLASSIFICATION, Description, Order, column, is_, of_list, one_of
from projections.views.view import OfCase, Row, View, class_of, told
from rulebooks.record.tenures import partnerships_of, terms_of, until_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from events.fact import AnyFact
    from events.moment import Instant
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
    for fact in facts:
        _take(fact, values)
    if not facts:
        return []
    values["classification"] = class_of(facts)
    shared = {name: values.get(name) for name in ("case", "entry", "unit", "role", "name", "classification")}
    held = {row.key: row for row in _holdings(case, facts, shared)}
    return [Row(case, values), *held.values()]


def _take(fact: AnyFact, values: dict[str, Value]) -> None:
    data = fact.data
    match data:
        case RosterUnitEstablished():
            values.update(name=data.name, unit_kind=data.kind, parent=told(data.parent), until=told(data.until))
        case RosterPersonRegistered():
            # The name is sealed under the person's key; the row only says which fact tells it.
            values.update(named_by=str(fact.id), rank=told(data.rank))
        case RosterPostEstablished():
            values.update(name=data.title, unit=data.unit, role=data.role, until=None)
        case RosterUnitClosed() | RosterPostAbolished():
            values["until"] = fact.occurred_at.text
        case _:
            pass


def _partnerships(case: str, facts: Sequence[AnyFact]) -> Iterable[Row]:
    """Return a row for each member of the arrangement that was made last."""
    for one in list(partnerships_of(facts))[-1:]:
        data = one.fact.data
        assert isinstance(data, RosterAbArranged)  # noqa: S101  # nothing else makes a partnership
        common: dict[str, Value] = {
            "case": case,
            "entry": case.partition("/")[2],
            "sort": "partnership",
            "ab_form": one.form,
            "since": data.from_.text,
            "until": told(data.until),
            "left": _ended_on(one.until, data.until),
            "classification": class_of(facts),
        }
        for member in one.members:
            others = tuple(who for who in one.members if who != member)
            yield Row(f"{case}|{member}", {**common, "person": member, "partners": others})


def _holdings(case: str, facts: Sequence[AnyFact], shared: dict[str, Value]) -> Iterable[Row]:
    """Return a row for each appointment to a post, with what is `shared` by all."""
    for one, _, last, _ in terms_of(facts):
        held: dict[str, Value] = {
            "sort": "holding",
            "person": one.person,
            "held_as": one.held_as,
            "since": one.from_.text,
            "until": told(one.until),
            "left": _ended_on(last, one.until),
            "rank": told(one.rank),
        }
        yield Row(f"{case}|{one.person}|{one.from_.text}", {**shared, **held})


def _ended_on(last: Instant, planned: object) -> str | None:
    """Return the first day after what ended otherwise than planned; None for what did not."""
    return None if last == until_of(planned) else day_of(last + 1).isoformat()


ROSTER: Final = View(
    Description(
        name="roster",
        zh="人员岗位",
        en="Roster",
        version=2,
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
