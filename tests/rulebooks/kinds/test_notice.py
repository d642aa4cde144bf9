"""Who must be told before an act."""

from __future__ import annotations

import pytest

from events.fact import AnyFact
from tests.rulebooks.kinds.histories import Stand, fact, judged, rule, said, stands

TOLD = """
kind: notice
on: absence.departed
settle: now
told:
  - zh: 事前报告区长
    en: the head was told before
    fact: absence.reported
    where: [{path: it.to, is: p-1}]
    before: trigger
unless: [{path: case.kind, is: sick_leave}]
"""
CASE = "absence/a"


def registered(kind: str = "annual_leave") -> AnyFact:
    given = {"person": "p-2", "kind": kind, "reason": "休假", "from": "2026-03-09", "until": "2026-03-11"}
    return fact("absence.registered", CASE, "2026-03-01", **given)


def reported(at: str, to: str = "p-1") -> AnyFact:
    return fact("absence.reported", CASE, at, to=to, form="oral")


def departed(at: str = "2026-03-09T08:00+08:00") -> AnyFact:
    return fact("absence.departed", CASE, at)


@pytest.mark.parametrize(
    ("at", "state"),
    [
        ("2026-03-08", "satisfied"),
        ("2026-03-09T07:59+08:00", "satisfied"),
        ("2026-03-09", "not_determinable"),
        ("2026-03-09T08:00+08:00", "violated"),
        ("2026-03-10", "violated"),
    ],
)
def test_being_told_counts_before_the_act_only(at: str, state: str) -> None:
    assert stands(rule(TOLD), [registered(), reported(at), departed()]) == [Stand(state)]


def test_telling_somebody_else_is_no_notice() -> None:
    found = judged(rule(TOLD), [registered(), reported("2026-03-05", to="p-3"), departed()])
    assert [(one.state, said(one)) for one in found] == [("violated", "缺：事前报告区长")]


def test_a_stated_exception_excuses() -> None:
    assert stands(rule(TOLD), [registered("sick_leave"), departed()]) == [Stand("satisfied")]
