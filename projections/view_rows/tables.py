"""How rows of a view lie in SQL: the columns of its table, its indexes, and values on their way in and out."""

from __future__ import annotations

import json
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

import msgspec

from events.moment import Moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from events.moment import Instant
    from projections.views.description import Column, Description, Order
    from projections.views.view import Row, Value, Values

FIRST: Final = ("district", "grp", "key")
"""The columns of every row that come first."""
LONGEST_SEARCHED: Final = 240
"""Characters of a text that rows are searched or ordered by: an entry of an index of PostgreSQL holds 2,700 bytes."""
_LONGEST_KEY: Final = 300
_KEY_KEPT: Final = 200
LATE: Final = 2**62
"""A moment after all others: with it, what has no value comes last."""
_LAST_TEXT: Final = "\U0010ffff"
_ENCODE: Final = msgspec.json.Encoder().encode
_NUMBERS: Final = frozenset({"whole", "yes_no"})


def stored_columns(description: Description) -> list[Column]:
    """Return the columns that are kept."""
    return [one for one in description.columns if not one.derived]


def sort_columns(description: Description) -> list[str]:
    """Return the columns by which rows are ordered or bounded; each has a second column beside it, never empty."""
    bounded = [one.column for one in description.filters if one.how != "is"]
    return list(dict.fromkeys([*(one.column for one in description.orders), *bounded]))


def create(build: int, description: Description, sums: str | None) -> str:
    """Return the statements that make the tables of a build, with the index by which it is fed.

    It holds every key to be there once in its group.
    """
    if sums is not None:
        return _create_sums(build, description, sums)
    kept = [f'"{one.name}" {_type(one)}' for one in stored_columns(description)]
    sorts = [f'"{name}_at" {_sort_type(description.column(name))} NOT NULL' for name in sort_columns(description)]
    lines = [f"CREATE TABLE rows_{build} (district TEXT NOT NULL, grp TEXT NOT NULL, key TEXT NOT NULL,"]
    lines += [f" {', '.join([*kept, *sorts])});"]
    lines.append(f"CREATE UNIQUE INDEX rows_{build}_grp ON rows_{build} (district, grp, key);")
    return "\n".join(lines)


def indexes(build: int, description: Description, sums: str | None) -> str:
    """Return the statements that make those indexes of a build by which it answers, where they are missing."""
    return "" if sums is not None else _indexes(f"rows_{build}", description, "")


def _indexes(table: str, description: Description, further: str) -> str:
    lines = []
    always_narrowed = any(one.needed and one.how == "is" for one in description.filters)
    for order in description.orders:
        if not always_narrowed:
            lines.append(_index(table, None, order, further))
        lines += [_index(table, one.column, order, further) for one in description.filters if one.how == "is"]
    return "\n".join(lines)


def create_past(history: int, description: Description, sums: str | None) -> str:
    """Return the statements that make the tables of a history, with the index by which it is fed."""
    table, held = f"past_{history}", "known_from INTEGER NOT NULL, known_until INTEGER NOT NULL"
    if sums is None:
        kept = [f'"{one.name}" {_type(one)}' for one in stored_columns(description)]
        sorts = [f'"{name}_at" {_sort_type(description.column(name))} NOT NULL' for name in sort_columns(description)]
    else:
        kept = [f'"{one}" TEXT NOT NULL' for one in summed_by(description, sums)]
        sorts = [f'"{sums}" INTEGER NOT NULL']
    lines = [f"CREATE TABLE {table} (district TEXT NOT NULL, grp TEXT NOT NULL, key TEXT NOT NULL,"]
    lines += [f" {', '.join([*kept, *sorts])}, {held});"]
    lines.append(f"CREATE INDEX {table}_grp ON {table} (district, grp, known_until);")
    if sums is not None:
        named = ", ".join(kept)
        lines.append(
            f"CREATE TABLE sums_{history} (district TEXT NOT NULL, since INTEGER NOT NULL, {named}, "
            f'"{sums}" INTEGER NOT NULL);'
        )
        lines.append(f"CREATE INDEX sums_{history}_since ON sums_{history} (district, since);")
    return "\n".join(lines)


