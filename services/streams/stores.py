"""What one thread of a worker reads and writes, in connections of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from projections.view_rows.findings_feed import FindingsFeed

if TYPE_CHECKING:
    from events.ledger.port import LedgerReader
    from projections.databases.views_database import ViewsDatabase
    from projections.view_rows.history import ViewHistory
    from projections.view_rows.rows import ViewRows
    from services.stores.views_places import ViewsPlace


@dataclass(frozen=True)
class Stores:
    """The ledger, what is saved of the watch, the rows of the views and their history, and what the watch found."""

    reader: LedgerReader
    views: ViewsDatabase
    rows: ViewRows
    history: ViewHistory
    findings: FindingsFeed


OpenStores = Callable[[], AbstractContextManager[Stores]]


@contextmanager
def open_stores(ledger: LedgerReader, place: ViewsPlace) -> Iterator[Stores]:
    """Open them while the block runs; raise ViewsError."""
    with ExitStack() as opened:
        views = opened.enter_context(closing(place.watch()))
        findings = opened.enter_context(closing(place.watch(writable=False)))
        rows = opened.enter_context(place.rows())
        history = opened.enter_context(place.history())
        yield Stores(ledger, views, rows, history, FindingsFeed(findings))
