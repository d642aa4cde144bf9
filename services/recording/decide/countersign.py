"""Countersigns: only who was asked can receive, return, reply or be given more time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from events.countersign import (
    CountersignExtensionAgreed,
    CountersignExtensionRequested,
    CountersignMaterialsReturned,
    CountersignReceived,
    CountersignReplied,
    CountersignRequested,
    CountersignWithdrawn,
)
from events.fact import AnyFact, Fact
from services.recording.decide.decision import Known, last_of, listed, past_is_unknown, stated
from services.recording.refusals import Refusal, already, never_asked

ByDepartment = (
    CountersignReceived | CountersignMaterialsReturned | CountersignExtensionRequested | CountersignExtensionAgreed
)


class _Asked(NamedTuple):
    """Who was asked so far, by all requests of the case together."""

    departments: frozenset[str] = frozenset()
    leaders: frozenset[str] = frozenset()


def from_department(fact: Fact[ByDepartment], case: Sequence[AnyFact], _known: Known) -> Refusal | None:
    """Refuse what comes from a unit that was never asked."""
    if past_is_unknown(fact, case) or fact.data.department in _asked(case).departments:
        return None
    return _unasked(fact.data.department)


def replied(fact: Fact[CountersignReplied], case: Sequence[AnyFact], _known: Known) -> Refusal | None:
    """Refuse a reply by a unit that was never asked; a leader who was asked replies for the government."""
    asked = _asked(case)
    signer = stated(fact.data.signed_by)
    if past_is_unknown(fact, case) or fact.data.department in asked.departments:
        return None
    if asked.leaders & {signer, stated(fact.actor.person), stated(fact.on_behalf_of)}:
        return None
    return _unasked(fact.data.department)


def withdrawn(fact: Fact[CountersignWithdrawn], case: Sequence[AnyFact], _known: Known) -> Refusal | None:
    """Refuse withdrawing the whole request twice, or from a unit that was never asked."""
    before = last_of(case, CountersignWithdrawn, CountersignRequested)
    if before is not None and isinstance(before.data, CountersignWithdrawn) and not listed(before.data.departments):
        return already(fact, before)
    if past_is_unknown(fact, case):
        return None
    asked = _asked(case).departments
    stranger = next((unit for unit in listed(fact.data.departments) if unit not in asked), None)
    return None if stranger is None else _unasked(stranger, "data.departments")


def _asked(case: Sequence[AnyFact]) -> _Asked:
    asked = _Asked()
    for fact in case:
        asked = _evolve(asked, fact)
    return asked


def _evolve(asked: _Asked, fact: AnyFact) -> _Asked:
    if not isinstance(fact.data, CountersignRequested):
        return asked
    return _Asked(asked.departments | {*fact.data.departments}, asked.leaders | {*listed(fact.data.leaders)})


def _unasked(unit: str, field: str = "data.department") -> Refusal:
    return never_asked(f"该会签从未征求 {unit} 的意见", f"{unit} was never asked in this round of opinions", field)
