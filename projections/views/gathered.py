"""Facts that follow on a sequence, gathered once for all views that take them."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from events.fact import case_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from events.fact import AnyFact

CORRECTION: Final = "correction"
"""The kind of the cases of corrections and annulments."""
_AS_OCCURRED: Final = attrgetter("occurred_at.latest", "sequence")


class Gathered:
    """A batch of facts, and the same facts by the kind of their case and by case; there is at least one."""

    def __init__(self, facts: Sequence[AnyFact]) -> None:
        self.facts = facts
        self.by_kind: Mapping[str, Mapping[str, Sequence[AnyFact]]] = _by_kind(facts)

    @property
    def through(self) -> int:
        """The sequence of the last fact."""
        return self.facts[-1].sequence

    @property
    def corrections(self) -> list[AnyFact]:
        """The corrections and annulments among the facts, in order."""
        found = [fact for facts in self.by_kind.get(CORRECTION, {}).values() for fact in facts]
        return sorted(found, key=lambda fact: fact.sequence)


def _by_kind(facts: Sequence[AnyFact]) -> dict[str, dict[str, list[AnyFact]]]:
    found: defaultdict[str, dict[str, list[AnyFact]]] = defaultdict(partial(defaultdict, list))
    for fact in facts:
        subject = fact.subject
        found[subject.kind][case_key(subject)].append(fact)
    return found


def as_they_occurred(facts: Sequence[AnyFact]) -> list[AnyFact]:
    """Return facts in the order in which they occurred; one recorded late stands where it occurred."""
    return sorted(facts, key=_AS_OCCURRED)
