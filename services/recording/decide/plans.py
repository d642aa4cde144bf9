"""Plans, visits and assessments: entries with keys of their own, nothing called off that took place."""

from __future__ import annotations

from collections.abc import Sequence

from events.fact import AnyFact, Fact
from events.plan import PlanAdopted, PlanChanged
from events.supervision import SupervisionAssessmentMade
from events.visit import VisitCancelled, VisitMade, VisitPlanned
from services.recording.decide.decision import Known, first_repeated, last_of, listed, once, past_is_unknown
from services.recording.refusals import Refusal, contradicts, never_asked, twice_in_one

_cancelled_once = once(VisitPlanned)


def adopted(fact: Fact[PlanAdopted], _case: object, _known: Known) -> Refusal | None:
    """Refuse one entry key twice."""
    twice = first_repeated([entry.entry for entry in fact.data.entries])
    return None if twice is None else twice_in_one(twice, "data.entries")


def changed(fact: Fact[PlanChanged], case: Sequence[AnyFact], _known: Known) -> Refusal | None:
    """Refuse taking out what is not in the plan, and adding under a key that is in use."""
    entries: frozenset[str] = frozenset()
    for one in case:
        entries = _evolve(entries, one)
    removed = listed(fact.data.removed)
    stranger = next((entry for entry in removed if entry not in entries), None)
    if stranger is not None and not past_is_unknown(fact, case):
        return never_asked(f"计划中没有条目 {stranger}", f"The plan has no entry {stranger}", "data.removed")
    added = [entry.entry for entry in listed(fact.data.added)]
    twice = first_repeated([*(entries - {*removed}), *added])
    return None if twice is None else twice_in_one(twice, "data.added")


def assessed(fact: Fact[SupervisionAssessmentMade], _case: object, _known: Known) -> Refusal | None:
    """Refuse two results for one unit."""
    twice = first_repeated([result.unit for result in fact.data.results])
    return None if twice is None else twice_in_one(twice, "data.results")


def visited(_fact: Fact[VisitMade], case: Sequence[AnyFact], _known: Known) -> Refusal | None:
    """Refuse making a visit that was called off."""
    found = last_of(case, VisitCancelled, VisitPlanned)
    if found is None or not isinstance(found.data, VisitCancelled):
        return None
    return contradicts(
        f"该活动已于 {found.occurred_at} 取消", f"This visit was called off on {found.occurred_at}", "type"
    )


def visit_cancelled(fact: Fact[VisitCancelled], case: Sequence[AnyFact], known: Known) -> Refusal | None:
    """Refuse calling off twice, or what took place."""
    made = last_of(case, VisitMade)
    if made is not None:
        return contradicts(
            f"该活动已于 {made.occurred_at} 进行，不能再取消",
            f"The visit took place on {made.occurred_at} and can no longer be called off",
            "type",
        )
    return _cancelled_once(fact, case, known)


def _evolve(entries: frozenset[str], fact: AnyFact) -> frozenset[str]:
    match fact.data:
        case PlanAdopted() as plan:
            return frozenset(entry.entry for entry in plan.entries)
        case PlanChanged() as change:
            return (entries - {*listed(change.removed)}) | {entry.entry for entry in listed(change.added)}
        case _:
            return entries
