"""The way to a preview from the command line: through the process that serves, else from what lies in the folder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from typing import TYPE_CHECKING

from events.ledger.memory import MemoryLedger
from projections.databases.views_database import ViewsError
from projections.saved.saved_shelf import SavedShelf
from services.judging import judged_here
from services.policy.kept_policies import KeptPolicies
from services.previews.judges import SavedJudge, from_saved
from services.recording.previewer import Previewer
from services.recording.writer_socket import WriterClient
from services.stores.ledgers import is_embedded, is_new, open_ledger_reader, place_of_views

if TYPE_CHECKING:
    from events.ledger.port import LedgerReader
    from projections.databases.views_database import ViewsDatabase
    from services.previews.trial import Trial
    from services.recording.writer_socket import PreviewRequest
    from services.settings.service import Settings


@contextmanager
def open_previews(settings: Settings, clock: Callable[[], dt.datetime]) -> Iterator[PreviewRequest]:
    """Give a way to preview; raise LedgerError or ViewsError when ledger or views cannot be read.

    Without a process that serves, facts are judged from the saved views, or, where there are none yet or none that a
    reader can use, from the first fact of the ledger on; nothing in the folder is changed.
    """
    with ExitStack() as opened:
        client = WriterClient.connect(settings.data) if is_embedded(settings) and settings.data.is_dir() else None
        if client is not None:
            yield opened.enter_context(client).preview
            return
        reader = _ledger(settings, opened)
        views = _views(settings, opened)
        kept = KeptPolicies(settings.data)
        judge = SavedJudge(partial(judged_here, kept), reader, views, clock)
        previewer = Previewer(reader, clock, keeps_policy=kept.keeps)
        yield lambda request: previewer.preview(request, judge)


@contextmanager
def open_saved(settings: Settings, now: dt.datetime, district: str) -> Iterator[Trial]:
    """Give a throwaway watch of a district as it stands now, time let pass; raise LedgerError if it cannot be read."""
    with ExitStack() as opened:
        reader = _ledger(settings, opened)
        views = _views(settings, opened)
        judging = judged_here(KeptPolicies(settings.data), district)
        if judging is None:
            raise ViewsError(settings.data, f"没有规则书 {district} / no rulebook {district}")
        if views is not None:
            opened.enter_context(views.reading())
        trial = from_saved(district, judging, None if views is None else SavedShelf(views, reader, district))
        trial.catch_up(reader)
        trial.let_pass(now)
        yield trial


def _ledger(settings: Settings, opened: ExitStack) -> LedgerReader:
    return MemoryLedger() if is_new(settings) else opened.enter_context(open_ledger_reader(settings))


def _views(settings: Settings, opened: ExitStack) -> ViewsDatabase | None:
    try:
        return opened.enter_context(closing(place_of_views(settings).watch(writable=False)))
    except ViewsError:
        return None
