"""Contributions to counts of years that are over: they lie on the shelf until something asks for their time again."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from events.moment import Moment
from projections.watch.own_copies import own_copy
from rulebooks.counting.tallies import Contribution

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from events.fact import AnyFact
    from events.moment import Instant
    from projections.watch.shelf import Shelf


class CountRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """A contribution as it is saved."""

    key: str
    at: str
    value: str | None
    fact: UUID
    what: str = ""
    sure: bool = True
    missing: tuple[str, ...] = ()


def row_of(one: Contribution) -> CountRow:
    """Return a contribution in the form in which it is saved."""
    value = None if one.value is None else str(one.value)
    return CountRow(one.key, one.at.text, value, one.fact.id, one.what, one.sure, one.missing)


def contribution_of(row: CountRow, fact: AnyFact) -> Contribution:
    """Return a saved contribution of a fact."""
    value = None if row.value is None else Decimal(row.value)
    return Contribution(row.key, Moment(row.at), value, fact, row.what, row.sure, row.missing)


class PastCounts:
    """Which cases lie on the shelf with all that they contribute to a rule, and when that is, by key.

    Of a key what comes up to the first contribution that surely counts stays in memory: it tells from when on the key
    is judged, and from when on without doubt.
    """

    def __init__(self, shelf: Shelf | None) -> None:
        self._shelf = shelf
        self._cases: dict[int, set[str]] = {}
        self._last: dict[tuple[int, str], Instant] = {}

    def continue_from(self, before: PastCounts) -> None:
        """Go on from where another stands, which stays as it is."""
        self._cases, self._last = own_copy(before._cases), own_copy(before._last)

    def put(self, place: int, case: str, contributed: Iterable[tuple[str, Instant]]) -> None:
        """Note that a case lies on the shelf, with what keys it contributes to and when."""
        self._cases.setdefault(place, set()).add(case)
        for key, at in contributed:
            self._last[place, key] = max(at, self._last.get((place, key), at))

    def holds(self, place: int, case: str) -> bool:
        """Tell whether what a case contributes to a rule lies on the shelf."""
        return case in self._cases.get(place, ())

    def reaches(self, place: int, key: str, since: Instant | None) -> bool:
        """Tell whether contributions to a key lie on the shelf from an instant on, or at all."""
        last = self._last.get((place, key))
        return last is not None and (since is None or since <= last)

    def of_case(self, place: int, rule: str, case: str) -> tuple[Contribution, ...]:
        """Take what a case contributes to a rule from the shelf."""
        self._cases[place].discard(case)
        return self._found(row for _, row in self._rows(rule, case))

    def of_key(self, place: int, rule: str, key: str) -> Iterator[tuple[str, tuple[Contribution, ...]]]:
        """Take the cases that contribute to a key from the shelf, each with all that it contributes to the rule."""
        del self._last[place, key]
        for case, group in groupby(self._rows(rule, None), itemgetter(0)):
            rows = [row for _, row in group]
            if self.holds(place, case) and any(row.key == key for row in rows):
                self._cases[place].discard(case)
                yield case, self._found(rows)

    def _rows(self, rule: str, case: str | None) -> Iterable[tuple[str, CountRow]]:
        return () if self._shelf is None else self._shelf.counts_of(rule, case)

    def _found(self, rows: Iterable[CountRow]) -> tuple[Contribution, ...]:
        found = ((row, None if self._shelf is None else self._shelf.fact(row.fact)) for row in rows)
        return tuple(contribution_of(row, fact) for row, fact in found if fact is not None)
