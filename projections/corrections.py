"""Which facts count: a correction strikes one out, and striking out the correction brings it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.record import RecordAnnulled, RecordCorrected
from projections.watch.own_copies import own_copy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from uuid import UUID

    from events.fact import AnyFact


class Corrections:
    """The corrections and annulments of one district, in any order of recording.

    `find` returns a fact that is no longer held here, when the ledger is larger than memory.
    """

    def __init__(self, find: Callable[[UUID], AnyFact | None] | None = None) -> None:
        self._facts: dict[int, AnyFact] = {}
        self._against: dict[UUID, set[UUID]] = {}
        self._find = find

    @property
    def none(self) -> bool:
        """Whether nothing was ever corrected, so that every fact counts."""
        return not self._against

    def continue_from(self, before: Corrections) -> None:
        """Go on from where others stand, which stay as they are."""
        self._facts = own_copy(before._facts)
        self._against = own_copy(before._against)

    def remember(self, fact: AnyFact) -> None:
        """Hold a fact so that a correction can name it."""
        if self._find is None:
            self._facts[fact.id.int] = fact

    def struck(self, fact_id: UUID) -> bool:
        """Tell whether a fact does not count: some correction against it counts."""
        against = self._against.get(fact_id) if self._against else None
        return against is not None and any(not self.struck(one) for one in against)

    def take(self, correction: AnyFact) -> Iterator[tuple[AnyFact, bool]]:
        """Take a correction and return each fact whose standing it changed, with whether that fact now counts."""
        data = correction.data
        if not isinstance(data, RecordCorrected | RecordAnnulled):
            return
        self._facts[correction.id.int] = correction
        affected = list(self._down(data.wrong))
        before = {one: self.struck(one) for one in affected}
        self._against.setdefault(data.wrong, set()).add(correction.id)
        for one in affected:
            if self.struck(one) != before[one]:
                fact = self._facts.get(one.int) or (self._find(one) if self._find else None)
                if fact is not None and not isinstance(fact.data, RecordCorrected | RecordAnnulled):
                    yield fact, not self.struck(one)

    def _down(self, fact_id: UUID) -> Iterator[UUID]:
        """Return a fact and, when it is itself a correction, the fact that it struck out, and so on."""
        seen: set[UUID] = set()
        while fact_id not in seen:
            seen.add(fact_id)
            yield fact_id
            fact = self._facts.get(fact_id.int)
            if fact is None or not isinstance(fact.data, RecordCorrected | RecordAnnulled):
                return
            fact_id = fact.data.wrong
