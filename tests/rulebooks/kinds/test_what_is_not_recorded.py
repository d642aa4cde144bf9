"""What is said although a value is not recorded holds whatever that value is; what hangs on it is left open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import combinations
from typing import Final

import pytest

from events.fact import AnyFact
from tests.rulebooks.kinds.histories import Stand, fact, leaders, post, rule, stands

Given = Mapping[str, object]
UNITS: Final = ("u-a", "u-b")
SUBSETS: Final = [list(some) for size in range(3) for some in combinations(UNITS, size)]
FINAL: Final = frozenset({"satisfied", "violated"})


def hold_for_all(text: str, history: Callable[[Given], Iterable[AnyFact]], values: Iterable[Given]) -> set[str]:
    """Check that what a rule surely finds without a value it finds with each; return the states found without."""
    of = rule(text)
    without = stands(of, history({}))
    for one in values:
        found = stands(of, history(one))
        for stand in without:
            assert stand.state not in FINAL or stand in found, (stand, one, found)
        open_ones = any(stand.state not in FINAL for stand in without)
        assert open_ones or all(stand.state != "violated" or stand in without for stand in found), (one, found)
    return {stand.state for stand in without}


def proposed(number: int, **more: object) -> AnyFact:
    given = {
        "title": "事项",
        "kind": "other",
        "sponsor": "u-housing",
        "fields": ["urban"],
        "forum": "executive",
        **more,
    }
    return fact("matter.proposed", f"matter/m-{number}", "2026-03-02", **given)


def agenda(first: Given, second: Given) -> list[AnyFact]:
    topics = [{"item": number, "matter": f"matter/m-{number}", "kind": "ordinary"} for number in (1, 2)]
    given = {"kind": "executive", "title": "会议", "starts_at": "2026-03-12", "host": "u-office", "mode": "in_person"}
    return [
        proposed(1, **first),
        proposed(2, **second),
        fact("meeting.planned", "meeting/zw-1", "2026-03-05", **given),
        fact("meeting.agenda_approved", "meeting/zw-1", "2026-03-10", agenda=topics),
    ]


NEEDS: Final = "kind: gate\non: meeting.agenda_approved\nsettle: now\nneeds: [{zh: 要求, en: need, CONDITION}]\n"
PATH: Final = "path: trigger.agenda.matter.concerned_units"


@pytest.mark.parametrize(
    "condition",
    [
        f"{PATH}, has: u-a",
        f"{PATH}, has_all: [u-a, u-b]",
        f"{PATH}, has_none: [u-a, u-b]",
        f"{PATH}, given: true",
        f"{PATH}, given: false",
        f"{PATH}, count: {{at_least: 2}}",
        f"{PATH}, count: {{at_most: 1}}",
        f"{PATH}, count: {{at_least: 1, at_most: 2}}",
        f"{PATH}, within: trigger.agenda.matter.co_sponsors",
        f"{PATH}, not_within: trigger.agenda.matter.co_sponsors",
        f"{PATH}, covers: trigger.agenda.matter.co_sponsors",
        f"{PATH}, same_as: trigger.agenda.matter.co_sponsors",
        f"{PATH}, differs_from: trigger.agenda.matter.co_sponsors",
        "path: trigger.agenda.matter.co_sponsors, covers: trigger.agenda.matter.concerned_units",
        "path: trigger.agenda.matter.co_sponsors, within: trigger.agenda.matter.concerned_units",
        "some: trigger.agenda.matter.concerned_units, where: [{path: entry, is: u-a}]",
    ],
)
def test_of_several_lists_one_that_is_not_recorded_leaves_open_what_hangs_on_it(condition: str) -> None:
    states: set[str] = set()
    for known in SUBSETS:
        for others in (["u-a"], ["u-a", "u-b"], []):
            first = {"concerned_units": known, "co_sponsors": others}

            def history(second: Given, first: Given = first) -> list[AnyFact]:
                return agenda(first, {"co_sponsors": ["u-a"], **second})

            fillings = [{"concerned_units": units} for units in SUBSETS]
            states |= hold_for_all(NEEDS.replace("CONDITION", condition), history, fillings)
    assert "not_determinable" in states


ROSTER: Final = [*leaders(3), *post("p-head", "unit_head", "u-land")]


def notice(first: Given, second: Given) -> list[AnyFact]:
    given = {"kind": "executive", "title": "会议", "starts_at": "2026-03-12", "host": "u-office", "mode": "in_person"}
    invited = [{"capacity": "sit_in", **first}, {"capacity": "sit_in", **second}]
    return [
        *ROSTER,
        fact("meeting.planned", "meeting/zw-1", "2026-03-05", chair="p-2", **given),
        fact("meeting.notice_sent", "meeting/zw-1", "2026-03-06", invitees=invited, form="online"),
    ]


PERSONS: Final = [{"person": person} for person in ("p-1", "p-2", "p-head")]


@pytest.mark.parametrize("which", ["any", "all"])
@pytest.mark.parametrize("asked", ["holds: [deputy_head]", "member_of: executive", "same_as: case.chair"])
def test_of_several_persons_one_who_is_not_recorded_leaves_open_what_hangs_on_him(asked: str, which: str) -> None:
    text = NEEDS.replace("meeting.agenda_approved", "meeting.notice_sent")
    text = text.replace("CONDITION", f"person: trigger.invitees.person, which: {which}, {asked}")
    states: set[str] = set()
    for first in PERSONS:

        def history(second: Given, first: Given = first) -> list[AnyFact]:
            return notice(first, second)

        states |= hold_for_all(text, history, PERSONS)
    assert "not_determinable" in states


@pytest.mark.parametrize(("allowed", "state"), [("[p-1, p-2]", "violated"), ("[p-2, p-3]", "not_determinable")])
def test_one_of_several_who_is_not_recorded_hides_no_breach_of_another(allowed: str, state: str) -> None:
    text = "kind: authority\non: meeting.notice_sent\nwho: trigger.invitees.person\nmay: [{holds: [deputy_head]}]\n"
    first = {"person": "p-1" if state == "violated" else "p-2"}

    def history(second: Given) -> list[AnyFact]:
        return notice(first, second)

    assert hold_for_all(text, history, PERSONS) == {state}, allowed


PER: Final = """
kind: gate
on: meeting.agenda_approved
per: trigger.agenda.matter.concerned_units
settle: now
needs: [{zh: 征求意见, en: consulted, path: party, within: trigger.agenda.matter.co_sponsors}]
"""


def test_parties_of_whom_it_is_not_recorded_who_they_are_are_not_passed_over_nor_hide_those_who_are() -> None:
    first = {"concerned_units": ["u-a", "u-b"], "co_sponsors": ["u-a"]}
    found = stands(rule(PER), agenda(first, {"co_sponsors": []}))
    assert found == [Stand("satisfied", "u-a"), Stand("violated", "u-b"), Stand("not_determinable")]
    none_else = stands(rule(PER), agenda(first, {"co_sponsors": [], "concerned_units": []}))
    assert none_else == [Stand("satisfied", "u-a"), Stand("violated", "u-b")]
    named_away = f"{PER}when: [{{path: case.kind, is: plenary}}]\n"
    assert stands(rule(named_away), agenda(first, {})) == []


REVIEWER: Final = """
kind: gate
on: matter.proposed
per: {fact: review.requested, about: case, where: [{path: it.simple, is: true}], value: it.reviewer}
settle: now
needs: [{zh: 属部门, en: a unit of ours, path: party, is: u-justice}]
"""


def reviews(*requests: Given) -> list[AnyFact]:
    given = {"kind": "legality", "about": "matter/m-1"}
    asked = [
        fact("review.requested", f"review/r-{number}", "2026-03-03", **given, **one)
        for number, one in enumerate(requests)
    ]
    return [proposed(1, concerned_units=[]), *asked]


def test_facts_that_name_a_party_perhaps_leave_it_open_and_hide_no_other() -> None:
    perhaps = {"reviewer": "u-a"}
    sure, unnamed = {"reviewer": "u-b", "simple": True}, {"simple": True}
    assert stands(rule(REVIEWER), reviews(sure, unnamed)) == [Stand("violated", "u-b"), Stand("not_determinable")]
    assert stands(rule(REVIEWER), reviews(sure, perhaps)) == [Stand("violated", "u-b"), Stand("not_determinable")]
    assert stands(rule(REVIEWER), reviews(sure, {"reviewer": "u-b"})) == [Stand("violated", "u-b")]
