"""The two questions about the past: what was known at a moment, and what was true at one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from projections.watch import BACKGROUND_KINDS

if TYPE_CHECKING:
    from events.fact import AnyFact
    from events.moment import Instant

CORRECTION: str = "correction"


class AsOf(NamedTuple):
    """How much of a ledger counts: facts up to a sequence, judged at an hour in microseconds.

    With `true_until` only what had occurred by then counts; a correction counts as soon as it is known, since it says
    what was never true.
    """

    through: int
    hour: Instant
    true_until: Instant | None = None

    def counts(self, fact: AnyFact) -> bool:
        """Tell whether a fact is known, and had occurred; one of which only the day is known at the end of that."""
        if fact.sequence > self.through:
            return False
        if self.true_until is None or fact.subject.kind == CORRECTION:
            return True
        return fact.occurred_at.latest <= self.true_until


def is_background(fact: AnyFact) -> bool:
    """Tell whether a fact bears on cases beyond its own: roster, absences, mandates, calendar, corrections, waivers."""
    return fact.origin != "watch" and fact.subject.kind in BACKGROUND_KINDS
