"""Documents, minutes, reviews and approvals: each about one thing, numbered once."""

from __future__ import annotations

from collections.abc import Sequence

from events.approval import ApprovalGiven, ApprovalRequested
from events.document_issue import DocumentEffectiveDateSet, DocumentIssued
from events.fact import AnyFact, Fact
from events.minutes import MinutesDrafted
from events.moment import start_of
from events.review import ReviewFoundUnnecessary, ReviewRequested
from services.recording.decide.decision import Known, last_of, stated
from services.recording.decide.time import end_before_begin
from services.recording.refusals import Refusal, already, contradicts

About = ApprovalRequested | ApprovalGiven | ReviewRequested | ReviewFoundUnnecessary


def about_one_thing(fact: Fact[About], case: Sequence[AnyFact], _known: Known) -> Refusal | None:
    """Refuse a second thing in a case that is about one."""
    kinds = (ApprovalRequested, ApprovalGiven, ReviewRequested, ReviewFoundUnnecessary)
    before = next((one for one in case if isinstance(one.data, kinds)), None)
    return None if before is None else _same(before, "about", before.data, fact.data)


def drafted_minutes(fact: Fact[MinutesDrafted], case: Sequence[AnyFact], _known: Known) -> Refusal | None:
    """Refuse minutes of two meetings."""
    before = last_of(case, MinutesDrafted)
    return None if before is None else _same(before, "meeting", before.data, fact.data)


def issued_document(fact: Fact[DocumentIssued], case: Sequence[AnyFact], _known: Known) -> Refusal | None:
    """Refuse a second number for one document, and the same issue entered again."""
    before = last_of(case, DocumentIssued)
    return None if before is None else already(fact, before)


def in_force(fact: Fact[DocumentEffectiveDateSet], _case: object, _known: Known) -> Refusal | None:
    """Refuse a validity that ends before it begins."""
    end = stated(fact.data.until)
    if end is None or end.latest >= start_of(fact.data.effective_on):
        return None
    return end_before_begin(fact.data.effective_on, end, "data.until")


def _same(before: AnyFact, name: str, old: object, new: object) -> Refusal | None:
    held, given = getattr(old, name), getattr(new, name)
    if held == given:
        return None
    return contradicts(
        f"该案卷针对的是 {held}（第 {before.sequence} 号），不是 {given}",
        f"This case is about {held} (number {before.sequence}), not {given}",
        f"data.{name}",
    )
