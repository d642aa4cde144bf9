"""The way to a preview from the command line: through the process that serves, else from what lies in the folder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from typing import TYPE_CHECKING

from events.memory_ledger import MemoryLedger
from events.sqlite_reader import open_reader
from projections.saved_shelf import SavedShelf
from projections.views_database import ViewsError
from services.judging import judged_here
from services.kept_policies import KeptPolicies
from services.previewing import SavedJudge, from_saved
from services.recording.embedded import LEDGER_FILE
from services.recording.previewer import Previewer
from services.views_places import FolderPlace
from services.writer_socket import WriterClient

if TYPE_CHECKING:
    from pathlib import Path

    from events.ledger import LedgerReader
    from projections.views_database import ViewsDatabase
    from services.settings import Settings
    from services.trial import Trial
    from services.writer_socket import PreviewRequest


@contextmanager
def open_previews(settings: Settings, clock: Callable[[], dt.datetime]) -> Iterator[PreviewRequest]:
    """Give a way to preview; raise LedgerError or ViewsError when ledger or views cannot be read.

    Without a process that serves, facts are judged from the saved views, or, where there are none yet or none that a
    reader can use, from the first fact of the ledger on; nothing in the folder is changed.
    """
    with ExitStack() as opened:
        client = WriterClient.connect(settings.data) if settings.data.is_dir() else None
        if client is not None:
            yield opened.enter_context(client).preview
            return
        reader = _ledger(settings.data / LEDGER_FILE, opened)
        views = _views(settings.data, opened)
        kept = KeptPolicies(settings.data)
        judge = SavedJudge(partial(judged_here, kept), reader, views, clock)
        previewer = Previewer(reader, clock, keeps_policy=kept.keeps)
        yield lambda request: previewer.preview(request, judge)


@contextmanager
def open_saved(settings: Settings, now: dt.datetime, district: str) -> Iterator[Trial]:
    """Give a throwaway watch of a district as it stands now, time let pass; raise LedgerError if it cannot be read."""
    with ExitStack() as opened:
        reader = _ledger(settings.data / LEDGER_FILE, opened)
        views = _views(settings.data, opened)
        judging = judged_here(KeptPolicies(settings.data), district)
        if judging is None:
            raise ViewsError(settings.data, f"没有规则书 {district} / no rulebook {district}")
        if views is not None:
            opened.enter_context(views.reading())
        trial = from_saved(district, judging, None if views is None else SavedShelf(views, reader, district))
        trial.catch_up(reader)
        trial.let_pass(now)
        yield trial


def _ledger(path: Path, opened: ExitStack) -> LedgerReader:
    if not path.exists():
        return MemoryLedger()
    reader = open_reader(path)
    opened.callback(reader.close)
    return reader


def _views(folder: Path, opened: ExitStack) -> ViewsDatabase | None:
    try:
        return opened.enter_context(closing(FolderPlace(folder).watch(writable=False)))
    except ViewsError:
        return None
