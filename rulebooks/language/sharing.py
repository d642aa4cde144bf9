"""What the rules of a rulebook share by name: its terms, bodies and wordings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rulebooks.source import Located

BODY_NAMED: Final = ("body", "members", "member_of", "of")
TERM_NAMED: Final = ("term", "is")


def shared_parts(head: Located) -> Iterator[tuple[str, str, Located]]:
    """Return each named part of `rulebook.yaml`: under which key it stands, its name, and what it says."""
    for key in ("wording", "bodies", "terms"):
        for name, given in (head.get(key) or {}).items():
            if isinstance(given, Located):
                yield key, name, given


def parts_used(given: object, head: Located) -> frozenset[str]:
    """Return which named parts a rule uses, itself or through a term, such as `terms.head`."""
    found: set[str] = set()
    waiting: list[object] = [given]
    while waiting:
        for key, name in _names(waiting.pop()):
            part = (head.get(key) or {}).get(name)
            if isinstance(part, Located) and f"{key}.{name}" not in found:
                found.add(f"{key}.{name}")
                waiting.append(part)
    return frozenset(found)


def _names(given: object) -> Iterator[tuple[str, str]]:
    if isinstance(given, list):
        for one in given:
            yield from _names(one)
    elif isinstance(given, dict):
        for key, value in given.items():
            if not isinstance(value, str):
                yield from _names(value)
            elif key == "wording":
                yield "wording", value
            elif key in BODY_NAMED:
                yield "bodies", value
            elif key in TERM_NAMED and "path" not in given:
                yield "terms", value
