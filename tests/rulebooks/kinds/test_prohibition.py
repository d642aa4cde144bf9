"""What must not be done."""

from __future__ import annotations

import pytest

from events.fact import AnyFact
from tests.rulebooks.kinds.histories import Stand, fact, judged, rule, said, stands

NOT_AFTER_A_RETURN = """
kind: prohibition
on: matter.implemented
forbids:
  - zh: 会议未通过即实施
    en: carried out though not adopted
    fact: meeting.decision_made
    about: case
    where: [{path: it.outcome, in: [rejected, returned]}]
    before: trigger
  - {zh: 非试点单位, en: by another unit, path: trigger.unit, is_not: u-pilot}
unless: [{path: case.kind, is: emergency}]
"""
MATTER = "matter/m-1"


def matter(kind: str = "urban_project") -> AnyFact:
    return fact("matter.proposed", MATTER, "2026-03-01", title="事项", kind=kind, sponsor="u-land", fields=["land"])


def decided(outcome: str, on: str = "2026-03-10") -> AnyFact:
    return fact("meeting.decision_made", "meeting/zw-1", on, item=1, matter=MATTER, decision="1", outcome=outcome)


def implemented(unit: str = "u-land") -> AnyFact:
    return fact("matter.implemented", MATTER, "2026-03-20", act="开工", unit=unit)


def test_it_is_breached_only_when_everything_forbidden_comes_together() -> None:
    of = rule(NOT_AFTER_A_RETURN)
    found = judged(of, [matter(), decided("rejected"), implemented()])
    assert [(one.state, said(one)) for one in found] == [("violated", "出现：会议未通过即实施；出现：非试点单位")]
    assert stands(of, [matter(), decided("adopted"), implemented()]) == [Stand("satisfied")]
    assert stands(of, [matter(), decided("rejected"), implemented("u-pilot")]) == [Stand("satisfied")]


@pytest.mark.parametrize(
    ("on", "state"), [("2026-03-19", "violated"), ("2026-03-20", "not_determinable"), ("2026-03-21", "satisfied")]
)
def test_what_came_on_the_day_itself_without_an_hour_leaves_it_open(on: str, state: str) -> None:
    assert stands(rule(NOT_AFTER_A_RETURN), [matter(), decided("rejected", on), implemented()]) == [Stand(state)]


def test_a_stated_exception_excuses() -> None:
    facts = [matter("emergency"), decided("rejected"), implemented()]
    assert stands(rule(NOT_AFTER_A_RETURN), facts) == [Stand("satisfied")]
