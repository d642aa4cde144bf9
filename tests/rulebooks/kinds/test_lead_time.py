"""What must be done so long before an act."""

from __future__ import annotations

from itertools import permutations

import pytest

from events.fact import AnyFact
from tests.rulebooks.kinds.histories import Stand, fact, judged, rule, said, stands

FIVE_DAYS = """
kind: lead_time
on: meeting.planned
settle: now
act_at: case.starts_at
done: [{fact: meeting.materials_distributed}]
at_least: {n: 5, unit: working_day}
"""
DAY = FIVE_DAYS.replace("n: 5, unit: working_day", "n: 1, unit: day")
HOURS = FIVE_DAYS.replace("n: 5, unit: working_day", "n: 24, unit: hour")
COUNTING_THE_DAY = FIVE_DAYS.replace("working_day}", "working_day, count_from: same_day}")
AT_THE_OPENING = FIVE_DAYS.replace("meeting.planned", "meeting.opened").replace("case.starts_at", "trigger.occurred_at")
UNLESS_URGENT = FIVE_DAYS + "unless: [{path: case.extraordinary, is: true}]\n"
TO_THE_FIRST = HOURS.replace(
    "materials_distributed}", "materials_distributed, where: [{path: it.actor.person, is: p-9}]}"
)
CASE = "meeting/m"


def planned(starts_at: str = "2025-10-16T09:00+08:00", on: str = "2025-10-01", **more: object) -> AnyFact:
    given = {"kind": "executive", "title": "会议", "host": "u-office", "mode": "in_person", **more}
    return fact("meeting.planned", CASE, on, starts_at=starts_at, **given)


def sent(at: str, by: str | None = None) -> AnyFact:
    actor = {"unit": "u-office"} if by is None else {"unit": "u-office", "person": by}
    return fact("meeting.materials_distributed", CASE, at, actor, items=[1], to_persons=["p-1"], return_after=False)


@pytest.mark.parametrize(("day", "state"), [("2025-10-10", "satisfied"), ("2025-10-11", "violated")])
def test_working_days_are_counted_back_over_make_up_days(day: str, state: str) -> None:
    # 15, 14, 13, 11 (a Saturday worked) and 10 October are the five working days before Thursday the 16th.
    assert stands(rule(FIVE_DAYS), [planned(), sent(day)]) == [Stand(state)]


def test_the_reason_names_the_days() -> None:
    found = judged(rule(FIVE_DAYS), [planned(), sent("2025-10-11")])
    assert "最迟 2025-10-10" in said(found[0])
    assert "仅提前 4 个工作日" in said(found[0])


@pytest.mark.parametrize(("text", "act"), [(FIVE_DAYS, "2025-10-15"), (COUNTING_THE_DAY, "2025-10-14")])
def test_the_reason_counts_no_day_off_on_which_it_was_done(text: str, act: str) -> None:
    found = judged(rule(text), [planned(f"{act}T09:00+08:00"), sent("2025-10-12")])
    assert "仅提前 2 个工作日" in said(found[0])


def test_when_the_day_of_the_act_counts_one_day_less_is_wanted() -> None:
    assert stands(rule(COUNTING_THE_DAY), [planned(), sent("2025-10-11")]) == [Stand("satisfied")]
    assert stands(rule(COUNTING_THE_DAY), [planned(), sent("2025-10-13")]) == [Stand("violated")]


@pytest.mark.parametrize(("at", "state"), [("2025-10-15T23:59+08:00", "satisfied"), ("2025-10-16", "violated")])
def test_a_day_before_is_the_day_before_whatever_the_hour(at: str, state: str) -> None:
    assert stands(rule(DAY), [planned(), sent(at)]) == [Stand(state)]


@pytest.mark.parametrize(
    ("at", "state"),
    [
        ("2025-10-15T09:00+08:00", "satisfied"),
        ("2025-10-15T09:01+08:00", "violated"),
        ("2025-10-15", "not_determinable"),
        ("2025-10-14", "satisfied"),
    ],
)
def test_hours_run_back_from_the_moment_of_the_act(at: str, state: str) -> None:
    assert stands(rule(HOURS), [planned(), sent(at)]) == [Stand(state)]


