"""The owner of some partitions: watches their districts, feeds their views and keeps the history of these.

A message says that there may be something new; what there is stands in the ledger. So a message that was lost, came
twice or came too early changes nothing but when the owner looks.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from time import monotonic
from typing import TYPE_CHECKING, Final

import structlog

from events.ledger.errors import LedgerError
from projections.databases.views_database import ViewsError
from projections.saved.leases import DistrictHeldError, DistrictTakenError
from projections.saved.saved_shelf import saved_positions
from projections.view_rows.history_feeding import HistoryFeeding
from projections.view_rows.past_feeding import PastFeeding
from projections.views.catalogue import VIEWS
from services.streams.holdings import Holdings
from services.streams.share import NOTHING, Share
from services.streams.stores import OpenStores, Stores
from services.tracing.spans import NO_SPANS, Spans
from services.views.feeding import FeedingViews
from services.watching.alert_outbox import Recording
from services.watching.district_watch import DistrictWatch
from services.watching.surroundings import Surroundings

if TYPE_CHECKING:
    from projections.saved.leases import Lease
    from projections.view_rows.rows import Build
    from services.watching.admission import Admission

LOOK_AROUND: Final = 2.0
"""Seconds after which every district is compared with the ledger, though nobody woke the owner."""


UNKNOWN: Final = sys.maxsize
"""Stands for a sequence that is not told: it is never judged already."""
A_MOMENT: Final = 0.25
"""Seconds for which one district is judged before its views are fed and the next one has its turn."""


def _staying() -> bool:
    return False


@dataclass(frozen=True)
class Means:
    """What every owner of a worker shares; `name` is that of the worker, `elapsed` tells seconds that only grow.

    A worker that has no way into the ledger prepares: it judges beside those that record, and takes over later.
    """

    open_stores: OpenStores
    recording: Recording | None
    admission: Admission
    clock: Callable[[], dt.datetime]
    name: str
    elapsed: Callable[[], float] = monotonic
    spans: Spans = NO_SPANS


class Owner:
    """Keeps the watch and the views of some districts up with the ledger.

    `advance` does one piece of work in each district that has some, for one thread at a time; `wake` may be called from
    any. When ledger or views fail, what is held in memory is let go, and the next call begins from what was saved. A
    district that another worker has taken over is left to it, and looked at again once its lease has run out.
    """

    def __init__(self, means: Means) -> None:
        self._share = NOTHING
        self._means = means
        self._woken: SimpleQueue[tuple[str, int]] = SimpleQueue()
        self._pending: set[str] = set()
        self._at_rest: set[str] = set()
        self._failed: set[str] = set()
        self._watches: dict[str, DistrictWatch] = {}
        self._holdings = Holdings(means.name, prepares=means.recording is None)
        self._passed_over: set[str] = set()
        self._opened = ExitStack()
        self._stores: Stores | None = None
        self._feeding: FeedingViews | None = None
        self._history: HistoryFeeding | None = None
        self._history_rests = False
        self._builds: list[Build] = []
        self._looked: float | None = None
        self._log = structlog.get_logger()

    def own(self, share: Share) -> None:
        """Have these districts from now on; the others are given back, and all are compared with the ledger.

        Only between two calls of `advance`. A district that stays is gone on with from memory. Raise ViewsError when
        the views cannot be used; then nothing is held.
        """
        self._share = share
        self._looked = None
        self._holdings.forgive()
        try:
            self._keep_only({district for district in self._watches if share.holds(district)})
        except ViewsError:
            self.let_go()
            raise

    def _keep_only(self, kept: set[str]) -> None:
        views = None if self._stores is None else self._stores.views
        gone = {one for one in self._watches if one not in kept or not self._holdings.keeps(one, views)}
        self._holdings.give_back(gone, views)
        for district in gone:
            del self._watches[district]

    def wake(self, district: str, sequence: int = UNKNOWN) -> None:
        """Tell that a district may have a new fact, and which; one that was judged already wakes nobody."""
        self._woken.put((district, sequence))

    def advance(self, leaving: Callable[[], bool] = _staying) -> bool:
        """Do a piece of work in each district that has some; False when there is nothing to do for now.

        Once `leaving`, return after the piece in hand: whoever takes the districts over waits for it.
        """
        try:
            stores, feeding = self._open()
            self._look_around(stores, feeding)
            worked = False
            for district in self._due():
                if leaving():
                    return worked
                worked |= self._try(district, stores, feeding, leaving)
            return worked or (not leaving() and self._keep_history())
        except (LedgerError, ViewsError):
            self.let_go()
            raise

    def positions(self) -> dict[str, int]:
        """Return how far the watch of each district has come; from any thread."""
        return {district: watch.position for district, watch in sorted(self._watches.copy().items())}

    def give_back(self) -> None:
        """Let another worker have every district at once, and let go."""
        self._holdings.give_all_back(None if self._stores is None else self._stores.views)
        self.let_go()

    def let_go(self) -> None:
        """Close the connections and forget what is in memory; what was saved stands."""
        self._holdings.drop_all()
        self._watches.clear()
        self._pending.clear()
        self._at_rest.clear()
        self._stores = self._feeding = self._history = self._looked = None
        self._opened.close()

    def _open(self) -> tuple[Stores, FeedingViews]:
        if self._stores is None or self._feeding is None:
            stores = self._opened.enter_context(self._means.open_stores())
            self._stores = stores
            self._feeding = FeedingViews(stores.rows, stores.reader, stores.findings)
            past = PastFeeding(stores.rows, stores.findings, stores.reader, views=VIEWS)
            self._history = HistoryFeeding(stores.history, stores.reader, views=VIEWS, past=past)
        return self._stores, self._feeding

    def _look_around(self, stores: Stores, feeding: FeedingViews) -> None:
        """Find the districts that have something to do; all of them, every few seconds."""
        self._hear()
        now = self._means.elapsed()
        if self._looked is not None and now - self._looked < LOOK_AROUND:
            return
        self._looked = now
        self._history_rests = False
        if not self._share.partitions:
            return
        builds = list(feeding.builds())
        begun, self._builds = builds != self._builds, builds
        saved = saved_positions(stores.views)
        for district, head in stores.reader.sequences().items():
            watch = self._watches.get(district)
            moved = watch is not None and saved.get(district) != watch.position
            if moved:
                feeding.forget(district)
            behind = watch is None or watch.unrecorded or watch.position < head or moved
            if self._share.holds(district) and (begun or behind or district in self._failed):
                self._begin(district)
        self._failed.clear()

    def _hear(self) -> None:
        """Take notice of what was announced; a district in which that was judged has nothing to do."""
        while not self._woken.empty():
            try:
                district, sequence = self._woken.get_nowait()
            except Empty:
                break
            watch = self._watches.get(district)
            if watch is None or watch.position < sequence:
                self._begin(district)

    def _begin(self, district: str) -> None:
        """Look at a district anew, its watch too."""
        self._pending.add(district)
        self._at_rest.discard(district)

    def _due(self) -> list[str]:
        """Return the districts that were told of, and those of which a due moment has come."""
        for district, watch in self._watches.items():
            if watch.is_due():
                self._begin(district)
        return sorted(self._pending)

    def _try(self, district: str, stores: Stores, feeding: FeedingViews, leaving: Callable[[], bool]) -> bool:
        """Do a piece of work in a district; a fault in one keeps none of the others from being worked on."""
        try:
            return self._advance(district, stores, feeding, leaving)
        except (DistrictHeldError, DistrictTakenError) as error:
            self._lose(district, error.lease)
        except (LedgerError, ViewsError):
            raise
        except Exception as error:  # noqa: BLE001  as above, and the next try begins from what was saved
            self._log.error("worker.district_failed", district=district, exc_info=error)
            self._pending.discard(district)
            self._failed.add(district)
        return False

    def _advance(self, district: str, stores: Stores, feeding: FeedingViews, leaving: Callable[[], bool]) -> bool:
        if not self._share.holds(district) or self._is_prepared(district, stores):
            self._pending.discard(district)
            return False
        watch = self._watch_of(district, stores)
        worked = watch is not None and district not in self._at_rest and self._judge(watch, leaving)
        if leaving():
            return worked
        fed = feeding.advance_in([district])
        if (not worked and not fed) or ((watch is None or district in self._at_rest) and feeding.rests(district)):
            self._pending.discard(district)
        return bool(worked or fed)

    def _is_prepared(self, district: str, stores: Stores) -> bool:
        """Tell whether there is nothing to prepare in a district, since one that records has had it."""
        if not self._holdings.is_past_preparing(district, stores.views):
            return False
        if district not in self._passed_over:
            self._log.info("worker.nothing_to_prepare", district=district)
        self._passed_over.add(district)
        self._watches.pop(district, None)
        self._holdings.drop([district])
        return True

    def _keep_history(self) -> bool:
        """Let the history of the views take a step, now that these are up to date; tell whether it did."""
        if self._history is None or self._history_rests or self._means.recording is None:
            return False
        try:
            self._history_rests = not self._history.advance(self._share.holds)
        except (LedgerError, ViewsError):
            raise
        except Exception as error:  # noqa: BLE001  whatever is wrong with one view, the others are to go on
            self._log.error("views.failed", exc_info=error)
        return not self._history_rests

    def _judge(self, watch: DistrictWatch, leaving: Callable[[], bool]) -> bool:
        """Let a watch work for a moment, so that the views take together what came of it."""
        until = self._means.elapsed() + A_MOMENT
        worked = False
        while watch.advance():
            worked = True
            if leaving() or self._means.elapsed() >= until:
                return True
        self._at_rest.add(watch.district)
        return worked

    def _lose(self, district: str, lease: Lease) -> None:
        """Leave a district to the worker that has it now."""
        if self._holdings.lose(district):
            self._log.info("worker.district_lost", district=district, epoch=lease.epoch)
        self._pending.discard(district)
        self._watches.pop(district, None)

    def _watch_of(self, district: str, stores: Stores) -> DistrictWatch | None:
        """Return the watch of a district, brought back when it is not at work yet; None for one without a rulebook."""
        held = self._watches.get(district)
        if held is not None or district in self._passed_over:
            return held
        judging = self._means.admission.judging(district)
        if judging is None:
            self._passed_over.add(district)
            return None
        means = self._means
        lease = self._holdings.take(district, stores.views)
        surroundings = Surroundings(stores.reader, means.recording, stores.views, means.clock, means.spans)
        watch = self._watches[district] = DistrictWatch(district, judging, surroundings, lease=lease)
        self._log.info("watch.began", district=district, position=watch.position)
        return watch
