"""What must be done within a limit."""

from __future__ import annotations

import pytest

from events.fact import AnyFact
from events.moment import Moment
from rulebooks.problems import CompileError
from tests.rulebooks.kinds.histories import Stand, fact, judged, rule, said, stands

REPLY = """
kind: deadline
opens: countersign.requested
per: trigger.departments
from:
  - fact: countersign.received
    where: [{path: it.department, same_as: party}, {path: it.complete, is: true}]
    pick: first
  - trigger
due: {within: {n: 5, unit: working_day}}
instead:
  - {path: trigger.reply_by}
  - fact: countersign.extension_agreed
    where: [{path: it.department, same_as: party}]
    value: it.until
    before: expiry
pauses:
  - begins: {fact: countersign.materials_returned, where: [{path: it.department, same_as: party}]}
    ends:
      fact: countersign.received
      where: [{path: it.department, same_as: party}, {path: it.complete, is: true}]
    then: restart
closes: [{fact: countersign.replied, where: [{path: it.department, same_as: party}]}]
ends: [{fact: countersign.withdrawn}]
on_expiry: deemed_no_objection
"""
RESUMED = REPLY.replace("then: restart", "then: resume").replace("pick: first\n  - trigger", "pick: first")
TIERS = """
kind: deadline
opens: meeting.closed
tiers:
  - {due: {within: {n: 5, unit: working_day}}, modality: generally}
  - {due: {within: {n: 15, unit: working_day}}, modality: must}
closes: [{fact: minutes.issued, about: case}]
"""
HOURS = """
kind: deadline
opens: duty.event_recorded
due: {within: {n: 2, unit: hour}}
closes: [{fact: duty.event_reported}]
"""
TASK = """
kind: deadline
opens: instruction.issued
due: DUE
closes: [{fact: instruction.completed}]
unless: [{path: trigger.kind, is: concern}]
"""
CASE = "countersign/cs-1"
MONDAY = "2026-09-28"
DUE = "2026-10-10"
"""The fifth working day after that Monday: a Saturday worked after the National Day week."""


def requested(*departments: str, on: str = MONDAY, **more: object) -> AnyFact:
    given = {"kind": "countersign", "about": "matter/m-1", "sponsor": "u-housing", "form": "online", **more}
    return fact("countersign.requested", CASE, on, departments=list(departments or ("u-land",)), **given)


def replied(at: str, department: str = "u-land") -> AnyFact:
    return fact("countersign.replied", CASE, at, department=department, stance="agree")


def extended(on: str, until: str) -> AnyFact:
    return fact("countersign.extension_agreed", CASE, on, department="u-land", until=until, form="written")


def returned(on: str) -> AnyFact:
    return fact("countersign.materials_returned", CASE, on, department="u-land", missing=["正文"])


def received(on: str, *, complete: bool = True) -> AnyFact:
    return fact("countersign.received", CASE, on, department="u-land", complete=complete)


@pytest.mark.parametrize(
    ("at", "state"), [(DUE, "satisfied"), ("2026-10-10T23:59+08:00", "satisfied"), ("2026-10-11", "violated")]
)
def test_the_last_day_counts_to_its_end(at: str, state: str) -> None:
    assert stands(rule(REPLY), [requested(), replied(at)]) == [Stand(state, "u-land")]


def test_each_party_is_judged_for_itself() -> None:
    facts = [requested("u-land", "u-finance"), replied(MONDAY, "u-finance")]
    assert stands(rule(REPLY), facts, DUE) == [Stand("violated", "u-land"), Stand("satisfied", "u-finance")]


def test_it_runs_until_the_last_day_is_over_and_only_the_clock_ends_it() -> None:
    due = Moment(DUE).latest
    found = judged(rule(REPLY), [requested()], "2026-10-10T23:00+08:00")
    assert [(one.state, one.due, one.wake, one.provisional) for one in found] == [("open", due, due, False)]
    found = judged(rule(REPLY), [requested()], DUE)
    assert [(one.state, one.due, one.wake, one.expired) for one in found] == [("violated", due, None, True)]
    assert "期间放假" in said(found[0])
    assert "逾期不回复视为无不同意见" in said(found[0])


