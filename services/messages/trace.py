"""The W3C trace context of a fact: what its caller gave, or one made of ids, the same on every reading."""

from __future__ import annotations

import re
from typing import Final

_form: Final = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}").fullmatch
_SAMPLED: Final = "01"


def is_traceparent(correlation: str | None) -> bool:
    """Tell whether a correlation is a trace context that a caller gave."""
    return correlation is not None and _form(correlation) is not None


def traceparent_of(fact_id: str, correlation: str | None, caused_by: str | None) -> str:
    """Return the trace context that a fact belongs to, from ids as text; `caused_by` is the cause of a finding.

    A correlation in the form of a `traceparent` is taken as it is: so a caller's trace goes on, down to the alerts that
    the fact brings. Otherwise the trace is named by the fact's id, that of an alert by the fact that caused it, and the
    span by the second half of the id; none of them needs a place in the ledger.
    """
    if correlation is not None and is_traceparent(correlation):
        return correlation
    name = fact_id.replace("-", "")
    began = name if caused_by is None else caused_by.replace("-", "")
    return f"00-{began}-{name[16:]}-{_SAMPLED}"
