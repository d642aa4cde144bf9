"""How many facts a watch dares to judge together, after processes that died of judging them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from projections.saved.snapshot import Snapshot

MOST_ATTEMPTS: Final = 2
"""How often facts may be judged together by processes that die of it, before they are judged one by one."""

MOST_ATTEMPTS_ALONE: Final = 4
"""How often in all, before the one fact that is next is skipped."""

Dared = Literal["all", "one", "none"]


class EndedProcessesError(Exception):
    """A fact that was next whenever a process ended without a word."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("判定时进程一再中断 / process after process ended while it was judged")


class Attempts:
    """Counts how often facts are about to be judged: the first after an opening, and all of them while it is careful.

    `careful_for` is how many facts are judged one by one once processes have died of them together.
    """

    def __init__(self, snapshot: Snapshot, careful_for: int) -> None:
        self._snapshot = snapshot
        self._careful_for = careful_for
        self._is_first = True
        self._careful_until = 0

    def dared(self, position: int) -> Dared:
        """Note that the facts after a position are about to be judged; return how many may be, none: skip the next."""
        careful = position < self._careful_until
        if not self._is_first and not careful:
            return "all"
        times = self._snapshot.count_attempt(position)
        self._is_first = False
        if times <= MOST_ATTEMPTS and not careful:
            return "all"
        self._careful_until = max(self._careful_until, position + self._careful_for)
        return "none" if times > MOST_ATTEMPTS_ALONE else "one"