def test_a_reply_late_is_violated_by_the_fact_and_says_by_how_much() -> None:
    found = judged(rule(REPLY), [requested(), replied("2026-10-12")])
    assert [(one.state, one.expired) for one in found] == [("violated", False)]
    assert "逾期 2 日（1 个工作日）" in said(found[0])


def test_a_limit_in_days_says_by_how_many_days_alone() -> None:
    within_days = rule(REPLY.replace("{n: 5, unit: working_day}", "{n: 7, unit: day}"))
    (found,) = judged(within_days, [requested(), replied("2026-10-07")])
    assert said(found).endswith("2026-10-07 才办，逾期 2 日")


def test_a_limit_stated_in_the_paper_takes_the_place_of_the_rule() -> None:
    facts = [requested(reply_by="2026-09-29")]
    assert stands(rule(REPLY), [*facts, replied("2026-09-29")]) == [Stand("satisfied", "u-land")]
    assert stands(rule(REPLY), [*facts, replied("2026-09-30")]) == [Stand("violated", "u-land")]


@pytest.mark.parametrize(("agreed", "state"), [(DUE, "satisfied"), ("2026-10-11", "violated")])
def test_an_extension_counts_when_it_was_agreed_before_the_limit_ran_out(agreed: str, state: str) -> None:
    facts = [requested(), extended(agreed, "2026-10-20"), replied("2026-10-20")]
    assert stands(rule(REPLY), facts) == [Stand(state, "u-land")]


def test_material_sent_back_stops_the_clock_and_complete_material_starts_it_anew() -> None:
    back = [requested(), returned("2026-09-29")]
    found = judged(rule(REPLY), back, "2026-12-31")
    assert [(one.state, one.wake) for one in found] == [("paused", None)]
    incomplete = [*back, received("2026-09-30", complete=False)]
    assert stands(rule(REPLY), incomplete) == [Stand("paused", "u-land")]
    anew = [*back, received("2026-10-12")]
    assert stands(rule(REPLY), [*anew, replied("2026-10-19")]) == [Stand("satisfied", "u-land")]
    assert stands(rule(REPLY), [*anew, replied("2026-10-20")]) == [Stand("violated", "u-land")]


def test_material_sent_back_after_the_limit_ran_out_stops_nothing() -> None:
    asked = [requested(), received(MONDAY)]
    in_time, too_late = returned("2026-10-10T23:00+08:00"), returned("2026-10-11")
    assert stands(rule(REPLY), [*asked, in_time], "2026-12-31") == [Stand("paused", "u-land")]
    assert stands(rule(REPLY), [*asked, too_late], "2026-12-31") == [Stand("violated", "u-land")]
    anew = [received("2026-10-12"), replied("2026-10-14")]
    assert stands(rule(REPLY), [*asked, in_time, *anew]) == [Stand("satisfied", "u-land")]
    found = judged(rule(REPLY), [*asked, too_late, *anew])
    assert [(one.state, one.due) for one in found] == [("violated", Moment(DUE).latest)]
    resumed = [requested(), received("2026-10-12"), returned("2026-10-13"), received("2026-10-15")]
    assert stands(rule(RESUMED), [*resumed, returned("2026-10-21")]) == [Stand("paused", "u-land")]
    assert stands(rule(RESUMED), [*resumed, returned("2026-10-22")], "2026-12-31") == [Stand("violated", "u-land")]


