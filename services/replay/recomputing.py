"""Running the watch over the whole history again, and comparing the alerts that come of it with those recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.alerts.book import AlertBook
from projections.policy.in_force import PolicyMissingError
from projections.replay.as_of import AsOf
from projections.replay.recomputation import Ran, Recomputing
from services.previews.trial import unavailable
from services.replay.whole_play import WholePlay

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from events.fact import AnyFact
    from events.ledger.port import LedgerReader
    from projections.databases.views_database import ViewsDatabase
    from projections.replay.question import Reach
    from projections.replay.recomputation import Recomputation
    from projections.watch.judging import Change
    from projections.watch.watch import Watch
    from services.judging import Judging
    from services.replay.basis import DistrictBasis


class _Alerts:
    """The alerts beside the watch that is run again."""

    def __init__(self, district: str, judging: Judging) -> None:
        self.steps = Recomputing(judging.by)
        self._district = district
        self._judging = judging
        self._book: AlertBook | None = None

    def follow(self, fact: AnyFact, changes: Sequence[Change], watch: Watch) -> None:
        """Take a fact of the history with what it changed; one that the watch made is what is compared with."""
        if fact.origin == "watch":
            self.steps.stands(fact)
            return
        self.steps.caused(fact)
        if self._book is None:
            self._book = AlertBook(self._district, self._judging.by, struck=watch.struck)
        for step in self._book.follow(fact, changes, watch.world):
            self.steps.must(step, fact.sequence)
        self._book.unheard.clear()


def recomputed(
    ledger: LedgerReader,
    basis: DistrictBasis,
    district: str,
    reach: Reach,
    ran: Ran,
    progressed: Callable[[int], None] = lambda _facts: None,
) -> Recomputation:
    """Return what differs between the alerts recorded and those that the whole history gives.

    Raise LedgerUnavailableError where settings that were adopted are not kept: nothing is judged beyond them.
    """
    play = WholePlay(ledger, district, basis.by, AsOf(reach.head, reach.now), lets_pass=False)
    alerts = _Alerts(district, basis.judging)
    try:
        play.play(progressed, alerts.follow)
    except PolicyMissingError as missing:
        raise unavailable(missing) from missing
    return alerts.steps.result(ran, play.set_aside)


def ran_so_far(views: ViewsDatabase | None, district: str, judging: Judging) -> Ran:
    """Return how far the watch of a district had come, and whether by what is used now."""
    if views is None:
        return Ran(None, None)
    rows = views.read("SELECT key, position FROM progress WHERE district = ?", district)
    return Ran(rows[0][1], rows[0][0] == judging.key) if rows else Ran(0, None)