def test_an_undone_thing_is_open_until_its_latest_day_is_over() -> None:
    due = sent("2025-10-10").occurred_at.latest
    found = judged(rule(FIVE_DAYS), [planned()], "2025-10-10T23:00+08:00")
    assert [(one.state, one.due, one.wake) for one in found] == [("open", due, due)]
    found = judged(rule(FIVE_DAYS), [planned()], "2025-10-10")
    assert [(one.state, one.expired, one.wake) for one in found] == [("violated", True, None)]


def test_nothing_recorded_when_the_act_is_there_is_a_breach_without_a_clock() -> None:
    opened = fact("meeting.opened", CASE, "2025-10-16T09:00+08:00", chair="p-1")
    found = judged(rule(AT_THE_OPENING), [planned(), opened], "2025-10-01")
    assert [(one.state, one.expired) for one in found] == [("violated", False)]


def test_a_meeting_put_off_gives_more_time() -> None:
    moved = fact("meeting.rescheduled", CASE, "2025-10-09", starts_at="2025-10-17T09:00+08:00", reason="改期")
    assert stands(rule(FIVE_DAYS), [planned(), moved, sent("2025-10-11")]) == [Stand("satisfied")]


def test_the_earliest_of_several_counts() -> None:
    assert stands(rule(FIVE_DAYS), [planned(), sent("2025-10-14"), sent("2025-10-10")]) == [Stand("satisfied")]


def test_a_stated_exception_excuses() -> None:
    urgent = planned(extraordinary=True)
    assert stands(rule(UNLESS_URGENT), [urgent, sent("2025-10-15")]) == [Stand("satisfied")]
    assert stands(rule(UNLESS_URGENT), [planned(), sent("2025-10-15")]) == [Stand("not_determinable")]


def test_an_imported_plan_does_not_show_that_nothing_was_done() -> None:
    opened = fact("meeting.opened", CASE, "2025-10-16T09:00+08:00", chair="p-1")
    assert stands(rule(AT_THE_OPENING), [opened]) == [Stand("not_determinable")]


@pytest.mark.parametrize(
    ("opened", "state"), [(None, "satisfied"), ("2025-10-16T09:00+08:00", "satisfied"), ("2025-10-15", "violated")]
)
def test_of_several_moments_of_the_act_the_first_that_is_recorded_counts(opened: str | None, state: str) -> None:
    text = FIVE_DAYS.replace("case.starts_at", "[first.meeting.opened.occurred_at, case.starts_at]")
    facts = [planned(), sent("2025-10-10")]
    facts += [] if opened is None else [fact("meeting.opened", CASE, opened, chair="p-1")]
    assert stands(rule(text), facts) == [Stand(state)]


IN_TIME, LATE, SOME_HOUR = "2025-10-14T09:00+08:00", "2025-10-15T10:00+08:00", "2025-10-15"
WHO = "meeting/m meeting.materials_distributed.v1: actor.person"
HOUR = "meeting/m meeting.materials_distributed.v1: occurred_at"


@pytest.mark.parametrize(
    ("facts", "state", "missing"),
    [
        ([sent(IN_TIME)], "not_determinable", (WHO,)),
        ([sent(LATE)], "violated", ()),
        ([sent(IN_TIME), sent(LATE, "p-9")], "not_determinable", (WHO,)),
        ([sent(LATE), sent(LATE, "p-9")], "violated", ()),
        ([sent(LATE), sent(IN_TIME, "p-9")], "satisfied", ()),
        ([sent(SOME_HOUR, "p-9"), sent(LATE, "p-9")], "not_determinable", (HOUR,)),
        ([sent(SOME_HOUR)], "not_determinable", (WHO, HOUR)),
        ([sent(IN_TIME, "p-8")], "violated", ()),
    ],
)
def test_only_what_may_have_been_in_time_leaves_it_open(
    facts: list[AnyFact], state: str, missing: tuple[str, ...]
) -> None:
    for order in permutations([planned(), *facts]):
        (found,) = judged(rule(TO_THE_FIRST), order)
        assert (found.state, found.missing) == (state, missing)
