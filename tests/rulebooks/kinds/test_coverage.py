"""That somebody covers for whoever is away, day by day."""

from __future__ import annotations

import pytest

from events.fact import AnyFact
from rulebooks.problems import CompileError
from tests.rulebooks.kinds.histories import Stand, fact, judged, leaders, partners, post, rule, said, stands

ACTING = """
kind: coverage
on: absence.registered
when: [{person: trigger.person, holds: [district_head]}]
cover: [{mandate: [acting_head], to: {holds: [deputy_head]}}]
"""
PARTNER_OR_STAND_IN = """
kind: coverage
on: absence.registered
cover: [{partner: true}, {stand_in: true}]
"""
STAND_IN = """
kind: coverage
on: absence.registered
cover: [{stand_in: true}]
unless: [{path: trigger.superior_notice, given: true}]
"""
ANY_DAY = ACTING + "whole: false\n"
SOMEBODY_THERE = """
kind: coverage
on: absence.registered
when: [{person: trigger.person, holds: [district_head]}]
cover:
  - {members: executive}
  - {mandate: [acting_head], by: {holds: [district_head]}, to: {holds: [executive_deputy]}, absence_of: executive}
  - {stand_in: true, recorded: true}
"""


def registered(case: str, person: str, since: str, until: str, **more: object) -> AnyFact:
    given = {"kind": "annual_leave", "reason": "休假", "from": since, "until": until, **more}
    return fact("absence.registered", f"absence/{case}", "2026-03-01", person=person, **given)


def departed(case: str, at: str, **more: object) -> AnyFact:
    return fact("absence.departed", f"absence/{case}", at, **more)


def returned(case: str, at: str) -> AnyFact:
    return fact("absence.returned", f"absence/{case}", at)


def mandate(since: str, until: str, to: str = "p-2", **more: object) -> AnyFact:
    given = {"kind": "acting_head", "by": "p-1", "to": to, "from": since, "until": until, **more}
    return fact("entrustment.given", f"entrustment/e-{since}-{to}", "2026-03-02", **given)


HEAD_AWAY = [
    *leaders(4),
    registered("a", "p-1", "2026-03-09", "2026-03-11"),
    departed("a", "2026-03-09T08:00+08:00"),
]
HEAD_BACK = [*HEAD_AWAY, returned("a", "2026-03-11T18:00+08:00")]


def end_of(day: str) -> int:
    return fact("absence.departed", "absence/x", day).occurred_at.latest


def test_a_mandate_for_every_day_covers() -> None:
    assert stands(rule(ACTING), [*HEAD_BACK, mandate("2026-03-09", "2026-03-11")]) == [Stand("satisfied")]


def test_a_day_short_is_a_breach_that_names_the_day() -> None:
    found = judged(rule(ACTING), [*HEAD_BACK, mandate("2026-03-09", "2026-03-10")])
    assert [(one.state, one.due, one.expired) for one in found] == [("violated", end_of("2026-03-11"), False)]
    assert said(found[0]) == "p-1 外出期间 2026-03-11 无人代管"


def test_each_uncovered_run_of_days_is_named() -> None:
    found = judged(rule(ACTING), [*HEAD_BACK, mandate("2026-03-10", "2026-03-10")])
    assert said(found[0]) == "p-1 外出期间 2026-03-09 2026-03-11 无人代管"
    assert said(judged(rule(ACTING), HEAD_BACK)[0]) == "p-1 外出期间 2026-03-09—2026-03-11 无人代管"


def test_a_day_is_judged_when_it_is_over() -> None:
    found = judged(rule(ACTING), HEAD_AWAY, "2026-03-09T23:00+08:00")
    assert [(one.state, one.due, one.wake) for one in found] == [("open", end_of("2026-03-09"), end_of("2026-03-09"))]
    found = judged(rule(ACTING), HEAD_AWAY, "2026-03-09")
    assert [(one.state, one.expired) for one in found] == [("violated", True)]


