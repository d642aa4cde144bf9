"""What a decision is given and what several of them share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from msgspec import Struct, UnsetType

from events.fact import AnyFact, FactData
from services.recording.refusals import Refusal, already, out_of_order

Value = TypeVar("Value")


class Known(Struct, frozen=True, kw_only=True):
    """What the ledger knows beyond a fact's own case.

    `cases` holds the cases that facts refer to, `facts` those that corrections name, `struck` the ids of facts that
    corrections took out of account. Nothing happens after `now`: the moment of recording and what clocks may differ by.
    `keeps_policy` tells whether the house settings with a hash are kept, so that they can be adopted.
    """

    now: dt.datetime
    cases: Mapping[str, Sequence[AnyFact]] = {}
    facts: Mapping[UUID, AnyFact] = {}
    struck: frozenset[UUID] = frozenset()
    keeps_policy: Callable[[str], bool] = lambda _sha256: True


Decision = Callable[[Any, Sequence[AnyFact], Known], Refusal | None]
"""From a fact, its case in order of recording and what else is known to a refusal, or None."""


def past_is_unknown(fact: AnyFact, case: Sequence[AnyFact]) -> bool:
    """Tell whether a case holds imported facts: what went before them may be missing, so its absence proves nothing."""
    return fact.origin == "imported" or any(one.origin == "imported" for one in case)


def last_of(case: Sequence[AnyFact], *types: type[FactData]) -> AnyFact | None:
    """Return the fact of these types that was recorded last."""
    return next((one for one in reversed(case) if isinstance(one.data, types)), None)


def stated(value: Value | UnsetType | None) -> Value | None:
    """Return a field's value, None when it is not known or known to be none."""
    return None if isinstance(value, UnsetType) else value


def listed(value: Sequence[Value] | UnsetType | None) -> Sequence[Value]:
    """Return the entries of a list field, none when it is not known."""
    return stated(value) or ()


def first_repeated(values: Sequence[Value]) -> Value | None:
    """Return the first value that stands in a list twice."""
    return next((value for place, value in enumerate(values) if value in values[:place]), None)


def once(*undone_by: type[FactData]) -> Decision:
    """Return the decision for what happens once in a case, unless facts of other types undid it since."""

    def decide(fact: AnyFact, case: Sequence[AnyFact], _known: Known) -> Refusal | None:
        before = last_of(case, type(fact.data), *undone_by)
        return already(fact, before) if before is not None and type(before.data) is type(fact.data) else None

    return decide


def must_follow(later: AnyFact, earlier: AnyFact | None) -> Refusal | None:
    """Refuse when two facts are certainly the wrong way round; days alone leave the order open."""
    wrong = earlier is not None and later.occurred_at.before(earlier.occurred_at)
    return out_of_order(later, earlier) if wrong and earlier is not None else None
