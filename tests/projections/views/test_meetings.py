"""Meetings with their minutes, and who was in the room for each item."""

from __future__ import annotations

from events.fact import AnyFact
from projections.views.attendance import ATTENDANCE
from projections.views.meetings import MEETINGS
from tests.projections.views.view_scene import Stored, ViewScene
from tests.rulebooks.kinds.histories import fact

MEETING = "meeting/zw-1"
DAY = "2026-09-22"


def planned(*expected: str) -> AnyFact:
    given = {"kind": "executive", "title": "常务会议", "starts_at": f"{DAY}T09:00:00+08:00", "host": "u-office"}
    persons = [{"person": one, "capacity": "member"} for one in expected]
    return fact("meeting.planned", MEETING, "2026-09-15", mode="in_person", expected=persons, **given)


def at(hour: str) -> str:
    return f"{DAY}T{hour}:00+08:00"


def came(person: str, *, present: bool = True, **more: object) -> AnyFact:
    return fact(
        "meeting.attendance_recorded", MEETING, at("09:00"), person=person, present=present, capacity="member", **more
    )


def opened(item: int, hour: str) -> AnyFact:
    return fact("meeting.item_opened", MEETING, at(hour), item=item, matter=f"matter/m-{item}")


def presences(rows: Stored) -> dict[str, str]:
    return {key.removeprefix(f"{MEETING}|"): str(row["presence"]) for key, row in rows.items()}


def test_who_was_in_the_room_is_told_item_by_item(scene: ViewScene) -> None:
    shown = scene.shown(
        ATTENDANCE,
        planned("p-1", "p-2", "p-3", "p-4", "p-5"),
        came("p-1"),
        came("p-2"),
        came("p-3", items=[2]),
        fact("meeting.leave_answered", MEETING, "2026-09-21", person="p-4", granted=True),
        opened(1, "09:10"),
        fact("meeting.person_left", MEETING, at("09:20"), person="p-2"),
        opened(2, "09:30"),
        fact("meeting.person_rejoined", MEETING, at("09:40"), person="p-2"),
        fact("meeting.recusal_made", MEETING, at("09:31"), item=2, person="p-1", reason="亲属", left_room=True),
        opened(3, "09:50"),
    )
    assert presences(shown) == {
        "000001|p-1": "present",
        "000002|p-1": "recused",
        "000003|p-1": "present",
        "000001|p-2": "left",
        "000002|p-2": "left",
        "000003|p-2": "present",
        "000001|p-3": "not_for_item",
        "000002|p-3": "present",
        "000003|p-3": "not_for_item",
        "000001|p-4": "excused",
        "000002|p-4": "excused",
        "000003|p-4": "excused",
        "000001|p-5": "unknown",
        "000002|p-5": "unknown",
        "000003|p-5": "unknown",
    }
    assert shown[f"{MEETING}|000002|p-1"] == {
        "meeting": MEETING,
        "starts_at": at("09:00"),
        "item": 2,
        "matter": "matter/m-2",
        "party": "p-1",
        "capacity": "member",
        "presence": "recused",
        "classification": "internal",
    }


def test_an_item_that_nobody_recorded_as_opened_is_unknown_for_who_went_in_and_out(scene: ViewScene) -> None:
    items = [{"item": 1, "matter": "matter/m-1", "kind": "ordinary"}]
    agenda = fact("meeting.agenda_approved", MEETING, "2026-09-18", agenda=items)
    left = fact("meeting.person_left", MEETING, at("09:20"), person="p-2")
    shown = scene.shown(ATTENDANCE, agenda, came("p-1"), came("p-2"), left)
    assert presences(shown) == {"000001|p-1": "present", "000001|p-2": "unknown"}


def test_a_corrected_attendance_and_an_annulled_departure_change_every_item(scene: ViewScene) -> None:
    wrong, left = came("p-1"), fact("meeting.person_left", MEETING, at("09:05"), person="p-2")
    facts = [wrong, came("p-2"), left, opened(1, "09:10")]
    assert presences(scene.shown(ATTENDANCE, *facts)) == {"000001|p-1": "present", "000001|p-2": "left"}
    right = came("p-1", present=False)
    data = {"wrong": str(wrong.id), "right": str(right.id), "reason": "误录"}
    annulled = fact("record.annulled", "correction/c-2", "2026-10-01", wrong=str(left.id), reason="误录")
    shown = scene.shown(ATTENDANCE, right, fact("record.corrected", "correction/c-1", "2026-10-01", **data), annulled)
    assert presences(shown) == {"000001|p-1": "absent", "000001|p-2": "present"}


def test_a_meeting_shows_its_count_and_its_minutes_up_to_their_issue(scene: ViewScene) -> None:
    minutes = "minutes/jy-1"
    drafted = fact("minutes.drafted", minutes, "2026-09-23", meeting=MEETING, drafter="u-office", decisions=["1.1"])
    issued = fact("minutes.issued", minutes, "2026-09-25", number="第1号")
    shown = scene.shown(
        MEETINGS,
        planned("p-1", "p-2"),
        fact("meeting.opened", MEETING, at("09:00"), {"person": "p-1"}, chair="p-1"),
        came("p-1"),
        came("p-2", present=False),
        drafted,
        issued,
    )
    row = {
        "meeting": MEETING,
        "title": "常务会议",
        "kind": "executive",
        "standing": "open",
        "host": "u-office",
        "starts_at": at("09:00"),
        "mode": "in_person",
        "opened_at": at("09:00"),
        "chaired_by": "p-1",
        "expected": 2,
        "present": 1,
        "absent": 1,
        "items": 0,
        "decided": 0,
        "minutes": minutes,
        "minutes_standing": "issued",
        "minutes_number": "第1号",
        "minutes_at": "2026-09-25",
    }
    assert shown == {MEETING: {**row, "classification": "internal"}}
    struck = fact("record.annulled", "correction/c-1", "2026-10-01", wrong=str(drafted.id), reason="误录")
    assert "minutes" not in scene.shown(MEETINGS, struck)[MEETING]


def test_a_meeting_whose_attendance_is_not_recorded_has_none_counted(scene: ViewScene) -> None:
    row = scene.shown(MEETINGS, planned("p-1"))[MEETING]
    assert {"expected", "present", "absent"} & row.keys() == {"expected"}
