"""How many and how much, in a period, for the district or for each of some."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import permutations

import pytest

from events.fact import AnyFact, case_key
from events.moment import Moment
from rulebooks.counting.tallies import Contribution, Tally, place_of
from rulebooks.judgement import Judgement
from rulebooks.problems import CompileError
from rulebooks.record.casefile import CaseFile
from rulebooks.record.world import World
from rulebooks.rule import Rule
from tests.rulebooks.kinds.histories import Stand, fact, leaders, post, rule, said, world

ONCE_A_MONTH = """
kind: tally
count: {fact: meeting.opened, when: [{path: case.kind, is: executive}]}
period: month
at_least: 1
"""
AT_MOST_TWO = """
kind: tally
count: {fact: meeting.opened, when: [{path: case.kind, is: executive}]}
period: month
at_most: 2
"""
ONE_OR_TWO = ONCE_A_MONTH + "at_most: 2\n"
PER_HOST = """
kind: tally
count: {fact: meeting.opened, when: [{path: case.kind, is: district_wide}]}
key: case.host
period: year
at_most: 1
"""
MONEY = """
kind: tally
sum: {fact: meeting.decision_made, value: trigger.amount_wan}
period: year
at_most: 100
"""
DISTINCT_DAYS = """
kind: tally
distinct: {fact: meeting.opened, value: trigger.occurred_at}
key: trigger.chair
period: quarter
at_least: 2
"""
UNITS_ALONG = """
kind: tally
distinct:
  fact: visit.made
  value: trigger.companions.unit
  where: [{path: entry.kind, is: department}]
