"""The index of a district for replays: what the watch and the views have saved, and the facts they have not taken."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final, NamedTuple

from events.ledger.port import quietly
from projections.databases.views_database import ViewsError
from projections.replay.knowledge import Index, ReadIndex
from projections.replay.spans import Spans
from projections.saved.saved_acts import ActsThrough, SavedActs
from projections.view_rows.pages import rows_with

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from events.fact import AnyFact
    from events.ledger.port import LedgerReader
    from projections.databases.views_database import ViewsDatabase
    from projections.view_rows.rows import Build, ViewRows

PAGE: Final = 1_000


class Positions(NamedTuple):
    """The rows of the timeline, how far they go, and how far the watch has come."""

    build: Build
    named: int
    watched: int

    @property
    def through(self) -> int:
        """How far everything is saved."""
        return min(self.named, self.watched)


class SavedIndex:
    """What is saved: the background by the watch, which cases name which by the rows of the timeline."""

    def __init__(self, views: ViewsDatabase, rows: ViewRows, found: Positions, district: str) -> None:
        self._rows = rows
        self._build = found.build
        self._district = district
        self._spans = Spans(ActsThrough(views, district, found.watched))
        self._background = SavedActs(views, district).background()

    def background(self) -> Sequence[AnyFact]:
        """Return what bears on every case, as far as the watch has come."""
        return self._background

    def spans(self) -> Spans:
        """Return how far absences and entrustments reach, as far as the watch has come."""
        return self._spans

    def naming(self, case: str) -> Iterable[str]:
        """Return the cases that name a case, as far as the timeline has come."""
        found = rows_with(self._rows, self._build, self._district, "case", [case])
        return dict.fromkeys(str(one["of"]) for one in found if one["of"] != case)

    def dated_back(self) -> Sequence[int]:
        """Return none: nothing is read here."""
        return ()


class Sources(NamedTuple):
    """What replays read: the ledger, and what watch and views have saved of it, if there is any."""

    ledger: LedgerReader
    views: ViewsDatabase | None = None
    rows: ViewRows | None = None

    def positions(self, district: str) -> Positions | None:
        """Return how far what is saved goes; None when something is not."""
        if self.views is None or self.rows is None:
            return None
        with suppress(ViewsError):
            build = self.rows.live("timeline")
            progress = self.views.read("SELECT position FROM progress WHERE district = ?", district)
            if build is not None and progress and progress[0][0]:
                named = self.rows.position(build, district).facts
                return Positions(build, named, progress[0][0]) if named else None
        return None


def index_of(sources: Sources, district: str, progressed: Callable[[int], None] = quietly) -> Index:
    """Return the index of a district: what is saved, and the facts beyond it read; without views all are read.

    `progressed` is told how many facts more were read.
    """
    index, position = _saved(sources, district)
    while facts := sources.ledger.read(district, position, PAGE):
        for fact in facts:
            index.take(fact)
        position = facts[-1].sequence
        progressed(len(facts))
    return index


def _saved(sources: Sources, district: str) -> tuple[ReadIndex, int]:
    """Return what is saved of a district as one state, and how far it goes; an empty index where nothing is."""
    if sources.views is not None and sources.rows is not None:
        with sources.views.reading():
            found = sources.positions(district)
            if found is not None:
                saved = SavedIndex(sources.views, sources.rows, found, district)
                return ReadIndex(saved, found.watched), found.through
    return ReadIndex(), 0


def left_to_read(sources: Sources, district: str) -> int:
    """Return how many facts are in nothing that was saved, and have to be read."""
    found = sources.positions(district)
    return sources.ledger.head(district).sequence - (0 if found is None else found.through)
