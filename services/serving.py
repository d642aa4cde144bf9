"""The service: a writer of the ledger, and what judges and feeds the views, opened together and closed in order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from threading import Event
from typing import TYPE_CHECKING

from events.ledger.group_commit import GroupCommit
from rulebooks.loading import shipped_districts
from services.judging import judged_here
from services.judging_process.conversation import Host
from services.judging_process.keeping import JudgingProcess, judging_beside
from services.judging_process.messages import Begin
from services.judging_process.sole_judge import SoleJudge
from services.policy.kept_policies import KeptPolicies
from services.previews.judges import LiveJudge
from services.processes.working_thread import working
from services.proving.schedule import ScheduledCheckpoints
from services.recording.recorder import Recorder
from services.recording.writer_socket import WriterServer
from services.stores.ledgers import is_embedded, key_destroyer, open_ledger, open_ledger_reader, place_of_views
from services.stores.readers import Readers
from services.tracing.collecting import collected_spans
from services.watching.alert_outbox import Show
from services.watching.watch_and_views import WatchAndViews, open_watch_and_views

if TYPE_CHECKING:
    from events.ledger.port import Ledger, LedgerReader
    from projections.databases.views_database import ViewsDatabase
    from projections.effects import Effect
    from projections.view_rows.history_feeding import HistoryFeeding
    from services.recording.preview import Judge, Preview
    from services.recording.request import Request
    from services.settings.service import Settings
    from services.tracing.spans import Spans
    from services.views.feeding import FeedingViews
    from services.watching.all_districts import Watching


@dataclass(frozen=True)
class Service:
    """What is open while the service runs.

    `both` judges and feeds in this process for whoever calls it; while the service answers, `beside` does. `districts`
    are those that are judged, None for all.
    """

    settings: Settings
    ledger: Ledger
    reader: LedgerReader
    recorder: Recorder
    both: WatchAndViews
    beside: JudgingProcess | None
    host: Host
    districts: frozenset[str] | None
    judge: Judge[Effect]
    checkpoints: ScheduledCheckpoints
    spans: Spans

    @property
    def views(self) -> ViewsDatabase:
        """What is saved of the watch."""
        return self.both.saved

    @property
    def watching(self) -> Watching:
        """The watches of this process."""
        return self.both.watching

    @property
    def feeding(self) -> FeedingViews:
        """What feeds the views in this process."""
        return self.both.feeding

    @property
    def history(self) -> HistoryFeeding | None:
        """What keeps the history of the views in files; on a database workers keep it."""
        return self.both.history

    def preview(self, request: Request) -> Preview[Effect]:
        """Say what would become of a request, without recording it."""
        return self.recorder.preview(request, self.judge)

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Let a process of its own judge and feed the views while the block runs; others may record through this one.

        On a database others do that: workers watch and feed, and every process records by itself.
        """
        with ExitStack() as at_work:
            if self.beside is not None:
                self.watching.let_go()
                self.feeding.builds()  # so that views answer, empty at first, before the other process is at work
                at_work.enter_context(WriterServer(self.recorder, self.settings.data, self.preview))
                at_work.enter_context(self.beside.at_work(self.host))
            at_work.enter_context(working(self.checkpoints.work(), Event()))
            yield

    def watched_districts(self) -> tuple[str, ...]:
        """Return the districts that have facts and a rulebook and are to be judged, whoever judges them."""
        judged = frozenset(shipped_districts())
        if self.districts is not None:
            judged &= self.districts
        return tuple(district for district in self.reader.districts() if district in judged)


@contextmanager
def open_service(
    settings: Settings,
    clock: Callable[[], dt.datetime],
    *,
    districts: Iterable[str] | None = None,
    show: Show = lambda _fact: None,
) -> Iterator[Service]:
    """Open ledger, views and watch; raise LedgerError or ViewsError, as for a second writer of the same data.

    A database that is gone is told at once, not awaited: whoever opens the service begins again.
    Raise SettingError when spans are to be written where that cannot be done.
    """
    only = None if districts is None else frozenset(districts)
    with ExitStack() as opened:
        spans = opened.enter_context(collected_spans(settings, "serve"))
        ledger = opened.enter_context(open_ledger(settings, told_at_once=True))
        reader = opened.enter_context(open_ledger_reader(settings, impatient=True))
        beside = _beside(settings, only, opened)
        recorded = None if beside is None else beside.facts_came
        commit = opened.enter_context(GroupCommit(ledger, clock, recorded=recorded))
        both = opened.enter_context(
            open_watch_and_views(
                settings,
                reader,
                commit,
                clock,
                districts=() if beside is None else only,
                show=show,
                spans=spans,
            )
        )
        kept = KeptPolicies(settings.data)
        readers = Readers(partial(place_of_views(settings, impatient=True).watch, writable=False))
        opened.callback(readers.close)
        judge = LiveJudge(both.watching.of, partial(judged_here, kept), reader, readers, clock)
        yield Service(
            settings,
            ledger,
            reader,
            Recorder(
                commit,
                ledger,
                clock,
                keeps_policy=kept.keeps,
                destroy_key=key_destroyer(settings),
                previewing=reader if beside is None else None,
            ),
            both,
            beside,
            Host(commit, clock, show),
            only,
            judge if beside is None else judging_beside(beside, judge),
            ScheduledCheckpoints(reader, settings.data, settings.installation, settings.checkpoint_hours, clock),
            spans,
        )


def _beside(settings: Settings, districts: frozenset[str] | None, opened: ExitStack) -> JudgingProcess | None:
    """Return the process that judges for an embedded ledger; on a database workers judge."""
    if not is_embedded(settings):
        return None
    right = opened.enter_context(SoleJudge(settings.data))
    begin = Begin(
        data=str(settings.data),
        log_level=settings.log_level,
        log_format=settings.log_format,
        districts=None if districts is None else sorted(districts),
        traces=None if settings.traces is None else str(settings.traces),
        traces_endpoint=settings.traces_endpoint,
        traces_headers=settings.traces_headers,
        traces_ca=None if settings.traces_ca is None else str(settings.traces_ca),
    )
    return JudgingProcess(begin, right)
