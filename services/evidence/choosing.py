"""Which facts belong into the package of one case: its own, those that name it, its alerts, and what these rest on.

What an alert rests on is its proof, and the adopted calendars and rulebooks that it names, where facts tell of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import orjson

from events.ledger.sealed_facts import SealedReader, sealed_facts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

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
    cited: set[str] = set()
    for fact in sealed_facts(ledger, district, 1, last):
        progressed(1)
        if fact.case in followed or needle in fact.payload:
            chosen.add(fact.sequence)
            whole: dict[str, Any] = orjson.loads(fact.payload)
            named.update(_rests_on(whole))
            if fact.case.startswith(_ALERT):
                followed.add(fact.case)
                cited.update(_cites(whole["data"]))
    for fact_id in sorted(named):
        found = ledger.find(district, fact_id)
        if found is not None and found.sequence <= last:
            chosen.add(found.sequence)
    for history in ledger.read_cases(district, sorted(cited)).values():
        chosen.update(one.sequence for one in history if one.sequence <= last)
    return sorted(chosen)


def _cites(data: Mapping[str, Any]) -> Iterator[str]:
    """Give the cases of the rulebook and the calendars by which an alert says it was judged."""
    for given in (data.get("rulebook"), *(data.get("calendar") or ())):
        if isinstance(given, str):
            yield given


def _rests_on(whole: Mapping[str, Any]) -> Iterator[UUID]:
    """Give the facts that a fact names as its cause, its proof or what it corrects."""
    data = whole["data"]
    named = [whole.get("cause"), *(data.get(name) for name in _RESTS_ON)]
    for one in named:
        for text in one if isinstance(one, list) else [one]:
            if isinstance(text, str):
                try:
                    yield UUID(text)
                except ValueError:
                    continue
