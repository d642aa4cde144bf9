"""Which small changes are made to a rule as written."""

from __future__ import annotations

import pytest

from rulebooks.checks.mutating import mutants
from rulebooks.source import Located, read_yaml


def changes(text: str, bodies: tuple[str, ...] = ()) -> list[str]:
    return [one.change for one in mutants(read_yaml(text, "test.yaml"), bodies)]


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("{at_most: 3}", ["at_most -> less_than", "at_most: 3 -> 4", "at_most: 3 -> 2"]),
        ("{path: a, more_than: 0.5}", ["more_than -> at_least", "more_than: 0.5 -> 0.6", "more_than: 0.5 -> 0.4"]),
        ("{at_least: 1/2}", ["at_least -> more_than", "at_least: 1/2 -> 2/3", "at_least: 1/2 -> 1/3"]),
        ("{path: a, before: b}", ["before -> not_after"]),
        ("{n: 5, unit: hour}", ["n: 5 -> 6", "n: 5 -> 4", "count_from: next_day -> same_day"]),
        (
            "{n: 1, unit: working_day, count_from: same_day}",
            ["n: 1 -> 2", "n: 1 -> 0", "unit: working_day -> day", "count_from: same_day -> next_day"],
        ),
        ("{path: a, in: [x, y]}", ["in[1]: x -> none", "in[2]: y -> none"]),
        ("{path: a, has_any: [x]}", []),
        ("{person: a, holds: [unit_head]}", ["holds[1]: unit_head -> unit_deputy"]),
        ("{person: a, holds: [unit_head, town_head]}", ["holds[1]: unit_head -> none", "holds[2]: town_head -> none"]),
        ("{person: a, is: head, away: true}", ["is -> none", "away -> none"]),
        ("{fact: a.b, not_after: trigger}", ["not_after -> none", "not_after -> before"]),
        (
            "{fact: a.b, pick: first, of_each: [c, d]}",
            ["pick: first -> last", "of_each -> none", "of_each[1]: c -> none", "of_each[2]: d -> none"],
        ),
        ("{fact: [a.b, a.c]}", ["fact[1]: a.b -> none", "fact[2]: a.c -> none"]),
        (
            "{fact: a.b, in: c, about: [d, e], via: [f]}",
            ["in -> none", "about -> none", "about[1]: d -> none", "about[2]: e -> none"],
        ),
        ("{when: [{path: a, given: true}]}", ["when[1] -> none"]),
        ("{unless: {path: a, given: true}}", ["unless -> none"]),
        (
            "{needs: [{any: [{term: a}, {term: b}]}]}",
            ["needs[1] -> none", "needs[1].any[1] -> none", "needs[1].any[2] -> none"],
        ),
        ("{steps: [{fact: a.b}, {fact: a.c}]}", ["steps[1] -> none", "steps[2] -> none", "steps[1] <-> steps[2]"]),
        ("{groups: [{zh: 甲}, {zh: 乙}]}", ["groups[1] <-> groups[2]"]),
        ("{recused: absent, whole: true}", ["recused: absent -> present", "whole: true -> false"]),
        ("{period: year}", ["period: year -> half_month"]),
        (
            "{kind: deadline, modality: generally, tiers: [{due: none, modality: must}]}",
            ["tiers[1] -> none", "tiers[1].modality: must -> generally"],
        ),
        ("{modality: must_not}", ["modality: must_not -> in_principle_not"]),
        ("{partners: {overlap: false}}", ["partners -> everybody"]),
        ("{id: a/1, at: {paragraph: 1}, zh: 5日, reading: {zh: 1}, settle: {within: {n: 1}}}", []),
    ],
)
def test_each_way_to_change_a_part_of_a_rule_is_tried(text: str, made: list[str]) -> None:
    assert sorted(changes(text)) == sorted(made)


def test_a_body_is_exchanged_for_the_next_one_of_the_rulebook() -> None:
    assert changes("{body: executive}", ("executive", "plenary")) == ["body: executive -> plenary"]


def test_a_change_leaves_the_rule_and_everything_beside_it_alone() -> None:
    text = "{kind: gate, on: a.b, needs: [{fact: a.c, zh: 甲}, {path: a, at_least: 2}]}"
    given = read_yaml(text, "test.yaml")
    changed = {one.change: one.given for one in mutants(given)}
    assert changed["needs[2].at_least: 2 -> 3"] == read_yaml(text.replace("at_least: 2", "at_least: 3"), "test.yaml")
    assert given == read_yaml(text, "test.yaml")


def test_a_changed_mapping_still_knows_where_it_stands() -> None:
    given = read_yaml("kind: tally\nperiod: year\ncount:\n  fact: a.b\nat_most: 1\n", "test.yaml")
    for one in mutants(given):
        counted = one.given["count"]
        assert isinstance(counted, Located)
        assert (one.given.file, one.given.line, counted.line) == ("test.yaml", 1, 4)


@pytest.mark.parametrize(("other", "matters"), [("plenary", False), ("special", True)])
def test_how_many_rows_of_a_table_apply_matters_where_they_demand_different_things(other: str, matters: bool) -> None:
    made = changes(f"{{rows: [{{zh: 甲, bodies: [plenary]}}, {{zh: 乙, bodies: [{other}]}}]}}")
    assert ("all_rows: false -> true" in made) is matters
