"""AB partners away at once, and too many of a body."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.fact import AnyFact
from rulebooks.problems import CompileError
from tests.rulebooks.kinds.histories import Stand, fact, judged, leaders, partners, rule, said, stands

PARTNERS = """
kind: absence
on: absence.registered
of: executive
partners: {overlap: false}
consented: {fact: absence.approved, field: overlap_with}
"""
AT_MOST_TWO = """
kind: absence
on: absence.registered
of: executive
most_away: 2
consented: {fact: absence.approved, field: overlap_with}
"""
ONLY_LEAVE = PARTNERS + "when: [{path: trigger.kind, in: [annual_leave, sick_leave]}]\n"
EVENING = "T18:00+08:00"
MORNING = "T08:00+08:00"


def registered(case: str, person: str, since: str, until: str, on: str = "2026-03-01", **more: object) -> AnyFact:
    given = {"kind": "annual_leave", "reason": "休假", "from": since, "until": until, **more}
    return fact("absence.registered", f"absence/{case}", on, person=person, **given)


def departed(case: str, at: str) -> AnyFact:
    return fact("absence.departed", f"absence/{case}", at)


def returned(case: str, at: str) -> AnyFact:
    return fact("absence.returned", f"absence/{case}", at)


def approved(case: str, since: str, until: str, on: str, *overlap: str) -> AnyFact:
    return fact("absence.approved", f"absence/{case}", on, from_=since, until=until, overlap_with=list(overlap))


FIRST = registered("a", "p-2", "2026-03-09", "2026-03-13", on="2026-03-01")
SECOND = registered("b", "p-3", "2026-03-12", "2026-03-16", on="2026-03-02")
PAIR = [*leaders(4), partners("p-2", "p-3")]
PLANS = [*PAIR, FIRST, SECOND]
BOTH_LEFT = [*PLANS, departed("a", "2026-03-09" + MORNING), departed("b", "2026-03-12" + MORNING)]


def test_an_overlap_ahead_is_a_forecast_at_the_absence_registered_last() -> None:
    found = judged(rule(PARTNERS), PLANS, "2026-03-05")
    assert [(one.subject, one.state, one.party) for one in found] == [
        ("absence/a", "satisfied", "p-3"),
        ("absence/b", "forecast", "p-2"),
    ]
    start = fact("absence.departed", "absence/x", "2026-03-12").occurred_at.earliest
    assert (found[1].due, found[1].wake) == (start, start)
    assert said(found[1]) == "自 2026-03-12 起 2 人将同时外出：p-2 2026-03-09—2026-03-13；p-3 2026-03-12—2026-03-16"


def test_it_is_violated_once_both_have_left() -> None:
    found = judged(rule(PARTNERS), BOTH_LEFT, "2026-03-12")
    assert [(one.subject, one.state, one.expired) for one in found] == [
        ("absence/a", "satisfied", False),
        ("absence/b", "violated", False),
    ]
    happened = found[1].happened
    assert happened is not None
    assert happened.text == "2026-03-12" + MORNING


def test_it_stays_violated_after_both_are_back() -> None:
    back = [returned("a", "2026-03-13" + EVENING), returned("b", "2026-03-16" + EVENING)]
    assert stands(rule(PARTNERS), [*BOTH_LEFT, *back]) == [Stand("satisfied", "p-3"), Stand("violated", "p-2")]


def test_an_overlap_that_came_without_a_recorded_departure_is_not_determinable() -> None:
    found = judged(rule(PARTNERS), [*PLANS, departed("a", "2026-03-09" + MORNING)], "2026-03-12")
    assert [(one.state, one.missing, one.expired) for one in found] == [
        ("satisfied", (), False),
        ("not_determinable", ("absence/b absence.departed",), True),
    ]


@pytest.mark.parametrize(
    ("back", "state"),
    [
        ("2026-03-11" + EVENING, "satisfied"),
        ("2026-03-12T08:00+08:00", "satisfied"),
        ("2026-03-12T08:01+08:00", "violated"),
    ],
)
def test_coming_back_before_the_other_leaves_is_no_overlap(back: str, state: str) -> None:
    facts = [*PLANS, departed("a", "2026-03-09" + MORNING), returned("a", back), departed("b", "2026-03-12" + MORNING)]
    assert stands(rule(PARTNERS), facts)[1] == Stand(state, "p-2")


def test_a_changed_plan_and_a_cancellation_withdraw_the_forecast() -> None:
    moved = fact(
        "absence.changed", "absence/b", "2026-03-03", from_="2026-03-16", until="2026-03-18", reason="会期变更"
    )
    assert stands(rule(PARTNERS), [*PLANS, moved], "2026-03-05")[1] == Stand("satisfied", "p-2")
    called_off = fact("absence.cancelled", "absence/b", "2026-03-03", reason="取消")
    assert stands(rule(PARTNERS), [*PLANS, called_off], "2026-03-05") == [Stand("satisfied", "p-3")]
    refused = fact("absence.refused", "absence/b", "2026-03-03", reason="AB角在外")
    assert stands(rule(PARTNERS), [*PLANS, refused], "2026-03-05") == [Stand("satisfied", "p-3")]


def test_an_approver_may_let_partners_be_away_at_once() -> None:
    consent = approved("b", "2026-03-12", "2026-03-16", "2026-03-03", "absence/a")
    found = judged(rule(PARTNERS), [*BOTH_LEFT, consent])
    assert [one.state for one in found] == ["satisfied", "satisfied"]
    assert said(found[1]) == "准假人已同意重叠"


def test_only_absences_to_which_the_rule_applies_are_held_against_each_other() -> None:
    trip = registered("a", "p-2", "2026-03-09", "2026-03-13", kind="business_trip")
    assert stands(rule(ONLY_LEAVE), [*PAIR, trip, SECOND], "2026-03-05") == [Stand("satisfied", "p-2")]
    assert stands(rule(ONLY_LEAVE), [*PAIR, FIRST, SECOND], "2026-03-05")[1] == Stand("forecast", "p-2")


def test_a_shared_day_of_unknown_hours_is_open_until_it_is_over_and_then_not_determinable() -> None:
    next_up = registered("b", "p-3", "2026-03-13", "2026-03-16", on="2026-03-02")
    facts = [*PAIR, FIRST, next_up]
    assert stands(rule(PARTNERS), facts, "2026-03-12")[1] == Stand("open", "p-2")
    assert stands(rule(PARTNERS), facts, "2026-03-13")[1] == Stand("not_determinable", "p-2")


def test_recorded_hours_decide_a_shared_day() -> None:
    next_up = registered("b", "p-3", "2026-03-13", "2026-03-16", on="2026-03-02")
    left = [departed("a", "2026-03-09" + MORNING), departed("b", "2026-03-13T12:00+08:00")]
    for back, state in (("2026-03-13T11:00+08:00", "satisfied"), ("2026-03-13T13:00+08:00", "violated")):
        facts = [*PAIR, FIRST, next_up, *left, returned("a", back)]
        assert stands(rule(PARTNERS), facts)[1] == Stand(state, "p-2")


def test_a_single_day_within_the_others_absence_is_an_overlap_whatever_its_hours() -> None:
    one_day = registered("b", "p-3", "2026-03-11", "2026-03-11", on="2026-03-02")
    assert stands(rule(PARTNERS), [*PAIR, FIRST, one_day], "2026-03-05")[1] == Stand("forecast", "p-2")


@pytest.mark.parametrize("form", ["mutual", "one_way", "chain"])
def test_each_of_a_chain_is_a_partner_of_each(form: str) -> None:
    chain = [*leaders(4), partners("p-2", "p-4", "p-3", ab_form=form)]
    found = stands(rule(PARTNERS), [*chain, FIRST, SECOND], "2026-03-05")
    assert [one for one in found if one.state != "satisfied"] == [Stand("forecast", "p-2")]


def test_whoever_has_no_partner_is_not_judged() -> None:
    assert stands(rule(PARTNERS), [*leaders(4), FIRST, SECOND]) == []
    alone = [*leaders(4), partners("p-2", ab_form="unpaired")]
    assert stands(rule(PARTNERS), [*alone, FIRST]) == []


def test_an_arrangement_that_ended_before_counts_no_more() -> None:
    over = fact(
        "roster.ab_arrangement_ended", "ab_arrangement/ab-p-2-p-3", "2026-03-12", ended_on="2026-03-12", reason="调整"
    )
    assert stands(rule(PARTNERS), [*PLANS, over], "2026-03-05") == [Stand("satisfied", "p-3")]
    later = fact(
        "roster.ab_arrangement_ended", "ab_arrangement/ab-p-2-p-3", "2026-03-13", ended_on="2026-03-13", reason="调整"
    )
    assert stands(rule(PARTNERS), [*PLANS, later], "2026-03-05")[1] == Stand("forecast", "p-2")


def away(number: int, since: str, until: str) -> list[AnyFact]:
    case = f"a{number}"
    return [
        registered(case, f"p-{number}", since, until, on=f"2026-03-0{number}"),
        departed(case, since),
        returned(case, until),
    ]


def test_no_more_than_so_many_of_a_body_may_be_away_at_once() -> None:
    two = [*leaders(4), *away(1, "2026-03-09", "2026-03-13"), *away(2, "2026-03-10", "2026-03-16")]
    assert stands(rule(AT_MOST_TWO), two) == [Stand("satisfied"), Stand("satisfied")]
    three = judged(rule(AT_MOST_TWO), [*two, *away(3, "2026-03-12", "2026-03-12")])
    assert [one.state for one in three] == ["satisfied", "satisfied", "violated"]
    assert "3 人同时外出，最多 2 人" in said(three[2])
    after = stands(rule(AT_MOST_TWO), [*two, *away(3, "2026-03-14", "2026-03-15")])
    assert [one.state for one in after] == ["satisfied"] * 3


def test_those_outside_the_body_are_not_counted() -> None:
    outsider = registered("x", "p-x", "2026-03-09", "2026-03-13")
    facts = [*leaders(3), *away(1, "2026-03-09", "2026-03-13"), *away(2, "2026-03-09", "2026-03-13"), outsider]
    assert stands(rule(AT_MOST_TWO), facts) == [Stand("satisfied"), Stand("satisfied")]


def test_a_person_with_two_records_of_one_absence_counts_once() -> None:
    again = registered("again", "p-1", "2026-03-09", "2026-03-13", on="2026-03-02")
    facts = [*leaders(3), *away(1, "2026-03-09", "2026-03-13"), again, *away(3, "2026-03-10", "2026-03-12")]
    assert [one.state for one in stands(rule(AT_MOST_TWO), facts)] == ["satisfied"] * 3


def test_the_order_of_recording_changes_nothing() -> None:
    expected = {(one.subject, one.state, one.party) for one in judged(rule(PARTNERS), BOTH_LEFT)}
    for order in permutations(BOTH_LEFT[-4:]):
        found = judged(rule(PARTNERS), [*PAIR, *order])
        assert {(one.subject, one.state, one.party) for one in found} == expected


DAYS = st.dates(
    fact("absence.departed", "absence/x", "2026-03-02").occurred_at.day,
    fact("absence.departed", "absence/x", "2026-03-20").occurred_at.day,
).map(str)
INTERVALS = st.tuples(DAYS, DAYS).map(sorted)


@given(INTERVALS, INTERVALS, st.sampled_from(["2026-02-28", "2026-03-01"]))
def test_two_partners_are_judged_alike_whoever_is_named_first(
    mine: list[str], others: list[str], registered_on: str
) -> None:
    one = registered("a", "p-2", mine[0], mine[1], on=registered_on)
    other = registered("b", "p-3", others[0], others[1], on="2026-03-01")
    swapped = [
        registered("a", "p-3", mine[0], mine[1], on=registered_on),
        registered("b", "p-2", others[0], others[1], on="2026-03-01"),
    ]
    found = [stand.state for stand in stands(rule(PARTNERS), [*PAIR, one, other])]
    assert found == [stand.state for stand in stands(rule(PARTNERS), [*PAIR, *swapped])]
    assert found.count("satisfied") >= 1
    apart = mine[1] < others[0] or others[1] < mine[0]
    assert (found == ["satisfied", "satisfied"]) is apart


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "partners: {overlap: true}",
        "most_away: 0",
        "partners: {overlap: false}\nmost_away: 2",
        "most_away: 2\nof: nobody",
    ],
)
def test_a_rule_that_says_nothing_clear_is_refused(wrong: str) -> None:
    with pytest.raises(CompileError):
        rule(f"kind: absence\non: absence.registered\n{wrong}\n")
