"""Reading ledger and views from another process, also while the service runs."""

from __future__ import annotations

from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING, NamedTuple

from projections.saved.saved_shelf import SavedShelf
from services.stores.ledgers import open_ledger_reader, place_of_views

if TYPE_CHECKING:
    from collections.abc import Iterator

    from events.ledger.port import LedgerReader
    from projections.databases.views_database import ViewsDatabase
    from services.settings.service import Settings


class Reading(NamedTuple):
    """A ledger and its views, opened for reading."""

    ledger: LedgerReader
    views: ViewsDatabase

    def shelf(self, district: str) -> SavedShelf:
        """Return what was saved of a district."""
        return SavedShelf(self.views, self.ledger, district)

    def districts(self, only: str | None) -> list[str]:
        """Return the districts that have facts, or the one asked for."""
        return self.ledger.districts() if only is None else [only]


@contextmanager
def open_reading(settings: Settings, *, writable: bool = False) -> Iterator[Reading]:
    """Open ledger and views; raise LedgerError or ViewsError when there are none."""
    with ExitStack() as opened:
        ledger = opened.enter_context(open_ledger_reader(settings))
        yield Reading(ledger, opened.enter_context(closing(place_of_views(settings).watch(writable=writable))))
