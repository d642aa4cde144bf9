"""The watch and what feeds the views, opened together over one ledger, and put to work in threads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from threading import Event
from typing import TYPE_CHECKING

from projections.policy.policy import shipped_policy
from projections.view_rows.findings_feed import FindingsFeed
from projections.view_rows.history_feeding import HistoryFeeding
from projections.view_rows.past_feeding import PastFeeding
from projections.views.catalogue import VIEWS
from services.policy.kept_policies import KeptPolicies
from services.stores.ledgers import is_embedded, place_of_views
from services.tracing.spans import NO_SPANS, Spans
from services.views.feeding import FeedingViews, fed
from services.watching.alert_outbox import Show
from services.watching.all_districts import Watching, watched
from services.watching.surroundings import Clock, Surroundings

if TYPE_CHECKING:
    from events.ledger.port import LedgerReader
    from projections.databases.views_database import ViewsDatabase
    from services.settings.service import Settings
    from services.watching.alert_outbox import Recording


@dataclass(frozen=True)
class WatchAndViews:
    """What judges the facts of a ledger and feeds the views."""

    saved: ViewsDatabase
    watching: Watching
    feeding: FeedingViews
    history: HistoryFeeding | None
    woken: Event = field(default_factory=Event)
    views_woken: Event = field(default_factory=Event)

    def facts_came(self) -> None:
        """Tell both, from any thread, that there may be new facts."""
        self.woken.set()
        self.views_woken.set()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Judge and feed, each in a thread of its own, while the block runs."""
        with watched(self.watching, self.woken), fed(self.feeding, self.views_woken, self.history):
            yield


@contextmanager
def open_watch_and_views(
    settings: Settings,
    reader: LedgerReader,
    recording: Recording,
    clock: Clock,
    *,
    districts: Iterable[str] | None = None,
    show: Show = lambda _fact: None,
    spans: Spans = NO_SPANS,
) -> Iterator[WatchAndViews]:
    """Open what is saved of the watch and the views, `districts` None for all; raise ViewsError."""
    place = place_of_views(settings)
    with ExitStack() as opened:
        saved = opened.enter_context(closing(place.watch()))
        findings = opened.enter_context(closing(place.watch(writable=False)))
        rows = opened.enter_context(place.rows())
        feed, history = FindingsFeed(findings), None
        if is_embedded(settings):  # on a database workers keep it
            past = PastFeeding(rows, feed, reader, views=VIEWS)
            history = HistoryFeeding(opened.enter_context(place.history()), reader, views=VIEWS, past=past)
        surroundings = Surroundings(reader, recording, saved, clock, spans)
        find = KeptPolicies(settings.data).find
        yield WatchAndViews(
            saved,
            Watching(surroundings, shipped_policy(), find_policy=find, only=districts, show=show),
            FeedingViews(rows, reader, feed),
            history,
        )
