"""Who may chair, sign, approve or act for whom."""

from __future__ import annotations

import pytest

from events.fact import AnyFact
from rulebooks.problems import CompileError
from tests.rulebooks.kinds.histories import Stand, fact, judged, leaders, partners, post, rule, said, stands

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


PRESENTED = """
kind: authority
on: document.presented
who: trigger.to
may:
  - in_charge_of: [case.fields]
  - stands_in_for: {in_charge_of: [case.fields]}
"""


def division() -> AnyFact:
    portfolios = [{"person": "p-2", "fields": ["construction"]}, {"person": "p-3", "fields": ["agriculture"]}]
    return fact(
        "roster.work_divided",
        "division/div",
        "2024-01-02",
        unit="u-gov",
        effective_on="2024-01-02",
        portfolios=portfolios,
    )


def presented(to: str) -> list[AnyFact]:
    received = fact(
        "document.received",
        "document/d-1",
        "2026-03-16",
        title="请示",
        kind="request",
        from_unit="u-housing",
        received_by="u-office",
        fields=["construction"],
    )
    return [received, fact("document.presented", "document/d-1", "2026-03-17T09:00+08:00", to=to)]


def away(person: str, until: str = "2026-03-18") -> list[AnyFact]:
    case = f"absence/a-{person}"
    planned = {"person": person, "kind": "business_trip", "from": "2026-03-16", "until": until, "reason": "公务"}
    return [
        fact("absence.registered", case, "2026-03-13", **planned),
        fact("absence.departed", case, "2026-03-16T08:00+08:00"),
    ]


@pytest.mark.parametrize(
    ("arranged", "absent", "to", "state"),
    [
        (partners("p-2", "p-4"), away("p-2"), "p-4", "satisfied"),
        (partners("p-2", "p-4"), [], "p-4", "violated"),
        (partners("p-2", "p-4"), away("p-2", until="2026-03-16"), "p-4", "violated"),
        (partners("p-2", "p-4"), away("p-4"), "p-4", "violated"),
        (partners("p-3", "p-4"), away("p-3"), "p-4", "violated"),
        (partners("p-4", "p-2", ab_form="one_way"), away("p-2"), "p-4", "violated"),
        (partners("p-2", "p-4", ab_form="one_way"), away("p-2"), "p-4", "satisfied"),
        (partners("p-2", "p-4", until="2026-03-01"), away("p-2"), "p-4", "violated"),
    ],
)
def test_a_partner_stands_in_only_for_one_who_is_away_and_in_charge(
    arranged: AnyFact, absent: list[AnyFact], to: str, state: str
) -> None:
    facts = [*leaders(4), division(), arranged, *absent, *presented(to)]
    assert stands(rule(PRESENTED), facts) == [Stand(state)]


def moved(name: str, at: str, **more: object) -> AnyFact:
    return fact(f"absence.{name}", "absence/a-p-2", at, **more)


PLANNED = away("p-2")[:1]
REFUSED = moved("refused", "2026-03-13", reason="防汛")
GRANTED = moved("approved", "2026-03-14", from_="2026-03-16", until="2026-03-18")


@pytest.mark.parametrize(
    ("absent", "state"),
    [
        (PLANNED, "not_determinable"),
        ([*PLANNED, GRANTED], "not_determinable"),
        ([*PLANNED, REFUSED], "violated"),
        ([*PLANNED, REFUSED, GRANTED], "not_determinable"),
        ([*PLANNED, REFUSED, moved("departed", "2026-03-16T08:00+08:00")], "satisfied"),
        ([*PLANNED, moved("departed", "2026-03-16")], "satisfied"),
        ([*PLANNED, moved("departed", "2026-03-17")], "not_determinable"),
        ([*PLANNED, moved("departed", "2026-03-17T09:01+08:00")], "violated"),
        ([*PLANNED, moved("returned", "2026-03-17T09:00+08:00")], "satisfied"),
        ([*PLANNED, moved("returned", "2026-03-17")], "not_determinable"),
        ([*PLANNED, moved("returned", "2026-03-17T08:59+08:00")], "violated"),
    ],
)
def test_a_partner_stands_in_for_one_recorded_to_have_left_and_perhaps_for_one_who_planned_to(
    absent: list[AnyFact], state: str
) -> None:
    facts = [*leaders(4), division(), partners("p-2", "p-4"), *absent, *presented("p-4")]
    assert stands(rule(PRESENTED), facts) == [Stand(state)]


