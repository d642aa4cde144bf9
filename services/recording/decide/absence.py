"""Absences: one person away, once."""

from __future__ import annotations

from collections.abc import Sequence

from events.absence import (
    AbsenceCancelled,
    AbsenceChanged,
    AbsenceDeparted,
    AbsenceRegistered,
    AbsenceReturned,
)
from events.fact import AnyFact, Fact
from services.recording.decide.decision import Known, last_of, must_follow, once
from services.recording.refusals import Refusal, contradicts

_once = once(AbsenceRegistered, AbsenceChanged)
_cancelled_once = once()


def registered(fact: Fact[AbsenceRegistered], case: Sequence[AnyFact], _known: Known) -> Refusal | None:
    """Refuse a second person in one absence, and one that was called off."""
    before = next((one.data for one in case if isinstance(one.data, AbsenceRegistered)), None)
    if before is None or before.person == fact.data.person:
        return _over(fact, case)
    return contradicts(
        f"该外出案卷登记的是 {before.person}，不是 {fact.data.person}",
        f"This absence is one of {before.person}, not of {fact.data.person}",
        "data.person",
    )


def changed(fact: Fact[AbsenceChanged], case: Sequence[AnyFact], _known: Known) -> Refusal | None:
    """Refuse other days for an absence that was called off."""
    return _over(fact, case)


def departed(fact: Fact[AbsenceDeparted], case: Sequence[AnyFact], known: Known) -> Refusal | None:
    """Refuse a second departure, one from an absence called off, and one after the return."""
    return _once(fact, case, known) or _called_off(case) or _after(last_of(case, AbsenceReturned), fact)


def returned(fact: Fact[AbsenceReturned], case: Sequence[AnyFact], known: Known) -> Refusal | None:
    """Refuse a second return, one from an absence called off, and one before the departure."""
    return _once(fact, case, known) or _called_off(case) or must_follow(fact, last_of(case, AbsenceDeparted))


def cancelled(fact: Fact[AbsenceCancelled], case: Sequence[AnyFact], known: Known) -> Refusal | None:
    """Refuse calling off twice, or what has begun; what is called off is so for good."""
    begun = last_of(case, AbsenceDeparted, AbsenceReturned)
    if begun is not None:
        return contradicts(
            f"该次外出已于 {begun.occurred_at} 实际开始或结束，不能再取消",
            f"This absence had begun or ended by {begun.occurred_at} and can no longer be called off",
            "type",
        )
    return _cancelled_once(fact, case, known)


def _over(fact: AnyFact, case: Sequence[AnyFact]) -> Refusal | None:
    """Refuse what would bring back an absence called off; what certainly happened before that may come late."""
    found = last_of(case, AbsenceCancelled)
    earlier = found is not None and fact.occurred_at.before(found.occurred_at)
    return None if earlier else _called_off(case)


def _called_off(case: Sequence[AnyFact]) -> Refusal | None:
    found = last_of(case, AbsenceCancelled)
    if found is None:
        return None
    return contradicts(
        f"该次外出已于 {found.occurred_at} 取消（仍要外出的，请另登记一次）",
        f"This absence was called off on {found.occurred_at} (whoever goes after all registers another)",
        "type",
    )


def _after(end: AnyFact | None, begin: AnyFact) -> Refusal | None:
    return None if end is None else must_follow(end, begin)