def past_indexes(history: int, description: Description, sums: str | None) -> str:
    """Return the statements that make those indexes of a history by which it answers.

    They hold when a row held, so that the rows of other times are passed over without being read.
    """
    return "" if sums is not None else _indexes(f"past_{history}", description, ", known_from, known_until")


def summed_by(description: Description, sums: str) -> list[str]:
    """Return the columns by which the rows of a view of sums are added up."""
    return [*(one.name for one in stored_columns(description) if one.name != sums), "classification"]


def index_name(table: str, column: str | None, order: Order) -> str:
    """Return the name of the index for an order, among the rows with one value in a column when one is given."""
    return f"{table}_{column or ''}_by_{order.name}"


def _index(table: str, column: str | None, order: Order, further: str) -> str:
    # What tells rows apart comes before the district, which most of them share: entries are put in order faster.
    first = "" if column is None else f'"{column}", '
    name = index_name(table, column, order)
    return f'CREATE INDEX IF NOT EXISTS "{name}" ON {table} ({first}district, "{order.column}_at", key{further});'


def _create_sums(build: int, description: Description, sums: str) -> str:
    kept = [one.name for one in stored_columns(description) if one.name != sums]
    named = ", ".join(f'"{one}" TEXT NOT NULL' for one in kept)
    listed = ", ".join(f'"{one}"' for one in kept)
    return (
        f"CREATE TABLE rows_{build} (district TEXT NOT NULL, grp TEXT NOT NULL, key TEXT NOT NULL, {named}, "
        f'"classification" TEXT NOT NULL, "{sums}" INTEGER NOT NULL, PRIMARY KEY (district, grp, key)) WITHOUT ROWID;\n'
        f'CREATE TABLE totals_{build} (district TEXT NOT NULL, {named}, "classification" TEXT NOT NULL, '
        f'"{sums}" INTEGER NOT NULL, PRIMARY KEY (district, {listed}, "classification")) WITHOUT ROWID;'
    )


def _type(column: Column) -> str:
    return {"whole": "INTEGER", "yes_no": "BOOLEAN"}.get(column.kind, "TEXT") if not column.many else "TEXT"


def sort_kind(column: Column) -> type[int | str]:
    """Return whether a column is ordered by a number or by text."""
    return int if column.kind in {*_NUMBERS, "moment"} else str


def _sort_type(column: Column) -> str:
    return "INTEGER" if sort_kind(column) is int else "TEXT"


class RowWriter:
    """Lays out the rows of a view as they are stored; `columns` names what each stored row holds."""

    def __init__(self, description: Description) -> None:
        kept = stored_columns(description)
        down = {one.column: one.descending for one in description.orders}
        sorts = sort_columns(description)
        self.columns = [*FIRST, *(one.name for one in kept), *(f"{name}_at" for name in sorts)]
        self._names = [one.name for one in kept]
        searched = {one.column for one in description.filters if one.how == "is"} | set(sorts)
        self._texts = [place for place, one in enumerate(kept) if one.kind == "text" and one.name in searched]
        self._nested = [place for place, one in enumerate(kept) if _is_nested(one)]
        self._sorts = [(self._names.index(name), _sorter(description.column(name), down.get(name))) for name in sorts]

    def __call__(self, district: str, groups: Mapping[str, Iterable[Row]]) -> list[tuple[object, ...]]:
        """Return groups of rows as they are stored."""
        names, texts, nested, sorts = self._names, self._texts, self._nested, self._sorts
        laid: list[tuple[object, ...]] = []
        last: Value = None
        written: str | None = None
        for group, rows in groups.items():
            for key, values in rows:
                given = list(map(values.get, names))
                for place in texts:
                    given[place] = _cut(given[place])
                in_order = [sort(given[place]) for place, sort in sorts]
                for place in nested:
                    # Rows of one group often share what they hold, which is then written once.
                    if (value := given[place]) is not last:
                        last, written = value, _written(value)
                    given[place] = written
                short = key if len(key) <= _LONGEST_KEY else _shortened(key)
                laid.append((district, group, short, *given, *in_order))
        return laid


