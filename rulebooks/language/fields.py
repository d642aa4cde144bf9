"""What the vocabulary says about fields, in the form in which rules ask for it."""

from __future__ import annotations

from functools import cache
from typing import Final

from events.field_types import FieldType
from events.vocabulary import FACTS, field_types, opens, subject_kind

VERSION: Final = ".v1"

_NOT_THE_CASES_OWN: Final = {("task", "due"): ("instruction.reminded.v1",)}
"""Facts that use a field's name for something that is not the case's own: the limit of a notice is not the task's."""

_JOINED_BY_PERSON: Final = frozenset({"duty.contact_tried.v1", "duty.contact_changed.v1"})
"""Facts about a person that stand in the case of a day's shift: who was told on another day is found by the person."""


def attribute(name: str) -> str:
    """Return the Python name of a vocabulary field (`from` is a keyword)."""
    return "from_" if name == "from" else name


@cache
def types_of_kind(kind: str) -> tuple[str, ...]:
    """Return the fact types that belong to a case kind, those that open it first."""
    return tuple(sorted((name for name in FACTS if subject_kind(name) == kind), key=lambda name: not opens(name)))


@cache
def defining_types(kind: str, name: str) -> tuple[str, ...]:
    """Return the fact types that give a case's field `name`: those in which it has the type of the first one."""
    having = [type_name for type_name in types_of_kind(kind) if name in field_types(type_name)]
    if not having:
        return ()
    base = field_types(having[0])[name].type
    left_out = _NOT_THE_CASES_OWN.get((kind, name), ())
    return tuple(t for t in having if field_types(t)[name].type == base and t not in left_out)


@cache
def given_fields(kind: str, type_name: str) -> frozenset[str]:
    """Return the fields of a case of a kind that facts of a type give."""
    return frozenset(name for name in field_types(type_name) if type_name in defining_types(kind, name))


def full_type(name: str) -> str:
    """Return the recorded name of a fact named in a rulebook: the version is 1 unless stated."""
    return name if name.rpartition(".v")[2].isdigit() else name + VERSION


@cache
def reference_fields(type_name: str) -> tuple[tuple[str, ...], ...]:
    """Return the paths of a fact's fields that refer to cases, such as ("about",) or ("agenda", "matter").

    A person is such a case in facts that stand in the case of their day, whoever they are about.
    """
    found: list[tuple[str, ...]] = []
    referring = ("ref:", "person") if type_name in _JOINED_BY_PERSON else ("ref:",)

    def walk(fields: dict[str, FieldType], above: tuple[str, ...]) -> None:
        for name, field in fields.items():
            if field.type.startswith(referring):
                found.append((*above, name))
            elif field.fields:
                walk(dict(field.fields), (*above, name))

    walk(dict(field_types(type_name)), ())
    return tuple(found)


@cache
def types_with_reference(kind: str, name: str | None) -> tuple[str, ...]:
    """Return the fact types of a case kind that can link the case to another through the field `name` (None: any)."""
    return tuple(
        type_name
        for type_name in types_of_kind(kind)
        if any(name is None or path[-1] == name for path in reference_fields(type_name))
    )