def test_each_tier_is_stopped_only_by_material_sent_back_before_it_ran_out() -> None:
    tiers = REPLY.replace(
        "due: {within: {n: 5, unit: working_day}}",
        "tiers:\n  - {due: {within: {n: 1, unit: working_day}}, modality: generally}"
        "\n  - {due: {within: {n: 5, unit: working_day}}, modality: must}",
    )
    facts = [requested(), received(MONDAY), returned("2026-09-30")]
    assert stands(rule(tiers), facts, "2026-12-31") == [
        Stand("violated", "u-land", "tier 1"),
        Stand("paused", "u-land", "tier 2"),
    ]


def test_a_clock_that_resumes_is_lengthened_by_the_working_days_it_stood_still() -> None:
    facts = [received("2026-10-12"), requested(), returned("2026-10-13"), received("2026-10-15")]
    assert stands(rule(RESUMED), [*facts, replied("2026-10-21")]) == [Stand("satisfied", "u-land")]
    assert stands(rule(RESUMED), [*facts, replied("2026-10-22")]) == [Stand("violated", "u-land")]


def test_a_request_withdrawn_in_time_awaits_nothing() -> None:
    withdrawn = fact("countersign.withdrawn", CASE, "2026-09-30", reason="撤回")
    assert stands(rule(REPLY), [requested(), withdrawn]) == []
    too_late = fact("countersign.withdrawn", CASE, "2026-10-12", reason="撤回")
    assert stands(rule(REPLY), [requested(), too_late]) == [Stand("violated", "u-land")]


def test_a_late_reply_to_a_request_withdrawn_in_time_is_no_breach_and_one_in_time_still_counts() -> None:
    withdrawn = fact("countersign.withdrawn", CASE, "2026-09-30", reason="撤回")
    assert stands(rule(REPLY), [requested(), withdrawn, replied("2026-10-12")]) == []
    assert stands(rule(REPLY), [requested(), withdrawn, replied(DUE)]) == [Stand("satisfied", "u-land")]


def test_what_is_asked_anew_begins_a_round_in_which_earlier_answers_receipts_and_extensions_do_not_count() -> None:
    anew = requested(on="2026-10-12T09:00+08:00")
    first = [requested(), received(MONDAY), extended(MONDAY, DUE), replied("2026-10-09")]
    withdrawn = fact("countersign.withdrawn", CASE, "2026-10-09", reason="撤回")
    history = [*first, withdrawn, anew]
    assert stands(rule(REPLY), history) == [Stand("satisfied", "u-land"), Stand("satisfied", "u-land")]
    found = judged(rule(f"{REPLY}rounds: true\n"), history)
    assert [one.state for one in found] == ["satisfied", "violated"]
    assert said(found[1]).startswith("自 2026-10-12 09:00 起（起算日不计）5个工作日，至 2026-10-19 届满")


@pytest.mark.parametrize("asked", [MONDAY, f"{MONDAY}T10:00+08:00"])
def test_an_answer_of_the_day_of_the_request_belongs_to_its_round(asked: str) -> None:
    by_round = rule(f"{REPLY}rounds: true\n")
    request = requested(on=asked)
    assert stands(by_round, [request, replied(MONDAY)]) == [Stand("satisfied", "u-land")]


def test_beyond_the_last_holiday_notice_the_due_day_is_provisional() -> None:
    late = fact(
        "countersign.requested",
        CASE,
        "2031-03-03",
        kind="countersign",
        about="matter/m-1",
        sponsor="u-housing",
        form="online",
        departments=["u-land"],
    )
    found = judged(rule(REPLY), [late], "2031-03-04")
    assert [(one.state, one.provisional, one.calendars) for one in found] == [("open", True, (2031,))]


