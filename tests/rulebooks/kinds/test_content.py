"""What a record must carry."""

from __future__ import annotations

import pytest

from events.fact import AnyFact
from rulebooks.language.limits import Limit
from tests.rulebooks.kinds.histories import Stand, fact, judged, rule, said, stands

NUMBERED = """
kind: content
on: minutes.issued
carries:
  - {zh: 文号, en: a number, path: trigger.number, given: true}
  - {zh: 至少两个发送单位, en: two units, path: trigger.to_units, count: {at_least: 2}}
"""
REASONED = """
kind: content
on: meeting.closed
when: [{path: trigger.minutes_need, is: none}]
carries: [{zh: 理由, en: a reason, path: trigger.reason, given: true}]
unless: [{path: case.kind, is: study_session}]
"""


ANSWERED = """
kind: content
on: document.reviewed
carries:
  - zh: 一至两项肯定
    en: one or two answers are yes
    some: trigger.answers
    where: [{path: entry.question, is: sets_licence}, {path: entry.answer, is: true}]
    count: {at_least: 1, at_most: 2}
"""


def issued(*units: str) -> AnyFact:
    return fact("minutes.issued", "minutes/jy-1", "2026-03-20", number="〔2026〕3号", to_units=list(units))


def closed(**more: object) -> AnyFact:
    return fact("meeting.closed", "meeting/zw-1", "2026-03-20", **{"minutes_need": "none", **more})


@pytest.mark.parametrize(("units", "state"), [(("u-a", "u-b"), "satisfied"), (("u-a",), "violated")])
def test_everything_asked_must_be_there(units: tuple[str, ...], state: str) -> None:
    assert stands(rule(NUMBERED), [issued(*units)]) == [Stand(state)]


def test_what_is_lacking_is_named() -> None:
    assert said(judged(rule(NUMBERED), [issued("u-a")])[0]) == "缺：至少两个发送单位"


def test_a_field_left_out_is_unknown_and_one_known_to_be_empty_is_lacking() -> None:
    of = rule(REASONED.partition("unless")[0])
    found = judged(of, [closed()])
    assert [(one.state, one.missing) for one in found] == [
        ("not_determinable", ("meeting/zw-1 meeting.closed.v1: reason",))
    ]
    assert stands(of, [closed(reason=None)]) == [Stand("violated")]
    assert stands(of, [closed(reason="例会")]) == [Stand("satisfied")]


def test_a_record_to_which_it_does_not_apply_is_not_judged() -> None:
    assert stands(rule(REASONED), [closed(minutes_need="required")]) == []


def test_a_stated_exception_excuses() -> None:
    planned = fact(
        "meeting.planned",
        "meeting/zw-1",
        "2026-03-10",
        kind="study_session",
        title="学习",
        starts_at="2026-03-20",
        host="u-office",
        mode="in_person",
    )
    assert stands(rule(REASONED), [planned, closed(reason=None)]) == [Stand("satisfied")]


def test_it_is_judged_at_once_though_the_rulebook_lets_others_wait() -> None:
    of = rule(NUMBERED, settle_within=Limit(5, "working_day"))
    assert stands(of, [issued("u-a")], "2026-03-20") == [Stand("violated")]


@pytest.mark.parametrize(
    ("answers", "state"),
    [([], "violated"), ([True], "satisfied"), ([True, False, True], "satisfied"), ([True] * 3, "violated")],
)
def test_so_many_entries_of_a_list_must_fit(answers: list[bool], state: str) -> None:
    given = [{"question": "sets_licence", "answer": one} for one in answers]
    reviewed = fact("document.reviewed", "document/d-1", "2026-03-20", level="chair", result="pass", answers=given)
    assert stands(rule(ANSWERED), [reviewed]) == [Stand(state)]


def test_a_list_that_is_not_recorded_leaves_open_how_many_fit() -> None:
    reviewed = fact("document.reviewed", "document/d-1", "2026-03-20", level="chair", result="pass")
    assert stands(rule(ANSWERED), [reviewed]) == [Stand("not_determinable")]


CHECKED_LAST = """
kind: content
on: minutes.issued
carries:
  - zh: 最后一次审核通过
    en: the last check was passed
    fact: minutes.reviewed
    where: [{path: it.result, is: pass}, {no_fact: minutes.reviewed, after: it.occurred_at}]
"""


@pytest.mark.parametrize(
    ("checks", "state"),
    [
        ([("2026-03-17", "pass")], "satisfied"),
        ([("2026-03-16", "fail"), ("2026-03-17", "pass")], "satisfied"),
        ([("2026-03-16", "pass"), ("2026-03-17", "fail")], "violated"),
        ([("2026-03-17", "pass"), ("2026-03-17", "fail")], "not_determinable"),
    ],
    ids=["alone", "passed last", "failed last", "two on one day"],
)
def test_a_check_of_which_the_day_alone_is_known_came_not_after_itself(
    checks: list[tuple[str, str]], state: str
) -> None:
    drafted = fact("minutes.drafted", "minutes/jy-1", "2026-03-12", meeting="meeting/m", drafter="u-x", decisions=["1"])
    reviewed = [fact("minutes.reviewed", "minutes/jy-1", at, level="chair", result=result) for at, result in checks]
    assert stands(rule(CHECKED_LAST), [drafted, *reviewed, issued("u-a", "u-b")]) == [Stand(state)]
