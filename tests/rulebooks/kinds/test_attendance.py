"""Who must come to a meeting, who may, who must not."""

from __future__ import annotations

import pytest

from events.fact import AnyFact
from rulebooks.problems import CompileError
from tests.rulebooks.kinds.histories import Stand, fact, judged, leaders, rule, said, stands

MEMBERS = """
kind: attendance
on: meeting.opened
settle: {facts: [meeting.closed]}
expected: {members: executive}
excused: [{fact: meeting.leave_answered, where: [{path: it.person, same_as: party}, {path: it.granted, is: true}]}]
"""
ONLY_HEADS = """
kind: attendance
on: meeting.opened
settle: now
allowed: [{any: [{path: it.capacity, is: member}, {person: it.person, holds: [district_head]}]}]
"""
NO_ASSISTANTS = """
kind: attendance
on: meeting.opened
settle: now
forbidden: [{path: it.capacity, is: assistant}]
"""
ONE_COMPANION = """
kind: attendance
on: meeting.opened
settle: now
companions: {zh: 随员, en: companions, where: [{path: it.capacity, is: assistant}], per: it.unit, at_most: 1}
"""
MEETING = "meeting/zw-1"
OPENED = "2026-03-17T09:00+08:00"


def planned() -> AnyFact:
    return fact(
        "meeting.planned",
        MEETING,
        "2026-03-10",
        kind="executive",
        title="会议",
        starts_at=OPENED,
        host="u-office",
        mode="in_person",
    )


def opened() -> AnyFact:
    return fact("meeting.opened", MEETING, OPENED, chair="p-1")


def closed() -> AnyFact:
    return fact("meeting.closed", MEETING, "2026-03-17T11:00+08:00", minutes_need="required")


def came(person: str, *, present: bool = True, capacity: str = "member", **more: object) -> AnyFact:
    return fact(
        "meeting.attendance_recorded", MEETING, OPENED, person=person, present=present, capacity=capacity, **more
    )


def meeting(*facts: AnyFact) -> list[AnyFact]:
    return [*leaders(2), planned(), opened(), *facts, closed()]


def test_a_meeting_waits_for_its_record_before_it_is_judged() -> None:
    assert stands(rule(MEMBERS), [*leaders(2), planned(), opened(), came("p-1")]) == [Stand("waiting")]


def test_each_member_who_came_satisfies() -> None:
    found = stands(rule(MEMBERS), meeting(came("p-1"), came("p-2")))
    assert found == [Stand("satisfied", "p-1"), Stand("satisfied", "p-2")]


def test_a_member_away_without_leave_violates_alone() -> None:
    found = judged(rule(MEMBERS), meeting(came("p-1"), came("p-2", present=False)))
    assert [(one.state, one.party) for one in found] == [("satisfied", "p-1"), ("violated", "p-2")]
    assert said(found[1]) == "p-2 应到未到，且无规定的理由"


def test_leave_granted_excuses_and_leave_refused_does_not() -> None:
    for granted, state in ((True, "satisfied"), (False, "violated")):
        answer = fact("meeting.leave_answered", MEETING, "2026-03-16", person="p-2", granted=granted)
        found = stands(rule(MEMBERS), meeting(came("p-1"), came("p-2", present=False), answer))
        assert found == [Stand("satisfied", "p-1"), Stand(state, "p-2")]


def test_a_member_of_whom_nothing_is_recorded_is_not_determinable() -> None:
    found = judged(rule(MEMBERS), meeting(came("p-1")))
    assert [(one.state, one.party) for one in found] == [("satisfied", "p-1"), ("not_determinable", "p-2")]
    assert found[1].missing == ("meeting/zw-1 meeting.attendance_recorded.v1: p-2",)


def test_whoever_came_late_came() -> None:
    late = fact(
        "meeting.attendance_recorded",
        MEETING,
        "2026-03-17T10:00+08:00",
        person="p-2",
        present=True,
        capacity="member",
    )
    found = stands(rule(MEMBERS), meeting(came("p-1"), came("p-2", present=False), late))
    assert found == [Stand("satisfied", "p-1"), Stand("satisfied", "p-2")]


def test_without_a_roster_nobody_can_be_said_to_be_expected() -> None:
    found = judged(rule(MEMBERS), [planned(), opened(), closed()])
    assert [(one.state, one.missing) for one in found] == [("not_determinable", ("meeting/zw-1: expected",))]


def test_the_proof_of_one_person_holds_nothing_of_the_others() -> None:
    found = judged(rule(MEMBERS), meeting(came("p-1"), came("p-2", present=False)))
    persons = [{getattr(one.data, "person", None) for one in judgement.facts} - {None} for judgement in found]
    assert persons == [{"p-1"}, {"p-2"}]


def test_only_those_allowed_may_be_there() -> None:
    found = stands(rule(ONLY_HEADS), meeting(came("p-1", capacity="sit_in"), came("p-2", capacity="sit_in")))
    assert found == [Stand("satisfied", "p-1"), Stand("violated", "p-2")]


def test_whether_an_unknown_person_was_allowed_cannot_be_told() -> None:
    assert stands(rule(ONLY_HEADS), meeting(came("p-x", capacity="sit_in"))) == [Stand("not_determinable", "p-x")]


def test_those_forbidden_violate_only_when_they_came() -> None:
    found = stands(
        rule(NO_ASSISTANTS),
        meeting(came("p-a", capacity="assistant"), came("p-b", capacity="assistant", present=False), came("p-1")),
    )
    assert found == [Stand("violated", "p-a"), Stand("satisfied", "p-1")]


@pytest.mark.parametrize(("count", "state"), [(1, "satisfied"), (2, "violated")])
def test_companions_are_counted_for_each_unit(count: int, state: str) -> None:
    there = [came(f"p-a{number}", capacity="assistant", unit="u-land") for number in range(count)]
    other = came("p-b", capacity="assistant", unit="u-finance")
    found = stands(rule(ONE_COMPANION), meeting(*there, other))
    assert found == [Stand(state, "u-land"), Stand("satisfied", "u-finance")]


def test_a_companion_of_an_unknown_unit_keeps_the_count_open() -> None:
    found = stands(
        rule(ONE_COMPANION),
        meeting(came("p-a", capacity="assistant", unit="u-land"), came("p-b", capacity="assistant")),
    )
    assert found == [Stand("not_determinable", "u-land")]


@pytest.mark.parametrize(("count", "found"), [(1, []), (2, [Stand("not_determinable")])])
def test_companions_of_whom_no_unit_is_known_may_be_of_one(count: int, found: list[Stand]) -> None:
    there = [came(f"p-a{number}", capacity="assistant") for number in range(count)]
    assert stands(rule(ONE_COMPANION), meeting(*there)) == found


def test_a_rule_that_asks_nothing_is_refused() -> None:
    with pytest.raises(CompileError, match="attendance wants one of"):
        rule("kind: attendance\non: meeting.opened\n")
