"""The embedded service: the ledger's one writer, the watch and the views, opened together and closed in order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from threading import Event
from typing import TYPE_CHECKING

from events.group_commit import GroupCommit
from events.sqlite_reader import open_reader
from projections.findings_feed import FindingsFeed
from projections.policy import shipped_policy
from services.judging import judged_here
from services.kept_policies import KeptPolicies
from services.previewing import LiveJudge
from services.proving.schedule import ScheduledCheckpoints
from services.readers import Readers
from services.recording.embedded import LEDGER_FILE, key_destroyer, open_ledger
from services.recording.recorder import Recorder
from services.views.feeding import FeedingViews, fed
from services.views_places import FolderPlace
from services.watching import Show, Surroundings
from services.watching_districts import Watching, watched
from services.working_thread import working
from services.writer_socket import WriterServer

if TYPE_CHECKING:
    from events.sqlite_ledger import SqliteLedger
    from events.sqlite_reader import SqliteReader
    from projections.effects import Effect
    from projections.views_database import ViewsDatabase
    from services.recording.preview import Preview
    from services.recording.request import Request
    from services.settings import Settings


@dataclass(frozen=True)
class Service:
    """What is open while the service runs."""

    settings: Settings
    ledger: SqliteLedger
    reader: SqliteReader
    views: ViewsDatabase
    recorder: Recorder
    watching: Watching
    judge: LiveJudge
    feeding: FeedingViews
    woken: Event
    views_woken: Event
    checkpoints: ScheduledCheckpoints

    def preview(self, request: Request) -> Preview[Effect]:
        """Say what would become of a request, without recording it."""
        return self.recorder.preview(request, self.judge)

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Watch and feed the views, each in a thread of its own, while the block runs; other processes may record."""
        with (
            WriterServer(self.recorder, self.settings.data, self.preview),
            watched(self.watching, self.woken),
            fed(self.feeding, self.views_woken),
            working(self.checkpoints.work(), Event()),
        ):
            yield


@contextmanager
def open_service(
    settings: Settings,
    clock: Callable[[], dt.datetime],
    *,
    districts: Iterable[str] | None = None,
    show: Show = lambda _fact: None,
) -> Iterator[Service]:
    """Open ledger, views and watch; raise LedgerError or ViewsError, as for a second writer of the same data."""
    with ExitStack() as opened:
        ledger = opened.enter_context(open_ledger(settings))
        reader = open_reader(settings.data / LEDGER_FILE)
        opened.callback(reader.close)
        place = FolderPlace(settings.data)
        views = opened.enter_context(closing(place.watch()))
        findings = opened.enter_context(closing(place.watch(writable=False)))
        rows = opened.enter_context(place.rows())
        woken, views_woken = Event(), Event()

        def recorded() -> None:
            woken.set()
            views_woken.set()

        commit = opened.enter_context(GroupCommit(ledger, clock, recorded=recorded))
        surroundings = Surroundings(reader, commit, views, clock)
        kept = KeptPolicies(settings.data)
        watching = Watching(surroundings, shipped_policy(), find_policy=kept.find, only=districts, show=show)
        readers = Readers(partial(place.watch, writable=False))
        opened.callback(readers.close)
        judge = LiveJudge(watching.of, partial(judged_here, kept), reader, readers, clock)
        yield Service(
            settings,
            ledger,
            reader,
            views,
            Recorder(commit, ledger, clock, keeps_policy=kept.keeps, destroy_key=key_destroyer(settings.data)),
            watching,
            judge,
            FeedingViews(rows, reader, FindingsFeed(findings)),
            woken,
            views_woken,
            ScheduledCheckpoints(reader, settings.data, settings.installation, settings.checkpoint_hours, clock),
        )
