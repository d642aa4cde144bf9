"""The clock facts: time itself, as the ledger records it."""

from __future__ import annotations

import datetime as dt
from typing import Final
from uuid import UUID, uuid5

from events.clock import ClockReached
from events.fact import Actor, AnyFact, Case, Fact
from events.moment import TIME_ZONE, Moment

CLOCK_TYPE: Final = "clock.reached.v1"
CLOCK_KIND: Final = "clock"
_NAMESPACE: Final = UUID("5f0c1f52-6c0f-5d0e-9d0a-0b8f1d6f3c11")


def clock_fact(district: str, at: dt.datetime) -> AnyFact:
    """Return the one clock fact of a district and due moment; its id and case follow from these two."""
    at = at.astimezone(TIME_ZONE)
    name = at.isoformat()
    return Fact(
        id=uuid5(_NAMESPACE, f"{district}/{name}"),
        district=district,
        type=CLOCK_TYPE,
        subject=Case(kind=CLOCK_KIND, id=name),
        occurred_at=Moment(at.isoformat()),
        recorded_at=at,
        origin="clock",
        actor=Actor(unit="ledger"),
        classification="internal",
        data=ClockReached(at=at),
    )


def is_clock(fact: AnyFact) -> bool:
    """Tell whether a fact claims to be the clock's."""
    return fact.type == CLOCK_TYPE or CLOCK_KIND in {fact.origin, fact.subject.kind}
