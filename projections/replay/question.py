"""What is asked of a replay, and how much of the ledger each question lets count."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from projections.findings import Told
from projections.replay.as_of import AsOf

if TYPE_CHECKING:
    from collections.abc import Callable

    from events.moment import Instant, Moment


class Reach(NamedTuple):
    """How far a ledger goes: its last sequence, the present, and which sequence was the last at a moment."""

    head: int
    now: Instant
    through_at: Callable[[Instant], int]


class Question(NamedTuple):
    """As known at one moment, as true at another, or both; neither: as known now. A day means its end."""

    known_at: Moment | None = None
    true_at: Moment | None = None

    def as_of(self, reach: Reach) -> AsOf:
        """Return what counts.

        Nothing is judged at an hour that has not come yet, nor, as known at a moment, at one after it.
        """
        known = reach.now if self.known_at is None else min(self.known_at.latest, reach.now)
        through = reach.head if self.known_at is None else reach.through_at(self.known_at.latest)
        if self.true_at is None:
            return AsOf(through, known)
        return AsOf(through, min(self.true_at.latest, known), self.true_at.latest)

    def moved_to(self, moment: Moment) -> Question:
        """Return the same question about another moment."""
        return Question(true_at=moment) if self.known_at is None and self.true_at else Question(known_at=moment)

    @property
    def words(self) -> Told:
        """The question in words."""
        if self.known_at is not None and self.true_at is not None:
            return Told(
                f"{self.known_at.text} 所知的 {self.true_at.text} 的情况",
                f"what was true at {self.true_at.text}, as known at {self.known_at.text}",
            )
        if self.known_at is not None:
            return Told(f"{self.known_at.text} 所知", f"as known at {self.known_at.text}")
        if self.true_at is not None:
            return Told(
                f"{self.true_at.text} 的实际情况（按现在所知）", f"as true at {self.true_at.text}, by what is known now"
            )
        return Told("现在所知", "as known now")