def test_while_cover_lasts_it_is_asked_again_at_the_first_day_without() -> None:
    found = judged(rule(ACTING), [*HEAD_AWAY, mandate("2026-03-09", "2026-03-10")], "2026-03-08")
    assert [(one.state, one.due, one.wake) for one in found] == [("open", end_of("2026-03-11"), end_of("2026-03-11"))]
    found = judged(rule(ACTING), [*HEAD_AWAY, mandate("2026-03-09", "2026-03-11")], "2026-03-08")
    assert [(one.state, one.due, one.wake) for one in found] == [("open", None, end_of("2026-03-11"))]


def test_the_days_away_are_those_taken_not_those_planned() -> None:
    early = [*HEAD_AWAY, returned("a", "2026-03-10T12:00+08:00"), mandate("2026-03-09", "2026-03-10")]
    assert stands(rule(ACTING), early) == [Stand("satisfied")]
    late = [*HEAD_AWAY, returned("a", "2026-03-12T12:00+08:00"), mandate("2026-03-09", "2026-03-11")]
    assert stands(rule(ACTING), late) == [Stand("violated")]


def test_the_receiver_must_be_one_of_those_who_may_act() -> None:
    facts = [*HEAD_BACK, mandate("2026-03-09", "2026-03-11", to="p-1")]
    assert stands(rule(ACTING), facts) == [Stand("violated")]
    unknown = [*HEAD_BACK, mandate("2026-03-09", "2026-03-11", to="p-x")]
    found = judged(rule(ACTING), unknown)
    assert [(one.state, one.missing) for one in found] == [("not_determinable", ("person/p-x: posts",))]


def test_a_mandate_bounded_to_a_meeting_or_to_another_absence_covers_nothing() -> None:
    for more in ({"meeting": "meeting/zw-1"}, {"matters": ["matter/m-1"]}, {"absence": "absence/other"}):
        facts = [*HEAD_BACK, mandate("2026-03-09", "2026-03-11", **more)]
        assert stands(rule(ACTING), facts) == [Stand("violated")]
    facts = [*HEAD_BACK, mandate("2026-03-09", "2026-03-11", absence="absence/a")]
    assert stands(rule(ACTING), facts) == [Stand("satisfied")]


def test_a_mandate_that_was_withdrawn_covers_until_then() -> None:
    given = mandate("2026-03-09", "2026-03-11")
    ended = fact("entrustment.ended", f"entrustment/{given.subject.id}", "2026-03-10", reason="收回")
    found = judged(rule(ACTING), [*HEAD_BACK, given, ended])
    assert said(found[0]) == "p-1 外出期间 2026-03-11 无人代管"


def test_a_receiver_who_is_away_himself_does_not_cover_that_day() -> None:
    away_too = [
        registered("b", "p-2", "2026-03-10", "2026-03-10"),
        departed("b", "2026-03-10"),
        returned("b", "2026-03-10"),
    ]
    found = judged(rule(ACTING), [*HEAD_BACK, mandate("2026-03-09", "2026-03-11"), *away_too])
    assert [one.state for one in found] == ["violated"]
    assert said(found[0]) == "p-1 外出期间 2026-03-10 无人代管；p-2 当时也外出，不能代管"


def test_a_receiver_only_planned_to_be_away_leaves_the_day_open() -> None:
    facts = [*HEAD_BACK, mandate("2026-03-09", "2026-03-11"), registered("b", "p-2", "2026-03-10", "2026-03-10")]
    found = judged(rule(ACTING), facts)
    assert [(one.state, one.missing) for one in found] == [("not_determinable", ("absence/b absence.departed",))]


@pytest.mark.parametrize(("leaves", "state"), [("18:00", "satisfied"), ("17:59", "violated")])
def test_a_partner_who_leaves_when_the_other_comes_back_has_covered(leaves: str, state: str) -> None:
    pair = [*leaders(4), partners("p-2", "p-3")]
    mine = [
        registered("a", "p-2", "2026-03-09", "2026-03-11"),
        departed("a", "2026-03-09T08:00+08:00"),
        returned("a", "2026-03-11T18:00+08:00"),
    ]
    other = [
        registered("b", "p-3", "2026-03-11", "2026-03-12", stand_in="p-2"),
        departed("b", f"2026-03-11T{leaves}+08:00"),
        returned("b", "2026-03-12T18:00+08:00"),
    ]
    facts = [*pair, *mine, *other]
    found = judged(rule("kind: coverage\non: absence.registered\ncover: [{partner: true}]\n"), facts)
    assert found[0].subject == "absence/a"
    assert found[0].state == state


