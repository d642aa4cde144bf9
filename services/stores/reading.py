"""Reading ledger and views from another process, also while the service runs."""

from __future__ import annotations

from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING, Final, NamedTuple

from events.ledger.errors import LedgerUnusableError, Reason
from projections.saved.saved_shelf import SavedShelf
from services.stores.ledgers import open_ledger_reader, place_of_views

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from events.ledger.port import LedgerReader
    from projections.databases.views_database import ViewsDatabase
    from services.settings.service import Settings


NO_SUCH_DISTRICT: Final = "ledger.no_such_district"


def no_such_district(asked: str, there_are: Sequence[str]) -> LedgerUnusableError:
    """Say that nothing is recorded of a district: an empty answer would look as if all were well there."""
    zh, en = "、".join(there_are) or "无", ", ".join(there_are) or "none"
    return LedgerUnusableError(
        Reason(
            NO_SUCH_DISTRICT,
            f"账册中没有 {asked} 的事实，无可列出；有事实的区县：{zh}。请核对区县与 TAIZHANG_DATA。",
            f"The ledger has no facts of {asked}, so there is nothing to list; it has those of: {en}. Check the "
            "district and TAIZHANG_DATA.",
        )
    )


class Reading(NamedTuple):
    """A ledger and its views, opened for reading."""

    ledger: LedgerReader
    views: ViewsDatabase

    def shelf(self, district: str) -> SavedShelf:
        """Return what was saved of a district."""
        return SavedShelf(self.views, self.ledger, district)

    def districts(self, only: str | None) -> list[str]:
        """Return the districts that have facts, or the one asked for; raise LedgerError when it has none."""
        found = self.ledger.districts()
        if only is None or only in found:
            return found if only is None else [only]
        raise no_such_district(only, found)


@contextmanager
def open_reading(settings: Settings, *, writable: bool = False) -> Iterator[Reading]:
    """Open ledger and views; raise LedgerError or ViewsError when there are none."""
    with ExitStack() as opened:
        ledger = opened.enter_context(open_ledger_reader(settings))
        yield Reading(ledger, opened.enter_context(closing(place_of_views(settings).watch(writable=writable))))
