"""What settles or ends a duty: whether it came in time, surely or perhaps, and what would tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from rulebooks.language.frame import fact_name
from rulebooks.record.casefile import order_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from events.fact import AnyFact
    from rulebooks.language.evidence import Matcher
    from rulebooks.language.frame import Frame
    from rulebooks.language.limits import Due
    from rulebooks.language.truth import Truth


class Settlements(NamedTuple):
    """The facts that match, or may (None), in the order of time, and what would tell of those.

    `told` is false where it is not on record in which cases they would stand.
    """

    facts: Sequence[tuple[AnyFact, Truth]]
    missing: tuple[str, ...]
    told: bool = True


class Came(NamedTuple):
    """Whether one of them came in time; the first that surely did, else the first that surely came at all.

    `unclear` are those that leave it open, none where it is not on record in which case to look; `missing` is what
    would tell.
    """

    in_time: Truth
    fact: AnyFact | None = None
    unclear: tuple[AnyFact, ...] = ()
    missing: tuple[str, ...] = ()


NONE: Final = Settlements((), ())
NOT_COME: Final = Came(in_time=False)


def settlements(matchers: Sequence[Matcher], frame: Frame) -> Settlements:
    """Return what settles a duty; what is missing is told apart, in an order that does not hang on the recording."""
    mark = len(frame.missing)
    facts = [one for matcher in matchers for one in matcher.gather(frame, 0)]
    told = bool(facts) or not matchers or any(matcher.told(frame) for matcher in matchers)
    missing = tuple(sorted(frame.missing[mark:]))
    del frame.missing[mark:]
    if not facts:
        return NONE if told else Settlements((), missing, told)
    return Settlements(sorted(facts, key=_order) if len(facts) > 1 else facts, missing)


def came(found: Settlements, due: Due | None) -> Came:
    """Tell whether one came by a due moment (None: there is none to miss)."""
    if not found.told:
        return Came(None, missing=found.missing)
    sure: AnyFact | None = None
    unclear: list[AnyFact] = []
    hours: list[str] = []
    for fact, truth in found.facts:
        in_time = due is None or _in_time(fact, due)
        if truth and in_time:
            return Came(in_time=True, fact=fact)
        if truth:
            sure = sure or fact
        if in_time is not False:
            unclear.append(fact)
        if in_time is None:
            hours.append(f"{fact_name(fact)}: occurred_at")
    if unclear:
        return Came(None, sure, tuple(unclear), (*found.missing, *hours))
    return Came(in_time=False, fact=sure) if sure else NOT_COME


def _in_time(fact: AnyFact, due: Due) -> Truth:
    if fact.occurred_at.latest <= due.instant:
        return True
    return False if fact.occurred_at.earliest > due.instant else None


def _order(found: tuple[AnyFact, Truth]) -> tuple[int, int]:
    return order_of(found[0])
