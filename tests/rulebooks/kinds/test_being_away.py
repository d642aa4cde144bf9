"""That somebody is away within the time of a mandate or an absence, perhaps while somebody else is too."""

from __future__ import annotations

import pytest

from events.fact import AnyFact
from rulebooks.problems import CompileError
from tests.rulebooks.kinds.histories import Stand, fact, judged, leaders, rule, stands

NAMED = """
kind: gate
on: entrustment.given
needs:
  - zh: 两人均外出
    en: both are away
    person: trigger.to
    away: {during: case, with: trigger.by, leaves: [city]}
settle: now
"""
ALONE = NAMED.replace(", with: trigger.by, leaves: [city]", "")
WITHIN_ABSENCE = ALONE.replace("during: case", "during: trigger.absence")
CITY = ("district", "city")


def away(person: str, since: str, until: str, leaves: tuple[str, ...] | None = CITY) -> list[AnyFact]:
    case = f"absence/a-{person}"
    planned = {"person": person, "kind": "business_trip", "from": since, "until": until, "reason": "公务"}
    told = {} if leaves is None else {"leaves": list(leaves)}
    return [
        fact("absence.registered", case, "2026-03-02", **planned, **told),
        fact("absence.departed", case, since),
        fact("absence.returned", case, until),
    ]


def mandate(since: str = "2026-03-10", until: str | None = "2026-03-10", **more: object) -> AnyFact:
    given = {"kind": "acting_head", "by": "p-1", "to": "p-2", "from": since, "until": until, **more}
    return fact("entrustment.given", "entrustment/e", "2026-03-06", **given)


HEAD = away("p-1", "2026-03-09T08:00+08:00", "2026-03-12T18:00+08:00")


@pytest.mark.parametrize(
    ("other", "given", "state"),
    [
        (away("p-2", "2026-03-10T08:00+08:00", "2026-03-10T18:00+08:00"), mandate(), "satisfied"),
        (away("p-2", "2026-03-10", "2026-03-10"), mandate(), "satisfied"),
        (away("p-2", "2026-03-11", "2026-03-11"), mandate(), "violated"),
        (away("p-2", "2026-03-11", "2026-03-11"), mandate(until=None), "satisfied"),
        (away("p-2", "2026-03-12T18:00+08:00", "2026-03-13"), mandate(until="2026-03-13"), "violated"),
        (away("p-2", "2026-03-12T17:59+08:00", "2026-03-13"), mandate(until="2026-03-13"), "satisfied"),
        (away("p-2", "2026-03-12", "2026-03-13"), mandate(until="2026-03-13"), "not_determinable"),
        (away("p-2", "2026-03-10", "2026-03-10", ("district",)), mandate(), "violated"),
        (away("p-2", "2026-03-10", "2026-03-10", None), mandate(), "not_determinable"),
        (away("p-2", "2026-03-10", "2026-03-10")[:1], mandate(), "not_determinable"),
        ([], mandate(), "violated"),
    ],
)
def test_both_are_away_at_some_time_of_the_mandate_or_not(other: list[AnyFact], given: AnyFact, state: str) -> None:
    assert stands(rule(NAMED), [*leaders(2), *HEAD, *other, given]) == [Stand(state)]


def test_what_would_tell_is_named() -> None:
    unsure = away("p-2", "2026-03-12", "2026-03-13", None)
    found = judged(rule(NAMED), [*leaders(2), *HEAD, *unsure, mandate(until="2026-03-13")])
    assert [one.missing for one in found] == [("absence/a-p-2 leaves", "absence/a-p-2 absence.departed: occurred_at")]


def test_leave_that_was_refused_and_not_taken_takes_nobody_away() -> None:
    asked = away("p-2", "2026-03-10", "2026-03-10")[:1]
    refused = fact("absence.refused", "absence/a-p-2", "2026-03-05", reason="防汛")
    assert stands(rule(NAMED), [*leaders(2), *HEAD, *asked, refused, mandate()]) == [Stand("violated")]


@pytest.mark.parametrize(("day", "state"), [("2026-03-10", "satisfied"), ("2026-03-11", "violated")])
def test_with_nobody_else_named_it_is_asked_of_one_alone(day: str, state: str) -> None:
    assert stands(rule(ALONE), [*leaders(2), *away("p-2", day, day), mandate()]) == [Stand(state)]


@pytest.mark.parametrize(
    ("absence", "state"),
    [
        ({"absence": "absence/a-p-1"}, "satisfied"),
        ({"absence": "absence/unheard-of"}, "violated"),
        ({}, "not_determinable"),
    ],
)
def test_the_time_may_be_that_of_an_absence(absence: dict[str, str], state: str) -> None:
    other = away("p-2", "2026-03-11", "2026-03-11")
    assert stands(rule(WITHIN_ABSENCE), [*leaders(2), *HEAD, *other, mandate(**absence)]) == [Stand(state)]


@pytest.mark.parametrize(
    ("text", "en"),
    [
        (NAMED.replace("during: case", "during: trigger.by"), "during leads to an absence or an entrustment"),
        (NAMED.replace("with: trigger.by", "with: trigger.kind"), "with leads to a person"),
    ],
)
def test_a_time_or_a_person_of_another_kind_is_refused(text: str, en: str) -> None:
    with pytest.raises(CompileError) as caught:
        rule(text)
    assert caught.value.en == en


NOW = """
kind: gate
on: entrustment.given
needs: [{zh: 受托人外出, en: the one entrusted is away, person: trigger.to, away: true}]
settle: now
"""
LEFT = away("p-2", "2026-03-05", "2026-03-07")
REFUSED = fact("absence.refused", "absence/a-p-2", "2026-03-03", reason="防汛")


@pytest.mark.parametrize(
    ("moves", "away_then", "there_then"),
    [
        (LEFT, "satisfied", "violated"),
        (LEFT[:1], "not_determinable", "not_determinable"),
        ([*LEFT[:1], REFUSED], "violated", "satisfied"),
        ([*LEFT[:2], REFUSED], "satisfied", "violated"),
        (away("p-2", "2026-03-06", "2026-03-07"), "not_determinable", "not_determinable"),
        (away("p-2", "2026-03-05", "2026-03-06"), "not_determinable", "not_determinable"),
        (away("p-2", "2026-03-03", "2026-03-05"), "violated", "satisfied"),
    ],
)
def test_at_a_moment_one_recorded_to_have_left_is_away_and_one_who_planned_to_perhaps(
    moves: list[AnyFact], away_then: str, there_then: str
) -> None:
    facts = [*leaders(2), *moves, mandate()]
    assert stands(rule(NOW), facts) == [Stand(away_then)]
    assert stands(rule(NOW.replace("away: true", "away: false")), facts) == [Stand(there_then)]
