"""The index of a district for replays: what the watch and the views have saved, and the facts they have not taken."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

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


def index_of(
    ledger: LedgerReader,
    district: str,
    views: ViewsDatabase | None,
    rows: ViewRows | None,
    progressed: Callable[[int], None] = lambda _facts: None,
) -> Index:
    """Return the index of a district: what is saved, and the facts beyond it read; without views all are read.

    `progressed` is told how many facts more were read.
    """
    saved, position = _saved(ledger, district, views, rows)
    index = ReadIndex(saved)
    while facts := ledger.read(district, position, PAGE):
        for fact in facts:
            index.take(fact)
        position = facts[-1].sequence
        progressed(len(facts))
    return index


def left_to_read(ledger: LedgerReader, district: str, views: ViewsDatabase | None, rows: ViewRows | None) -> int:
    """Return how many facts are in nothing that was saved, and have to be read."""
    return ledger.head(district).sequence - _saved(ledger, district, views, rows)[1]


def _saved(
    ledger: LedgerReader, district: str, views: ViewsDatabase | None, rows: ViewRows | None
) -> tuple[SavedIndex | None, int]:
    if views is None or rows is None:
        return None, 0
    with suppress(ViewsError):
        build = rows.live("timeline")
        progress = views.read("SELECT position FROM progress WHERE district = ?", district)
        if build is not None and progress and progress[0][0]:
            position = min(progress[0][0], rows.position(build, district).facts)
            if position:
                return SavedIndex(SavedShelf(views, ledger, district), rows, build, district), position
    return None, 0
