"""Steps in order before an act."""

from __future__ import annotations

import pytest

from events.fact import AnyFact
from rulebooks.problems import CompileError
from tests.rulebooks.kinds.histories import Stand, fact, judged, rule, said, stands

STEPS = """
kind: route
on: minutes.signed
settle: now
steps:
  - {zh: 起草, en: drafted, fact: minutes.drafted}
  - {zh: 主任审核, en: checked, fact: minutes.reviewed, where: [{path: it.level, is: office_director}]}
  - {zh: 常务副区长审阅, en: read, fact: minutes.reviewed, where: [{path: it.level, is: executive_deputy}]}
"""
ANY_ORDER = STEPS.replace("office_director}]}", "office_director}], any_order: readers}").replace(
    "executive_deputy}]}", "executive_deputy}], any_order: readers}"
)
RESTART = STEPS + "restart: [{fact: minutes.reviewed, where: [{path: it.result, is: fail}]}]\n"
SOMETIMES = STEPS.replace(
    "executive_deputy}]}", "executive_deputy}], when: [{path: last.minutes.drafted.major, is: true}]}"
)
CASE = "minutes/jy-1"


def drafted(on: str = "2026-03-18", **more: object) -> AnyFact:
    return fact("minutes.drafted", CASE, on, meeting="meeting/zw-1", drafter="u-office", decisions=["1"], **more)


def reviewed(level: str, on: str, result: str = "pass") -> AnyFact:
    return fact("minutes.reviewed", CASE, on, level=level, result=result)


def signed(on: str = "2026-03-23") -> AnyFact:
    return fact("minutes.signed", CASE, on, level="district_head")


CHECKED = reviewed("office_director", "2026-03-19")
READ = reviewed("executive_deputy", "2026-03-20")


def test_steps_in_order_satisfy() -> None:
    assert stands(rule(STEPS), [drafted(), CHECKED, READ, signed()]) == [Stand("satisfied")]


def test_a_missing_step_is_named() -> None:
    found = judged(rule(STEPS), [drafted(), READ, signed()])
    assert [(one.state, said(one)) for one in found] == [("violated", "缺少步骤“主任审核”")]


def test_a_step_before_the_one_ahead_of_it_is_named_with_its_day() -> None:
    early = reviewed("executive_deputy", "2026-03-18T18:00+08:00")
    found = judged(rule(STEPS), [drafted(), CHECKED, early, signed()])
    assert [(one.state, said(one)) for one in found] == [
        ("violated", "“常务副区长审阅”（2026-03-18 18:00）先于前一步骤")
    ]


def test_a_step_done_again_in_its_place_mends_the_order() -> None:
    early = reviewed("executive_deputy", "2026-03-18T18:00+08:00")
    assert stands(rule(STEPS), [drafted(), CHECKED, early, READ, signed()]) == [Stand("satisfied")]


def test_a_step_after_the_act_is_no_step() -> None:
    late = reviewed("executive_deputy", "2026-03-24")
    assert stands(rule(STEPS), [drafted(), CHECKED, late, signed()]) == [Stand("violated")]


def test_two_steps_of_one_day_without_hours_leave_the_order_open() -> None:
    same_day = [reviewed("office_director", "2026-03-19"), reviewed("executive_deputy", "2026-03-19")]
    assert stands(rule(STEPS), [drafted(), *same_day, signed()]) == [Stand("not_determinable")]
    hours = [
        reviewed("office_director", "2026-03-19T09:00+08:00"),
        reviewed("executive_deputy", "2026-03-19T10:00+08:00"),
    ]
    assert stands(rule(STEPS), [drafted(), *hours, signed()]) == [Stand("satisfied")]
    assert stands(rule(STEPS), [drafted(), CHECKED, READ, signed("2026-03-20")]) == [Stand("not_determinable")]


def test_a_step_that_may_have_been_in_its_place_is_not_passed_over_for_one_done_again_later() -> None:
    same_day, again = drafted("2026-03-19"), reviewed("office_director", "2026-03-21")
    (found,) = judged(rule(STEPS), [same_day, CHECKED, READ, again, signed()])
    assert (found.state, found.missing) == (
        "not_determinable",
        (f"{CASE} minutes.reviewed.v1: occurred_at", f"{CASE} minutes.drafted.v1: occurred_at"),
    )
    too_early = reviewed("executive_deputy", "2026-03-18")
    (found,) = judged(rule(STEPS), [same_day, CHECKED, too_early, again, signed()])
    assert (found.state, said(found)) == ("violated", "“常务副区长审阅”（2026-03-18）先于前一步骤")


def test_one_fact_may_take_two_steps_and_does_not_come_before_itself() -> None:
    both = STEPS.replace("level, is: office_director}", "level, in: [office_director, executive_deputy]}")
    assert stands(rule(both), [drafted(), READ, signed()]) == [Stand("satisfied")]
    assert stands(rule(both), [drafted("2026-03-20"), READ, signed()]) == [Stand("not_determinable")]


