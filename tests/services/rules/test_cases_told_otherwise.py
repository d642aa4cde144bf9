"""What does not matter to a rule changes nothing: how people, units and cases are called, and what others did."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from operator import attrgetter
from typing import Final, NamedTuple
from uuid import uuid5

import msgspec
import orjson
import pytest

from events.fact import AnyFact
from events.parsing import parse
from projections.watch.filing import NO_ACTS
from rulebooks.checks.cases import Case, load_cases
from rulebooks.loading import HOME, load_rulebook, shipped_districts
from rulebooks.rule import Rule
from services.checking import play_by

NAMED: Final = re.compile(r'"([a-z_]+/)?((?:p|u)-[^"/]+)"')
CASE: Final = re.compile(r'"([a-z_]+)/([^"/]+)"|"subject":\{"kind":"([a-z_]+)","id":"([^"]+)"\}')
GOVERNMENT: Final = "u-gov"
"""The name under which a government is looked for where its own was not recorded."""
OTHER: Final = "-other"
ELSEWHERE: Final = frozenset({*NO_ACTS, "absence", "entrustment", "plan", "duty", "correction", "calendar", "rulebook"})
"""Kinds of case that concern more than themselves."""


class Told(NamedTuple):
    """A case, with the rule that it proves."""

    rule: Rule
    case: Case


@cache
def cases_of_rules(district: str) -> list[Told]:
    """Return for every fourth rule of a district its first case that is a breach, if it has one."""
    found: dict[str, Told] = {}
    for path in sorted(HOME.glob(f"{district}/*/rulebook.yaml")):
        rules = {rule.header.id: rule for rule in load_rulebook(path.parent).rules}
        cases, _ = load_cases(path.parent, district)
        for case in sorted(cases, key=lambda one: one.expect != "violated"):
            found.setdefault(case.rule, Told(rules[case.rule], case))
    return list(found.values())[::4]


def states(told: Told, facts: Iterable[AnyFact]) -> list[str]:
    """Return how the rule stands, of all cases but those of others."""
    standing = play_by(list(facts), [told.rule], told.case.until).watch.standing()
    return sorted(one.state for _, one in standing if not one.subject.endswith(OTHER))


def text_of(fact: AnyFact) -> str:
    return msgspec.json.encode(fact, enc_hook=str).decode()


def fact_of(text: str, **other: object) -> AnyFact:
    return parse({**{key: value for key, value in orjson.loads(text).items() if key != "sequence"}, **other})


def called_otherwise(facts: Iterable[AnyFact]) -> list[AnyFact]:
    """Give each person and unit another name, and each case another number, all in the opposite order."""
    texts = [text_of(fact) for fact in facts]
    names = {name for text in texts for _, name in NAMED.findall(text)} - {GOVERNMENT}
    new_names = {name: f"{name[0]}-{9999 - number}" for number, name in enumerate(sorted(names))}
    whole = [NAMED.sub(lambda found: f'"{found[1] or ""}{new_names.get(found[2], found[2])}"', text) for text in texts]
    cases = {fact.subject.id for fact in facts if fact.subject.kind not in NO_ACTS}
    new_cases = {case: f"z{9999 - number}" for number, case in enumerate(sorted(cases))}
    return [fact_of(renumbered(text, new_cases)) for text in whole]


def renumbered(text: str, cases: Mapping[str, str]) -> str:
    """Replace the numbers of cases in subjects and references."""

    def new(found: re.Match[str]) -> str:
        kind, number = found[1] or found[3], found[2] or found[4]
        name = number if kind in NO_ACTS else cases.get(number, number)
        return f'"{kind}/{name}"' if found[1] else f'"subject":{{"kind":"{kind}","id":"{name}"}}'

    return CASE.sub(new, text)


@pytest.mark.parametrize("district", shipped_districts())
def test_what_people_units_and_cases_are_called_decides_nothing(district: str) -> None:
    differing = {}
    for one in cases_of_rules(district):
        before, after = states(one, one.case.facts), states(one, called_otherwise(one.case.facts))
        if before != after:
            differing[one.case.rule] = (before, after)
    assert differing == {}


def of_others(case: Case) -> list[AnyFact]:
    """Return what was done in another case, which shares nothing with any but the people and units."""
    texts = [(fact, text_of(fact)) for fact in case.facts if fact.subject.kind not in ELSEWHERE]
    numbers = {number: f"{number}{OTHER}" for _, text in texts for pair in CASE.findall(text) for number in pair}
    return [fact_of(renumbered(text, numbers), id=str(uuid5(fact.id, OTHER))) for fact, text in texts]


@pytest.mark.parametrize("district", shipped_districts())
def test_what_was_done_in_a_case_that_shares_nothing_decides_nothing(district: str) -> None:
    told = cases_of_rules(district)
    differing = {}
    for one, another in zip(told, [*told[1:], told[0]], strict=True):
        if one.rule.tally is None:
            together = sorted([*one.case.facts, *of_others(another.case)], key=attrgetter("recorded_at"))
            before, after = states(one, one.case.facts), states(one, together)
            if before != after:
                differing[one.case.rule] = (another.case.rule, before, after)
    assert differing == {}
