"""What may count for a clock: every way in which it could be read, so that none is taken for granted."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from events.fact import AnyFact
    from rulebooks.language.evidence import Matcher
    from rulebooks.language.frame import Frame

TOLD_APART: Final = 5
"""Doubtful facts of which each is taken to count and not to; of more the rest are taken together, which tells less."""


@dataclass
class Doubts:
    """One reading of a clock: which of the facts that may count are taken to, by sequence.

    What is searched for notes in `facts` those that may, whether taken or not, and in `missing` what would tell.
    """

    taken: frozenset[int] = frozenset()
    facts: dict[int, AnyFact] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    @property
    def all_told(self) -> bool:
        """Whether the readings are all there are: of too many doubtful facts nothing final is said by them."""
        return len(self.facts) <= TOLD_APART

    def counting(self, matcher: Matcher, frame: Frame) -> list[AnyFact]:
        """Return the facts that match, in order: those that surely do and those that are taken to."""
        mark, found = len(frame.missing), []
        for fact, truth in matcher.gather(frame, 0):
            if truth is None:
                self.facts[fact.sequence] = fact
            if truth or fact.sequence in self.taken:
                found.append(fact)
        self.missing.extend(frame.missing[mark:])
        del frame.missing[mark:]
        return found

    def after(self, first: AnyFact, second: AnyFact, frame: Frame) -> bool:
        """Tell whether a fact came after another; where their hours do not tell, whether it is taken to."""
        before = first.occurred_at.before(second.occurred_at)
        if before is None:
            self.facts[second.sequence] = second
            mark = len(frame.missing)
            frame.unordered(first, second)
            self.missing.extend(frame.missing[mark:])
            del frame.missing[mark:]
        return before or (before is None and second.sequence in self.taken)

    def others(self) -> Iterator[Doubts]:
        """Return every other reading."""
        numbers = sorted(self.facts)
        apart = [{one} for one in numbers[: TOLD_APART - 1]]
        rest = set(numbers[TOLD_APART - 1 :])
        groups = [*apart, rest] if rest else apart
        for size in range(1, len(groups) + 1):
            for some in combinations(groups, size):
                yield Doubts(frozenset[int]().union(*some))
