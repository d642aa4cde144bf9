"""State secrets stay outside: of what is marked as one, only that it exists may be recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct

from events.fact import AnyFact
from events.field_types import FieldType
from events.vocabulary import field_types
from services.recording.decide.decision import stated
from services.recording.refusals import Refusal

MUST_BE_WITHHELD: Final = "recording.tells_state_secret"
WITHHELD: Final = "（涉密）"
"""What stands in a required text of a state secret."""

_TELLING: Final = frozenset({"string", "decimal"})


def tells_a_secret(fact: AnyFact) -> Refusal | None:
    """Refuse a state secret of which more than its existence is told: texts and amounts, in the data or the source."""
    if fact.classification != "state_secret":
        return None
    source = stated(fact.source)
    texts = [("source.name", source.name)] if source is not None else []
    for field, value in (*texts, *_told(fact.data, field_types(fact.type), "data")):
        if value != WITHHELD:
            return Refusal(
                MUST_BE_WITHHELD,
                f"国家秘密不得录入本系统，只能记其存在：请从字段 {field} 删去内容，必填的写“{WITHHELD}”，"
                "原件在涉密系统中办理。",
                f"State secrets never enter; only that one exists may be recorded. Leave {field} out, or write "
                f"{WITHHELD} where it is required; the paper itself belongs in the classified system.",
                field,
            )
    return None


def _told(holder: Struct, fields: Mapping[str, FieldType], path: str) -> Iterator[tuple[str, object]]:
    for name, field in fields.items():
        value = stated(getattr(holder, name, None))
        for entry in () if value is None else value if field.is_list else (value,):
            if field.fields is not None:
                yield from _told(entry, field.fields, f"{path}.{name}")
            elif field.type in _TELLING:
                yield f"{path}.{name}", entry
