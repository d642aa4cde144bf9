"""References between cases: which of them must be in the ledger, and that none points at its own case.

Only what a fact hangs on must exist. A paper may well be about something that is recorded later, or never here, so
`about`, `matters`, `document` and the like are not asked for; nor are persons, posts and units, whom the roster may
still lack. Imported facts hold only a part of what happened, and nothing is asked of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Final

from msgspec import Struct

from events.fact import AnyFact, case_key
from events.field_types import FieldType
from events.instruction import InstructionIssued
from events.vocabulary import field_types
from services.recording.decide.decision import stated
from services.recording.refusals import ITSELF, Refusal, unknown_case

MUST_EXIST: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "minutes.drafted.v1": ("meeting",),
        "meeting.cancelled.v1": ("merged_into",),
        "supervision.problem_found.v1": ("inspection",),
    }
)
"""The fields of each type whose case must be there; an instruction that quotes a decision adds its meeting."""


def required(fact: AnyFact) -> list[tuple[str, str]]:
    """Return the cases that a fact hangs on, each with the field that names it."""
    if fact.origin == "imported" or not (fact.type in MUST_EXIST or isinstance(fact.data, InstructionIssued)):
        return []
    named = [(f"data.{name}", stated(getattr(fact.data, name))) for name in MUST_EXIST.get(fact.type, ())]
    if isinstance(fact.data, InstructionIssued) and stated(fact.data.decision) is not None:
        about = stated(fact.data.about)
        named += [("data.about", about)] if about is not None and about.startswith("meeting/") else []
    return [(field, case) for field, case in named if isinstance(case, str)]


def dangling(fact: AnyFact, cases: Mapping[str, Sequence[AnyFact]]) -> Refusal | None:
    """Refuse a fact that hangs on a case nobody recorded."""
    for field, case in required(fact):
        if not cases.get(case):
            return unknown_case(case, field)
    return None


def refers_to_itself(fact: AnyFact) -> Refusal | None:
    """Refuse a fact that names its own case as another."""
    own = case_key(fact.subject)
    for field, case in _references(fact.data, _reference_fields(fact.type), "data"):
        if case == own:
            return Refusal(
                ITSELF,
                f"字段 {field} 引用了本案卷自身 {own}；请改为所指的另一案卷。",
                f"The field {field} refers to its own case {own}; name the other case that is meant.",
                field,
            )
    return None


@cache
def _reference_fields(type_: str) -> Mapping[str, FieldType]:
    return _with_references(field_types(type_))


def _with_references(fields: Mapping[str, FieldType]) -> Mapping[str, FieldType]:
    def holds_one(field: FieldType) -> bool:
        return bool(field.ref_kinds or (field.fields and _with_references(field.fields)))

    return {name: field for name, field in fields.items() if holds_one(field)}


def _references(holder: Struct, fields: Mapping[str, FieldType], path: str) -> Iterator[tuple[str, str]]:
    for name, field in fields.items():
        value = stated(getattr(holder, name))
        for entry in () if value is None else value if field.is_list else (value,):
            if field.fields is not None:
                yield from _references(entry, _with_references(field.fields), f"{path}.{name}")
            else:
                yield f"{path}.{name}", entry
