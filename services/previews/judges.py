"""The judges behind previews: they try facts on a throwaway watch that reads what was saved, and write nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

from projections.alerts.book import AlertBook
from projections.policy.in_force import PolicyMissingError
from projections.saved.saved_shelf import SavedShelf
from projections.watch.past import over_by
from projections.watch.throwaway import LaidOver, Taken, throwaway
from projections.watch.watch import Watch
from services.previews.trial import Trial, tried, unavailable
from services.recording.preview import Judged

if TYPE_CHECKING:
    from events.fact import AnyFact
    from events.ledger.port import LedgerReader
    from projections.databases.views_database import ViewsDatabase
    from projections.effects import Effect
    from services.judging import Judging
    from services.watching.district_watch import DistrictWatch

Clock = Callable[[], dt.datetime]


class LiveJudge:
    """Judges from the watches that are at work: each preview goes on from where its district's watch stands.

    The watch is kept still only while its roster, its wakes and the like are copied; what it saved is read in one
    transaction of the views. A district that is not watched yet, having no facts, is judged from what there is. Any
    number of threads may call it.
    """

    def __init__(
        self,
        watch_of: Callable[[str], DistrictWatch | None],
        judging_of: Callable[[str], Judging | None],
        reader: LedgerReader,
        open_views: Callable[[], AbstractContextManager[ViewsDatabase]],
        clock: Clock,
    ) -> None:
        """Take where watches are found, by what others are judged, the ledger, how to read views, and the clock."""
        self._watch_of = watch_of
        self._judging_of = judging_of
        self._reader = reader
        self._open_views = open_views
        self._clock = clock

    def __call__(
        self, district: str, facts: Sequence[AnyFact], through: int, recorded_at: dt.datetime | None = None
    ) -> Judged[Effect]:
        """Return what facts would change; nothing for a district that no rulebook is there for."""
        watch = self._watch_of(district)
        if watch is None:
            with self._open_views() as views:
                saved = SavedJudge(self._judging_of, self._reader, views, self._clock)
                return saved(district, facts, through, recorded_at)
        with self._open_views() as views, views.reading():
            shelf = SavedShelf(views, self._reader, district)
            begun = [_from_live(watch, shelf)]

            def begin() -> Trial:
                return begun.pop() if begun else from_saved(district, watch.judging, shelf)

            return tried(begin, self._reader, facts, recorded_at or self._clock())


class SavedJudge:
    """Judges from what was saved, while no watch is at work; without views from the first fact of the ledger on."""

    def __init__(
        self,
        judging_of: Callable[[str], Judging | None],
        reader: LedgerReader,
        views: ViewsDatabase | None,
        clock: Clock,
    ) -> None:
        """Take by what a district is judged, the ledger, the views if there are any, and the clock."""
        self._judging_of = judging_of
        self._reader = reader
        self._views = views
        self._clock = clock

    def __call__(
        self, district: str, facts: Sequence[AnyFact], through: int, recorded_at: dt.datetime | None = None
    ) -> Judged[Effect]:
        """Return what facts would change; nothing for a district that no rulebook is there for."""
        judging = self._judging_of(district)
        if judging is None:
            return Judged(through=through)
        with _one_state(self._views):
            shelf = None if self._views is None else SavedShelf(self._views, self._reader, district)
            return tried(
                lambda: from_saved(district, judging, shelf), self._reader, facts, recorded_at or self._clock()
            )


def from_saved(district: str, judging: Judging, shelf: SavedShelf | None) -> Trial:
    """Return a throwaway watch brought back from what was saved for a way of judging, else one that begins anew.

    Raise LedgerUnavailableError when settings that were adopted are not kept any more.
    """
    progress = None if shelf is None else shelf.progress_for(judging.key)
    if shelf is None or progress is None or not progress.position:
        anew = Watch(judging.rules, judging.calendar)
        return Trial(district, Taken(anew, AlertBook(district, judging.by, struck=anew.struck)))
    over = LaidOver(shelf, progress.position)
    watch = Watch(judging.rules, judging.calendar, over)
    book = AlertBook(district, judging.by, shelf.alerts, watch.struck)
    background = shelf.background()
    acts = shelf.acts.reaching(over_by(progress.hour))
    watch.bring_back(background, acts, shelf.wakes(), shelf.counts(), progress.hour, progress.position)
    try:
        book.bring_back(shelf.alerts.wakes(), background, progress.hour)
    except PolicyMissingError as missing:
        raise unavailable(missing) from missing
    return Trial(district, Taken(watch, book), over)


def _from_live(watch: DistrictWatch, shelf: SavedShelf) -> Trial:
    """Return a throwaway watch that goes on from one at work; from what was saved when that one is astray."""
    judging = watch.judging
    with watch.still() as taken:
        progress = shelf.progress_for(judging.key)
        if taken is not None and progress is not None and progress.position == taken.watch.position > 0:
            over = LaidOver(shelf, progress.position)
            return Trial(watch.district, throwaway(taken, judging.calendar, over, shelf.alerts), over)
    return from_saved(watch.district, judging, shelf)


@contextmanager
def _one_state(views: ViewsDatabase | None) -> Iterator[None]:
    if views is None:
        yield
        return
    with views.reading():
        yield
