"""What the watch of one district holds in memory: brought back from what was saved, and saved again after a batch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from projections.alerts.book import AlertBook
from projections.alerts.foreseen import ForeseenAlerts
from projections.saved.batch import Batch, Progress
from projections.saved.working_shelf import WorkingShelf
from projections.watch.past import over_by
from projections.watch.watch import Watch
from services.watching.parking import set_aside

if TYPE_CHECKING:
    from collections.abc import Callable

    from events.fact import AnyFact
    from projections.saved.snapshot import Snapshot
    from projections.watch.judging import NotJudged
    from services.judging import Judging


@dataclass(frozen=True)
class CameOfBatch:
    """What came of a batch: facts that the watch takes again when it is brought back, and alert facts to record."""

    background: list[AnyFact] = field(default_factory=list)
    to_record: list[AnyFact] = field(default_factory=list)

    def without(self, is_recorded: Callable[[AnyFact], bool]) -> CameOfBatch:
        """Return the same without the alert facts that are recorded already."""
        return CameOfBatch(self.background, [one for one in self.to_record if not is_recorded(one)])


class WorkingState:
    """The watch and the alerts of one district in memory, over what is saved of them; made anew after every fault.

    `skipped` are the sequences of facts set aside as a whole, and `quiet` tells that no other fact came since the
    clock last struck.
    """

    def __init__(self, district: str, judging: Judging, shelf: Snapshot) -> None:
        self.district = district
        self.shelf = shelf
        self._not_judged: list[NotJudged] = []
        self.progress = shelf.open_for(judging.key)
        self.skipped = {one.sequence for one in shelf.parked() if one.is_skipped}
        self.seen = WorkingShelf(shelf, self.skipped)
        self.watch = Watch(judging.rules, judging.calendar, self.seen, set_aside=self._not_judged.append)
        self.alerts = ForeseenAlerts(shelf.alerts)
        self.book = AlertBook(district, judging.by, self.alerts, self.watch.struck)
        self.quiet = False

    def bring_back(self) -> None:
        """Go on from what was saved; raise PolicyMissingError where adopted settings are not kept any more."""
        position, hour = self.progress.position, self.progress.hour
        if position:
            background = self.shelf.background()
            acts = self.shelf.acts.reaching(over_by(hour))
            self.seen.expect(acts)
            self.watch.bring_back(background, acts, self.shelf.wakes(), self.shelf.counts(), hour, position)
            self.seen.forget()
            self.book.bring_back(self.shelf.alerts.wakes(), background, hour)

    def save(self, came: CameOfBatch, *, reconciled: bool) -> None:
        """Save what came of a batch, all or nothing; raise ViewsError."""
        progress = Progress(self.watch.position, self.watch.world.hour, reconciled)
        self.shelf.save(
            Batch(
                progress=progress,
                saved=self.watch.save(),
                alerts=self.book.unsaved(),
                background=came.background,
                to_record=came.to_record,
                parked=[set_aside(one) for one in self._not_judged],
            )
        )
        self._not_judged.clear()
        self.progress = progress
        self.seen.forget()

    def let_go(self, most_cases: int) -> None:
        """Hold no more than so many cases in memory, where there are more; the others are read again when needed."""
        if len(self.watch.files) > most_cases:
            self.watch.let_go(most_cases)
            self.book.let_go()
