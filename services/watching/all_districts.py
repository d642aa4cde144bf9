"""All districts of one ledger, watched in turn by one thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog

from projections.policy.policy import shipped_alone
from services.processes.working_thread import Work, working
from services.watching.admission import Admission
from services.watching.alert_outbox import Show
from services.watching.district_watch import DistrictWatch
from services.watching.surroundings import Surroundings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from contextlib import AbstractContextManager
    from threading import Event

    from projections.policy.in_force import FindPolicy
    from projections.policy.policy import Policy

LONGEST_NAP: Final = 1.0
"""Seconds after which due moments are looked at, though no fact came."""


class Watching:
    """The watches of all districts that have a rulebook; `only` narrows them. For one thread.

    `policy` rules in each until a recorded fact adopts another, which `find_policy` then finds.

    A district whose rulebook cannot be read is named in the log and left out; the others are watched.
    """

    def __init__(
        self,
        surroundings: Surroundings,
        policy: Policy,
        *,
        find_policy: FindPolicy = shipped_alone,
        only: Iterable[str] | None = None,
        show: Show = lambda _fact: None,
    ) -> None:
        self._surroundings = surroundings
        self._admission = Admission(policy, find_policy)
        self._only = None if only is None else frozenset(only)
        self._show = show
        self._watches: dict[str, DistrictWatch] = {}
        self._passed_over: set[str] = set()
        self._log = structlog.get_logger()

    def advance(self) -> bool:
        """Do one piece of work in each district; False when there is nothing to do for now."""
        self._admit_new()
        worked = [watch.advance() for watch in self._watches.values()]
        return any(worked)

    def catch_up(
        self, seen: Callable[[int], None] = lambda _facts: None, stopped: Callable[[], bool] = lambda: False
    ) -> None:
        """Work until there is nothing left for now, or `stopped`; `seen` is told how many facts were just taken."""
        before = self.position()
        working = True
        while working and not stopped():
            working = self.advance()
            now = self.position()
            seen(now - before)
            before = now

    def position(self) -> int:
        """Return how many facts were taken in all districts together."""
        return sum(watch.position for watch in self._watches.values())

    def behind(self) -> int:
        """Return how many facts are in the ledger and not yet taken."""
        self._admit_new()
        heads = (self._surroundings.reader.head(district).sequence for district in self._watches)
        return sum(heads) - self.position()

    def of(self, district: str) -> DistrictWatch | None:
        """Return the watch of a district, None when there is none; from any thread."""
        return self._watches.get(district)

    def let_go(self) -> None:
        """Hold no watch any more, since somebody else is about to judge; what is saved is where both go on from."""
        self._watches.clear()

    def watches(self) -> dict[str, DistrictWatch]:
        """Return the watches by district."""
        return dict(sorted(self._watches.items()))

    def _admit_new(self) -> None:
        wanted = self._surroundings.reader.districts()
        for district in wanted:
            if district in self._watches or district in self._passed_over:
                continue
            if self._only is not None and district not in self._only:
                self._passed_over.add(district)
                continue
            self._admit(district)

    def _admit(self, district: str) -> None:
        judging = self._admission.judging(district)
        if judging is None:
            self._passed_over.add(district)
            return
        self._watches[district] = DistrictWatch(district, judging, self._surroundings, show=self._show)
        self._log.info("watch.began", district=district, position=self._watches[district].position)


def watched(watching: Watching, woken: Event) -> AbstractContextManager[None]:
    """Let a thread watch while the block runs; `woken` tells it that there may be new facts."""
    log = structlog.get_logger()

    def interrupted(code: str, reason: str) -> None:
        log.error("watch.interrupted", code=code, reason=reason)

    def failed(error: Exception) -> None:
        log.error("watch.failed", exc_info=error)

    return working(Work("watch", watching.advance, interrupted, failed, LONGEST_NAP), woken)
