"""Reading ledger and views from another process, also while the service runs."""

from __future__ import annotations

from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING, NamedTuple

from events.sqlite_reader import SqliteReader, open_reader
from projections.saved_shelf import SavedShelf
from services.recording.embedded import LEDGER_FILE
from services.views_places import FolderPlace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.views_database import ViewsDatabase
    from services.settings import Settings


class Reading(NamedTuple):
    """A ledger and its views, opened for reading."""

    ledger: SqliteReader
    views: ViewsDatabase

    def shelf(self, district: str) -> SavedShelf:
        """Return what was saved of a district."""
        return SavedShelf(self.views, self.ledger, district)

    def districts(self, only: str | None) -> list[str]:
        """Return the districts that have facts, or the one asked for."""
        return self.ledger.districts() if only is None else [only]


@contextmanager
def open_reading(settings: Settings, *, writable: bool = False) -> Iterator[Reading]:
    """Open ledger and views of the data folder; raise LedgerError or ViewsError when there are none."""
    with ExitStack() as opened:
        ledger = open_reader(settings.data / LEDGER_FILE)
        opened.callback(ledger.close)
        yield Reading(ledger, opened.enter_context(closing(FolderPlace(settings.data).watch(writable=writable))))
