"""How rows of a view lie in SQL: the columns of its table, its indexes, and values on their way in and out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from events.moment import Moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from projections.views.description import Column, Description, Order
    from projections.views.view import Row, Value, Values

LATE: Final = 2**62
"""A moment after all others: with it, what has no value comes last."""
_LAST_TEXT: Final = "\U0010ffff"
_NUMBERS: Final = frozenset({"whole", "yes_no"})


def stored_columns(description: Description) -> list[Column]:
    """Return the columns that are kept."""
    return [one for one in description.columns if not one.derived]


def sort_columns(description: Description) -> list[str]:
    """Return the columns by which rows are ordered or bounded; each has a second column beside it, never empty."""
    bounded = [one.column for one in description.filters if one.how != "is"]
    return list(dict.fromkeys([*(one.column for one in description.orders), *bounded]))


def create(build: int, description: Description, sums: str | None) -> str:
    """Return the statements that make the tables and indexes of a build."""
    if sums is not None:
        return _create_sums(build, description, sums)
    kept = [f'"{one.name}" {_type(one)}' for one in stored_columns(description)]
    sorts = [f'"{name}_at" {_sort_type(description.column(name))} NOT NULL' for name in sort_columns(description)]
    lines = [f"CREATE TABLE rows_{build} (district TEXT NOT NULL, grp TEXT NOT NULL, key TEXT NOT NULL,"]
    lines += [f" {', '.join([*kept, *sorts])}, UNIQUE (district, key));"]
    lines.append(f"CREATE INDEX rows_{build}_grp ON rows_{build} (district, grp);")
    for order in description.orders:
        lines.append(_index(build, description, None, order))
        lines += [_index(build, description, one.column, order) for one in description.filters if one.how == "is"]
    return "\n".join(lines)


def index_name(build: int, column: str | None, order: Order) -> str:
    """Return the name of the index for an order, among the rows with one value in a column when one is given."""
    return f"rows_{build}_{column or ''}_by_{order.name}"


def _index(build: int, description: Description, column: str | None, order: Order) -> str:
    del description
    first = "" if column is None else f'"{column}", '
    name = index_name(build, column, order)
    return f'CREATE INDEX "{name}" ON rows_{build} (district, {first}"{order.column}_at", key);'


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


def columns(description: Description) -> list[str]:
    """Return the names of the columns of a table of rows, in the order of `laid_out`."""
    kept = [one.name for one in stored_columns(description)]
    return ["district", "grp", "key", *kept, *(f"{name}_at" for name in sort_columns(description))]


def laid_out(description: Description, district: str, groups: Mapping[str, Iterable[Row]]) -> list[tuple[object, ...]]:
    """Return groups of rows as they are stored."""
    kept = stored_columns(description)
    sorts = _sorts(description)
    return [
        (
            district,
            group,
            row.key,
            *(_stored(row.values.get(one.name)) for one in kept),
            *(sort_value(one, row.values.get(one.name), descending=down) for one, down in sorts),
        )
        for group, rows in groups.items()
        for row in rows
    ]


def _sorts(description: Description) -> list[tuple[Column, bool]]:
    down = {one.column: one.descending for one in description.orders}
    return [(description.column(name), down.get(name, False)) for name in sort_columns(description)]


def sort_value(column: Column, value: Value, *, descending: bool) -> int | str:
    """Return by what a value is put in order; what has none comes last."""
    if _sort_type(column) == "TEXT":
        return str(value) if value is not None else "" if descending else _LAST_TEXT
    if value is None:
        return -LATE if descending else LATE
    return Moment(str(value)).latest if column.kind == "moment" else int(value)  # type: ignore[arg-type]


def bound(column: Column, value: Value, *, from_: bool) -> int | str:
    """Return by what rows are bounded: a day begins with its first and ends with its last moment."""
    if column.kind == "moment":
        moment = Moment(str(value))
        return moment.earliest if from_ else moment.latest
    return sort_value(column, value, descending=False)


def _stored(value: Value) -> object:
    if isinstance(value, tuple | dict):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return value


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
    return RowReader(kept)(_stored(values.get(one.name)) for one in kept)
