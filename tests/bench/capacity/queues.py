"""Queues of whole facts, served first come, first served, and how long each fact waited."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass
class Queue:
    """What came and what was served, counted up to the end of every step."""

    came: list[int] = field(default_factory=lambda: [0])
    served: list[int] = field(default_factory=lambda: [0])
    part: float = 0.0
    """The part of a fact that was worked on and is not finished."""

    @property
    def waiting(self) -> int:
        """Return how many facts wait at the end of the last step."""
        return self.came[-1] - self.served[-1]

    def take(self, came: int) -> None:
        """Begin a step in which so many came."""
        self.came.append(self.came[-1] + came)

    def serve(self, capacity: float) -> int:
        """End the step: serve up to so many; what of a fact was begun goes on in the next step."""
        able = capacity + self.part
        done = min(self.waiting, int(able))
        self.part = able - done if self.waiting > done else 0.0
        self.served.append(self.served[-1] + done)
        return done


def waits(queue: Queue, step: int) -> list[tuple[int, int]]:
    """Return (seconds, facts): how long those that came in one step waited until the last of them was served.

    Served in the step in which they came counts as no wait.
    """
    found, later = [], 0
    for now in range(1, len(queue.came)):
        came = queue.came[now] - queue.came[now - 1]
        if came:
            later = max(later, now)
            while later < len(queue.served) - 1 and queue.served[later] < queue.came[now]:
                later += 1
            found.append(((later - now) * step, came))
    return found


def percentile(waited: Iterable[tuple[int, int]], part: float) -> int:
    """Return the wait that this part of all facts did not exceed."""
    ordered = sorted(waited)
    wanted, seen = part * sum(facts for _, facts in ordered), 0
    for seconds, facts in ordered:
        seen += facts
        if seen >= wanted:
            return seconds
    return 0


def shared_out(capacity: float, waiting: Sequence[int]) -> list[float]:
    """Share a worker's capacity among its partitions by what waits in each."""
    whole = sum(waiting)
    return [capacity * one / whole if whole else 0.0 for one in waiting]
