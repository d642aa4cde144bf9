"""Facts that the tests of the vocabulary start from: the published example of each type, in a whole envelope."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid5

from events.describing import examples
from events.fact import AnyFact
from events.parsing import parse
from events.vocabulary import FACTS, subject_kind

DAY = "2026-09-28"
RECORDED_AT = "2026-09-28T17:30:00+08:00"
NAMESPACE = UUID(int=0)


def envelope(type_: str, data: dict[str, Any]) -> dict[str, Any]:
    """Return a whole fact of a type as JSON would give it."""
    return {
        "id": str(uuid5(NAMESPACE, type_)),
        "district": "xinzhou",
        "type": type_,
        "subject": {"kind": subject_kind(type_), "id": "c-1"},
        "occurred_at": DAY,
        "recorded_at": RECORDED_AT,
        "recorded_by": "clerk-1",
        "origin": "recorded",
        "actor": {"person": "p-gao", "post": "post-housing-head", "unit": "u-housing"},
        "on_behalf_of": "p-li",
        "under": "entrustment/e-1",
        "source": {"kind": "paper", "name": "信府发〔2026〕12号"},
        "cause": str(uuid5(NAMESPACE, "cause")),
        "correlation": "thread-1",
        "classification": "internal",
        "data": data,
    }


EXAMPLES: dict[str, dict[str, Any]] = {type_: envelope(type_, data) for type_, data in examples().items()}


def example(type_: str) -> AnyFact:
    """Return the example of a type as a fact."""
    return parse(EXAMPLES[type_])


def line_of(given: dict[str, Any]) -> bytes:
    """Return a fact as a line of a history."""
    return json.dumps(given, ensure_ascii=False).encode()


assert list(EXAMPLES) == list(FACTS)
