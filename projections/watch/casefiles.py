"""The case files of one district and the links between them: those in use in memory, the others on the shelf."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.fact import case_key
from projections.watch.shelf import Link
from rulebooks.language.references import references_of
from rulebooks.record.casefile import CaseFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from collections.abc import Set as AbstractSet
    from uuid import UUID

    from events.fact import AnyFact
    from projections.watch.shelf import Shelf

NO_LINKS: dict[str, set[str]] = {}
NO_CASES: AbstractSet[str] = frozenset()


class CaseFiles:
    """Case files by key, and who refers to whom, by field.

    Without a shelf everything stays in memory. With one, a case that is asked for and not held is read back, as far as
    `through`, the sequence that the watch has reached; `struck` tells which facts do not count.
    """

    def __init__(self, shelf: Shelf | None = None, struck: Callable[[UUID], bool] = lambda _id: False) -> None:
        self.through = 0
        self._shelf = shelf
        self._struck = struck
        self._files: dict[str, CaseFile] = {}
        self._out: dict[str, dict[str, set[str]]] = {}
        self._into: dict[str, dict[str, set[str]]] = {}
        self._unsaved_links: list[Link] = []

    def __len__(self) -> int:
        return len(self._files)

    def not_held(self, keys: Iterable[str]) -> set[str]:
        """Return those cases of which facts, or the links that lead to them, would have to be read."""
        return {key for key in keys if key not in self._files or key not in self._into}

    def unread(self, keys: Iterable[str]) -> set[str]:
        """Return those cases of which the facts would have to be read."""
        return {key for key in keys if key not in self._files}

    def file(self, key: str) -> CaseFile:
        """Return the file of a case, an empty one when no fact of it is known."""
        found = self._files.get(key)
        if found is None:
            found = self._files[key] = CaseFile(key)
            if self._shelf is not None:
                for fact in self._shelf.facts_of(key, self.through):
                    if not self._struck(fact.id):
                        found.add(fact)
                        self._link(key, fact)
        elif self._shelf is not None:
            self._files[key] = self._files.pop(key)
        return found

    def add(self, fact: AnyFact) -> str:
        """File a fact and note the links that it makes; return the key of its case."""
        key = case_key(fact.subject)
        self.file(key).add(fact)
        for target, field in self._link(key, fact):
            sources = self._incoming(target).setdefault(field, set())
            if key not in sources:
                sources.add(key)
                self._unsaved_links.append(Link(key, target, field))
        return key

    def strike(self, fact: AnyFact) -> None:
        """Take out a fact that does not count any more, and the links that no other fact of its case makes."""
        key = case_key(fact.subject)
        file = self.file(key)
        file.strike(fact.id)
        self._out.pop(key, None)
        for one in file.facts():
            self._link(key, one)

    def _link(self, key: str, fact: AnyFact) -> list[tuple[str, str]]:
        links = list(references_of(fact))
        for target, field in links:
            self._out.setdefault(key, {}).setdefault(field, set()).add(target)
        return links

    def _incoming(self, key: str) -> dict[str, set[str]]:
        found = self._into.get(key)
        if found is None:
            found = self._into[key] = {}
            if self._shelf is not None:
                for link in self._shelf.links_to(key):
                    found.setdefault(link.field, set()).add(link.source)
        return found

    def referring(self, key: str, kind: str | None, field: str | None) -> Iterable[str]:
        """Return the cases (of a kind) that refer to a case (through a field) by a fact that counts, by key."""
        sources = self.sources(key, field)
        if not sources:
            return []
        begins = "" if kind is None else f"{kind}/"
        return sorted([one for one in sources if one.startswith(begins) and key in self.targets(one, field)])

    def fields_between(self, source: str, target: str) -> Sequence[str]:
        """Return the fields through which a case refers to another."""
        self.file(source)
        return [field for field, targets in self._out.get(source, NO_LINKS).items() if target in targets]

    def referred(self, key: str, field: str | None) -> Iterable[str]:
        """Return the cases to which a case refers (through a field), by key."""
        return sorted(self.targets(key, field))

    def sources(self, key: str, field: str | None) -> AbstractSet[str]:
        """Return the cases that ever referred to a case (through a field), also by facts that do not count any more."""
        links = self._into.get(key)
        if links is None and self._shelf is not None:
            links = self._incoming(key)
        return NO_CASES if not links else _through(links, field)

    def targets(self, key: str, field: str | None) -> AbstractSet[str]:
        """Return the cases to which a case refers (through a field)."""
        links = self._out.get(key)
        if links is None:
            self.file(key)
            links = self._out.get(key)
        return NO_CASES if not links else _through(links, field)

    def unsaved_links(self) -> tuple[Link, ...]:
        """Return the links made since the last call, to be saved."""
        links, self._unsaved_links = tuple(self._unsaved_links), []
        return links

    def let_go(self, most: int) -> list[str]:
        """Put back the cases longest unused until only so many are held; return their keys."""
        gone = list(self._files)[: max(0, len(self._files) - most)]
        for key in gone:
            del self._files[key]
            self._out.pop(key, None)
            self._into.pop(key, None)
        if gone:
            self._into = {key: links for key, links in self._into.items() if key in self._files}
        return gone


def _through(links: dict[str, set[str]], field: str | None) -> AbstractSet[str]:
    if field is not None:
        return links.get(field, NO_CASES)
    return next(iter(links.values())) if len(links) == 1 else frozenset().union(*links.values())
