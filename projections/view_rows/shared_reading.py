"""Reading the ledger for several views that take the same facts one after another, each fact once."""

from __future__ import annotations

from collections import deque
from functools import cached_property
from typing import TYPE_CHECKING, Final

from projections.views.gathered import Gathered, as_they_occurred

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from uuid import UUID

    from events.fact import AnyFact
    from events.ledger.port import LedgerReader

LARGEST_BATCH: Final = 5_000
"""Facts that are taken in one step at most."""
_HELD: Final = 3
"""Batches that are held at once: those of views that answer, and of others that are built beside them."""
_RECENT: Final = 40_000
"""Facts that are held while a district is read from its beginning: most cases are over before as many came."""


class _Batch:
    """Facts that follow on a sequence, and what was read of their cases as far as the last of them."""

    def __init__(self, facts: Sequence[AnyFact], run: _Run | None) -> None:
        self.gathered = Gathered(facts)
        self.cases: dict[str, Sequence[AnyFact]] = {}
        self.own_are_read = False
        self.run = run

    @cached_property
    def by_id(self) -> Mapping[UUID, AnyFact]:
        """The facts by their ids, which only corrections ask for."""
        return {one.id: one for one in self.gathered.facts}


class _Run:
    """A district read from its beginning without a gap: which cases came when, and the latest batches.

    Of a case that first came within those, no fact has to be read again.
    """

    def __init__(self) -> None:
        self.through = 0
        self._batches: deque[Gathered] = deque()
        self._began: dict[str, int] = {}
        self._held = 0

    def take(self, batch: Gathered) -> None:
        """Take the batch that follows."""
        begins = batch.facts[0].sequence
        self.through = batch.through
        for cases in batch.by_kind.values():
            for case in cases:
                self._began.setdefault(case, begins)
        self._batches.append(batch)
        self._held += len(batch.facts)
        while self._held > _RECENT and len(self._batches) > 1:
            self._held -= len(self._batches.popleft().facts)

    def known(self, case: str) -> list[AnyFact] | None:
        """Return every fact of a case so far; None when some may have come before the batches that are held."""
        began = self._began.get(case)
        if began is None:
            return []
        if began < self._batches[0].facts[0].sequence:
            return None
        kind = case.partition("/")[0]
        return [fact for batch in self._batches for fact in batch.by_kind.get(kind, {}).get(case, ())]


class SharedReading:
    """Reads the ledger for several views that take the same facts one after another, some behind the others."""

    def __init__(self, ledger: LedgerReader, *, batch: int = LARGEST_BATCH, passing_over: Collection[str] = ()) -> None:
        """`passing_over` are types of fact at which none of the views looks."""
        self._ledger = ledger
        self._batch = batch
        self._passing_over = passing_over
        self._kinds: Collection[str] = ()
        self._held: dict[tuple[str, int], _Batch] = {}
        self._run: tuple[str, _Run] | None = None
        self._ends: dict[str, int] = {}

    def note_end(self, district: str, sequence: int) -> None:
        """Take notice that a district ended with a sequence just now, so that nobody looks beyond it."""
        self._ends[district] = sequence

    def expect(self, kinds: Collection[str]) -> None:
        """Be ready to read the cases of a batch at once, all of these kinds: one view or another will ask for them."""
        self._kinds = kinds

    def is_end(self, district: str, sequence: int) -> bool:
        """Tell whether a district ended with a sequence when it was last noted."""
        return sequence == self._ends.get(district)

    def read(self, district: str, after: int) -> Gathered | None:
        """Return the next facts of a district after a sequence, None at the end."""
        if self.is_end(district, after):
            return None
        held = self._held.get((district, after))
        if held is None:
            facts = self._ledger.read(district, after, self._batch, self._passing_over)
            if not facts:
                return None
            held = self._of_run(district, after, facts)
            while len(self._held) >= _HELD:
                del self._held[next(iter(self._held))]
            self._held[district, after] = held
        return held.gathered

    def _of_run(self, district: str, after: int, facts: Sequence[AnyFact]) -> _Batch:
        """Return a batch, as part of a reading from the beginning where it is one; the last of it ends that."""
        run = _Run() if after == 0 else None
        if run is None and self._run is not None and self._run[0] == district and self._run[1].through == after:
            run = self._run[1]
        batch = _Batch(facts, run)
        if run is not None:
            run.take(batch.gathered)
            self._run = (district, run) if run.through == after + self._batch else None
        return batch

    def facts_of(self, district: str, cases: Iterable[str], batch: Gathered) -> Mapping[str, Sequence[AnyFact]]:
        """Return the facts of cases as far as the last of a batch that was read, as they occurred."""
        held = next((one for one in self._held.values() if one.gathered is batch), None) or _Batch(batch.facts, None)
        wanted = list(cases)
        unread = [case for case in wanted if case not in held.cases]
        if unread and not held.own_are_read:
            held.own_are_read = True
            own = (case for kind in self._kinds for case in batch.by_kind.get(kind, ()))
            unread = list(dict.fromkeys([*unread, *own]))
        if held.run is not None and held.run.through == batch.through:
            for case in unread:
                if (known := held.run.known(case)) is not None:
                    held.cases[case] = as_they_occurred(known)
            unread = [case for case in unread if case not in held.cases]
        for case, facts in (self._ledger.read_cases(district, unread) if unread else {}).items():
            held.cases[case] = as_they_occurred([one for one in facts if one.sequence <= batch.through])
        return {case: held.cases[case] for case in wanted}

    def find(self, district: str, fact_id: UUID) -> AnyFact | None:
        """Return a fact by id; most that are asked for came just before."""
        for (of, _), held in reversed(self._held.items()):
            found = held.by_id.get(fact_id) if of == district else None
            if found is not None:
                return found
        return self._ledger.find(district, fact_id)
