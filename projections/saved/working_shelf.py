"""What a watch at work sees of its shelf: as if skipped facts had never been recorded, and much of it read at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from projections.saved.saved_shelf import judged_by

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from uuid import UUID

    from events.fact import AnyFact
    from events.moment import Instant
    from projections.saved.saved_shelf import Foreseen
    from projections.saved.snapshot import Snapshot
    from projections.watch.acts_asked import Acts
    from projections.watch.past_counts import CountRow
    from projections.watch.shelf import Kept, Link

MOST_AHEAD: Final = 500
"""Cases of which what is saved is read at once, of those that are expected: they are held in memory meanwhile."""


class _Reaching(NamedTuple):
    """The cases that reach an instant, as of a number of saves."""

    saves: int
    since: Instant
    cases: list[tuple[str, Instant]]


class WorkingShelf:
    """A shelf without the facts of some sequences.

    What is about to be asked for is read at once, and answered from there until `forget` is called, before a save.
    """

    def __init__(self, shelf: Snapshot, skipped: Collection[int]) -> None:
        self._shelf = shelf
        self.acts: Acts = shelf.acts
        self._skipped = skipped
        self._foreseen: Foreseen | None = None
        self._ahead: Foreseen | None = None
        self._expected: Sequence[str] = ()
        self._place_of: dict[str, int] = {}
        self._reaching: _Reaching | None = None

    def foresee(self, cases: Iterable[str], unread: Collection[str]) -> None:
        """Read what is saved of cases that are about to be asked for, and the facts of those that are unread."""
        self._foreseen = self._shelf.foresee(cases, unread)

    def expect(self, cases: Sequence[str]) -> None:
        """Be ready to read what is saved of many cases and their facts, some hundreds at once when one is asked for."""
        self._expected, self._place_of = cases, {case: place for place, case in enumerate(cases)}

    def forget(self) -> None:
        """Look again at what is saved from now on."""
        self._foreseen = self._ahead = None
        self._expected, self._place_of = (), {}

    def _known(self, case: str) -> Foreseen | None:
        """Return what was read at once, if a case is among it."""
        if self._foreseen is not None and case in self._foreseen.cases:
            return self._foreseen
        place = self._place_of.get(case)
        if place is None:
            return None
        if self._ahead is None or case not in self._ahead.cases:
            coming = self._expected[place : place + MOST_AHEAD]
            self._ahead = self._shelf.foresee(coming, coming)
        return self._ahead

    def facts_of(self, case: str, through: int) -> list[AnyFact]:
        """Return the facts of a case that count, those recorded later left out."""
        known = self._known(case)
        if known is not None and case not in known.with_facts:
            return []
        if known is not None and case in known.facts:
            facts = judged_by(known.facts[case], through)
        else:
            facts = self._shelf.facts_of(case, through)
        return [fact for fact in facts if fact.sequence not in self._skipped] if self._skipped else facts

    def fact(self, fact_id: UUID) -> AnyFact | None:
        """Return one fact by id; None for one that was skipped."""
        fact = self._shelf.fact(fact_id)
        return None if fact is None or fact.sequence in self._skipped else fact

    def standing_of(self, subject: str) -> Iterable[Kept]:
        """Return the judgements saved for a subject."""
        known = self._known(subject)
        if known is not None:
            return known.standing.get(subject, ())
        return self._shelf.standing_of(subject)

    def links_to(self, target: str) -> Iterable[Link]:
        """Return the links saved that lead to a case."""
        known = self._known(target)
        if known is not None:
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

    def counts_of(self, rule: str, case: str | None) -> Iterable[tuple[str, CountRow]]:
        """Return what was saved of what a case, or each, contributes to the count of a rule, by case."""
        return self._shelf.counts_of(rule, case)