key: case
period: year
at_most: 1
"""
ONCE_EACH = """
kind: tally
count: {fact: meeting.opened}
key: trigger.chair
among: {members: executive}
period: year
at_least: 1
"""
DAYS_OF_EACH = """
kind: tally
sum: {fact: visit.made, value: trigger.days_spent}
key: case.leaders
among: {members: executive}
period: year
at_least: 60
"""
EACH_DEPARTMENT = """
kind: tally
count: {fact: meeting.opened}
key: case.host
among: {unit_kinds: [department]}
period: year
at_least: 1
"""
EVERY_TWO_WEEKS = """
kind: tally
count: {fact: meeting.opened}
period: {rolling: {n: 14, unit: day}}
at_least: 1
"""
TWO_IN_A_WEEK = """
kind: tally
count: {fact: meeting.opened}
period: {rolling: {n: 7, unit: day}}
at_most: 2
"""


def meeting(day: str, kind: str = "executive", host: str = "u-office", number: int = 0) -> list[AnyFact]:
    case = f"meeting/{day}-{number}"
    planned = fact("meeting.planned", case, day, kind=kind, title="会议", starts_at=day, host=host, mode="in_person")
    return [planned, fact("meeting.opened", case, day, chair="p-1")]


def meetings(*days: str) -> list[AnyFact]:
    return [one for day in days for one in meeting(day)]


def judge_all(tally: Tally, world: World, files: Iterable[CaseFile]) -> list[Judgement]:
    """Judge a counting rule from scratch over all cases of its kind."""
    found: dict[str, list[Contribution]] = {key: [] for key in tally.keys(world)}
    for file in files:
        for one in tally.contributions(world, file):
            found.setdefault(one.key, []).append(one)
    return [
        judgement
        for key, contributions in sorted(found.items())
        for judgement in tally.judge(world, key, sorted(contributions, key=place_of))
    ]


def judged(of: Rule, facts: Iterable[AnyFact], until: str, began: str = "2026-01-01") -> list[Judgement]:
    facts = list(facts)
    there = world(facts, until)
    there.began = Moment(began).earliest
    keys = dict.fromkeys(case_key(one.subject) for one in facts)
    assert of.tally is not None
    return judge_all(of.tally, there, [there.files.file(key) for key in keys])


def stands(of: Rule, facts: Iterable[AnyFact], until: str, began: str = "2026-01-01") -> list[Stand]:
    return [Stand(one.state, one.party, one.period) for one in judged(of, facts, until, began)]


def test_too_few_is_a_breach_when_the_period_is_over() -> None:
    facts = [*leaders(1), *meetings("2026-01-20")]
    assert stands(rule(ONCE_A_MONTH), facts, "2026-02-28T23:59+08:00") == [
        Stand("satisfied", None, "2026-01"),
        Stand("open", None, "2026-02"),
    ]
    found = judged(rule(ONCE_A_MONTH), facts, "2026-02-28")
    assert [(one.subject, one.state, one.period, one.expired) for one in found] == [
        ("unit/u-gov", "satisfied", "2026-01", False),
        ("unit/u-gov", "violated", "2026-02", True),
        ("unit/u-gov", "open", "2026-03", False),
    ]
    assert said(found[1]) == "2026-02 累计 0，至少 1：—"
    assert [one.wake for one in found] == [None, None, Moment("2026-03-31").latest]


def test_a_running_period_wakes_at_its_end() -> None:
    found = judged(rule(ONCE_A_MONTH), [*leaders(1), *meetings("2026-01-20")], "2026-01-25")
    end = Moment("2026-01-31").latest
    assert [(one.state, one.due, one.wake) for one in found] == [("satisfied", end, end)]


def test_periods_begin_with_the_first_whole_one_of_the_ledger() -> None:
    found = stands(rule(ONCE_A_MONTH), leaders(1), "2026-03-31", began="2026-01-02")
    assert found == [
        Stand("violated", None, "2026-02"),
        Stand("violated", None, "2026-03"),
        Stand("open", None, "2026-04"),
    ]


def test_a_period_is_waited_for_until_it_begins() -> None:
    begins, ends = Moment("2026-02-01").earliest, Moment("2026-02-28").latest
    for until, state, wake in (
        ("1970-01-01T00:00Z", "waiting", begins),
        ("2026-01-30", "waiting", begins),
        ("2026-01-31", "open", ends),
        ("2026-02-01", "open", ends),
    ):
        found = judged(rule(ONCE_A_MONTH), leaders(1), until, began="2026-01-02")
        assert [(one.state, one.period, one.wake) for one in found] == [(state, "2026-02", wake)]


def test_the_year_in_which_the_record_begins_is_judged_when_its_first_half_is_covered() -> None:
    once_a_year = ONCE_A_MONTH.replace("period: month", "period: year")
    facts = leaders(1)
    there = world(facts, "2026-12-31")
    there.set_up = Moment("2025-06-01").earliest
    tally = rule(once_a_year).tally
    assert tally is not None
    found = []
    for began in ("2026-06-01", "2026-08-01"):
        there.began = Moment(began).earliest
        found.append([(one.state, one.period) for one in judge_all(tally, there, [])])
    assert found == [[("violated", "2026"), ("open", "2027")], [("open", "2027")]]


def test_enough_in_the_period_in_which_the_record_begins_is_said() -> None:
    found = stands(rule(ONCE_A_MONTH), [*leaders(1), *meetings("2026-01-20")], "2026-01-31", began="2026-01-19")
    assert found == [Stand("satisfied", None, "2026-01"), Stand("open", None, "2026-02")]


def test_periods_before_the_rulebook_was_in_force_are_not_judged() -> None:
    found = stands(rule(ONCE_A_MONTH, since="2026-02-10"), leaders(1), "2026-03-31")
    assert found == [Stand("violated", None, "2026-03"), Stand("open", None, "2026-04")]


@pytest.mark.parametrize(
    ("days", "states"),
    [
        (("2026-01-05", "2026-01-31"), ["satisfied"]),
        (("2026-01-05", "2026-01-15", "2026-01-31"), ["violated"]),
        (("2026-01-05", "2026-01-15", "2026-02-01"), ["satisfied", "satisfied"]),
    ],
)
def test_each_fact_too_many_is_a_breach_at_once(days: tuple[str, ...], states: list[str]) -> None:
    found = judged(rule(AT_MOST_TWO), [*leaders(1), *meetings(*days)], "2026-01-01")
    assert [one.state for one in found] == states
    if states == ["violated"]:
        assert found[0].trigger.occurred_at.text == "2026-01-31"
        assert said(found[0]) == "2026-01 累计 3，最多 2：2026-01-05 2026-01-15 2026-01-31"


def test_both_bounds_are_kept_apart() -> None:
    facts = [*leaders(1), *meetings("2026-01-05", "2026-01-15", "2026-01-31")]
    assert stands(rule(ONE_OR_TWO), facts, "2026-01-31") == [
        Stand("violated", None, "2026-01"),
        Stand("satisfied", None, "2026-01"),
        Stand("open", None, "2026-02"),
    ]
    assert stands(rule(ONE_OR_TWO), [*leaders(1), *meetings("2026-01-05")], "2026-01-30") == [
        Stand("satisfied", None, "2026-01")
    ]


def test_what_does_not_meet_the_conditions_is_not_counted() -> None:
    facts = [*leaders(1), *meetings("2026-01-05", "2026-01-15"), *meeting("2026-01-20", kind="plenary")]
    assert stands(rule(AT_MOST_TWO), facts, "2026-01-31") == [Stand("satisfied", None, "2026-01")]


def test_a_meeting_of_unknown_kind_leaves_the_count_open_where_it_matters() -> None:
    unknown = fact("meeting.opened", "meeting/x", "2026-01-20", chair="p-1")
    two = [*leaders(1), *meetings("2026-01-05", "2026-01-15"), unknown]
    found = judged(rule(AT_MOST_TWO), two, "2026-01-31")
    assert [(one.state, one.missing) for one in found] == [("not_determinable", ("meeting/x: kind",))]
    assert stands(rule(AT_MOST_TWO), [*leaders(1), *meetings("2026-01-05"), unknown], "2026-01-31") == [
        Stand("satisfied", None, "2026-01")
    ]
    alone = judged(rule(ONCE_A_MONTH), [*leaders(1), unknown], "2026-01-31")
    assert [(one.state, one.missing) for one in alone] == [("not_determinable", ("meeting/x: kind",)), ("open", ())]


def test_a_key_is_counted_for_itself() -> None:
    facts = [*leaders(1)]
    for number, host in enumerate(("u-land", "u-finance", "u-land")):
        facts += meeting(f"2026-0{number + 1}-10", kind="district_wide", host=host)
    found = judged(rule(PER_HOST), facts, "2026-12-31")
    assert [(one.subject, one.state, one.party) for one in found] == [
        ("unit/u-finance", "satisfied", "u-finance"),
        ("unit/u-land", "violated", "u-land"),
    ]


def decided(number: int, amount: str | None) -> AnyFact:
    given: dict[str, object] = {"item": number, "matter": f"matter/m-{number}", "decision": "1", "outcome": "adopted"}
    if amount is not None:
        given["amount_wan"] = amount
    return fact("meeting.decision_made", "meeting/zw-1", "2026-05-05", **given)


@pytest.mark.parametrize(("last", "state"), [("40", "satisfied"), ("40.01", "violated")])
def test_amounts_are_added_exactly(last: str, state: str) -> None:
    found = stands(rule(MONEY), [*leaders(1), decided(1, "60"), decided(2, last)], "2026-12-31")
    assert found == [Stand(state, None, "2026")]


def test_an_amount_that_is_not_recorded_may_be_any() -> None:
    found = judged(rule(MONEY), [*leaders(1), decided(1, "60"), decided(2, None)], "2026-12-31")
    assert [(one.state, one.missing) for one in found] == [
        ("not_determinable", ("meeting/zw-1 meeting.decision_made.v1: amount_wan",))
    ]
    surely = stands(rule(MONEY), [*leaders(1), decided(1, "101"), decided(2, None)], "2026-12-31")
    assert surely == [Stand("violated", None, "2026")]


def test_distinct_days_count_once_and_a_key_is_judged_from_the_period_in_which_it_first_occurs() -> None:
    twice = [*leaders(1), *meetings("2026-05-10"), *meeting("2026-05-10", number=1)]
    assert stands(rule(DISTINCT_DAYS), twice, "2026-06-30") == [
        Stand("violated", "p-1", "2026-Q2"),
        Stand("open", "p-1", "2026-Q3"),
    ]
    more = [*twice, *meetings("2026-05-11")]
    assert stands(rule(DISTINCT_DAYS), more, "2026-06-30")[0] == Stand("satisfied", "p-1", "2026-Q2")


@pytest.mark.parametrize(
    ("second", "state"),
    [
        ("u-water", "violated"),
        ("u-town", "satisfied"),
        ("u-finance", "satisfied"),
        ("u-nobody-knows", "not_determinable"),
    ],
)
def test_only_values_that_fit_count_and_one_of_which_that_is_not_known_may(second: str, state: str) -> None:
    made = fact("visit.made", "visit/v-1", "2026-05-10", companions=[{"unit": "u-finance"}, {"unit": second}])
    units = [
        fact("roster.unit_established", f"unit/{unit}", "2026-01-01", name=unit, kind=kind)
        for unit, kind in (("u-finance", "department"), ("u-water", "department"), ("u-town", "town"))
    ]
    assert [one.state for one in stands(rule(UNITS_ALONG), [*units, made], "2026-12-31")][:1] == [state]


@pytest.mark.parametrize(("second", "state"), [("2026-01-15", "satisfied"), ("2026-01-16", "violated")])
def test_the_next_one_must_come_before_a_rolling_window_ends(second: str, state: str) -> None:
    found = judged(rule(EVERY_TWO_WEEKS), [*leaders(1), *meetings("2026-01-01", second)], "2026-01-20")
    assert [(one.state, one.period) for one in found] == [(state, "next"), ("open", "next")]
    assert found[1].wake == found[1].due


def test_a_rolling_window_that_ran_out_without_the_next_is_a_breach_by_time() -> None:
    found = judged(rule(EVERY_TWO_WEEKS), [*leaders(1), *meetings("2026-01-01")], "2026-01-15")
    assert [(one.state, one.expired) for one in found] == [("violated", True)]


@pytest.mark.parametrize(("third", "state"), [("2026-01-08", "violated"), ("2026-01-09", "satisfied")])
def test_a_rolling_window_holds_no_more_than_so_many(third: str, state: str) -> None:
    facts = [*leaders(1), *meetings("2026-01-01", "2026-01-05", third)]
    assert [one.state for one in stands(rule(TWO_IN_A_WEEK), facts, "2026-01-31")] == [state]


def convened(day: str, by: str | None) -> list[AnyFact]:
    planned, _ = meeting(day)
    whom = {} if by is None else {"convener": by}
    return [planned, fact("meeting.opened", f"meeting/{day}-0", day, chair="p-1", **whom)]


@pytest.mark.parametrize(
    ("first", "second", "states"),
    [
        ("p-1", None, ["not_determinable", "not_determinable"]),
        (None, "p-1", ["violated"]),
        (None, None, ["not_determinable", "not_determinable"]),
        (None, "p-2", ["not_determinable"]),
        ("p-2", "p-2", []),
    ],
)
def test_one_that_may_count_may_begin_a_rolling_window_and_may_end_it(
    first: str | None, second: str | None, states: list[str]
) -> None:
    by_the_head = rule(EVERY_TWO_WEEKS.replace("opened}", "opened, when: [{path: trigger.convener, is: p-1}]}"))
    facts = [*leaders(1), *convened("2026-01-01", first), *convened("2026-01-10", second)]
    found = judged(by_the_head, facts, "2026-02-10")
    assert [one.state for one in found] == states
    assert all(one.missing for one in found if one.state == "not_determinable")


@pytest.mark.parametrize(("third", "state"), [(None, "not_determinable"), ("p-1", "violated"), ("p-2", "satisfied")])
def test_one_that_may_count_may_be_one_too_many_of_a_rolling_window(third: str | None, state: str) -> None:
    by_the_head = rule(TWO_IN_A_WEEK.replace("opened}", "opened, when: [{path: trigger.convener, is: p-1}]}"))
    days = [*convened("2026-01-01", "p-1"), *convened("2026-01-02", "p-1"), *convened("2026-01-03", third)]
    (found,) = judged(by_the_head, [*leaders(1), *days], "2026-02-10")
    assert (found.state, bool(found.missing)) == (state, state == "not_determinable")


def test_the_order_of_recording_changes_nothing() -> None:
    days = ("2026-01-05", "2026-01-15", "2026-01-31")
    found = {
        tuple(
            (one.state, one.trigger.occurred_at.text)
            for one in judged(rule(AT_MOST_TWO), [*leaders(1), *meetings(*order)], "2026-02-01")
        )
        for order in permutations(days)
    }
    assert found == {(("violated", "2026-01-31"),)}


@pytest.mark.parametrize(
    "wrong",
    [
        "count: {fact: meeting.opened}\nperiod: month",
        "count: {fact: meeting.opened}\nperiod: week\nat_most: 1",
        "count: {fact: meeting.opened}\nperiod: month\nat_least: 3\nat_most: 2",
        "count: {fact: meeting.opened}\nperiod: month\nat_most: -1",
        "count: {fact: meeting.opened}\nperiod: {rolling: {n: 7, unit: day}}\nat_least: 2",
        "sum: {fact: funds.paid}\nperiod: year\nat_most: 1",
        "count: {fact: meeting.opened}\nkey: case.kind\nperiod: year\nat_most: 1",
        "period: year\nat_most: 1",
    ],
)
def test_a_count_that_says_nothing_clear_is_refused(wrong: str) -> None:
    with pytest.raises(CompileError):
        rule(f"kind: tally\n{wrong}\n")


def test_whoever_is_in_office_all_the_year_is_held_to_it_though_nothing_is_counted_for_him() -> None:
    left = fact(
        "roster.person_left_post",
        "post/post-p-4-deputy_head",
        "2026-06-30",
        person="p-4",
        left_on="2026-06-30",
        leaving_reason="retired",
    )
    came = post("p-5", "deputy_head", **{"from": "2026-02-01"})
    found = stands(rule(ONCE_EACH), [*leaders(4), left, *came, *meetings("2026-01-20")], "2026-12-30")
    assert found == [
        Stand("satisfied", "p-1", "2026"),
        Stand("open", "p-2", "2026"),
        Stand("open", "p-3", "2026"),
        Stand("waiting", "p-5", "2027"),
    ]


def test_what_may_be_the_first_accuses_nobody_until_one_surely_counts() -> None:
    maybe = fact("meeting.opened", "meeting/maybe", "2026-02-10", chair="p-1")
    of = rule(ONCE_A_MONTH + "since: first\n")
    found = judged(of, [*leaders(1), maybe, *meetings("2026-05-20")], "2026-07-15")
    assert [(one.period, one.state, one.missing) for one in found] == [
        ("2026-02", "not_determinable", ("meeting/maybe: kind",)),
        ("2026-03", "not_determinable", ("meeting/maybe: kind",)),
        ("2026-04", "not_determinable", ("meeting/maybe: kind",)),
        ("2026-05", "satisfied", ()),
        ("2026-06", "violated", ()),
        ("2026-07", "open", ()),
    ]


def visit(number: int, days: str, **more: object) -> AnyFact:
    return fact("visit.made", f"visit/v-{number}", f"2026-0{number}-10", days_spent=days, **more)


@pytest.mark.parametrize(
    ("days", "states"),
    [
        ("20", ["satisfied", "not_determinable", "violated"]),
        ("19.5", ["satisfied", "violated", "violated"]),
        ("60", ["satisfied", "not_determinable", "not_determinable"]),
    ],
)
def test_what_is_counted_for_one_not_recorded_may_count_for_each_who_is_held_to_it(
    days: str, states: list[str]
) -> None:
    facts = [*leaders(3), visit(1, "40", leaders=["p-1", "p-2"]), visit(2, "20", leaders=["p-1"]), visit(3, days)]
    found = judged(rule(DAYS_OF_EACH), facts, "2026-12-31")
    assert [one.state for one in found if one.period == "2026"] == states
    missing = [one.missing for one in found if one.state == "not_determinable"]
    assert missing == [("visit/v-3: leaders",)] * states.count("not_determinable")


def test_what_is_counted_for_nobody_counts_for_none_who_is_held_to_it() -> None:
    found = stands(rule(DAYS_OF_EACH), [*leaders(1), visit(3, "60", leaders=[])], "2026-12-31")
    assert found == [Stand("violated", "p-1", "2026"), Stand("open", "p-1", "2027")]


@pytest.mark.parametrize("wrong", [("key: trigger.chair\n", ""), ("members: executive", "unit_kinds: [department]")])
def test_who_is_held_to_it_has_to_be_of_the_kind_of_the_key(wrong: tuple[str, str]) -> None:
    with pytest.raises(CompileError, match="among"):
        rule(ONCE_EACH.replace(*wrong))


def test_a_department_that_stood_all_the_year_is_held_to_it_though_nothing_is_counted_for_it() -> None:
    stood = [
        fact("roster.unit_established", f"unit/u-{name}", since, name=name, kind=kind)
        for name, since, kind in (
            ("old", "2024-01-02", "department"),
            ("closed", "2024-01-02", "department"),
            ("new", "2026-01-02", "department"),
            ("town", "2024-01-02", "town"),
        )
    ]
    closed = fact("roster.unit_closed", "unit/u-closed", "2026-12-31", reason="机构合并")
    found = judged(rule(EACH_DEPARTMENT), [*leaders(1), *stood, closed, *meetings("2026-01-20")], "2026-12-30")
    assert [(one.subject, one.trigger.id, one.period, one.state) for one in found] == [
        ("unit/u-new", stood[2].id, "2027", "waiting"),
        ("unit/u-old", stood[0].id, "2026", "open"),
    ]
