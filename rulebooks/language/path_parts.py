"""What paths are made of: what they lead to, how they are read, how one step follows another."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import UNSET, UnsetType

from events.cases import CASE_KINDS
from events.field_types import FieldType

if TYPE_CHECKING:
    from events.fact import AnyFact
    from rulebooks.language.frame import Frame

Reader = Callable[["Frame"], Any]
FactReader = Callable[["Frame"], "AnyFact | UnsetType | None"]
"""Gives a fact; None when there is none, UNSET when it is not known which, or whether, there is."""
Step = Callable[["Frame", Any], Any]
Links = tuple[tuple[str, str | None, str | None], ...]
"""The links from the rule's subject to a case, in order: ("out" | "in", case kind, field)."""
Hops = Links | None
"""The same; None when no fact can lead back."""


class Kind(NamedTuple):
    """What a path leads to: a vocabulary type (`ref:...`, `person`, `struct` ...), and whether there are several."""

    base: str
    many: bool = False
    fields: dict[str, FieldType] | None = None
    name: str = ""


class Path(NamedTuple):
    """A compiled path: `read` gives the value, UNSET when it is not known, None when it is known to be none."""

    text: str
    read: Reader
    kind: Kind
    hops: Hops = ()


def case_kinds_of(kind: Kind) -> tuple[str, ...]:
    """Return the case kinds that a reference may lead to."""
    if not kind.base.startswith("ref:"):
        return ()
    named = kind.base[4:].split("|")
    return tuple(CASE_KINDS) if named == ["any"] else tuple(named)


def kind_of_field(field: FieldType) -> Kind:
    """Return what a field of the vocabulary leads to."""
    if field.fields:
        return Kind("struct", field.is_list, dict(field.fields))
    return Kind(field.type, field.is_list)


def chain(read: Reader, kind: Kind, step: Step) -> Reader:
    """Go on from a value, or from each of several; what is unknown or none stays so."""
    if not kind.many:

        def one(frame: Frame) -> Any:  # noqa: ANN401  # a value of the vocabulary
            value = read(frame)
            return value if value is UNSET or value is None else step(frame, value)

        return one

    def several(frame: Frame) -> Any:  # noqa: ANN401  # a value of the vocabulary
        values = read(frame)
        if values is UNSET or values is None:
            return values
        found: list[Any] = []
        for value in values:
            got = value if value is UNSET or value is None else step(frame, value)
            if isinstance(got, tuple):
                found.extend(got)
            elif got is not None:
                found.append(got)
        return tuple(found)

    return several