@pytest.mark.parametrize(
    ("absent", "missing"),
    [
        (PLANNED, "absence/a-p-2 absence.departed"),
        ([*PLANNED, moved("departed", "2026-03-17")], "absence/a-p-2 absence.departed: occurred_at"),
        ([*PLANNED, moved("returned", "2026-03-17")], "absence/a-p-2 absence.returned: occurred_at"),
    ],
)
def test_what_would_tell_whether_the_other_was_away_is_named(absent: list[AnyFact], missing: str) -> None:
    facts = [*leaders(4), division(), partners("p-2", "p-4"), *absent, *presented("p-4")]
    assert [one.missing for one in judged(rule(PRESENTED), facts)] == [(missing,)]


def test_without_a_division_of_work_nobody_knows_for_whom_a_partner_stands_in() -> None:
    facts = [*leaders(4), partners("p-2", "p-4"), *away("p-2"), *presented("p-4")]
    assert stands(rule(PRESENTED), facts) == [Stand("not_determinable")]


def test_standing_in_wants_conditions_on_a_person() -> None:
    with pytest.raises(CompileError) as caught:
        rule(PRESENTED.replace("{in_charge_of: [case.fields]}", "p-2"))
    assert caught.value.en == "stands_in_for wants conditions on a person"


OF_RANK = """
kind: authority
on: document.presented
when: [{path: trigger.to.rank, in: [section_chief, division_chief]}]
who: trigger.to
may: [{holds: [district_head]}]
"""


def entered(rank: str | None) -> AnyFact:
    return fact("roster.person_registered", "person/p-2", "2024-01-02", name="甲", rank=rank)


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ([entered("section_chief"), *post("p-2", "unit_deputy")], [Stand("violated")]),
        ([entered("deputy_section_chief"), *post("p-2", "unit_deputy")], []),
        (
            [
                entered("deputy_section_chief"),
                *post("p-2", "unit_deputy", **{"from": "2026-01-05", "rank": "section_chief"}),
            ],
            [Stand("violated")],
        ),
        (
            [
                entered("deputy_section_chief"),
                *post("p-2", "unit_deputy", **{"from": "2026-04-01", "rank": "section_chief"}),
            ],
            [],
        ),
        (
            [
                *post("p-2", "unit_deputy", until="2025-12-31", rank="section_chief"),
                *post("p-2", "unit_head", **{"from": "2026-01-01"}),
            ],
            [Stand("violated")],
        ),
        ([entered(None), *post("p-2", "unit_deputy")], [Stand("not_determinable")]),
        ([], [Stand("not_determinable")]),
    ],
)
def test_the_last_rank_recorded_by_then_is_the_one_asked_for(facts: list[AnyFact], found: list[Stand]) -> None:
    assert stands(rule(OF_RANK), [*facts, *presented("p-2")]) == found


@pytest.mark.parametrize(("also", "state"), [("", "violated"), ("\n    with_contacts: true", "satisfied")])
def test_a_contact_of_a_unit_is_in_charge_of_it_only_where_the_rule_says_so(also: str, state: str) -> None:
    portfolios = [{"person": "p-2", "fields": ["agriculture"], "contacts": ["u-housing"]}]
    divided = fact(
        "roster.work_divided",
        "division/div",
        "2024-01-02",
        unit="u-gov",
        effective_on="2024-01-02",
        portfolios=portfolios,
    )
    text = f"kind: authority\non: document.presented\nwho: trigger.to\nmay:\n  - in_charge_of: [case.from_unit]{also}\n"
    assert stands(rule(text), [*leaders(2), divided, *presented("p-2")]) == [Stand(state)]