class SumWriter:
    """Lays out the rows of a view of sums, what each contributes; `columns` names what each stored row holds."""

    def __init__(self, description: Description, sums: str) -> None:
        self._names = (*summed_by(description, sums), sums)
        self.columns = [*FIRST, *self._names]

    def __call__(self, district: str, groups: Mapping[str, Iterable[Row]]) -> list[tuple[Any, ...]]:
        """Return groups of rows as they are stored, with what is added up last."""
        return [
            (district, group, row.key, *(row.values[name] for name in self._names))
            for group, rows in groups.items()
            for row in rows
        ]


def writer_of(description: Description, sums: str | None) -> RowWriter | SumWriter:
    """Return what lays out the rows of a view, or of one that adds up a column."""
    return RowWriter(description) if sums is None else SumWriter(description, sums)


def _cut(text: Value) -> Value:
    """Return a text as it can be searched by; what is longer was never meant as a number or a name."""
    return f"{text[:LONGEST_SEARCHED]}…" if isinstance(text, str) and len(text) > LONGEST_SEARCHED else text


def _shortened(key: str) -> str:
    """Return a key that an index takes, whatever long texts it was made of."""
    return f"{key[:_KEY_KEPT]}#{sha256(key.encode()).hexdigest()}"


def _sorter(column: Column, down: bool | None) -> Callable[[Value], int | str]:  # noqa: FBT001  as a description says it
    """Return what tells by what a value is put in order; what has none comes last."""
    if sort_kind(column) is str:
        last = "" if down else _LAST_TEXT
        return lambda value: last if value is None else str(value)
    late = -LATE if down else LATE
    if column.kind == "moment":
        return lambda value: late if value is None else _latest(str(value))
    return lambda value: late if value is None else int(value)  # type: ignore[arg-type]  # a number, as described


@lru_cache(maxsize=16_384)
def _latest(moment: str) -> Instant:
    # Remembered, because the rows of a view are made anew again and again with the same few moments.
    return Moment(moment).latest


def bound(column: Column, value: Value, *, from_: bool) -> int | str:
    """Return by what rows are bounded: a day begins with its first and ends with its last moment."""
    if column.kind == "moment":
        moment = Moment(str(value))
        return moment.earliest if from_ else moment.latest
    return _sorter(column, None)(value)


def _is_nested(column: Column) -> bool:
    return column.many or column.kind == "fields"


def _written(value: Value) -> str | None:
    return None if value is None else "[]" if value == () else _ENCODE(value).decode()


def _reader(column: Column) -> Callable[[str], Value] | None:
    """Return how a stored value that is there is read; None when it is as it stands."""
    if column.many:
        return _read_list
    if column.kind == "fields":
        return json.loads
    return bool if column.kind == "yes_no" else None


def _read_list(stored: str) -> Value:
    return tuple(json.loads(stored))


class RowReader:
    """Reads stored rows of some columns back into values by column."""

    def __init__(self, columns: Iterable[Column]) -> None:
        known = list(columns)
        self._names = [one.name for one in known]
        self._special = [(one.name, read) for one in known if (read := _reader(one)) is not None]
        self._lists = frozenset(one.name for one in known if one.many)

    def __call__(self, found: Iterable[Any]) -> dict[str, Value]:
        """Return the values of one row."""
        row = dict(zip(self._names, found, strict=True))
        for name, read in self._special:
            if row[name] is not None:
                row[name] = read(row[name])
            elif name in self._lists:
                row[name] = ()
        return row


def complete(description: Description, values: Values) -> dict[str, Value]:
    """Return the values of a row as they would come back once stored."""
    kept = stored_columns(description)
    given = ((one, values.get(one.name)) for one in kept)
    return RowReader(kept)(_written(value) if _is_nested(one) else value for one, value in given)
