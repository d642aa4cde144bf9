"""Names on reading: of persons, units and posts by the roster, of rules by the rulebooks."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import msgspec

from events.ledger.errors import LedgerError, SealedTextDamagedError
from events.personal import UNOPENED_TEXT, acts_of_erasure, reveal
from events.roster import RosterPersonRegistered
from projections.view_rows.pages import rows_with
from rulebooks.loading import shipped_districts, shipped_rulebooks
from rulebooks.problems import RulebookError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from events.ledger.port import LedgerReader
    from events.personal import Keys
    from projections.view_rows.pages import AskedRows
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
    rows: AskedRows,
    ledger: LedgerReader,
    keys: Keys | None,
    district: str,
    columns: Iterable[Column],
    shown: Iterable[Mapping[str, Value]],
) -> Names:
    """Return the names of what some rows name by id; names of persons only with the keys that unseal them."""
    cases, rules = _named(columns, shown)
    roster = rows.live("roster")
    entries = [] if roster is None else rows_with(rows, roster, district, "case", cases)
    found = {
        str(entry["entry"]): str(entry["name"])
        for entry in entries
        if entry["sort"] in {"unit", "post"} and entry["name"] is not None
    }
    if keys is not None:
        named_by = {str(one["case"]): str(one["named_by"]) for one in entries if one["named_by"] is not None}
        found |= _persons(ledger, keys, district, named_by)
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


def _persons(ledger: LedgerReader, keys: Keys, district: str, named_by: Mapping[str, str]) -> dict[str, str]:
    """Return the names of persons; one whose key does not open it is told so, and hides no other."""
    found: dict[str, str] = {}
    histories = ledger.read_cases(district, named_by) if named_by else {}
    for case, wanted in named_by.items():
        fact = next((one for one in histories[case] if str(one.id) == wanted), None)
        if fact is None:
            continue
        try:
            revealed = reveal(fact, keys, acts_of_erasure(histories[case]).get(fact.subject.id)).fact.data
        except SealedTextDamagedError:
            found[fact.subject.id] = UNOPENED_TEXT
            continue
        except LedgerError:
            continue
        if isinstance(revealed, RosterPersonRegistered):
            found[fact.subject.id] = revealed.name
    return found


@cache
def district_name(district: str) -> str | None:
    """Return the Chinese name of a district, as the title of its work rules has it; None for one without."""
    books = shipped_rulebooks(district) if district in shipped_districts() else ()
    return books[-1].title.partition("人民政府")[0] if books else None


@cache
def _rules_of(district: str) -> Mapping[str, RuleName]:
    if district not in shipped_districts():
        return {}
    try:
        books = shipped_rulebooks(district)
    except RulebookError:
        return {}
    headers = (rule.header for book in books for rule in book.rules)
    return {one.id: RuleName(zh=one.zh, en=one.en, article=one.article) for one in headers}
