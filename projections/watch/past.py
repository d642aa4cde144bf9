"""What is over: it lies on the shelf until something asks about its time again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from events.moment import MICROSECONDS_A_DAY
from rulebooks.record.tenures import ALWAYS

if TYPE_CHECKING:
    from events.moment import Instant

LONGEST_PERIOD: Final = 366 * MICROSECONDS_A_DAY
"""The longest period of counts is a year: what ended longer ago is over."""
SELDOM: Final = 7 * MICROSECONDS_A_DAY
"""How much later it has to be until what is over is put on the shelf again."""


def over_by(hour: Instant) -> Instant:
    """Return the instant before which everything is over at an hour."""
    return hour - LONGEST_PERIOD


class Past:
    """Up to which instant what is over was put on the shelf."""

    def __init__(self) -> None:
        self._over = -ALWAYS

    def moved_on(self, hour: Instant) -> Instant | None:
        """Return the instant before which everything is over, where it is to be put on the shelf now."""
        over = over_by(hour)
        if over < self._over + SELDOM:
            return None
        self._over = over
        return over

    def copied(self) -> Past:
        """Return one that goes on from here by itself."""
        other = Past()
        other._over = self._over
        return other
