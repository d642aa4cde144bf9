"""Attendance (到会): who was in the room for each item of each meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import UNSET

from events.fact import case_key
from events.meeting import MeetingAgendaApproved, MeetingLeaveAnswered, MeetingPlanned, MeetingRescheduled
from events.meeting_room import (
    MeetingAttendanceRecorded,
    MeetingDecisionMade,
    MeetingItemOpened,
    MeetingPersonLeft,
    MeetingPersonRejoined,
    MeetingRecusalMade,
)
from projections.views.description import CLASSIFICATION, Description, Order, between, column, is_, of_list, one_of
from projections.views.view import OfCase, Row, View, class_of, stated, told

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from events.fact import AnyFact
    from projections.views.view import Value

WHOLE_MEETING: Final = 0
"""The item of a meeting for which no item is recorded."""
_PRESENCES: Final = (
    ("present", "在场", "present"),
    ("absent", "缺席", "absent"),
    ("excused", "准假缺席", "absent with leave"),
    ("left", "离场", "had left"),
    ("recused", "回避", "kept out"),
    ("not_for_item", "不参加此议题", "not for this item"),
    ("unknown", "未登记", "not recorded"),
)


class _Came(NamedTuple):
    """What was recorded of one person's coming."""

    present: bool
    data: MeetingAttendanceRecorded
    items: tuple[int, ...] | None


class _Room:
    """The room of one meeting while its facts are read in order."""

    def __init__(self) -> None:
        self.starts_at: str | None = None
        self.matters: dict[int, str] = {}
        self.expected: dict[str, str] = {}
        self.came: dict[str, _Came] = {}
        self.excused: set[str] = set()
        self.opened: dict[int, set[str]] = {}
        """For each item that was opened, who was out of the room for some of it."""
        self.recused: set[tuple[int, str]] = set()
        self.moved: set[str] = set()
        self._out: set[str] = set()
        self._now: int | None = None

    def take(self, fact: AnyFact) -> None:  # noqa: C901  one case a type of fact
        """Take one fact."""
        data = fact.data
        match data:
            case MeetingPlanned():
                self.starts_at = data.starts_at.text
                expected = data.expected if isinstance(data.expected, tuple) else ()
                named = ((told(one.person) or told(one.unit), one.capacity) for one in expected)
                self.expected = {party: capacity for party, capacity in named if party is not None}
            case MeetingRescheduled():
                self.starts_at = data.starts_at.text
            case MeetingAgendaApproved():
                self.matters = {one.item: one.matter for one in data.agenda}
            case MeetingAttendanceRecorded():
                items = tuple(data.items) if isinstance(data.items, tuple) else None
                self.came[data.person] = _Came(data.present, data, items)
            case MeetingLeaveAnswered():
                (self.excused.add if data.granted else self.excused.discard)(data.person)
            case MeetingItemOpened():
                self._now = data.item
                self.matters[data.item] = data.matter
                self.opened[data.item] = set(self._out)
            case MeetingDecisionMade():
                self.matters.setdefault(data.item, data.matter)
            case MeetingPersonLeft():
                self._go(data.person, data.item, out=True)
            case MeetingPersonRejoined():
                self._go(data.person, data.item, out=False)
            case MeetingRecusalMade():
                self.recused.add((data.item, data.person))
            case _:
                pass

    def _go(self, person: str, item: object, *, out: bool) -> None:
        self.moved.add(person)
        (self._out.add if out else self._out.discard)(person)
        if not out:
            return
        at = self._now if item is None or item is UNSET else item
        if isinstance(at, int) and at in self.opened:
            self.opened[at].add(person)

    def presence(self, party: str, item: int) -> str:
        """Return whether somebody was there for an item, as far as it is recorded."""
        came = self.came.get(party)
        if (item, party) in self.recused:
            return "recused"
        if came is None:
            return "excused" if party in self.excused else "unknown"
        if not came.present:
            return "excused" if party in self.excused else "absent"
        if came.items is not None and item not in came.items and item != WHOLE_MEETING:
            return "not_for_item"
        if item in self.opened:
            return "left" if party in self.opened[item] else "present"
        return "unknown" if party in self.moved and item != WHOLE_MEETING else "present"


def _rows(case: str, facts: Sequence[AnyFact]) -> Iterable[Row]:
    room = _Room()
    for fact in facts:
        if case_key(fact.subject) == case:
            room.take(fact)
    represented = {told(one.data.unit) for one in room.came.values()}
    expected = [one for one in room.expected if one not in represented]
    of_party = {party: _of_person(room, party) for party in (*room.came, *expected)}
    classification = class_of(facts)
    items = sorted(room.matters) or [WHOLE_MEETING]
    return [
        Row(
            f"{case}|{item:06d}|{party}",
            {
                "meeting": case,
                "starts_at": room.starts_at,
                "item": item,
                "matter": room.matters.get(item),
                "party": party,
                **of_person,
                "presence": room.presence(party, item),
                "classification": classification,
            },
        )
        for item in items
        for party, of_person in of_party.items()
    ]


def _of_person(room: _Room, party: str) -> dict[str, Value]:
    came = room.came.get(party)
    if came is None:
        return {"capacity": room.expected.get(party)}
    data = came.data
    return {
        "capacity": data.capacity,
        "unit": told(data.unit),
        "post": told(data.post),
        "instead_of": told(data.instead_of),
        "remote": stated(data.remote),
    }


ATTENDANCE: Final = View(
    Description(
        name="attendance",
        zh="议题到会",
        en="Attendance by item",
        version=1,
        columns=(
            column("meeting", "会议", "Meeting", "case"),
            column("starts_at", "开会时间", "Starts", "moment"),
            column("item", "议题序号", "Item", "whole"),
            column("matter", "事项", "Matter", "case"),
            column("party", "参会人员", "Who", "party"),
            of_list("capacity", "身份", "Capacity", "capacity"),
            one_of("presence", "到会", "Presence", *_PRESENCES),
            column("unit", "代表单位", "For the unit", "unit"),
            column("post", "职务", "Post", "post"),
            column("instead_of", "代谁参会", "Instead of", "person"),
            column("remote", "视频参会", "By video", "yes_no"),
            CLASSIFICATION,
        ),
        filters=(*is_("meeting", "party", "matter", "presence", "item", "capacity"), *between("starts_at")),
        orders=(Order(name="latest", column="starts_at", zh="开会时间", en="latest meeting first", descending=True),),
    ),
    of_case=OfCase(frozenset({"meeting"}), _rows),
)
