"""Deciding on a fact, and on the facts of a request one after the other; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from events.fact import AnyFact, case_key
from events.record import RecordAnnulled, RecordCorrected
from events.vocabulary import opens
from services.recording.decide.decision import Known
from services.recording.decide.table import DECISIONS, OPENED_OTHERWISE
from services.recording.decide.time import ends_before_begin, in_future
from services.recording.references import dangling, refers_to_itself
from services.recording.refusals import Refusal, case_not_open, duplicate


class Objection(Struct, frozen=True):
    """Why one fact of a request is refused; `place` counts the facts of the request from 0."""

    place: int
    refusal: Refusal


def decide(fact: AnyFact, case: Sequence[AnyFact], known: Known) -> Refusal | None:
    """Return why a fact is impossible beside what its case holds, or None; `case` is in order of recording."""
    decision = DECISIONS.get(fact.type)
    return (
        in_future(fact, known.now)
        or ends_before_begin(fact)
        or refers_to_itself(fact)
        or _unopened(fact, case)
        or dangling(fact, known.cases)
        or _entered_before(fact, case)
        or (None if decision is None else decision(fact, case, known))
    )


def objections(facts: Sequence[AnyFact], cases: Mapping[str, Sequence[AnyFact]], known: Known) -> list[Objection]:
    """Return what stands against the facts of a request, each decided after the ones before it.

    A fact is refused when it is impossible beside all that was recorded and also beside what of it still counts: what
    was corrected may be entered anew, and an answer to what was struck out later was an answer all the same. Facts that
    the ledger holds already are passed over.
    """
    corrections = [one.data for one in facts if isinstance(one.data, RecordCorrected | RecordAnnulled)]
    struck = known.struck | {one.wrong for one in corrections} if corrections else known.struck
    held = {case: list(history) for case, history in cases.items()}
    found: list[Objection] = []
    for place, fact in enumerate(facts):
        case = held.setdefault(case_key(fact.subject), [])
        if any(one.id == fact.id for one in case):
            continue
        now_known = replace(known, cases=held)
        refusal = decide(fact, case, now_known)
        if refusal is not None:
            counting = [one for one in case if one.id not in struck]
            refusal = refusal if len(counting) == len(case) else decide(fact, counting, now_known)
        if refusal is not None:
            found.append(Objection(place, refusal))
        case.append(fact)
        known = _with_fact(known, fact) if corrections else known
    return found


def _with_fact(known: Known, fact: AnyFact) -> Known:
    """Let the corrections of a request see its earlier facts."""
    wrong = {fact.data.wrong} if isinstance(fact.data, RecordCorrected | RecordAnnulled) else frozenset()
    return replace(known, struck=known.struck | wrong, facts={**known.facts, fact.id: fact})


def _unopened(fact: AnyFact, case: Sequence[AnyFact]) -> Refusal | None:
    if case or opens(fact.type) or fact.origin == "imported" or fact.type in OPENED_OTHERWISE:
        return None
    return case_not_open(fact)


def _entered_before(fact: AnyFact, case: Sequence[AnyFact]) -> Refusal | None:
    """Refuse an act entered twice. Two acts of one day may be alike; two of one instant by one actor are one.

    What the watch makes has its id from its cause, so that alike facts of one instant are several.
    """
    if fact.occurred_at.day_only or fact.origin == "watch":
        return None
    for one in case:
        if (
            one.type == fact.type
            and one.occurred_at == fact.occurred_at
            and one.data == fact.data
            and one.actor == fact.actor
            and one.on_behalf_of == fact.on_behalf_of
        ):
            return duplicate(one)
    return None
