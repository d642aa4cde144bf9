"""A case file (案卷) as the rules see it: its facts in the order in which they happened."""

from __future__ import annotations

from bisect import insort
from functools import lru_cache
from typing import TYPE_CHECKING
from uuid import UUID

from msgspec import UNSET

from events.fact import AnyFact
from events.moment import Instant
from events.vocabulary import opens
from rulebooks.language.fields import attribute, defining_types, given_fields

if TYPE_CHECKING:
    from collections.abc import Iterable

NO_FACTS: tuple[AnyFact, ...] = ()


def order_of(fact: AnyFact) -> tuple[Instant, int]:
    """Return what facts are sorted by: when they happened, a date at its end, then the ledger's sequence."""
    return (fact.occurred_at.latest, fact.sequence)


@lru_cache(maxsize=4_096)
def _with(types: frozenset[str], name: str) -> frozenset[str]:
    # Remembered, so that the files that hold the same types share one set: what is remembered by it is found at once.
    return types | {name}


class CaseFile:
    """The facts of one case that count, in (occurred_at, sequence) order.

    `key` is `kind/id`. A fact that was corrected or annulled is taken out with `strike` and may come back with `add`.
    `by_type` holds them by type, also of types of which none counts any more; `types` are these. `fields_read` holds
    what `field` gave and would give again.
    """

    __slots__ = ("_kinds", "by_type", "fields_read", "key", "kind", "types")

    def __init__(self, key: str, facts: Iterable[AnyFact] = ()) -> None:
        self.key = key
        self.kind = key.partition("/")[0]
        self.by_type: dict[str, list[AnyFact]] = {}
        self.types: frozenset[str] = frozenset()
        self.fields_read: dict[str, tuple[object, AnyFact | None]] = {}
        self._kinds: frozenset[object] | None = None
        for fact in facts:
            self.add(fact)

    def add(self, fact: AnyFact) -> None:
        """Put a fact into its place."""
        given = given_fields(self.kind, fact.type)
        if not given.isdisjoint(self.fields_read):
            self.fields_read.clear()
        if "kind" in given:
            self._kinds = None
        there = self.by_type.get(fact.type)
        if not there:
            self.by_type[fact.type] = [fact]
            self.types = _with(self.types, fact.type)
        elif order_of(there[-1]) <= order_of(fact):
            there.append(fact)
        else:
            insort(there, fact, key=order_of)

    def strike(self, fact_id: UUID) -> None:
        """Take a fact out that was corrected or annulled."""
        self.fields_read.clear()
        self._kinds = None
        for facts in self.by_type.values():
            facts[:] = [fact for fact in facts if fact.id != fact_id]

    def of_type(self, type_name: str) -> list[AnyFact] | tuple[AnyFact, ...]:
        """Return the facts of one type, in order."""
        return self.by_type.get(type_name, NO_FACTS)

    def of_types(self, type_names: tuple[str, ...]) -> list[AnyFact] | tuple[AnyFact, ...]:
        """Return the facts of several types, in order."""
        if len(type_names) == 1:
            return self.by_type.get(type_names[0], NO_FACTS)
        found: list[AnyFact] | tuple[AnyFact, ...] = NO_FACTS
        several = False
        for name in type_names:
            facts = self.by_type.get(name)
            if facts:
                several = bool(found)
                found = [*found, *facts] if several else facts
        return sorted(found, key=order_of) if several else found

    def facts(self) -> list[AnyFact]:
        """Return all facts, in order."""
        return sorted((fact for facts in self.by_type.values() for fact in facts), key=order_of)

    @property
    def opened(self) -> bool:
        """Whether a fact that opens such a case is among its facts."""
        for name, facts in self.by_type.items():  # noqa: SIM110  # `any` would make a generator, time and again
            if facts and opens(name):
                return True
        return False

    @property
    def kinds(self) -> frozenset[object]:
        """Every value that facts gave for the case's field `kind`, not only the latest."""
        if self._kinds is None:
            given = (fact.data.kind for name in defining_types(self.kind, "kind") for fact in self.of_type(name))  # type: ignore[attr-defined]  # defining types have the field
            self._kinds = frozenset(one for one in given if one is not UNSET)
        return self._kinds

    def field(self, name: str) -> tuple[object, AnyFact | None]:
        """Return the latest value of a field of the case and the fact that gave it; UNSET and None if none does."""
        found = self.fields_read.get(name)
        if found is None:
            found = self.fields_read[name] = self._read_field(name)
        return found

    def _read_field(self, name: str) -> tuple[object, AnyFact | None]:
        best: AnyFact | None = None
        python_name = attribute(name)
        for type_name in defining_types(self.kind, name):
            for fact in reversed(self.by_type.get(type_name, NO_FACTS)):
                if getattr(fact.data, python_name) is not UNSET:
                    if best is None or order_of(fact) > order_of(best):
                        best = fact
                    break
        if best is None:
            return UNSET, None
        return getattr(best.data, python_name), best

    def __bool__(self) -> bool:
        return any(self.by_type.values())
