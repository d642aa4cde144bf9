"""Which cases a fact refers to, and through which of its fields."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Final

from msgspec import UNSET

from rulebooks.language.fields import attribute, reference_fields

if TYPE_CHECKING:
    from events.fact import AnyFact

PERSON: Final = "person/"
"""Begins the key of a person's case: fields name persons by their bare ids."""


def references_of(fact: AnyFact) -> Iterator[tuple[str, str]]:
    """Return each case to which a fact refers, with the name of the field that does."""
    for path, name in _reference_attributes(fact.type):
        for key in values_at(fact.data, path):
            if isinstance(key, str):
                yield key if "/" in key else f"{PERSON}{key}", name


@cache
def _reference_attributes(type_name: str) -> tuple[tuple[tuple[str, ...], str], ...]:
    return tuple((tuple(map(attribute, path)), path[-1]) for path in reference_fields(type_name))


def own_references(type_name: str, via: str | None) -> tuple[tuple[str, ...], ...]:
    """Return where a fact of a type refers to cases, through one field or (None) any: paths of Python names."""
    return tuple(path for path, name in _reference_attributes(type_name) if via is None or name == via)


def may_be_about(fact: AnyFact, key: str, paths: Iterable[tuple[str, ...]], linking_fields: Collection[str]) -> bool:
    """Tell whether a fact, in a file that refers to a case through some fields, is about that case.

    One that could name the case itself has to: of a meeting's decisions only those on the matter are about it. A
    reference through which its file does not lead to the case, such as a paper of the review, says nothing of that.
    """
    silent = True
    for path in paths:
        if path[-1] in linking_fields:
            if key in values_at(fact.data, path):
                return True
            silent = False
    return silent


def values_at(data: object, path: tuple[str, ...]) -> Sequence[object]:
    """Return what stands at a path of Python names; entries of lists are gone through, what is not given left out."""
    if len(path) == 1:
        value = getattr(data, path[0], UNSET)
        return value if isinstance(value, tuple) else () if value is UNSET or value is None else (value,)
    found: Sequence[object] = (data,)
    for name in path:
        inner: list[object] = []
        for value in found:
            got = getattr(value, name, UNSET)
            if isinstance(got, tuple):
                inner.extend(got)
            elif got is not UNSET and got is not None:
                inner.append(got)
        found = inner
    return found