@pytest.mark.parametrize(
    ("left", "state", "words"),
    [("2026-03-12", "satisfied", ""), ("2026-03-11", "violated", "p-2 外出期间 2026-03-11 无人代管")],
)
def test_a_partner_who_has_left_office_covers_nothing(left: str, state: str, words: str) -> None:
    away = [
        registered("a", "p-2", "2026-03-09", "2026-03-11"),
        departed("a", "2026-03-09"),
        returned("a", "2026-03-11"),
    ]
    leaving = fact(
        "roster.person_left_post",
        "post/post-p-3-deputy_head",
        left,
        person="p-3",
        left_on=left,
        leaving_reason="retired",
    )
    facts = [*leaders(4), partners("p-2", "p-3"), leaving, *away]
    found = judged(rule("kind: coverage\non: absence.registered\ncover: [{partner: true}]\n"), facts)
    assert [(one.state, said(one) if words else "") for one in found] == [(state, words)]


def test_a_partner_not_in_office_yet_covers_from_the_first_day_in_it() -> None:
    away = [
        registered("a", "p-2", "2026-03-09", "2026-03-11"),
        departed("a", "2026-03-09"),
        returned("a", "2026-03-11"),
    ]
    facts = [*leaders(2), *post("p-9", "deputy_head", **{"from": "2026-03-10"}), partners("p-2", "p-9"), *away]
    found = judged(rule("kind: coverage\non: absence.registered\ncover: [{partner: true}]\n"), facts)
    assert [(one.state, said(one)) for one in found] == [("violated", "p-2 外出期间 2026-03-09 无人代管")]


def test_partners_away_at_once_with_no_stand_in_named_are_both_uncovered() -> None:
    pair = [*leaders(4), partners("p-2", "p-3")]
    facts = list(pair)
    for case, person in (("a", "p-2"), ("b", "p-3")):
        facts += [
            registered(case, person, "2026-03-09", "2026-03-11", stand_in=None),
            departed(case, "2026-03-09T08:00+08:00", handover_to=None),
            returned(case, "2026-03-11T18:00+08:00"),
        ]
    assert stands(rule(PARTNER_OR_STAND_IN), facts) == [Stand("violated"), Stand("violated")]


PARTNER_OR_MANDATE = """
kind: coverage
on: absence.registered
cover: [{partner: true}, {mandate: [cover], to: {holds: [deputy_head]}}]
"""
BOTH_PLANNED = [
    *leaders(4),
    partners("p-2", "p-3"),
    registered("a", "p-2", "2026-03-09", "2026-03-12"),
    registered("b", "p-3", "2026-03-11", "2026-03-13"),
]


def test_partners_who_plan_to_be_away_at_once_are_foreseen_uncovered_on_the_days_they_share() -> None:
    found = judged(rule(PARTNER_OR_MANDATE), BOTH_PLANNED, "2026-03-05")
    assert [(one.state, one.due, said(one)) for one in found] == [
        ("forecast", end_of("2026-03-11"), "p-2 外出期间 2026-03-11—2026-03-12 将无人代管：p-3 届时也外出"),
        ("forecast", end_of("2026-03-11"), "p-3 外出期间 2026-03-11—2026-03-12 将无人代管：p-2 届时也外出"),
    ]


@pytest.mark.parametrize(
    "given_up",
    [
        [fact("absence.cancelled", "absence/b", "2026-03-04", reason="取消")],
        [fact("absence.refused", "absence/b", "2026-03-04", reason="不准")],
        [
            mandate("2026-03-09", "2026-03-12", "p-4", kind="cover", by="p-2"),
            mandate("2026-03-11", "2026-03-13", "p-4", kind="cover", by="p-3"),
        ],
    ],
)
def test_what_was_foreseen_is_over_once_a_plan_is_given_up_or_a_third_covers(given_up: list[AnyFact]) -> None:
    found = stands(rule(PARTNER_OR_MANDATE), [*BOTH_PLANNED, *given_up], "2026-03-05")
    assert {one.state for one in found} == {"open"}


