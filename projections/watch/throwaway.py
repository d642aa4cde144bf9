"""A watch to try facts on: it goes on from where another stands, reads what that one saved, and keeps all to itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from projections.alerts.book import AlertBook
from projections.watch.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from events.fact import AnyFact
    from events.moment import Instant
    from projections.alerts.book import KnownAlerts
    from projections.watch.past_counts import CountRow
    from projections.watch.shelf import Kept, Link, Shelf
    from rulebooks.calendar.working_days import Calendar


class Taken(NamedTuple):
    """The watch and the alert book of one district, as they stand together.

    `quiet` tells that no other fact came since the clock last struck.
    """

    watch: Watch
    book: AlertBook
    quiet: bool = False


class LaidOver:
    """A shelf as it was saved at a position, with facts laid over it that were taken since and are not saved."""

    def __init__(self, shelf: Shelf, position: int) -> None:
        self._shelf = shelf
        self.acts = shelf.acts
        self._position = position
        self._taken: dict[UUID, AnyFact] = {}

    def lay(self, fact: AnyFact) -> None:
        """Lay a fact over the shelf, before a watch takes it."""
        self._taken[fact.id] = fact

    def facts_of(self, case: str, through: int) -> list[AnyFact]:
        """Return the facts of a case that were saved; a watch holds those that it took since."""
        return self._shelf.facts_of(case, min(through, self._position))

    def fact(self, fact_id: UUID) -> AnyFact | None:
        """Return one fact by id, saved or laid over."""
        taken = self._taken.get(fact_id)
        return self._shelf.fact(fact_id) if taken is None else taken

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

    def counts_of(self, rule: str, case: str | None) -> Iterable[tuple[str, CountRow]]:
        """Return what was saved of what a case, or each, contributes to the count of a rule, by case."""
        return self._shelf.counts_of(rule, case)


def throwaway(taken: Taken, published: Calendar, shelf: Shelf, saved: KnownAlerts) -> Taken:
    """Return a watch and its alerts that go on from others, all of which must have been saved on the shelf.

    `published` is the calendar before any notice was adopted.
    """
    watch = taken.watch.continued(published, shelf)
    return Taken(watch, taken.book.continued(saved, watch.struck), taken.quiet)
