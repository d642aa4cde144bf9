"""Who may chair, sign, approve or act for whom."""

from __future__ import annotations

import pytest

from events.fact import AnyFact
from rulebooks.problems import CompileError
from tests.rulebooks.kinds.histories import Stand, fact, judged, leaders, post, rule, said, stands

CHAIR = """
kind: authority
on: meeting.opened
who: trigger.chair
may:
  - holds: [district_head]
  - holds: [deputy_head]
    entrusted: {kinds: [chair_meeting], by: {holds: [district_head]}, for: case}
"""
BOTH = CHAIR.replace("who: trigger.chair", "who: [trigger.chair, trigger.convener]")
UNLESS = CHAIR + "unless: [{path: case.kind, is: study_session}]\n"
MEETING = "meeting/zw-1"


def opened(chair: str, **more: object) -> AnyFact:
    return fact("meeting.opened", MEETING, "2026-03-17T09:00+08:00", chair=chair, **more)


def mandate(**more: object) -> AnyFact:
    given = {"kind": "chair_meeting", "by": "p-1", "to": "p-2", "from": "2026-03-17", "until": "2026-03-17", **more}
    return fact("entrustment.given", "entrustment/e-1", "2026-03-16", **given)


@pytest.mark.parametrize(("chair", "state"), [("p-1", "satisfied"), ("p-2", "violated"), ("p-x", "not_determinable")])
def test_the_post_held_that_day_decides(chair: str, state: str) -> None:
    assert stands(rule(CHAIR), [*leaders(2), opened(chair)]) == [Stand(state)]


def test_the_reason_names_the_person_and_the_post() -> None:
    found = judged(rule(CHAIR), [*leaders(2), opened("p-2")])
    assert said(found[0]) == "p-2（deputy_head）无此权限，当日亦无有效委托"


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ({}, "satisfied"),
        ({"meeting": MEETING}, "satisfied"),
        ({"meeting": "meeting/other"}, "violated"),
        ({"until": "2026-03-16", "from": "2026-03-15"}, "violated"),
        ({"from": "2026-03-18", "until": "2026-03-18"}, "violated"),
        ({"by": "p-3"}, "violated"),
        ({"kind": "sign_documents"}, "violated"),
    ],
)
def test_a_mandate_counts_in_its_time_for_its_object_from_one_who_may_give_it(
    more: dict[str, object], state: str
) -> None:
    assert stands(rule(CHAIR), [*leaders(3), mandate(**more), opened("p-2")]) == [Stand(state)]


def test_every_person_named_must_be_entitled() -> None:
    assert stands(rule(BOTH), [*leaders(2), opened("p-1", convener="p-2")]) == [Stand("violated")]
    assert stands(rule(BOTH), [*leaders(2), opened("p-1", convener="p-1")]) == [Stand("satisfied")]
    assert stands(rule(BOTH), [*leaders(2), opened("p-1")]) == [Stand("not_determinable")]
    assert stands(rule(BOTH), [*leaders(2), opened("p-1", convener=None)]) == [Stand("violated")]


def test_who_left_the_post_before_holds_it_no_more() -> None:
    left = fact(
        "roster.person_left_post",
        "post/post-p-1-district_head",
        "2026-03-17",
        person="p-1",
        left_on="2026-03-17",
        leaving_reason="transferred",
    )
    assert stands(rule(CHAIR), [*leaders(2), left, opened("p-1")]) == [Stand("violated")]
    successor = post("p-9", "district_head")
    assert stands(rule(CHAIR), [*leaders(2), left, *successor, opened("p-9")]) == [Stand("satisfied")]


def test_a_stated_exception_excuses() -> None:
    planned = fact(
        "meeting.planned",
        MEETING,
        "2026-03-10",
        kind="study_session",
        title="学习",
        starts_at="2026-03-17",
        host="u-office",
        mode="in_person",
    )
    assert stands(rule(UNLESS), [*leaders(2), planned, opened("p-2")]) == [Stand("satisfied")]
    assert stands(rule(UNLESS), [*leaders(2), opened("p-2")]) == [Stand("not_determinable")]


def test_who_must_be_persons() -> None:
    with pytest.raises(CompileError, match="is no person"):
        rule("kind: authority\non: meeting.opened\nwho: trigger.occurred_at\nmay: [{holds: [district_head]}]\n")