def test_nothing_is_foreseen_while_nobody_was_entrusted_yet_or_one_who_may_cover_is_not_recorded() -> None:
    assert stands(rule(ACTING), [*leaders(4), registered("a", "p-1", "2026-03-09", "2026-03-11")], "2026-03-05") == [
        Stand("open")
    ]
    assert stands(rule(PARTNER_OR_STAND_IN), BOTH_PLANNED, "2026-03-05") == [Stand("open"), Stand("open")]


def test_a_stand_in_named_on_leaving_covers_and_one_not_recorded_leaves_it_open() -> None:
    plain = [*leaders(4), registered("a", "p-2", "2026-03-09", "2026-03-09")]
    back = returned("a", "2026-03-09T18:00+08:00")
    named = [*plain, departed("a", "2026-03-09T08:00+08:00", handover_to="p-4"), back]
    assert stands(rule(STAND_IN), named) == [Stand("satisfied")]
    unnamed = [*plain, departed("a", "2026-03-09T08:00+08:00"), back]
    found = judged(rule(STAND_IN), unnamed)
    assert [(one.state, one.missing) for one in found] == [
        ("not_determinable", ("absence/a: stand_in", "absence/a absence.registered.v1: superior_notice"))
    ]


def test_a_member_of_a_body_covers_on_the_days_on_which_he_is_there() -> None:
    there = [*leaders(2), *HEAD_BACK[-3:]]
    assert stands(rule(SOMEBODY_THERE), there) == [Stand("satisfied")]
    away = [
        registered("b", "p-2", "2026-03-10", "2026-03-10"),
        departed("b", "2026-03-10"),
        returned("b", "2026-03-10"),
    ]
    found = judged(rule(SOMEBODY_THERE), [*there, *away])
    assert [one.state for one in found] == ["violated"]
    assert said(found[0]) == "p-1 外出期间 2026-03-10 无人代管；p-1、p-2 当时也外出，不能代管"
    assert stands(rule(SOMEBODY_THERE), [*leaders(1), *HEAD_BACK[-3:]]) == [Stand("violated")]


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ({}, "satisfied"),
        ({"absence": "absence/b"}, "satisfied"),
        ({"absence": "absence/c"}, "violated"),
        ({"absence": "absence/unheard-of"}, "violated"),
        ({"by": "p-2", "absence": "absence/a"}, "violated"),
    ],
)
def test_a_mandate_may_be_given_for_the_absence_of_a_member_of_the_body(more: dict[str, object], state: str) -> None:
    others = [
        *(registered("b", "p-2", "2026-03-10", "2026-03-10"), departed("b", "2026-03-10"), returned("b", "2026-03-10")),
        *post("p-9", "unit_head"),
        registered("c", "p-9", "2026-03-10", "2026-03-10"),
        *post("p-3", "executive_deputy"),
    ]
    given = mandate("2026-03-10", "2026-03-10", to="p-3", **more)
    assert stands(rule(SOMEBODY_THERE), [*leaders(2), *HEAD_BACK[-3:], *others, given]) == [Stand(state)]


def test_without_an_arrangement_on_record_whether_a_partner_covers_cannot_be_told() -> None:
    text = "kind: coverage\non: absence.registered\ncover: [{partner: true}]\n"
    assert stands(rule(text), HEAD_BACK) == [Stand("not_determinable")]
    assert stands(rule(text), [*HEAD_BACK, partners("p-1", ab_form="unpaired")]) == [Stand("violated")]


def test_a_stated_exception_excuses() -> None:
    called = registered("a", "p-2", "2026-03-09", "2026-03-09", stand_in=None, superior_notice="市政府通知")
    facts = [*leaders(4), called, departed("a", "2026-03-09"), returned("a", "2026-03-09")]
    assert stands(rule(STAND_IN), facts) == [Stand("satisfied")]


