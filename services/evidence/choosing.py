"""Which facts belong into the package of one case: its own, those that name it, its alerts, and what these rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import orjson

from events.sealed_facts import SealedReader, sealed_facts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from events.sealed_facts import SealedFact

_ALERT: Final = "alert/"
_RESTS_ON: Final = ("trigger", "facts", "wrong", "right")


def facts_of_case(
    ledger: SealedReader, district: str, case: str, last: int, progressed: Callable[[int], None]
) -> list[int]:
    """Return the sequences of the facts of a case and those they hang on, in order; one pass over the ledger."""
    needle = orjson.dumps(case)
    followed = {case}
    chosen: set[int] = set()
    named: set[UUID] = set()
    for fact in sealed_facts(ledger, district, 1, last):
        progressed(1)
        if fact.case in followed or needle in fact.payload:
            chosen.add(fact.sequence)
            named.update(_rests_on(fact))
            if fact.case.startswith(_ALERT):
                followed.add(fact.case)
    for fact_id in sorted(named):
        found = ledger.find(district, fact_id)
        if found is not None and found.sequence <= last:
            chosen.add(found.sequence)
    return sorted(chosen)


def _rests_on(fact: SealedFact) -> Iterator[UUID]:
    """Give the facts that a fact names as its cause, its proof or what it corrects."""
    whole: dict[str, Any] = orjson.loads(fact.payload)
    data = whole["data"]
    named = [whole.get("cause"), *(data.get(name) for name in _RESTS_ON)]
    for one in named:
        for text in one if isinstance(one, list) else [one]:
            if isinstance(text, str):
                try:
                    yield UUID(text)
                except ValueError:
                    continue
