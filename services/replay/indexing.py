"""The index of a district for replays: what the watch and the views have saved, and the facts they have not taken."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final, NamedTuple

from events.ledger import quietly
from projections.replay.knowledge import Index, ReadIndex
from projections.saved_shelf import SavedShelf
from projections.view_pages import rows_with
from projections.views_database import ViewsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from events.fact import AnyFact
    from events.ledger import LedgerReader
    from projections.view_rows import Build, ViewRows
    from projections.views_database import ViewsDatabase

PAGE: Final = 1_000


class SavedIndex:
    """What is saved: the background by the watch, which cases name which by the rows of the timeline."""

    def __init__(self, shelf: SavedShelf, rows: ViewRows, build: Build, district: str) -> None:
        self._background = shelf.background()
        self._rows = rows
        self._build = build
        self._district = district

    def background(self) -> Sequence[AnyFact]:
        """Return what bears on every case, as far as the watch has come."""
        return self._background

    def naming(self, case: str) -> Iterable[str]:
        """Return the cases that name a case, as far as the timeline has come."""
        found = rows_with(self._rows, self._build, self._district, "case", [case])
        return dict.fromkeys(str(one["of"]) for one in found if one["of"] != case)


class Sources(NamedTuple):
    """What replays read: the ledger, and what watch and views have saved of it, if there is any."""

    ledger: LedgerReader
    views: ViewsDatabase | None = None
    rows: ViewRows | None = None

    def saved(self, district: str) -> tuple[SavedIndex | None, int]:
        """Return the index that is saved of a district, and how far it goes."""
        if self.views is None or self.rows is None:
            return None, 0
        with suppress(ViewsError):
            build = self.rows.live("timeline")
            progress = self.views.read("SELECT position FROM progress WHERE district = ?", district)
            if build is not None and progress:
                position = min(progress[0][0], self.rows.position(build, district).facts)
                if position:
                    shelf = SavedShelf(self.views, self.ledger, district)
                    return SavedIndex(shelf, self.rows, build, district), position
        return None, 0


def index_of(sources: Sources, district: str, progressed: Callable[[int], None] = quietly) -> Index:
    """Return the index of a district: what is saved, and the facts beyond it read; without views all are read.

    `progressed` is told how many facts more were read.
    """
    saved, position = sources.saved(district)
    index = ReadIndex(saved)
    while facts := sources.ledger.read(district, position, PAGE):
        for fact in facts:
            index.take(fact)
        position = facts[-1].sequence
        progressed(len(facts))
    return index


def left_to_read(sources: Sources, district: str) -> int:
    """Return how many facts are in nothing that was saved, and have to be read."""
    return sources.ledger.head(district).sequence - sources.saved(district)[1]
