"""The W3C trace context of a fact: what its caller gave, or one made of ids, the same on every reading."""

from __future__ import annotations

import re
from typing import Final
from uuid import UUID

from events.fact import AnyFact

_is_traceparent: Final = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}").fullmatch
_SAMPLED: Final = "01"


def traceparent_of(fact: AnyFact) -> str:
    """Return the trace context that a fact belongs to.

    A correlation in the form of a `traceparent` is taken as it is: so a caller's trace goes on, down to the alerts that
    the fact brings. Otherwise the trace is named by the fact's id, that of an alert by the fact that caused it, and the
    span by the second half of the id; none of them needs a place in the ledger.
    """
    given = fact.correlation
    if isinstance(given, str) and _is_traceparent(given):
        return given
    began = fact.cause if fact.origin == "watch" and isinstance(fact.cause, UUID) else fact.id
    return f"00-{began.hex}-{fact.id.hex[16:]}-{_SAMPLED}"
