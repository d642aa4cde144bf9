"""What settles a duty: surely or perhaps, in time or late, and what a person has to record to tell."""

from __future__ import annotations

from itertools import permutations

import pytest

from events.fact import AnyFact
from tests.rulebooks.kinds.histories import Stand, fact, judged, rule, said, stands

REPORT = """
kind: deadline
opens: duty.event_recorded
due: {within: {n: 2, unit: hour}}
closes:
  - {fact: duty.event_reported, where: [{path: it.to_unit, is: u-gov}]}
  - {fact: report.submitted, about: case, where: [{path: it.to_unit, is: u-gov}]}
ends: [{fact: duty.event_handled, where: [{path: it.actor.person, is: p-head}]}]
"""
REPLY = """
kind: deadline
opens: countersign.requested
per: trigger.departments
due: {within: {n: 5, unit: working_day}}
pauses:
  - begins: {fact: countersign.materials_returned}
    ends: {fact: countersign.received}
    then: restart
closes: [{fact: countersign.replied}]
ends: [{fact: countersign.withdrawn, where: [{path: it.departments, has: u-land}]}]
"""
EVENT = "emergency/e-1"
IN_TIME, LATE, SOME_HOUR = "2026-03-03T10:00+08:00", "2026-03-03T12:00+08:00", "2026-03-03"
EARLIER, BEYOND = "2026-03-03T10:30+08:00", "2026-03-03T18:00+08:00"
TO_UNIT = f"{EVENT} duty.event_reported.v1: to_unit"
HOUR = f"{EVENT} duty.event_reported.v1: occurred_at"


def recorded() -> AnyFact:
    given = {"title": "突发事件", "kind": "sudden_event", "event_grade": "major", "unit": "u-town"}
    return fact("duty.event_recorded", EVENT, "2026-03-03T09:00+08:00", **given)


def told(at: str, *, to: str | None = "u-gov") -> AnyFact:
    whom = {} if to is None else {"to_unit": to}
    return fact("duty.event_reported", EVENT, at, from_unit="u-town", form="phone", stage="first", **whom)


def perhaps(at: str) -> AnyFact:
    """Return a report of which nobody wrote down to whom it went."""
    return told(at, to=None)


@pytest.mark.parametrize(
    ("reports", "state", "missing"),
    [
        ([told(IN_TIME)], "satisfied", ()),
        ([perhaps(IN_TIME)], "not_determinable", (TO_UNIT,)),
        ([told(LATE)], "violated", ()),
        ([perhaps(LATE)], "violated", ()),
        ([perhaps(IN_TIME), told(EARLIER)], "satisfied", ()),
        ([perhaps(IN_TIME), told(LATE)], "not_determinable", (TO_UNIT,)),
        ([perhaps(IN_TIME), perhaps(LATE)], "not_determinable", (TO_UNIT,)),
        ([told(IN_TIME), perhaps(LATE)], "satisfied", ()),
        ([told(LATE), perhaps(BEYOND)], "violated", ()),
        ([perhaps(LATE), told(BEYOND)], "violated", ()),
        ([told(SOME_HOUR)], "not_determinable", (HOUR,)),
        ([told(SOME_HOUR), told(LATE)], "not_determinable", (HOUR,)),
        ([told(SOME_HOUR), told(IN_TIME)], "satisfied", ()),
        ([perhaps(SOME_HOUR)], "not_determinable", (TO_UNIT, HOUR)),
        ([perhaps(SOME_HOUR), told(LATE)], "not_determinable", (TO_UNIT, HOUR)),
        ([told(IN_TIME, to="u-land"), told(LATE)], "violated", ()),
    ],
)
def test_only_what_may_have_been_in_time_leaves_open_whether_the_limit_was_kept(
    reports: list[AnyFact], state: str, missing: tuple[str, ...]
) -> None:
    for order in permutations([recorded(), *reports]):
        (found,) = judged(rule(REPORT), order)
        assert (found.state, found.missing) == (state, missing)


def test_what_may_settle_it_keeps_it_open_until_the_limit_runs_out() -> None:
    facts = [recorded(), perhaps(IN_TIME)]
    assert stands(rule(REPORT), facts, "2026-03-03T10:59+08:00") == [Stand("open")]
    assert stands(rule(REPORT), facts, "2026-03-03T11:00+08:00") == [Stand("not_determinable")]


def test_what_may_have_come_late_does_not_make_good_a_breach() -> None:
    (found,) = judged(rule(REPORT), [recorded(), perhaps(LATE)])
    assert (found.state, found.expired, found.happened) == ("violated", True, None)
    assert said(found).endswith("届满仍无记录")
    (found,) = judged(rule(REPORT), [recorded(), perhaps(LATE), told(BEYOND)])
    assert (found.expired, found.happened) == (False, told(BEYOND).occurred_at)