def test_an_absence_of_which_no_departure_is_recorded_is_not_determinable() -> None:
    planned = [*leaders(4), registered("a", "p-1", "2026-03-09", "2026-03-11")]
    found = judged(rule(ACTING), planned)
    assert [(one.state, one.missing) for one in found] == [("not_determinable", ("absence/a absence.departed",))]
    cancelled = fact("absence.cancelled", "absence/a", "2026-03-08", reason="取消")
    assert stands(rule(ACTING), [*planned, cancelled]) == []


def test_with_part_of_the_time_one_covered_day_is_enough() -> None:
    assert stands(rule(ANY_DAY), [*HEAD_BACK, mandate("2026-03-11", "2026-03-11")]) == [Stand("satisfied")]
    assert stands(rule(ANY_DAY), [*HEAD_BACK, mandate("2026-03-12", "2026-03-12")]) == [Stand("violated")]
    assert stands(rule(ANY_DAY), HEAD_AWAY, "2026-03-10") == [Stand("open")]


@pytest.mark.parametrize(
    "cover",
    [
        "[]",
        "[{mandate: []}]",
        "[{mandate: [nothing]}]",
        "[{partner: false}]",
        "[{partner: true, stand_in: true}]",
        "[{members: nobody}]",
    ],
)
def test_a_cover_that_covers_nothing_is_refused(cover: str) -> None:
    with pytest.raises(CompileError):
        rule(f"kind: coverage\non: absence.registered\ncover: {cover}\n")


@pytest.mark.parametrize(
    ("left", "came_back", "state", "missing"),
    [
        ("2026-03-11T18:00+08:00", "2026-03-12", "satisfied", ()),
        ("2026-03-11T17:59+08:00", "2026-03-12", "violated", ()),
        ("2026-03-11", "2026-03-12", "not_determinable", ("absence/b absence.departed: occurred_at",)),
        ("2026-03-10", "2026-03-12", "violated", ()),
        ("2026-03-06", "2026-03-09", "not_determinable", ("absence/b absence.returned: occurred_at",)),
        ("2026-03-06", "2026-03-09T08:00+08:00", "satisfied", ()),
        ("2026-03-10", "2026-03-10", "violated", ()),
    ],
)
def test_one_who_leaves_when_the_other_is_back_covers_and_unknown_hours_leave_it_open(
    left: str, came_back: str, state: str, missing: tuple[str, ...]
) -> None:
    too = [registered("b", "p-2", left, came_back), departed("b", left), returned("b", came_back)]
    members = SOMEBODY_THERE.replace("{members: executive}", "{members: executive, to: {holds: [deputy_head]}}")
    found = judged(rule(members), [*leaders(2), *HEAD_BACK[-3:], *too])
    assert [(one.state, one.missing) for one in found] == [(state, missing)]


@pytest.mark.parametrize(
    ("more", "state", "missing"),
    [
        ({"leaves": ["district", "city"]}, "violated", ()),
        ({"leaves": ["district"]}, "satisfied", ()),
        ({"leaves": None}, "satisfied", ()),
        ({}, "not_determinable", ("absence/b: leaves",)),
    ],
)
def test_an_absence_that_crosses_none_of_the_boundaries_named_takes_nobody_away(
    more: dict[str, object], state: str, missing: tuple[str, ...]
) -> None:
    members = "{members: executive, to: {holds: [deputy_head]}, leaves: [city, province]}"
    text = SOMEBODY_THERE.replace("{members: executive}", members)
    too = [
        registered("b", "p-2", "2026-03-10", "2026-03-10", **more),
        departed("b", "2026-03-10"),
        returned("b", "2026-03-10"),
    ]
    found = judged(rule(text), [*leaders(2), *HEAD_BACK[-3:], *too])
    assert [(one.state, one.missing) for one in found] == [(state, missing)]


def test_a_boundary_that_there_is_not_is_refused() -> None:
    with pytest.raises(CompileError) as caught:
        rule(SOMEBODY_THERE.replace("{members: executive}", "{members: executive, leaves: [moon]}"))
    assert caught.value.en == "leaves wants some of: urban_area、district、city、province、country"
