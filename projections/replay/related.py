"""The facts beyond its own that tell of a case: those that name it, its alerts, corrections, proofs of its findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.fact import case_key
from events.record import RecordAnnulled, RecordCorrected
from projections.alerts.identity import alert_id
from rulebooks.language.references import references_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from events.fact import AnyFact
    from projections.replay.case_standing import Standing
    from projections.replay.knowledge import Knowledge

CIRCUMSTANCES = frozenset({"rulebook", "calendar", "setting", "clock", "access"})
"""Kinds of case that facts name by the thousand without being about them."""


def related(knowledge: Knowledge, case: str, standing: Standing) -> tuple[AnyFact, ...]:
    """Return the reference facts of a case that count at a moment, in order of recording."""
    counts = standing.as_of.counts
    found: dict[UUID, AnyFact] = {}
    alerts = [f"alert/{alert_id(knowledge.district, rule.header.id, one)}" for rule, one in standing.judged]
    naming = list(knowledge.index.naming(case)) if case.partition("/")[0] not in CIRCUMSTANCES else []
    knowledge.read_ahead({*naming, *alerts})
    for source in naming:
        for fact in knowledge.facts_of(source):
            if counts(fact) and _tells_of(fact, case):
                found[fact.id] = fact
                if fact.subject.kind == "alert":
                    alerts.append(source)
    for alert in alerts:
        found.update({one.id: one for one in knowledge.facts_of(alert) if counts(one)})
    for _, judgement in standing.judged:
        found.update({one.id: one for one in (judgement.trigger, *judgement.facts)})
    own = {one.id for one in knowledge.facts_of(case)}
    every = {*own, *found}
    corrections = [one for one in knowledge.index.background() if one.subject.kind == "correction" and counts(one)]
    found.update({one.id: one for one in _against(every, corrections)})
    return tuple(sorted((one for one in found.values() if one.id not in own), key=lambda one: one.sequence))


def life_of(knowledge: Knowledge, alert: str, standing: Standing) -> list[AnyFact]:
    """Return the facts of an alert that count at a moment."""
    return [one for one in knowledge.facts_of(f"alert/{alert}") if standing.as_of.counts(one)]


def refers_to(facts: Iterable[AnyFact]) -> tuple[str, ...]:
    """Return the cases that the facts of a case name, by key."""
    named = dict.fromkeys(case for fact in facts for case, _ in references_of(fact))
    return tuple(one for one in named if one.partition("/")[0] not in CIRCUMSTANCES)


def _tells_of(fact: AnyFact, case: str) -> bool:
    return case_key(fact.subject) == case or any(one == case for one, _ in references_of(fact))


def _against(struck: set[UUID], corrections: Sequence[AnyFact]) -> list[AnyFact]:
    """Return the corrections of some facts, and those of such corrections, and so on."""
    found: list[AnyFact] = []
    known = set(struck)
    for one in corrections:
        if isinstance(one.data, RecordCorrected | RecordAnnulled) and one.data.wrong in known:
            known.add(one.id)
            found.append(one)
    return found
