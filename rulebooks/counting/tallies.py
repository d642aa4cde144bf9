"""What many cases contribute to one count: how a rule that counts across cases is asked."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

if TYPE_CHECKING:
    from events.fact import AnyFact
    from events.moment import Instant, Moment
    from rulebooks.calendar.periods import PeriodOf
    from rulebooks.judgement import Judgement
    from rulebooks.record.casefile import CaseFile
    from rulebooks.record.world import World


NONE_EXCEEDED: Final[Mapping[int, Judgement]] = {}


class Contribution(NamedTuple):
    """What one fact adds to a count.

    `key` is the case for which it is counted (`person/p-li`), empty for the district as a whole. `value` is None when
    it is not recorded, `what` tells the different things apart that a rule may count, and `sure` is false when the
    record does not tell whether the fact counts at all; `missing` says what would.
    """

    key: str
    at: Moment
    value: Decimal | None
    fact: AnyFact
    what: str = ""
    sure: bool = True
    missing: tuple[str, ...] = ()


class Onset(NamedTuple):
    """A key's first contribution of all, and the first that surely counts."""

    first: Contribution | None
    sure: Contribution | None

    @classmethod
    def of(cls, contributions: Iterable[Contribution]) -> Onset:
        """Return with what contributions, given in the order of time, begin."""
        each = iter(contributions)
        first = next(each, None)
        sure = first if first is None or first.sure else next((one for one in each if one.sure), None)
        return cls(first, sure)

    def doubt(self, until: Instant) -> Contribution | None:
        """Return the first contribution where nothing up to an instant surely counts."""
        return self.first if self.sure is None or self.sure.at.latest > until else None


def place_of(contribution: Contribution) -> tuple[Instant, Instant, int, str]:
    """Return what contributions are sorted by; of several of one moment, a day perhaps, by when they were done."""
    fact = contribution.fact
    return (contribution.at.latest, fact.occurred_at.latest, fact.sequence, contribution.what)


def within(contributions: Sequence[Contribution], first: Instant, last: Instant) -> Sequence[Contribution]:
    """Return those of a sorted list that lie in an interval, both ends included."""
    start = bisect_left(contributions, first, key=lambda one: one.at.latest)
    return contributions[start : bisect_right(contributions, last, key=lambda one: one.at.latest)]


class JudgeKey(Protocol):
    """Judges one key by its contributions, from an instant on when one is given.

    `exceeded` are violations of the upper limit that nothing changed since they were found, by their trigger's id.
    """

    def __call__(
        self,
        world: World,
        key: str,
        found: Sequence[Contribution],
        since: Instant | None = None,
        exceeded: Mapping[int, Judgement] = NONE_EXCEEDED,
    ) -> list[Judgement]:
        """Return how the key stands."""


@dataclass(frozen=True)
class Tally:
    """How a counting rule is asked.

    `contributions` reads one case of the rule's kind. `judge` takes a key with all its contributions, sorted by
    `place_of`, and judges every period: those with contributions, and with a lower limit those without; given an
    instant too, only the periods from the one in which it lies. `period_of` tells the period of an instant; None where
    the window rolls, and all is judged. `keys` are to be judged though nothing was contributed (the district: ""). All
    are pure.
    """

    contributions: Callable[[World, CaseFile], list[Contribution]]
    judge: JudgeKey
    period_of: PeriodOf | None
    keys: Callable[[World], Iterable[str]]


def judge_own(tally: Tally, world: World, file: CaseFile) -> list[Judgement]:
    """Judge what a case contributes to the count of itself; nothing where it is counted for a unit or a person."""
    own = [one for one in tally.contributions(world, file) if one.key == file.key]
    return tally.judge(world, file.key, sorted(own, key=place_of)) if own else []
