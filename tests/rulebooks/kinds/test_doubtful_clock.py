"""A clock that may have started, stopped or been extended decides nothing, unless every reading comes to the same."""

from __future__ import annotations

from itertools import product
from typing import Final

import pytest

from events.fact import AnyFact
from tests.rulebooks.kinds.histories import Stand, fact, judged, rule, said, stands

REPLY: Final = """
kind: deadline
opens: countersign.requested
from: [{fact: countersign.received, where: [{path: it.actor.unit, is: u-land}], pick: first}, trigger]
due: {within: {n: 5, unit: working_day}}
instead:
  - fact: countersign.extension_agreed
    where: [{path: it.actor.unit, is: u-housing}]
    value: it.until
    before: expiry
pauses:
  - begins: {fact: countersign.materials_returned, where: [{path: it.actor.unit, is: u-land}]}
    ends: {fact: countersign.received, where: [{path: it.actor.unit, is: u-land}]}
    then: THEN
closes: [{fact: countersign.replied}]
ends: [{fact: countersign.withdrawn}]
"""
CASE: Final = "countersign/cs-1"
SOMEBODY: Final = {"person": "p-clerk"}
"""Whoever acted without saying for which unit may have acted for the one that counts."""


def requested() -> AnyFact:
    given = {"kind": "countersign", "about": "matter/m-1", "sponsor": "u-housing", "form": "online"}
    return fact("countersign.requested", CASE, "2026-03-02", departments=["u-land"], **given)


def received(on: str, unit: str | None) -> AnyFact:
    return fact("countersign.received", CASE, on, by(unit), department="u-land", complete=True)


def returned(on: str, unit: str | None) -> AnyFact:
    return fact("countersign.materials_returned", CASE, on, by(unit), department="u-land", missing=["正文"])


def extended(on: str, unit: str | None, until: str) -> AnyFact:
    return fact("countersign.extension_agreed", CASE, on, by(unit), department="u-land", until=until)


def replied(on: str) -> AnyFact:
    return fact("countersign.replied", CASE, on, department="u-land", stance="agree")


def by(unit: str | None) -> dict[str, str]:
    return SOMEBODY if unit is None else {"unit": unit}


def history(units: tuple[str | None, ...]) -> list[AnyFact]:
    """Return a request with what may have started, stopped and extended its clock, each by a unit or by somebody."""
    first, sent_back, again, later = units
    return [
        requested(),
        received("2026-03-03", first),
        returned("2026-03-05", sent_back),
        received("2026-03-09", again),
        extended("2026-03-06", later, "2026-03-18"),
    ]


COUNTS: Final = ("u-land", "u-land", "u-land", "u-housing")
FINAL: Final = frozenset({"satisfied", "violated"})


@pytest.mark.parametrize("then", ["resume", "restart"])
@pytest.mark.parametrize("answer", [None, "2026-03-09", "2026-03-12", "2026-03-17", "2026-03-19"])
@pytest.mark.parametrize("until", ["2026-03-12", "2026-12-31"])
def test_what_is_found_of_a_doubtful_clock_holds_for_every_reading_of_it(
    then: str, answer: str | None, until: str
) -> None:
    of = rule(REPLY.replace("THEN", then))
    answers = [] if answer is None or answer > until else [replied(answer)]

    def state(units: tuple[str | None, ...]) -> str:
        (found,) = stands(of, [*history(units), *answers], until)
        return found.state

    known = {units: state(units) for units in product(*(("u-other", one) for one in COUNTS))}
    for units in product(*(("u-other", one, None) for one in COUNTS)):
        fillings = [("u-other", one) if unit is None else (unit,) for unit, one in zip(units, COUNTS, strict=True)]
        states = {known[filled] for filled in product(*fillings)}
        decided = len(states) == 1 or states.isdisjoint(FINAL)
        assert (state(units) in states) if decided else (state(units) == "not_determinable"), (units, states)


def test_it_is_asked_again_when_the_limit_of_another_reading_runs_out_and_says_what_is_missing() -> None:
    facts = [requested(), received("2026-03-04", None)]
    of = rule(REPLY.replace("THEN", "restart"))
    (found,) = judged(of, facts, "2026-03-09")
    assert (found.state, found.missing) == ("not_determinable", (f"{CASE} countersign.received.v1: actor.unit",))
    assert said(found) == "计时所依的记录不全，何时届满无法判定"
    (before,), (after,) = judged(of, facts, "2026-03-08"), judged(of, facts, "2026-03-11")
    assert (before.state, before.wake, after.state) == ("open", before.due, "violated")
    assert found.wake == after.due


def test_complete_material_of_the_day_on_which_it_was_sent_back_may_have_come_before_or_after() -> None:
    facts = [requested(), returned("2026-03-05", "u-land"), received("2026-03-05", "u-land")]
    (found,) = judged(rule(REPLY.replace("THEN", "restart")), facts)
    hours = (f"{CASE} countersign.materials_returned.v1: occurred_at", f"{CASE} countersign.received.v1: occurred_at")
    assert (found.state, found.missing) == ("not_determinable", hours)


def test_many_doubtful_facts_are_read_in_bounded_time() -> None:
    many = [received("2026-03-03", None), *(returned(f"2026-03-{day:02}", None) for day in range(4, 30))]
    assert stands(rule(REPLY.replace("THEN", "resume")), [requested(), *many]) == [Stand("not_determinable")]


@pytest.mark.parametrize(("doubtful", "state"), [(5, "violated"), (6, "not_determinable")])
def test_of_more_doubtful_facts_than_are_told_apart_nothing_final_is_said(doubtful: int, state: str) -> None:
    begun = [received(f"2026-03-{day:02}", None) for day in range(3, 3 + doubtful)]
    of = rule(REPLY.replace("THEN", "restart"))
    assert stands(of, [requested(), *begun], "2026-12-31") == [Stand(state)]
    assert stands(of, [requested(), *begun], "2026-03-08") == [Stand("open")]
