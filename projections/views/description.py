"""What a view says about itself, as plain data: its columns, and what it can be filtered and ordered by."""

from __future__ import annotations

from typing import Final, Literal, get_args

import msgspec

from events.vocabulary import enums

Kind = Literal[
    "text",
    "choice",
    "case",
    "unit",
    "person",
    "party",
    "post",
    "rule",
    "fact_type",
    "fact",
    "fields",
    "moment",
    "month",
    "whole",
    "decimal",
    "yes_no",
]
"""What a column holds.

`case` is written `kind/id`, `unit`, `person` and `post` are ids, `party` is the id of a unit or person, `fact` the id
of a fact, `fields` an object of fields of that type, `moment` a day or date-time as recorded, `month` is `2026-09`,
`decimal` is written as text.
"""
How = Literal["is", "from", "until"]
"""How a filter compares: equal to one of the values given, not before a moment, not after it."""
KINDS: Final[tuple[str, ...]] = get_args(Kind)


class Choice(msgspec.Struct, frozen=True):
    """One value of a closed list, with its Chinese and English label."""

    value: str
    zh: str
    en: str


class Column(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One column with its Chinese and English heading; `many` holds a list of its kind.

    `derived` columns are worked out on reading, from the row, the day, the calendar and the ledger, and are not stored.
    """

    name: str
    zh: str
    en: str
    kind: Kind
    choices: tuple[Choice, ...] = ()
    many: bool = False
    derived: bool = False


class Filter(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One filter; a view cannot be asked without one that is `needed`."""

    name: str
    column: str
    how: How = "is"
    needed: bool = False


class Order(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One order: by a column, what has no value there last, then by key."""

    name: str
    column: str
    zh: str
    en: str
    descending: bool = False


class Description(msgspec.Struct, frozen=True, kw_only=True):
    """A view: the first order is the one used when none is named. `version` is raised with every change of its rows."""

    name: str
    zh: str
    en: str
    version: int
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...]
    orders: tuple[Order, ...]

    def column(self, name: str) -> Column:
        """Return a column; KeyError for an unknown one."""
        for one in self.columns:
            if one.name == name:
                return one
        raise KeyError(name)

    def filter(self, name: str) -> Filter | None:
        """Return a filter; None for an unknown one."""
        return next((one for one in self.filters if one.name == name), None)

    def order(self, name: str | None) -> Order | None:
        """Return an order, the first without a name; None for an unknown one."""
        return next((one for one in self.orders if name in {None, one.name}), None)


def column(name: str, zh: str, en: str, kind: Kind = "text", *, many: bool = False, derived: bool = False) -> Column:
    """Describe a column."""
    return Column(name=name, zh=zh, en=en, kind=kind, many=many, derived=derived)


def of_list(name: str, zh: str, en: str, choices: str, *, many: bool = False, derived: bool = False) -> Column:
    """Describe a column that holds values of a closed list of the vocabulary."""
    labels = enums()[choices].values.items()
    given = tuple(Choice(value, in_zh, in_en) for value, (in_zh, in_en) in labels)
    return Column(name=name, zh=zh, en=en, kind="choice", choices=given, many=many, derived=derived)


def one_of(name: str, zh: str, en: str, *choices: tuple[str, str, str]) -> Column:
    """Describe a column that holds one of a few values of its own."""
    return Column(name=name, zh=zh, en=en, kind="choice", choices=tuple(Choice(*one) for one in choices))


CLASSIFICATION: Final = of_list("classification", "密级", "Classification", "classification")
"""Every view ends with it: the highest class among the facts that a row says something of."""


def is_(*columns: str) -> tuple[Filter, ...]:
    """Offer filters for equality with a column, named as the column."""
    return tuple(Filter(name=one, column=one) for one in columns)


def between(column_name: str) -> tuple[Filter, Filter]:
    """Offer filters for a stretch of time, both ends included."""
    return (
        Filter(name=f"{column_name}_from", column=column_name, how="from"),
        Filter(name=f"{column_name}_until", column=column_name, how="until"),
    )
