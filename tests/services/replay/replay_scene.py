"""A ledger in memory with a history recorded in it, and short ways to replay it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import orjson

from events.fact import AnyFact
from events.ledger.memory import MemoryLedger
from events.ledger.port import Ledger, Proposal
from events.moment import TIME_ZONE, Moment
from events.parsing import Defaults, History
from projections.replay.answer import Replay
from projections.replay.question import Question
from services.replay.answering import Answering
from services.replay.basis import DistrictBasis, basis_of
from services.replay.indexing import Sources
from services.replay.ledger_until import reach_of
from services.replay.replaying import Asked

Line = Mapping[str, Any]
NOW = dt.datetime(2026, 12, 31, 12, tzinfo=TIME_ZONE)
ASKED: Line = {
    "type": "countersign.requested.v1",
    "subject": {"kind": "countersign", "id": "cs-1"},
    "occurred_at": "2026-09-28T09:00:00+08:00",
    "actor": {"unit": "u-housing"},
    "data": {
        "kind": "opinion",
        "about": "document/d-1",
        "sponsor": "u-housing",
        "departments": ["u-land"],
        "form": "online",
    },
}


def replied(occurred_at: str, recorded_at: str, **changes: object) -> Line:
    """Return the answer of the department asked."""
    return {
        **ASKED,
        "type": "countersign.replied.v1",
        "actor": {"unit": "u-land"},
        "occurred_at": occurred_at,
        "recorded_at": recorded_at,
        "data": {"department": "u-land", "stance": "agree", "signed_by": "p-luo"},
        **changes,
    }


def annulled(wrong: str, at: str) -> Line:
    """Return that a fact is annulled."""
    return {
        "type": "record.annulled.v1",
        "subject": {"kind": "correction", "id": "c-1"},
        "occurred_at": at,
        "recorded_at": at,
        "actor": {"unit": "u-office"},
        "data": {"wrong": wrong, "reason": "重复录入"},
    }


@cache
def basis(district: str) -> DistrictBasis:
    """Return by what a district is judged, compiled once."""
    found = basis_of(district)
    assert found is not None
    return found


def facts_of(lines: Iterable[Line], district: str = "xinzhou") -> list[AnyFact]:
    """Read a history."""
    return list(History((orjson.dumps(one) for one in lines), Defaults(district=district)))


def recorded(facts: Iterable[AnyFact]) -> Ledger:
    """Record facts, each as the ledger learned it."""
    ledger = MemoryLedger()
    for fact in facts:
        ledger.record([Proposal(facts=(fact,), recorded_at=fact.recorded_at)], fact.recorded_at)
    return ledger


def told(*lines: Line, district: str = "xinzhou") -> Ledger:
    """Record lines."""
    return recorded(facts_of(lines, district))


def replay(
    ledger: Ledger,
    case: str | None = "countersign/cs-1",
    known_at: str | None = None,
    true_at: str | None = None,
    district: str = "xinzhou",
    now: dt.datetime = NOW,
    **asked: Any,  # noqa: ANN401  the fields of Asked
) -> Replay:
    """Replay a case, or the district."""
    question = Question(*(None if one is None else Moment(one) for one in (known_at, true_at)))
    reach = reach_of(ledger, district, now)
    answering = Answering(Sources(ledger), basis(district), district, reach)
    return answering.answer(Asked(case=case, question=question, **asked))


def outcomes(found: Replay) -> list[tuple[str, str, str | None]]:
    """Return rule, outcome and due day of each finding."""
    return [(one.rule, one.outcome, one.due_at) for one in found.findings]


def notes(found: Replay) -> list[str]:
    """Return the codes of what is said of the answer itself."""
    return [one.code for one in found.notes]
