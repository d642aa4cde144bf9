"""The threads of a worker: each has some of its partitions, and works on them one piece after another."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from functools import partial
from threading import Event
from typing import TYPE_CHECKING, Final

import structlog

from projections.databases.views_database import ViewsError
from services.processes.working_thread import Work, working
from services.streams.ownership import Means, Owner
from services.streams.share import Share

if TYPE_CHECKING:
    from collections.abc import Collection

LANES: Final = 2
"""Threads of one worker; more would only wait for each other, so a machine with more cores runs more workers."""
LONGEST_NAP: Final = 0.5
"""Seconds after which due moments are looked at, though no message came."""


class Lane:
    """One thread and the districts it owns; suspended, it keeps what it holds in memory and does nothing."""

    def __init__(self, number: int, means: Means) -> None:
        self._name = f"districts-{number}"
        self._owner = Owner(means)
        self._woken = Event()
        self._leaving = Event()
        self._at_work = ExitStack()

    def wake(self, district: str, sequence: int) -> None:
        """Tell that a district may have a new fact."""
        self._owner.wake(district, sequence)
        self._woken.set()

    def leave(self) -> None:
        """Begin nothing more than the piece in hand; `suspend` waits for it."""
        self._leaving.set()

    def suspend(self) -> None:
        """Finish the piece in hand, and stop."""
        self.leave()
        self._at_work.close()

    def resume(self, share: Share) -> None:
        """Work on these districts from now on."""
        self.suspend()
        with suppress(ViewsError):  # then nothing is held, and the thread begins from what was saved, over and over
            self._owner.own(share)
        log = structlog.get_logger().bind(lane=self._name)

        def interrupted(code: str, reason: str) -> None:
            log.error("worker.interrupted", code=code, reason=reason)

        def failed(error: Exception) -> None:
            log.error("worker.failed", exc_info=error)

        self._leaving.clear()
        advance = partial(self._owner.advance, self._leaving.is_set)
        work = Work(self._name, advance, interrupted, failed, LONGEST_NAP)
        self._at_work.enter_context(working(work, self._woken))
        self._woken.set()

    def positions(self) -> dict[str, int]:
        """Return how far the watch of each district has come."""
        return self._owner.positions()

    def close(self) -> None:
        """Finish the piece in hand, and give the districts back."""
        self.suspend()
        self._owner.give_back()


class Lanes:
    """All partitions of a worker, shared out among its threads; for one caller at a time, `wake` and reading for any.

    A partition is worked on by one thread alone, so that its facts are judged one after another.
    """

    def __init__(self, means: Means, partitions: int, lanes: int = LANES) -> None:
        self._lanes = [Lane(number, means) for number in range(lanes)]
        self.partitions: Final = partitions

    def wake(self, partition: int, district: str, sequence: int) -> None:
        """Tell that a district of a partition may have a new fact."""
        self._lanes[partition % len(self._lanes)].wake(district, sequence)

    def suspend(self) -> None:
        """Finish the pieces in hand, and stop until partitions are assigned again."""
        self._leave()
        for lane in self._lanes:
            lane.suspend()

    def resume(self, partitions: Collection[int]) -> None:
        """Work on these partitions and no others from now on."""
        for number, lane in enumerate(self._lanes):
            own = frozenset(one for one in partitions if one % len(self._lanes) == number)
            lane.resume(Share(own, self.partitions))

    def positions(self) -> dict[str, int]:
        """Return how far the watch of each district has come."""
        return {district: position for lane in self._lanes for district, position in lane.positions().items()}

    def close(self) -> None:
        """Finish the pieces in hand, and give every district back."""
        self._leave()
        for lane in self._lanes:
            lane.close()

    def _leave(self) -> None:
        for lane in self._lanes:  # all of them before one is waited for
            lane.leave()
