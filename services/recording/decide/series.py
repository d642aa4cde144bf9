"""Series of document numbers: a number is reserved once and never given again once it is void.

A gap is recorded, and shown by `services.recording.numbers`: offices keep numbers free on purpose.
"""

from __future__ import annotations

from collections.abc import Sequence

from events.fact import AnyFact, Fact
from events.series import SeriesNumberReserved, SeriesNumberVoided, SeriesOpened
from services.recording.decide.decision import Known, last_of
from services.recording.refusals import IMPOSSIBLE_NUMBER, Refusal, already, contradicts


def opened(fact: Fact[SeriesOpened], case: Sequence[AnyFact], _known: Known) -> Refusal | None:
    """Refuse another code or year in one series."""
    before = last_of(case, SeriesOpened)
    if before is None or not isinstance(before.data, SeriesOpened):
        return None
    held = before.data
    if (held.code, held.year) == (fact.data.code, fact.data.year):
        return already(fact, before)
    return contradicts(
        f"该文号序列是 {held.code}〔{held.year}〕（第 {before.sequence} 号）",
        f"This series is {held.code}〔{held.year}〕 (number {before.sequence})",
        "data.code",
    )


def reserved(fact: Fact[SeriesNumberReserved], case: Sequence[AnyFact], _known: Known) -> Refusal | None:
    """Refuse a number that is reserved or void."""
    serial = fact.data.serial
    before = _last_about(serial, case)
    if before is None:
        return _below_one(serial)
    if isinstance(before.data, SeriesNumberVoided):
        return contradicts(
            f"{serial} 号已于 {before.occurred_at} 作废，不再使用",
            f"Number {serial} was voided on {before.occurred_at} and is not given again",
            "data.serial",
        )
    held = before.data.document if isinstance(before.data, SeriesNumberReserved) else ""
    return contradicts(
        f"{serial} 号已于 {before.occurred_at} 预留给 {held}（第 {before.sequence} 号）",
        f"Number {serial} was reserved for {held} on {before.occurred_at} (number {before.sequence})",
        "data.serial",
    )


def voided(fact: Fact[SeriesNumberVoided], case: Sequence[AnyFact], _known: Known) -> Refusal | None:
    """Refuse voiding a number twice; it may have been used without having been reserved."""
    before = _last_about(fact.data.serial, case)
    if before is not None and isinstance(before.data, SeriesNumberVoided):
        return already(fact, before)
    return _below_one(fact.data.serial)


def _last_about(serial: int, case: Sequence[AnyFact]) -> AnyFact | None:
    for one in reversed(case):
        if isinstance(one.data, SeriesNumberReserved | SeriesNumberVoided) and one.data.serial == serial:
            return one
    return None


def _below_one(serial: int) -> Refusal | None:
    if serial >= 1:
        return None
    return Refusal(
        IMPOSSIBLE_NUMBER,
        f"文号顺序号从 1 起编，没有 {serial} 号；请核对。",
        f"Document numbers begin with 1; there is no number {serial}. Check it.",
        "data.serial",
    )
