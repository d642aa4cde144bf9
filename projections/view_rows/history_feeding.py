"""Keeping the history of the views: step by step behind the ledger, each step always of as many facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from events.ledger.errors import LedgerError
from projections.corrections import Corrections
from projections.databases.views_database import TableGoneError, ViewsError
from projections.view_rows.history import STEP, HistoryMovedError, keeps_history
from projections.view_rows.shared_reading import SharedReading
from projections.views.changing import changed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from uuid import UUID

    from events.fact import AnyFact
    from events.ledger.port import LedgerReader
    from projections.view_rows.history import History, ViewHistory
    from projections.view_rows.past_feeding import PastFeeding
    from projections.views.gathered import Gathered
    from projections.views.view import View


class AroundHistory(NamedTuple):
    """What a view reads beyond a batch, as far as its last fact: with the links that were kept before it."""

    history: ViewHistory
    of: History
    district: str
    reading: SharedReading
    batch: Gathered
    kept: int

    def facts_of(self, cases: Iterable[str]) -> Mapping[str, Sequence[AnyFact]]:
        """Return the facts of cases up to the last of the batch, as they occurred."""
        return self.reading.facts_of(self.district, cases, self.batch)

    def find(self, fact_id: UUID) -> AnyFact | None:
        """Return a fact by id; None when it was recorded after the batch."""
        fact = self.reading.find(self.district, fact_id)
        return None if fact is None or fact.sequence > self.batch.through else fact

    def targets(self, sources: Iterable[str]) -> Mapping[str, Sequence[str]]:
        """Return the cases to which cases lead."""
        return self.history.linked(self.of, self.district, sources, by="source", to="target", through=self.kept)

    def sources(self, targets: Iterable[str]) -> Mapping[str, Sequence[str]]:
        """Return the cases that lead to cases."""
        return self.history.linked(self.of, self.district, targets, by="target", to="source", through=self.kept)


class HistoryFeeding:
    """Keeps the history of every view that has one, of all districts; for one thread.

    Several processes may keep the same histories: each step is taken by one of them.
    """

    def __init__(
        self,
        history: ViewHistory,
        ledger: LedgerReader,
        *,
        views: Mapping[str, View],
        step: int = STEP,
        past: PastFeeding | None = None,
    ) -> None:
        """`past` keeps, after all others, that of what the watch found."""
        self._history = history
        self._ledger = ledger
        self._views = [one for one in views.values() if keeps_history(one)]
        self._step = step
        self._readings: dict[int, SharedReading] = {}
        self._known: dict[str, History] = {}
        self._positions: dict[str, dict[str, int]] = {}
        self._corrections: dict[tuple[str, str], Corrections] = {}
        self._failed: set[tuple[str, str]] = set()
        self._past = past

    def advance(self, holds: Callable[[str], bool] = lambda _district: True) -> int:
        """Take one step in one view, that which is furthest behind; return by how many facts, 0 when none is due.

        Only in districts that it `holds`, where others keep the rest. LedgerError and ViewsError are raised when ledger
        or history cannot be used; the same call may be made again. A view whose step fails otherwise raises once, and
        is then left until the next start.
        """
        return self._advance(holds) or (0 if self._past is None else self._past.advance(holds))

    def _advance(self, holds: Callable[[str], bool]) -> int:
        heads = self._ledger.sequences()
        due = [
            (position, view, district)
            for view in self._views
            for district, head in heads.items()
            if holds(district)
            and (view.name, district) not in self._failed
            and (of := self._of(view)) is not None
            and head - (position := self._position(of, view, district)) >= of.step
        ]
        if not due:
            self._complete(heads)
            return 0
        _, view, district = min(due, key=lambda one: one[0])
        try:
            return self._take(self._known[view.name], view, district)
        except (HistoryMovedError, TableGoneError):
            self._forget(view)
            return 1
        except (LedgerError, ViewsError):
            self._forget(view)
            raise
        except Exception:  # raised once; the view is left until the next start, so that the others go on
            self._failed.add((view.name, district))
            self._forget(view)
            raise

    def catch_up(self) -> None:
        """Work until no step is due."""
        while self.advance():
            pass

    def rebuild(self) -> None:
        """Begin every history anew, in place of what is kept."""
        for view in self._views:
            self._forget(view)
            self._known[view.name] = self._history.begin(view, self._step)
        if self._past is not None:
            self._past.rebuild()

    def left(self) -> int:
        """Return how many facts all histories together have still to take."""
        heads = self._ledger.sequences()
        return (0 if self._past is None else self._past.left()) + sum(
            (head - self._position(of, view, district)) // of.step * of.step
            for view in self._views
            if (of := self._of(view)) is not None
            for district, head in heads.items()
        )

    def _take(self, of: History, view: View, district: str) -> int:
        before = self._position(of, view, district)
        reading = self._readings.setdefault(of.step, SharedReading(self._ledger, batch=of.step))
        batch = reading.read(district, before)
        if batch is None or batch.through != before + of.step:
            message = f"{district} {before}: {of.step} facts were to follow"
            raise ValueError(message)
        corrections = self._corrections.pop((view.name, district), None)
        if corrections is None:
            corrections = corrections_of(self._history, of, district, reading)
        around = AroundHistory(self._history, of, district, reading, batch, before)
        found = changed(view, batch, around, corrections)
        self._history.save(of, district, (before, batch.through), found, batch.corrections)
        self._positions[view.name][district] = batch.through
        self._corrections[view.name, district] = corrections
        return of.step

    def _complete(self, heads: Mapping[str, int]) -> None:
        """Let the histories answer that have caught up for the first time; hold no facts until the next step."""
        self._readings.clear()
        for view in self._views:
            of = self._of(view)
            if of is None or of.answers or self._has_failed(view):
                continue
            reached = self._history.positions(of)
            if any(head - reached.get(district, 0) >= of.step for district, head in heads.items()):
                continue
            try:
                self._known[view.name] = self._history.complete(of)
            except HistoryMovedError:
                self._forget(view)

    def _has_failed(self, view: View) -> bool:
        return any(name == view.name for name, _ in self._failed)

    def _of(self, view: View) -> History | None:
        """Return the history of a view, begun where there is none; None where it is of a newer version."""
        known = self._known.get(view.name)
        if known is None:
            known = self._history.of(view)
            if known is None:
                if self._history.is_newer(view):
                    return None
                known = self._history.begin(view, self._step, again=False)
            self._known[view.name] = known
        return known

    def _position(self, of: History, view: View, district: str) -> int:
        reached = self._positions.get(view.name)
        if reached is None:
            reached = self._positions[view.name] = self._history.positions(of)
        return reached.get(district, 0)

    def _forget(self, view: View) -> None:
        self._known.pop(view.name, None)
        self._positions.pop(view.name, None)
        for key in [one for one in self._corrections if one[0] == view.name]:
            del self._corrections[key]


def corrections_of(
    history: ViewHistory, of: History, district: str, reading: SharedReading, through: int | None = None
) -> Corrections:
    """Return the corrections that a history took, up to a sequence or all of them."""
    corrections = Corrections(lambda fact_id: reading.find(district, fact_id))
    taken: Collection[AnyFact] = (
        history.corrections(of, district) if through is None else history.corrections(of, district, through)
    )
    for fact in taken:
        list(corrections.take(fact))
    return corrections
