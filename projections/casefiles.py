"""The case files of one district and the links between them, kept in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.fact import case_key
from rulebooks.casefile import CaseFile
from rulebooks.evidence import references_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from events.fact import AnyFact

NOTHING: dict[str, set[str]] = {}


class CaseFiles:
    """Case files by key, and who refers to whom through which field."""

    def __init__(self) -> None:
        self._files: dict[str, CaseFile] = {}
        self._out: dict[str, dict[str, set[str]]] = {}
        self._into: dict[str, dict[str, set[str]]] = {}

    def file(self, key: str) -> CaseFile:
        """Return the file of a case, an empty one when no fact of it is known."""
        found = self._files.get(key)
        if found is None:
            found = self._files[key] = CaseFile(key)
        return found

    def add(self, fact: AnyFact) -> str:
        """File a fact and note the links that it makes; return the key of its case."""
        key = case_key(fact.subject)
        self.file(key).add(fact)
        for target, field in references_of(fact):
            self._out.setdefault(key, {}).setdefault(target, set()).add(field)
            self._into.setdefault(target, {}).setdefault(key, set()).add(field)
        return key

    def referring(self, key: str, kind: str | None, field: str | None) -> Iterable[str]:
        """Return the cases (of a kind) that refer to a case (through a field), by key."""
        return _chosen(self._into.get(key, NOTHING), kind, field)

    def referred(self, key: str, field: str | None) -> Iterable[str]:
        """Return the cases to which a case refers (through a field), by key."""
        return _chosen(self._out.get(key, NOTHING), None, field)


def _chosen(links: dict[str, set[str]], kind: str | None, field: str | None) -> list[str]:
    return sorted(
        other
        for other, fields in links.items()
        if (kind is None or other.startswith(f"{kind}/")) and (field is None or field in fields)
    )
