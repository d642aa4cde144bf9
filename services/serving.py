"""The service: a writer of the ledger, the watch and the views, opened together and closed in order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from threading import Event
from typing import TYPE_CHECKING

from events.group_commit import GroupCommit
from projections.findings_feed import FindingsFeed
from projections.history_feeding import HistoryFeeding
from projections.policy import shipped_policy
from projections.views.catalogue import VIEWS
from rulebooks.loading import shipped_districts
from services.alert_outbox import Show
from services.judging import judged_here
from services.kept_policies import KeptPolicies
from services.ledgers import is_embedded, key_destroyer, open_ledger, open_ledger_reader, place_of_views
from services.previewing import LiveJudge
from services.proving.schedule import ScheduledCheckpoints
from services.readers import Readers
from services.recording.recorder import Recorder
from services.tracing.collecting import collected_spans
from services.views.feeding import FeedingViews, fed
from services.watching import Surroundings
from services.watching_districts import Watching, watched
from services.working_thread import working
from services.writer_socket import WriterServer

if TYPE_CHECKING:
    from events.ledger import Ledger, LedgerReader
    from projections.effects import Effect
    from projections.views_database import ViewsDatabase
    from services.recording.preview import Preview
    from services.recording.request import Request
    from services.settings import Settings
    from services.tracing.spans import Spans


@dataclass(frozen=True)
class Service:
    """What is open while the service runs."""

    settings: Settings
    ledger: Ledger
    reader: LedgerReader
    views: ViewsDatabase
    recorder: Recorder
    watching: Watching
    judge: LiveJudge
    feeding: FeedingViews
    history: HistoryFeeding | None
    woken: Event
    views_woken: Event
    checkpoints: ScheduledCheckpoints
    spans: Spans

    def preview(self, request: Request) -> Preview[Effect]:
        """Say what would become of a request, without recording it."""
        return self.recorder.preview(request, self.judge)

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Watch and feed the views, each in a thread of its own, while the block runs; other processes may record.

        On a database others do that: workers watch and feed, and every process records by itself.
        """
        with ExitStack() as at_work:
            if is_embedded(self.settings):
                at_work.enter_context(WriterServer(self.recorder, self.settings.data, self.preview))
                at_work.enter_context(watched(self.watching, self.woken))
                at_work.enter_context(fed(self.feeding, self.views_woken, self.history))
            at_work.enter_context(working(self.checkpoints.work(), Event()))
            yield

    def watched_districts(self) -> tuple[str, ...]:
        """Return the districts that have facts and a rulebook, whoever watches them."""
        if is_embedded(self.settings):
            return tuple(self.watching.watches())
        shipped = shipped_districts()
        return tuple(district for district in self.reader.districts() if district in shipped)


@contextmanager
def open_service(
    settings: Settings,
    clock: Callable[[], dt.datetime],
    *,
    districts: Iterable[str] | None = None,
    show: Show = lambda _fact: None,
) -> Iterator[Service]:
    """Open ledger, views and watch; raise LedgerError or ViewsError, as for a second writer of the same data.

    Raise SettingError when spans are to be written where that cannot be done.
    """
    with ExitStack() as opened:
        spans = opened.enter_context(collected_spans(settings, "serve"))
        ledger = opened.enter_context(open_ledger(settings))
        reader = opened.enter_context(open_ledger_reader(settings, impatient=True))
        place = place_of_views(settings)
        views = opened.enter_context(closing(place.watch()))
        findings = opened.enter_context(closing(place.watch(writable=False)))
        rows = opened.enter_context(place.rows())
        woken, views_woken = Event(), Event()

        def recorded() -> None:
            woken.set()
            views_woken.set()

        commit = opened.enter_context(GroupCommit(ledger, clock, recorded=recorded))
        surroundings = Surroundings(reader, commit, views, clock, spans)
        kept = KeptPolicies(settings.data)
        embedded = is_embedded(settings)
        only = districts if embedded else ()
        destroy_key = key_destroyer(settings)
        previewing = None if embedded else reader
        watching = Watching(surroundings, shipped_policy(), find_policy=kept.find, only=only, show=show)
        readers = Readers(partial(place_of_views(settings, impatient=True).watch, writable=False))
        opened.callback(readers.close)
        judge = LiveJudge(watching.of, partial(judged_here, kept), reader, readers, clock)
        yield Service(
            settings,
            ledger,
            reader,
            views,
            Recorder(commit, ledger, clock, keeps_policy=kept.keeps, destroy_key=destroy_key, previewing=previewing),
            watching,
            judge,
            FeedingViews(rows, reader, FindingsFeed(findings)),
            _history_feeding(settings, reader, opened),
            woken,
            views_woken,
            ScheduledCheckpoints(reader, settings.data, settings.installation, settings.checkpoint_hours, clock),
            spans,
        )


def _history_feeding(settings: Settings, reader: LedgerReader, opened: ExitStack) -> HistoryFeeding | None:
    """Return what keeps the history of the views in files; on a database a command keeps it."""
    if not is_embedded(settings):
        return None
    return HistoryFeeding(opened.enter_context(place_of_views(settings).history()), reader, views=VIEWS)
