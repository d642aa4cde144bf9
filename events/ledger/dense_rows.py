"""Rows of a district that follow each other without a gap, whatever they are stored in: none is ever skipped."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

import orjson

from events.fact import AnyFact
from events.ledger.errors import LedgerUnusableError

Damaged = Callable[[str], LedgerUnusableError]
"""Makes the error of a store whose rows have a gap, of a text that says which."""


def without(types: Collection[str], rows: Sequence[Any]) -> Sequence[Any]:
    """Return the rows of READ but for those of some types; the last stays, whatever it is, since it tells how far."""
    return [*(one for one in rows[:-1] if one[0] not in types), *rows[-1:]] if types else rows


def dense_facts(district: str, after: int, rows: int, facts: list[AnyFact], damaged: Damaged) -> list[AnyFact]:
    """Return the facts of so many rows read after a sequence, the last of them and others."""
    _check(district, after, facts[-1].sequence if facts else after, rows, damaged)
    return facts


def facts_at(
    district: str, sequences: Collection[int], facts: Iterable[AnyFact], damaged: Damaged
) -> Mapping[int, AnyFact]:
    """Return the facts read at some sequences by them."""
    found = {one.sequence: one for one in facts}
    if missing := sorted(set(sequences) - found.keys()):
        raise damaged(f"{district} {missing[0]}: 0")
    return found


def dense_states(district: str, after: int, rows: Sequence[Any], damaged: Damaged) -> list[bytes]:
    """Return the payloads of the rows of READ after a sequence."""
    states = [bytes(state) for _, state in rows]
    _check(district, after, orjson.loads(states[-1])["sequence"] if states else after, len(states), damaged)
    return states


def dense_leaves(district: str, after: int, rows: Sequence[Any], damaged: Damaged) -> list[bytes]:
    """Return the leaves of rows of sequence and leaf after a sequence."""
    _check(district, after, rows[-1][0] if rows else after, len(rows), damaged)
    return [leaf for _, leaf in rows]


def _check(district: str, after: int, last: int, found: int, damaged: Damaged) -> None:
    if last != after + found:
        raise damaged(f"{district} {after + 1}-{last}: {found}")
