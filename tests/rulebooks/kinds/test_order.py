"""Who speaks before whom."""

from __future__ import annotations

import pytest

from events.fact import AnyFact
from rulebooks.problems import CompileError
from tests.rulebooks.kinds.histories import Stand, fact, judged, leaders, post, rule, said, stands

SPEAKING = """
kind: order
on: meeting.decision_made
entries: {fact: meeting.statement_made, where: [{path: it.item, same_as: trigger.item}]}
by: it.order
person: it.person
post: it.post
groups:
  - {zh: 部门负责人, en: heads of units, holds: [unit_head, unit_deputy]}
  - {zh: 副区长, en: deputy heads, holds: [deputy_head]}
  - {zh: 区长, en: the head, holds: [district_head]}
"""
BY_TIME = SPEAKING.replace("by: it.order", "by: it.occurred_at")
UNLESS = SPEAKING + "unless: [{path: trigger.outcome, is: postponed}]\n"
MEETING = "meeting/zw-1"
ROSTER = [*leaders(3), *post("p-head", "unit_head", "u-land")]


def spoke(person: str, order: int, at: str = "2026-03-17", item: int = 1, **more: object) -> AnyFact:
    return fact("meeting.statement_made", MEETING, at, item=item, person=person, order=order, stance="agree", **more)


def decision(item: int = 1, outcome: str = "adopted") -> AnyFact:
    return fact(
        "meeting.decision_made",
        MEETING,
        "2026-03-17",
        item=item,
        matter=f"matter/m-{item}",
        decision="1",
        outcome=outcome,
    )


def test_from_the_lowest_group_to_the_highest_satisfies() -> None:
    facts = [*ROSTER, spoke("p-head", 1), spoke("p-2", 2), spoke("p-3", 3), spoke("p-1", 4), decision()]
    assert stands(rule(SPEAKING), facts) == [Stand("satisfied")]


def test_one_of_a_later_group_before_one_of_an_earlier_violates() -> None:
    found = judged(rule(SPEAKING), [*ROSTER, spoke("p-head", 1), spoke("p-1", 2), spoke("p-2", 3), decision()])
    assert [(one.state, said(one)) for one in found] == [("violated", "区长 p-1（2）先于 副区长 p-2（3）发言")]


def test_the_order_within_a_group_is_free() -> None:
    facts = [*ROSTER, spoke("p-3", 1), spoke("p-2", 2), spoke("p-1", 3), decision()]
    assert stands(rule(SPEAKING), facts) == [Stand("satisfied")]


def test_each_item_is_judged_for_itself() -> None:
    first = [spoke("p-2", 1), spoke("p-1", 2), decision()]
    second = [spoke("p-1", 1, item=2), spoke("p-2", 2, item=2), decision(2)]
    assert stands(rule(SPEAKING), [*ROSTER, *first, *second]) == [Stand("satisfied"), Stand("violated")]


def test_the_post_in_which_a_person_spoke_decides() -> None:
    also = post("p-3", "unit_head", "u-police")
    as_deputy = [spoke("p-3", 1), spoke("p-2", 2), spoke("p-head", 3)]
    assert stands(rule(SPEAKING), [*ROSTER, *also, *as_deputy, decision()]) == [Stand("violated")]
    as_unit_head = [spoke("p-3", 1, post="post-p-3-unit_head"), spoke("p-head", 2), spoke("p-2", 3)]
    assert stands(rule(SPEAKING), [*ROSTER, *also, *as_unit_head, decision()]) == [Stand("satisfied")]


def test_persons_of_no_group_are_passed_over() -> None:
    guest = post("p-guest", "cppcc_member", "u-cppcc")
    facts = [*ROSTER, *guest, spoke("p-2", 1), spoke("p-guest", 2), spoke("p-1", 3), decision()]
    assert stands(rule(SPEAKING), facts) == [Stand("satisfied")]


def test_a_speaker_of_unknown_post_leaves_it_open_unless_the_others_broke_it() -> None:
    found = judged(rule(SPEAKING), [*ROSTER, spoke("p-x", 1), spoke("p-2", 2), decision()])
    assert [(one.state, one.missing) for one in found] == [
        ("not_determinable", ("meeting/zw-1 meeting.statement_made.v1: post (p-x)",))
    ]
    broken = [*ROSTER, spoke("p-x", 1), spoke("p-1", 2), spoke("p-2", 3), decision()]
    assert stands(rule(SPEAKING), broken) == [Stand("violated")]


def test_one_number_given_twice_leaves_the_order_open() -> None:
    facts = [*ROSTER, spoke("p-2", 1), spoke("p-1", 1), decision()]
    assert stands(rule(SPEAKING), facts) == [Stand("not_determinable")]


def test_by_time_two_statements_of_one_day_without_hours_leave_the_order_open() -> None:
    assert stands(rule(BY_TIME), [*ROSTER, spoke("p-2", 1), spoke("p-1", 2), decision()]) == [Stand("not_determinable")]
    hours = [spoke("p-2", 1, "2026-03-17T09:00+08:00"), spoke("p-1", 2, "2026-03-17T09:01+08:00")]
    assert stands(rule(BY_TIME), [*ROSTER, *hours, decision()]) == [Stand("satisfied")]
    swapped = [spoke("p-1", 1, "2026-03-17T09:00+08:00"), spoke("p-2", 2, "2026-03-17T09:01+08:00")]
    assert stands(rule(BY_TIME), [*ROSTER, *swapped, decision()]) == [Stand("violated")]


def test_with_no_statement_on_record_nothing_can_be_told() -> None:
    found = judged(rule(SPEAKING), [*ROSTER, decision()])
    assert [(one.state, one.missing) for one in found] == [
        ("not_determinable", ("meeting/zw-1: meeting.statement_made.v1",))
    ]


def test_a_stated_exception_excuses() -> None:
    wrong = [*ROSTER, spoke("p-1", 1), spoke("p-2", 2)]
    assert stands(rule(UNLESS), [*wrong, decision(outcome="postponed")]) == [Stand("satisfied")]
    assert stands(rule(UNLESS), [*wrong, decision()]) == [Stand("violated")]


OF_AGREEING = SPEAKING.replace("same_as: trigger.item}", "same_as: trigger.item}, {path: it.opinion, is: 同意}")


@pytest.mark.parametrize(
    ("statements", "state"),
    [
        ([spoke("p-1", 1, opinion="同意"), spoke("p-2", 2, opinion="同意"), spoke("p-3", 3)], "violated"),
        ([spoke("p-2", 1, opinion="同意"), spoke("p-1", 2), spoke("p-3", 3, opinion="同意")], "not_determinable"),
        ([spoke("p-2", 1, opinion="同意"), spoke("p-3", 2), spoke("p-1", 3, opinion="同意")], "satisfied"),
        ([spoke("p-2", 1), spoke("p-1", 2)], "not_determinable"),
    ],
)
def test_statements_that_may_belong_elsewhere_hide_no_breach_and_make_none(
    statements: list[AnyFact], state: str
) -> None:
    (found,) = judged(rule(OF_AGREEING), [*ROSTER, *statements, decision()])
    assert (found.state, bool(found.missing)) == (state, state == "not_determinable")


@pytest.mark.parametrize("groups", ["[{zh: 无, en: none}]", "[{holds: [king]}]"])
def test_a_group_wants_roles_of_the_vocabulary(groups: str) -> None:
    with pytest.raises(CompileError):
        rule(SPEAKING[: SPEAKING.index("groups:")] + f"groups: {groups}\n")
