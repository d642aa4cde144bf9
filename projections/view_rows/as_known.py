"""The rows of views as known after any fact: those kept at the last step before it, and what changed since then."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from projections.view_rows.history import keeps_history
from projections.view_rows.history_feeding import AroundHistory, corrections_of
from projections.view_rows.pages import RowTable
from projections.view_rows.shared_reading import SharedReading
from projections.view_rows.steps import Changes, Position
from projections.view_rows.tables import summed_by
from projections.views.changing import Changed, changed
from projections.views.view import Row

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from contextlib import AbstractContextManager

    from events.fact import AnyFact
    from events.ledger.port import LedgerReader
    from projections.view_rows.history import History, ViewHistory
    from projections.view_rows.rows import Build, ViewRows
    from projections.views.view import View

MOST_SINCE: Final = 10_000
"""Facts after the last step that are taken when a question is asked; behind by more, a history does not answer."""


class HistoryMissingError(Exception):
    """No history of a view reaches as far as is asked; the view has to be fed anew."""


class _Prepared(NamedTuple):
    """A view as known then: what is kept of it up to a sequence, and beside it the groups of rows made anew since.

    Of a view that has rows of findings alone nothing is kept.
    """

    of: History | None
    build: Build
    kept: int
    anew: Collection[str]


class FoundRows(NamedTuple):
    """The rows of a view that followed from findings: those given, by group, and others that lie in a table."""

    given: Mapping[str, Sequence[Row]]
    others: RowTable | None = None


class RowsAsKnown:
    """The rows of some views of one district after a fact, asked like those that answer now; for one thread.

    `ledger` reads no further than `through`; what changed since the last step is put into `beside`, which is empty.
    `found` has for views that also follow from findings the rows of these.
    """

    def __init__(
        self,
        history: ViewHistory,
        ledger: LedgerReader,
        district: str,
        through: int,
        *,
        views: Mapping[str, View],
        beside: ViewRows,
        found: Mapping[str, FoundRows] = MappingProxyType({}),
    ) -> None:
        """Raise HistoryMissingError when the history of one of the views does not reach so far."""
        self._history = history
        self._reading = SharedReading(ledger, batch=MOST_SINCE)
        self._district = district
        self._through = through
        self._views = views
        self._beside = beside
        self._found = found
        self._kept = {name: self._reaching(view) for name, view in views.items()}
        self._prepared: dict[str, _Prepared] = {}

    def live(self, view: str) -> Build | None:
        """Return the view as it was; None for another than those asked for."""
        known = self._views.get(view)
        return None if known is None else self._of(known).build

    def position(self, build: Build, district: str) -> Position:
        """Return how far the ledger had come."""
        return self._beside.position(build, district)

    def corrections(self, build: Build, district: str) -> list[AnyFact]:
        """Return the corrections and annulments known then, in order."""
        of = self._of(self._views[build.description.name])
        kept = [] if of.of is None else self._history.corrections(of.of, district, of.kept)
        return [*kept, *self._beside.corrections(build, district)]

    def tables(self, build: Build, district: str) -> Sequence[RowTable]:
        """Return where the rows lie: those kept at the last step, but for what was made anew since; and that."""
        name = build.description.name
        beside = self._beside.tables(build, district)
        if name in self._found and (others := self._found[name].others) is not None:
            beside = (*beside, others)
        found = self._of(self._views[name])
        if found.of is None or found.of.sums is not None or not found.kept:
            return beside
        database = self._history.database
        held, values = " AND known_from <= ? AND known_until > ?", [found.kept, found.kept]
        if not found.anew:
            return (RowTable(database, found.of.table, held, values), *beside)
        without = f"{held} AND NOT {database.among('grp')}"
        return (RowTable(database, found.of.table, without, [*values, list(found.anew)]), *beside)

    def reading(self) -> AbstractContextManager[None]:
        """Let every question of the block see the same rows; those of a step that was taken do not change."""
        return self._history.database.reading()

    def _reaching(self, view: View) -> tuple[History, int] | None:
        """Return the history of a view and its last step before the moment; None for one of findings alone."""
        if view.of_finding is not None and view.name not in self._found:
            raise HistoryMissingError(view.name)
        if not keeps_history(view):
            return None
        of = self._history.of(view)
        if of is None or not of.answers:
            raise HistoryMissingError(view.name)
        kept = min(self._through // of.step * of.step, self._history.position(of, self._district))
        if self._through - kept > MOST_SINCE:
            raise HistoryMissingError(view.name)
        return of, kept

    def _of(self, view: View) -> _Prepared:
        found = self._prepared.get(view.name)
        if found is None:
            found = self._prepared[view.name] = self._prepare(view)
        return found

    def _prepare(self, view: View) -> _Prepared:
        of_findings = self._found[view.name].given if view.name in self._found else {}
        position = Position(self._through, self._through if view.name in self._found else 0)
        known = self._kept[view.name]
        if known is None:
            build = self._beside.begin(view)
            self._beside.save(build, self._district, Position(), position, Changes(of_findings))
            return _Prepared(None, build, 0, ())
        of, kept = known
        batch = self._reading.read(self._district, kept)
        found = Changed({}, frozenset())
        if batch is not None:
            corrections = corrections_of(self._history, of, self._district, self._reading, kept)
            around = AroundHistory(self._history, of, self._district, self._reading, batch, kept)
            found = changed(view, batch, around, corrections)
        groups = found.groups if of.sums is None else self._summed(of, kept, found)
        build = self._beside.begin(view)
        changes = Changes({**groups, **of_findings}, found.links, () if batch is None else batch.corrections)
        self._beside.save(build, self._district, Position(), position, changes)
        return _Prepared(of, build, kept, [one for one in found.groups if one not in found.first])

    def _summed(self, of: History, kept: int, found: Changed) -> Mapping[str, Sequence[Row]]:
        """Return the sums as known then, as if each were what one group contributed."""
        assert of.sums is not None  # noqa: S101  asked of sums alone
        names = summed_by(of.description, of.sums)
        sums = self._history.sums(of, self._district, kept)
        if found.groups and kept:
            for *key, number in self._history.contributions(of, self._district, list(found.groups), kept):
                sums[tuple(key)] -= number
        for rows in found.groups.values():
            for row in rows:
                number = row.values[of.sums]
                assert isinstance(number, int)  # noqa: S101  as its column says
                sums[tuple(row.values[name] for name in names)] += number
        rows = [
            Row(f"{place}", {**dict(zip(names, map(str, key), strict=True)), of.sums: number})
            for place, (key, number) in enumerate(sums.items())
        ]
        return {"sums": rows}
