"""Facts that could not be judged: set aside, as a whole or for one rule, and named in the log; the others go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from events.fact import case_key
from projections.saved.batch import Parked
from services.logs.logging import about_fact

if TYPE_CHECKING:
    from events.fact import AnyFact
    from projections.watch.judging import NotJudged


def skipped(fact: AnyFact, error: Exception) -> Parked:
    """Return a fact as set aside as a whole, and say so."""
    with about_fact(fact):
        _say(fact, exc_info=error)
    return Parked(fact.sequence, fact.id, case_key(fact.subject), fault_of="", error=_told(error))


def set_aside(one: NotJudged) -> Parked:
    """Return a fact as set aside for the one rule that could not judge by it, and say so; the other rules did."""
    fact = one.cause
    with about_fact(fact):
        _say(fact, rule=one.rule, about=one.subject, exc_info=one.error)
    return Parked(fact.sequence, fact.id, case_key(fact.subject), f"{one.rule} {one.subject}", _told(one.error))


def _say(fact: AnyFact, **more: object) -> None:
    structlog.get_logger().error(
        "watch.fact_parked", district=fact.district, sequence=fact.sequence, type=fact.type, **more
    )


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
