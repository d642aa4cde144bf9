"""Names on reading: of persons, units and posts by the roster, of rules by the rulebooks."""

from __future__ import annotations

from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Final
from uuid import UUID

import msgspec

from events.ledger_errors import LedgerError
from events.personal import reveal
from events.roster import RosterPersonRegistered
from projections.view_pages import page
from projections.views.query import LARGEST_PAGE, MOST_VALUES, Query
from rulebooks.loading import rulebooks_of, shipped_districts
from rulebooks.problems import RulebookError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from events.ledger import LedgerReader
    from events.personal import Keys
    from projections.view_rows import Build, ViewRows
    from projections.views.description import Column
    from projections.views.view import Value

_KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "person": ("person",),
    "unit": ("unit",),
    "post": ("post",),
    "party": ("person", "unit"),
}
"""For each kind of column, the kinds of case that its ids may be."""


class RuleName(msgspec.Struct, frozen=True, kw_only=True):
    """A rule in words, with its article."""

    zh: str
    en: str
    article: str


class Names(msgspec.Struct, frozen=True, kw_only=True):
    """The names of the ids on a page: of persons, units and posts, and of rules. Ids that nobody named are left out."""

    entries: dict[str, str]
    rules: dict[str, RuleName]


def names_of(
    rows: ViewRows,
    ledger: LedgerReader,
    keys: Keys | None,
    district: str,
    columns: Iterable[Column],
    shown: Iterable[Mapping[str, Value]],
) -> Names:
    """Return the names of what some rows name by id; names of persons only with the keys that unseal them."""
    cases, rules = _named(columns, shown)
    roster = rows.live("roster")
    found: dict[str, str] = {}
    for entry in _entries(rows, roster, district, cases) if roster is not None else ():
        if entry["sort"] == "person":
            name = None if keys is None else _person(ledger, keys, district, entry["named_by"])
        else:
            name = None if entry["name"] is None else str(entry["name"])
        if name is not None:
            found[str(entry["entry"])] = name
    known = _rules_of(district) if rules else {}
    return Names(entries=dict(sorted(found.items())), rules={one: known[one] for one in sorted(rules) if one in known})


def _named(columns: Iterable[Column], shown: Iterable[Mapping[str, Value]]) -> tuple[list[str], set[str]]:
    naming = [(one.name, _KINDS.get(one.kind, ()), one.kind) for one in columns]
    naming = [one for one in naming if one[1] or one[2] == "rule"]
    cases: dict[str, None] = {}
    rules: set[str] = set()
    for row in shown:
        for name, kinds, kind in naming:
            value = row.get(name)
            for one in value if isinstance(value, tuple) else () if value is None else (str(value),):
                if kind == "rule":
                    rules.add(one)
                else:
                    cases.update(dict.fromkeys(f"{wanted}/{one}" for wanted in kinds))
    return list(cases), rules


def _entries(rows: ViewRows, roster: Build, district: str, cases: Iterable[str]) -> Iterator[dict[str, Value]]:
    waiting = iter(cases)
    while some := tuple(islice(waiting, MOST_VALUES)):
        asked = Query(filters={"case": some, "sort": ("person", "unit", "post")}, limit=LARGEST_PAGE)
        yield from page(rows, roster, district, asked).rows


def _person(ledger: LedgerReader, keys: Keys, district: str, named_by: Value) -> str | None:
    """Return a person's name; None when it cannot be unsealed, since one lost key must not hide a whole page."""
    if named_by is None:
        return None
    fact = ledger.find(district, UUID(str(named_by)))
    if fact is None:
        return None
    try:
        revealed = reveal(fact, keys).fact.data
    except LedgerError:
        return None
    return revealed.name if isinstance(revealed, RosterPersonRegistered) else None


@cache
def _rules_of(district: str) -> Mapping[str, RuleName]:
    if district not in shipped_districts():
        return {}
    try:
        books = rulebooks_of(district)
    except RulebookError:
        return {}
    headers = (rule.header for book in books for rule in book.rules)
    return {one.id: RuleName(zh=one.zh, en=one.en, article=one.article) for one in headers}
