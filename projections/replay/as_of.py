"""The two questions about the past: what was known at a moment, and what was true at one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from events.alert import AlertWaived
from projections.watch.background import ROSTER_KINDS

if TYPE_CHECKING:
    from events.fact import AnyFact
    from events.moment import Instant

CORRECTION: Final = "correction"
_HELD: Final = ROSTER_KINDS | {"calendar", "rulebook", CORRECTION}
_WAIVED: Final = AlertWaived.TYPE.name


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


def bears_on_all(kind: str, type_: str) -> bool:
    """Tell whether facts of a case kind and type bear on every case, and are few enough to be held as a whole.

    They are roster, calendar, rulebooks, corrections and waivers; absences and entrustments are read as they are asked.
    """
    return kind in _HELD or type_ == _WAIVED
