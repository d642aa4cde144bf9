"""The W3C trace context of a fact: what its caller gave, or one made of its id, the same on every reading."""

from __future__ import annotations

import re
from typing import Final

from events.fact import AnyFact

_is_traceparent: Final = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}").fullmatch
_SAMPLED: Final = "01"


def traceparent_of(fact: AnyFact) -> str:
    """Return the trace context that a fact belongs to.

    A correlation in the form of a `traceparent` is taken as it is: so a caller's trace goes on. Otherwise the trace is
    named by the fact's id and the span by its second half, which need no place in the ledger.
    """
    given = fact.correlation
    if isinstance(given, str) and _is_traceparent(given):
        return given
    name = fact.id.hex
    return f"00-{name}-{name[16:]}-{_SAMPLED}"
