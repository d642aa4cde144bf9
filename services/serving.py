"""The embedded service: the ledger's one writer, the watch and the views, opened together and closed in order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING, Final

from events.group_commit import GroupCommit
from events.sqlite_reader import open_reader
from projections.policy import shipped_policy
from projections.views_file import ViewsFile
from services.judging import judging_of
from services.previewing import LiveJudge
from services.recording.embedded import LEDGER_FILE, open_ledger
from services.recording.recorder import Recorder
from services.views_readers import ViewsReaders
from services.watching import Show, Surroundings
from services.watching_districts import Watching, watched
from services.writer_socket import WriterServer

if TYPE_CHECKING:
    from events.sqlite_ledger import SqliteLedger
    from events.sqlite_reader import SqliteReader
    from projections.effects import Effect
    from services.recording.preview import Preview
    from services.recording.request import Request
    from services.settings import Settings

VIEWS_FILE: Final = "views.sqlite"


@dataclass(frozen=True)
class Service:
    """What is open while the service runs."""

    settings: Settings
    ledger: SqliteLedger
    reader: SqliteReader
    views: ViewsFile
    recorder: Recorder
    watching: Watching
    judge: LiveJudge
    woken: Event

    def preview(self, request: Request) -> Preview[Effect]:
        """Say what would become of a request, without recording it."""
        return self.recorder.preview(request, self.judge)

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Watch in a thread of its own, and let other processes of this machine record, while the block runs."""
        with (
            WriterServer(self.recorder, self.settings.data, self.preview),
            watched(self.watching, self.woken),
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
        views = opened.enter_context(ViewsFile(settings.data / VIEWS_FILE))
        woken = Event()
        commit = opened.enter_context(GroupCommit(ledger, clock, recorded=woken.set))
        surroundings = Surroundings(reader, commit, views, clock)
        watching = Watching(surroundings, shipped_policy(), only=districts, show=show)
        readers = ViewsReaders(settings.data / VIEWS_FILE)
        opened.callback(readers.close)
        judge = LiveJudge(watching.of, lambda district: judging_of(district, shipped_policy()), reader, readers, clock)
        yield Service(settings, ledger, reader, views, Recorder(commit, ledger, clock), watching, judge, woken)
