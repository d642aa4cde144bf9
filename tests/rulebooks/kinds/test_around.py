"""A search inside another names the fact that the other tests."""

from __future__ import annotations

import pytest

from events.fact import AnyFact
from rulebooks.problems import CompileError
from tests.rulebooks.kinds.histories import fact, judged, rule

OTHERS = "{path: it.subject, differs_from: around.subject}"
STANDS = """
kind: gate
on: matter.implemented
settle: now
needs:
  - zh: 会议通过，另一次会议没有不予通过
    en: adopted and not rejected by another meeting
    fact: meeting.decision_made
    about: case
    where:
      - {path: it.outcome, is: adopted}
      - {no_fact: meeting.decision_made, about: it.matter, where: [{path: it.outcome, is: rejected}, OTHERS]}
    not_after: trigger
"""
OUTSIDE = """
kind: gate
on: matter.implemented
needs: [{zh: 议定, en: decided, fact: meeting.decision_made, about: case, where: [OTHERS]}]
"""
PROPOSED = fact(
    "matter.proposed", "matter/m-1", "2026-03-01", title="甲", kind="other", sponsor="u-housing", fields=["land"]
)
IMPLEMENTED = fact("matter.implemented", "matter/m-1", "2026-03-20", act="开工", unit="u-housing")


def decided(meeting: str, decision: str, outcome: str) -> AnyFact:
    given = {"item": 1, "matter": "matter/m-1", "decision": decision, "outcome": outcome}
    return fact("meeting.decision_made", meeting, "2026-03-10", **given)


@pytest.mark.parametrize(
    ("rejected_by", "state"),
    [("meeting/zw-1", "satisfied"), ("meeting/zw-2", "violated")],
)
def test_what_another_meeting_decided_is_told_from_another_point_of_the_same(rejected_by: str, state: str) -> None:
    facts = [PROPOSED, decided("meeting/zw-1", "1.1", "adopted"), decided(rejected_by, "1.2", "rejected"), IMPLEMENTED]
    assert [one.state for one in judged(rule(STANDS.replace("OTHERS", OTHERS)), facts)] == [state]


@pytest.mark.parametrize(
    "text",
    [
        OUTSIDE.replace("OTHERS", OTHERS),
        OUTSIDE.replace("[OTHERS]", "[]") + "when: [{path: around.act, is: 甲}]\n",
    ],
)
def test_around_wants_a_search_inside_another(text: str) -> None:
    with pytest.raises(CompileError, match="`around`"):
        rule(text)