def test_the_act_may_be_a_step_itself() -> None:
    text = STEPS + "  - {zh: 签发, en: signed, fact: minutes.signed}\n"
    assert stands(rule(text), [drafted(), CHECKED, READ, signed()]) == [Stand("satisfied")]


def test_steps_of_one_group_stand_in_any_order() -> None:
    swapped = [reviewed("executive_deputy", "2026-03-19"), reviewed("office_director", "2026-03-20")]
    assert stands(rule(ANY_ORDER), [drafted(), *swapped, signed()]) == [Stand("satisfied")]
    assert stands(rule(STEPS), [drafted(), *swapped, signed()]) == [Stand("violated")]
    before_the_draft = [reviewed("executive_deputy", "2026-03-17"), reviewed("office_director", "2026-03-20")]
    assert stands(rule(ANY_ORDER), [drafted(), *before_the_draft, signed()]) == [Stand("violated")]


def test_after_a_return_only_later_steps_count() -> None:
    sent_back = reviewed("executive_deputy", "2026-03-20T12:00+08:00", "fail")
    facts = [drafted(), CHECKED, READ, sent_back, signed()]
    assert stands(rule(RESTART), facts) == [Stand("violated")]
    again = [
        drafted("2026-03-21T08:00+08:00"),
        reviewed("office_director", "2026-03-21T09:00+08:00"),
        reviewed("executive_deputy", "2026-03-21T10:00+08:00"),
    ]
    assert stands(rule(RESTART), [*facts, *again]) == [Stand("satisfied")]


@pytest.mark.parametrize(("major", "state"), [(True, "violated"), (False, "satisfied"), (None, "not_determinable")])
def test_a_step_is_wanted_only_when_its_condition_holds(major: bool | None, state: str) -> None:
    first = drafted() if major is None else drafted(major=major)
    assert stands(rule(SOMETIMES), [first, CHECKED, signed()]) == [Stand(state)]


def test_where_a_step_makes_no_difference_its_condition_need_not_be_known() -> None:
    assert stands(rule(SOMETIMES), [drafted(), CHECKED, READ, signed()]) == [Stand("satisfied")]
    assert stands(rule(SOMETIMES), [drafted(), READ, signed()]) == [Stand("violated")]


def test_an_imported_record_does_not_show_that_a_step_is_missing() -> None:
    assert stands(rule(STEPS), [CHECKED, READ, signed()]) == [Stand("not_determinable")]


OTHER_CASES = """
kind: route
on: meeting.opened
settle: now
steps:
  - {zh: 主任审定, en: settled, fact: approval.given, about: case, where: [{path: it.level, is: office_director}]}
  - {zh: 区长确定, en: determined, fact: approval.given, about: case, where: [{path: it.level, is: district_head}]}
"""


@pytest.mark.parametrize("names", [("a", "b", "c"), ("c", "b", "a"), ("b", "c", "a")])
def test_what_the_other_cases_are_called_does_not_decide_which_came_first(names: tuple[str, str, str]) -> None:
    def given(name: str, on: str, level: str) -> AnyFact:
        return fact("approval.given", f"approval/{name}", on, kind="review", about="meeting/zw-1", level=level)

    settled = given(names[0], "2026-03-16", "office_director")
    determined = given(names[1], "2026-03-17", "district_head")
    once_more = given(names[2], "2026-03-18", "office_director")
    opened = fact("meeting.opened", "meeting/zw-1", "2026-03-19", chair="p-chen")
    assert stands(rule(OTHER_CASES), [settled, determined, once_more, opened]) == [Stand("satisfied")]


@pytest.mark.parametrize("steps", ["[]", "[{fact: minutes.drafted}]", "[{zh: 起草, en: drafted}]"])
def test_a_route_without_named_steps_is_refused(steps: str) -> None:
    with pytest.raises(CompileError):
        rule(f"kind: route\non: minutes.signed\nsteps: {steps}\n")


def test_what_would_tell_whether_a_step_was_taken_in_its_place_is_named() -> None:
    same_day = [reviewed("office_director", "2026-03-19"), reviewed("executive_deputy", "2026-03-19")]
    (found,) = judged(rule(STEPS), [drafted(), *same_day, signed()])
    assert found.missing == (f"{CASE} minutes.reviewed.v1: occurred_at",)
    at_noon = reviewed("executive_deputy", "2026-03-20T12:00+08:00")
    (found,) = judged(rule(STEPS), [drafted(), CHECKED, at_noon, signed("2026-03-20")])
    assert found.missing == (f"{CASE} minutes.signed.v1: occurred_at",)
    by_somebody = rule(STEPS.replace("is: executive_deputy", "is: executive_deputy}, {path: it.actor.person, is: p-2"))
    (found,) = judged(by_somebody, [drafted(), CHECKED, READ, signed()])
    assert found.missing == (f"{CASE} minutes.reviewed.v1: actor.person",)
