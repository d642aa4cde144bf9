"""Dates that cannot be: acts of the future, and intervals that end before they begin."""

from __future__ import annotations

import datetime as dt
from typing import Final

from events.fact import AnyFact
from events.moment import Moment, instant_of
from services.recording.refusals import END_BEFORE_BEGIN, IN_FUTURE, Refusal

TOLERANCE: Final = dt.timedelta(minutes=5)
"""How far an act may lie ahead of the ledger's clock: clocks of offices differ by minutes."""


def in_future(fact: AnyFact, now: dt.datetime) -> Refusal | None:
    """Refuse what has not happened yet; a day counts from its first moment in +08:00."""
    if fact.occurred_at.earliest <= instant_of(now):
        return None
    return Refusal(
        IN_FUTURE,
        f"发生时间 {fact.occurred_at} 晚于现在（{now.isoformat(timespec='seconds')}），尚未发生的事不能入账；"
        "请核对日期，拟定的安排请录入相应的计划类事实。",
        f"It occurred at {fact.occurred_at}, which is after now ({now.isoformat(timespec='seconds')}); what has not "
        "happened cannot be recorded. Check the date; what is only planned has facts of its own.",
        "occurred_at",
    )


def ends_before_begin(fact: AnyFact) -> Refusal | None:
    """Refuse an interval whose end certainly lies before its beginning."""
    begin, end = getattr(fact.data, "from_", None), getattr(fact.data, "until", None)
    if isinstance(begin, Moment) and isinstance(end, Moment) and end.latest < begin.earliest:
        return end_before_begin(begin, end, "data.until")
    return None


def end_before_begin(begin: object, end: object, field: str) -> Refusal:
    """Say that an end lies before its beginning."""
    return Refusal(
        END_BEFORE_BEGIN,
        f"止期 {end} 早于起期 {begin}，这样的期间不存在；请核对原件。",
        f"It ends ({end}) before it begins ({begin}); there is no such interval. Look at the paper again.",
        field,
    )
