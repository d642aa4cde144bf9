"""Old versions of facts, lifted to the ones in force as they are read; what is recorded is never rewritten."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple


class Lift(NamedTuple):
    """How a fact recorded under an old name becomes one of today.

    `data` turns the old data into the data of `name`; it is given a copy and may not fail for anything ever recorded.
    """

    name: str
    data: Callable[[dict[str, Any]], dict[str, Any]]


Lifts = Mapping[str, Lift]
"""The lift of each old recorded name; a name lifted to may itself be old."""

LIFTS: Final[Lifts] = MappingProxyType({})
"""No version was ever replaced."""


def lift(type_: str, stored: Mapping[str, Any], lifts: Lifts) -> tuple[str, dict[str, Any]]:
    """Return name and whole fact as they are in force; `stored` is left as it is."""
    fact = dict(stored)
    while type_ in lifts:
        step = lifts[type_]
        type_ = step.name
        fact["type"] = type_
        fact["data"] = step.data(dict(fact["data"]))
    return type_, fact