@pytest.mark.parametrize(
    ("issued", "states"),
    [
        ("2026-03-10", ["satisfied", "satisfied"]),
        ("2026-03-11", ["violated", "satisfied"]),
        ("2026-03-25", ["violated", "violated"]),
    ],
)
def test_each_tier_has_its_own_limit_and_force(issued: str, states: list[str]) -> None:
    facts = [
        fact("meeting.closed", "meeting/zw-1", "2026-03-03", minutes_need="required"),
        fact(
            "minutes.drafted", "minutes/jy-1", "2026-03-04", meeting="meeting/zw-1", drafter="u-office", decisions=["1"]
        ),
        fact("minutes.issued", "minutes/jy-1", issued, number="3号", to_units=["u-land"]),
    ]
    found = judged(rule(TIERS), facts)
    assert [(one.state, one.period, one.modality) for one in found] == [
        (states[0], "tier 1", "generally"),
        (states[1], "tier 2", "must"),
    ]


@pytest.mark.parametrize(
    ("at", "state"),
    [
        ("2026-03-03T11:00+08:00", "satisfied"),
        ("2026-03-03T11:01+08:00", "violated"),
        ("2026-03-03", "not_determinable"),
        ("2026-03-04", "violated"),
    ],
)
def test_hours_run_through_and_a_day_without_an_hour_leaves_it_open(at: str, state: str) -> None:
    facts = [
        fact(
            "duty.event_recorded",
            "emergency/e-1",
            "2026-03-03T09:00+08:00",
            title="突发事件",
            kind="sudden_event",
            event_grade="major",
            unit="u-town",
        ),
        fact("duty.event_reported", "emergency/e-1", at, from_unit="u-town", form="phone", stage="first"),
    ]
    assert stands(rule(HOURS), facts) == [Stand(state)]


def task(due: str) -> str:
    return TASK.replace("DUE", due)


def issued(**more: object) -> AnyFact:
    given = {"kind": "leader_instruction", "content": "办理", "units": ["u-land"], **more}
    return fact("instruction.issued", "task/t-1", "2026-03-03", **given)


def completed(on: str) -> AnyFact:
    return fact("instruction.completed", "task/t-1", on, unit="u-land", summary="办结")


@pytest.mark.parametrize(("on", "state"), [("2026-03-20", "satisfied"), ("2026-03-21", "violated")])
def test_a_date_that_the_paper_states_is_the_limit(on: str, state: str) -> None:
    of = rule(task("{by: trigger.due}"))
    assert stands(of, [issued(due="2026-03-20"), completed(on)]) == [Stand(state)]
    assert stands(of, [issued()]) == [Stand("open")]


@pytest.mark.parametrize(
    ("end", "last", "after"),
    [
        ("month", "2026-03-31", "2026-04-01"),
        ("quarter", "2026-03-31", "2026-04-01"),
        ("half_year", "2026-06-30", "2026-07-01"),
        ("year", "2026-12-31", "2027-01-01"),
    ],
)
def test_the_end_of_a_period_may_be_the_limit(end: str, last: str, after: str) -> None:
    of = rule(task(f"{{at_end_of: {end}}}"))
    assert stands(of, [issued(), completed(last)]) == [Stand("satisfied")]
    assert stands(of, [issued(), completed(after)]) == [Stand("violated")]


def test_without_a_limit_it_stays_open_and_is_never_late() -> None:
    of = rule(task("none"))
    found = judged(of, [issued()], "2030-01-01")
    assert [(one.state, one.due, one.wake) for one in found] == [("open", None, None)]
    assert stands(of, [issued(), completed("2029-01-01")]) == [Stand("satisfied")]


def test_a_stated_exception_excuses() -> None:
    of = rule(task("{within: {n: 1, unit: day}}"))
    assert stands(of, [issued(kind="concern")]) == [Stand("satisfied")]
    assert stands(of, [issued()]) == [Stand("violated")]


@pytest.mark.parametrize(
    "due", ["sometime", "{within: {n: 1, unit: week}}", "{within: {n: -1, unit: day}}", "{at_end_of: week}", "{}"]
)
def test_a_limit_that_is_none_is_refused(due: str) -> None:
    with pytest.raises(CompileError):
        rule(task(due))
