"""Corrections: they name recorded facts that still count, and never the ledger's or the watch's own."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from events.fact import AnyFact, Fact
from events.record import RecordAnnulled, RecordCorrected
from services.recording.decide.decision import Known
from services.recording.refusals import ALREADY, ITSELF, NOT_CORRECTABLE, UNKNOWN_FACT, Refusal


def corrected(fact: Fact[RecordCorrected], _case: Sequence[AnyFact], known: Known) -> Refusal | None:
    """Refuse correcting what is unknown, struck out or itself, or by what is not recorded."""
    if fact.data.wrong == fact.data.right:
        return _by_itself(fact.data.wrong)
    return _strikes(fact, fact.data.wrong, known) or _counts(fact.data.right, "data.right", known)


def annulled(fact: Fact[RecordAnnulled], _case: Sequence[AnyFact], known: Known) -> Refusal | None:
    """Refuse annulling what is unknown or struck out, or itself."""
    return _strikes(fact, fact.data.wrong, known)


def _strikes(fact: AnyFact, wrong: UUID, known: Known) -> Refusal | None:
    if wrong == fact.id:
        return _by_itself(wrong)
    target = known.facts.get(wrong)
    if target is not None and target.origin in {"watch", "clock"}:
        return Refusal(
            NOT_CORRECTABLE,
            f"{target.type}（{wrong}）由系统按事实推出，不能更正；请更正它所依据的事实，系统会自行撤回。",
            f"{target.type} ({wrong}) follows from other facts and cannot be corrected; correct those, and the watch "
            "withdraws it.",
            "data.wrong",
        )
    return _counts(wrong, "data.wrong", known)


def _counts(fact_id: UUID, field: str, known: Known) -> Refusal | None:
    if fact_id not in known.facts:
        return Refusal(
            UNKNOWN_FACT,
            f"账册中没有事实 {fact_id}；请核对编号，新的事实须先于更正或与更正同次入账。",
            f"There is no fact {fact_id} in the ledger. Check the id; the right fact is recorded before its correction "
            "or in the same request.",
            field,
        )
    if fact_id in known.struck:
        return Refusal(
            ALREADY,
            f"事实 {fact_id} 已被更正或作废，不再计入；请更正现行的那一条，或先撤销原更正。",
            f"The fact {fact_id} was corrected or annulled and no longer counts. Correct the one that counts, or annul "
            "the earlier correction first.",
            field,
        )
    return None


def _by_itself(fact_id: UUID) -> Refusal:
    return Refusal(
        ITSELF,
        f"事实 {fact_id} 不能更正自己；请写明被更正的和取代它的两条事实。",
        f"The fact {fact_id} cannot correct itself; name the wrong fact and the one that takes its place.",
        "data.wrong",
    )
