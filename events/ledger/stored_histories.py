"""Stored rows of cases as the histories that were asked for, whatever they are stored in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from events.fact import AnyFact
from events.ledger.port import Histories
from events.printing import from_stored


def histories(district: str, cases: Sequence[str], rows: Iterable[Any]) -> Histories:
    """Sort the rows of CASES into the cases asked for."""
    found: dict[str, list[AnyFact]] = {case: [] for case in cases}
    skip = len(district) + 1
    for name, topic, state in rows:
        found[name[skip:]].append(from_stored(topic, state))
    return found