def test_all_that_is_missing_is_named_in_whatever_order_it_was_recorded() -> None:
    paper = fact(
        "report.submitted", "report/r-1", IN_TIME, kind="report", about=EVENT, from_unit="u-town", form="phone"
    )
    for order in permutations([recorded(), perhaps(IN_TIME), paper]):
        (found,) = judged(rule(REPORT), order)
        assert found.missing == (TO_UNIT, "report/r-1 report.submitted.v1: to_unit")
        assert {one.type for one in found.facts} == {recorded().type, perhaps(IN_TIME).type, paper.type}
        assert "2026-03-03 10:00 的记录是否属于按期办理，不能判定" in said(found)


def handled(at: str, *, by: str | None = "p-head") -> AnyFact:
    actor = {"unit": "u-gov"} if by is None else {"unit": "u-gov", "person": by}
    return fact("duty.event_handled", EVENT, at, actor, unit="u-town", content="处置", finished=True)


@pytest.mark.parametrize(
    ("facts", "states"),
    [
        ([handled(IN_TIME)], []),
        ([handled(LATE)], ["violated"]),
        ([handled(IN_TIME, by=None)], ["not_determinable"]),
        ([handled(LATE, by=None)], ["violated"]),
        ([handled(SOME_HOUR)], ["not_determinable"]),
        ([handled(IN_TIME, by=None), told(LATE)], ["not_determinable"]),
        ([handled(IN_TIME, by=None), told(EARLIER)], ["satisfied"]),
        ([handled(IN_TIME), perhaps(IN_TIME)], []),
        ([handled(IN_TIME), told(SOME_HOUR)], []),
    ],
)
def test_what_may_have_ended_the_wait_in_time_leaves_a_breach_open(facts: list[AnyFact], states: list[str]) -> None:
    for order in permutations([recorded(), *facts]):
        assert [one.state for one in judged(rule(REPORT), order)] == states


def test_what_would_tell_that_the_wait_ended_is_named() -> None:
    (found,) = judged(rule(REPORT), [recorded(), handled(IN_TIME, by=None), perhaps(EARLIER)])
    assert found.missing == (TO_UNIT, f"{EVENT} duty.event_handled.v1: actor.person")
    (found,) = judged(rule(REPORT), [recorded(), handled(IN_TIME, by=None)], "2026-03-03T10:59+08:00")
    assert (found.state, found.missing) == ("open", ())


def test_what_is_done_while_the_clock_stands_still_is_done_in_time() -> None:
    case = "countersign/cs-1"
    asked = fact(
        "countersign.requested",
        case,
        "2026-03-02",
        kind="countersign",
        about="matter/m-1",
        sponsor="u-housing",
        departments=["u-land"],
        form="online",
    )
    back = fact("countersign.materials_returned", case, "2026-03-03", department="u-land", missing=["正文"])
    reply = fact("countersign.replied", case, "2026-03-20", department="u-land", stance="agree")
    assert stands(rule(REPLY), [asked, back]) == [Stand("paused", "u-land")]
    assert stands(rule(REPLY), [asked, back, reply]) == [Stand("satisfied", "u-land")]
    withdrawn = fact("countersign.withdrawn", case, "2026-03-20", departments=["u-land"], reason="撤回")
    assert stands(rule(REPLY), [asked, back, withdrawn]) == []


ELSEWHERE = """
kind: deadline
opens: instruction.issued
due: {within: {n: 5, unit: working_day}}
closes: [{fact: matter.closed, in: trigger.about}]
ends: [{fact: instruction.closed}]
"""


@pytest.mark.parametrize(
    ("about", "until", "state", "missing"),
    [
        ({"about": "matter/m-1"}, "2026-03-31", "violated", ()),
        ({"about": None}, "2026-03-31", "violated", ()),
        ({}, "2026-03-31", "not_determinable", ("task/t-1 instruction.issued.v1: about",)),
        ({}, "2026-03-06", "open", ()),
    ],
)
def test_where_it_is_not_on_record_in_which_case_to_look_nothing_is_found_to_be_late(
    about: dict[str, object], until: str, state: str, missing: tuple[str, ...]
) -> None:
    issued = {"kind": "assignment", "content": "办理", "units": ["u-housing"], **about}
    facts = [fact("instruction.issued", "task/t-1", "2026-03-02", **issued)]
    (found,) = judged(rule(ELSEWHERE), facts, until)
    assert (found.state, found.missing) == (state, missing)
    if missing:
        assert "应见于何案卷没有记录，是否办理不能判定" in said(found)
