"""Whole forms become their facts, all or none."""

from __future__ import annotations

from uuid import UUID

import pytest

from events.errors import FactError
from events.fact import Actor
from events.meeting_room import MeetingAttendanceRecorded, MeetingStatementMade
from events.moment import Moment
from services.recording.forms import FormHead, attendance_form, speaking_order_form
from tests.services.recording.acts import XINZHOU, asked, opened, planned, recorder

HEAD = FormHead(
    form=UUID(int=7),
    district=XINZHOU,
    meeting="zw-18",
    occurred_at=Moment("2026-10-19T09:02:00+08:00"),
    actor=Actor(unit="u-office"),
)
LIST = [
    {"person": "p-sun", "present": True, "capacity": "member", "post": "post-2"},
    {"person": "p-li", "present": False, "capacity": "member"},
    {"person": "p-fang", "present": True, "capacity": "sit_in", "items": [1]},
]
ORDER = [{"person": "p-fang", "stance": "agree"}, {"person": "p-sun", "stance": "object", "opinion": "暂缓"}]


def test_an_attendance_list_becomes_one_fact_a_person() -> None:
    facts = attendance_form(HEAD, LIST)
    assert [fact.data for fact in facts] == [
        MeetingAttendanceRecorded(person="p-sun", present=True, capacity="member", post="post-2"),
        MeetingAttendanceRecorded(person="p-li", present=False, capacity="member"),
        MeetingAttendanceRecorded(person="p-fang", present=True, capacity="sit_in", items=(1,)),
    ]
    assert {(fact.subject.id, fact.occurred_at.text) for fact in facts} == {("zw-18", "2026-10-19T09:02:00+08:00")}


def test_a_speaking_order_numbers_the_speakers() -> None:
    assert [fact.data for fact in speaking_order_form(HEAD, 2, ORDER)] == [
        MeetingStatementMade(item=2, person="p-fang", order=1, stance="agree"),
        MeetingStatementMade(item=2, person="p-sun", order=2, stance="object", opinion="暂缓"),
    ]


def test_somebody_may_speak_twice() -> None:
    assert len(speaking_order_form(HEAD, 2, [ORDER[0], ORDER[1], ORDER[0]])) == 3


def test_a_form_goes_in_whole_and_is_known_when_it_comes_again() -> None:
    with recorder() as (records, _):
        records.record(asked(planned(), opened()))
        answers = [records.record(asked(*attendance_form(HEAD, LIST), key="list")) for _ in range(2)]
    assert [answer.status for answer in answers] == ["recorded", "repeated"]
    assert [receipt.sequence for receipt in answers[1].receipts] == [3, 4, 5]


@pytest.mark.parametrize(
    ("entries", "code", "field"),
    [
        ([], "empty_form", None),
        ([LIST[0], {"present": True, "capacity": "member"}], "missing_field", "entries[1].person"),
        ([LIST[0], {**LIST[1], "seat": 3}], "unknown_field", "entries[1].seat"),
        ([LIST[0], LIST[1], LIST[0]], "person_twice", "entries[2].person"),
    ],
)
def test_a_bad_form_names_the_line(entries: list[dict[str, object]], code: str, field: str | None) -> None:
    with pytest.raises(FactError) as caught:
        attendance_form(HEAD, entries)
    assert (caught.value.code, caught.value.field) == (code, field)
