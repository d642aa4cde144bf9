"""A shelf for a watch that skipped some facts: to it they were never recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from uuid import UUID

    from events.fact import AnyFact
    from events.moment import Instant
    from projections.shelf import Kept, Link, Shelf


class WithoutSkipped:
    """What is on a shelf, without the facts of some sequences."""

    def __init__(self, shelf: Shelf, skipped: Collection[int]) -> None:
        self._shelf = shelf
        self._skipped = skipped

    def facts_of(self, case: str, through: int) -> list[AnyFact]:
        """Return the facts of a case that count, those recorded later left out."""
        facts = self._shelf.facts_of(case, through)
        return [fact for fact in facts if fact.sequence not in self._skipped] if self._skipped else facts

    def fact(self, fact_id: UUID) -> AnyFact | None:
        """Return one fact by id; None for one that was skipped."""
        fact = self._shelf.fact(fact_id)
        return None if fact is None or fact.sequence in self._skipped else fact

    def standing_of(self, subject: str) -> Iterable[Kept]:
        """Return the judgements saved for a subject."""
        return self._shelf.standing_of(subject)

    def links_to(self, target: str) -> Iterable[Link]:
        """Return the links saved that lead to a case."""
        return self._shelf.links_to(target)

    def subjects_since(self, instant: Instant) -> Iterable[str]:
        """Return the cases saved whose facts or intervals reach an instant."""
        return self._shelf.subjects_since(instant)

    def subjects_violating(self) -> Iterable[str]:
        """Return the subjects for which a violation, waived or not, was saved."""
        return self._shelf.subjects_violating()
