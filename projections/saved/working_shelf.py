"""What a watch at work sees of its shelf: as if skipped facts had never been recorded, and much of it read at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from uuid import UUID

    from events.fact import AnyFact
    from events.moment import Instant
    from projections.saved.saved_shelf import Foreseen
    from projections.saved.snapshot import Snapshot
    from projections.watch.shelf import Kept, Link


class _Reaching(NamedTuple):
    """The cases that reach an instant, as of a number of saves."""

    saves: int
    since: Instant
    cases: list[tuple[str, Instant]]


class WorkingShelf:
    """A shelf without the facts of some sequences.

    `foreseen` answers for cases that are about to be asked for, until something is saved.
    """

    def __init__(self, shelf: Snapshot, skipped: Collection[int]) -> None:
        self._shelf = shelf
        self._skipped = skipped
        self.foreseen: Foreseen | None = None
        self._reaching: _Reaching | None = None

    def facts_of(self, case: str, through: int) -> list[AnyFact]:
        """Return the facts of a case that count, those recorded later left out."""
        known = self.foreseen
        if known is not None and case in known.cases and case not in known.with_facts:
            return []
        facts = self._shelf.facts_of(case, through)
        return [fact for fact in facts if fact.sequence not in self._skipped] if self._skipped else facts

    def fact(self, fact_id: UUID) -> AnyFact | None:
        """Return one fact by id; None for one that was skipped."""
        fact = self._shelf.fact(fact_id)
        return None if fact is None or fact.sequence in self._skipped else fact

    def standing_of(self, subject: str) -> Iterable[Kept]:
        """Return the judgements saved for a subject."""
        known = self.foreseen
        if known is not None and subject in known.cases:
            return known.standing.get(subject, ())
        return self._shelf.standing_of(subject)

    def links_to(self, target: str) -> Iterable[Link]:
        """Return the links saved that lead to a case."""
        known = self.foreseen
        if known is not None and target in known.cases:
            return known.links.get(target, ())
        return self._shelf.links_to(target)

    def subjects_since(self, instant: Instant) -> Iterable[str]:
        """Return the cases saved whose facts or intervals reach an instant; between two saves they are read once."""
        known = self._reaching
        if known is None or known.saves != self._shelf.saves or instant < known.since:
            known = self._reaching = _Reaching(self._shelf.saves, instant, self._shelf.reaching(instant))
        return [subject for subject, until in known.cases if until >= instant]

    def subjects_violating(self) -> Iterable[str]:
        """Return the subjects for which a violation, waived or not, was saved."""
        return self._shelf.subjects_violating()
