"""Answering queries: every page is found by an index and a key, however long the view is."""

from __future__ import annotations

from heapq import merge
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from projections.view_rows.page_marks import mark, read_mark
from projections.view_rows.tables import RowReader, bound, index_name, sort_kind, stored_columns
from projections.view_rows.unstored import chosen
from projections.views.query import Page, Query, checked

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from events.fact import AnyFact
    from projections.databases.views_database import ViewsDatabase
    from projections.view_rows.rows import Build
    from projections.view_rows.steps import Position
    from projections.views.description import Description, Order
    from projections.views.view import Row, Value


class RowTable(NamedTuple):
    """A table in which rows of a view lie, and the further condition under which they are of the view."""

    database: ViewsDatabase
    name: str
    condition: str = ""
    values: Sequence[object] = ()


class AskedRows(Protocol):
    """The rows of views, as questions see them: those that answer now, or those of another day."""

    def live(self, view: str) -> Build | None:
        """Return the build of a view that answers; None when it has none."""
        ...

    def position(self, build: Build, district: str) -> Position:
        """Return how far a build has come in a district."""
        ...

    def corrections(self, build: Build, district: str) -> list[AnyFact]:
        """Return the corrections and annulments that a build took, in order."""
        ...

    def tables(self, build: Build, district: str) -> Sequence[RowTable]:
        """Return the tables in which the rows of a build lie, each row in one of them; of sums there is one."""
        ...

    def reading(self) -> AbstractContextManager[None]:
        """Let every question of the block see the same rows."""
        ...


class _Asked(NamedTuple):
    """One statement with what it is given."""

    statement: str
    values: list[object]


def page(
    rows: AskedRows,
    build: Build,
    district: str,
    query: Query,
    unstored: Callable[[int], Iterable[Row]] = lambda _through: (),
) -> Page:
    """Return one page of a view; raise QueryError for a question that it does not take.

    `unstored` gives rows that are not stored, as of a sequence; a stored row with the same key holds in place of one.
    """
    filters = checked(build.description, query)
    order = build.description.order(query.order)
    assert order is not None  # noqa: S101  `checked` refused any other
    with rows.reading():
        position = rows.position(build, district)
        found = (
            _totals(rows, build, district, query, filters, order)
            if build.sums is not None
            else _found(rows, build, district, query, filters, order)
        )
        further = chosen(build.description, unstored(position.facts), query, filters, order)
    if further:
        found = _with_further(found, further, query, order)
    read = RowReader(stored_columns(build.description))
    shown = found[: query.limit]
    as_of = min(position.facts, position.found) if build.finds else position.facts
    return Page(
        rows=tuple({"key": one[1], **read(one[2:])} for one in shown),
        next=mark(order, *shown[-1][:2]) if len(found) > query.limit else None,
        as_of=as_of,
        version=build.description.version,
    )


def rows_with(
    rows: AskedRows,
    build: Build,
    district: str,
    column: str,
    values: Collection[str],
    bounds: Mapping[str, str] | None = None,
) -> list[dict[str, Value]]:
    """Return the rows that have one of some values in a column that can be filtered by, in no order.

    `bounds` are filters from and until a moment, by their names.
    """
    columns = stored_columns(build.description)
    read = RowReader(columns)
    bounded = [_bounded(build.description, name, given) for name, given in (bounds or {}).items()]
    found: list[dict[str, Value]] = []
    for table in rows.tables(build, district):
        by_index = table.database.by_index(index_name(table.name, column, build.description.orders[0]))
        among = table.database.among(f'"{column}"')
        named = ", ".join(f'"{one.name}"' for one in columns)
        statement = f"SELECT {named} FROM {table.name} {by_index} WHERE district = ? AND {among}"  # noqa: S608  our own names
        statement += "".join(f" AND {condition}" for condition, _ in bounded) + table.condition
        given = [district, list(values), *(value for _, value in bounded), *table.values]
        found += map(read, table.database.read(statement, *given))
    return found


def _found(
    rows: AskedRows, build: Build, district: str, query: Query, filters: Mapping[str, tuple[Value, ...]], order: Order
) -> list[Any]:
    """Return the rows of a page and one more: for a filter of several values one search a value, then merged."""
    narrowed = _narrowing(build.description, filters)
    ways = [None] if narrowed is None else [(narrowed, value) for value in filters[narrowed]]
    searches = []
    for table in rows.tables(build, district):
        for way in ways:
            asked = _select(table, build, district, query, filters, order, way)
            searches.append(table.database.read(asked.statement, *asked.values))
    return searches[0] if len(searches) == 1 else _merged(searches, query, order)


def _with_further(found: list[Any], further: Sequence[Any], query: Query, order: Order) -> list[Any]:
    """Return the rows of a page and one more, among those found and others, which are left out where one is found."""
    keys = {row[1] for row in found}
    return _merged([found, [row for row in further if row[1] not in keys]], query, order)


def _merged(searches: Sequence[Sequence[Any]], query: Query, order: Order) -> list[Any]:
    merged = merge(*searches, key=lambda row: (row[0], row[1]), reverse=order.descending)
    return list(merged)[: query.limit + 1]


def _narrowing(description: Description, filters: Mapping[str, tuple[Value, ...]]) -> str | None:
    """Return the filter by whose index rows are found: the first that the view names."""
    return next((one.name for one in description.filters if one.how == "is" and one.name in filters), None)


def _select(
    table: RowTable,
    build: Build,
    district: str,
    query: Query,
    filters: Mapping[str, tuple[Value, ...]],
    order: Order,
    narrowed: tuple[str, Value] | None,
) -> _Asked:
    description = build.description
    conditions = ["district = ?"]
    values: list[object] = [district]
    by = None
    for name, given in filters.items():
        one = description.filter(name)
        assert one is not None  # noqa: S101  `checked` refused any other
        if narrowed is not None and name == narrowed[0]:
            by = one.column
            conditions.append(f'"{one.column}" = ?')
            values.append(narrowed[1])
        elif one.how == "is":
            conditions.append(f'"{one.column}" IN ({", ".join("?" * len(given))})')
            values.extend(given)
        else:
            condition, value = _bounded(description, name, given[0])
            conditions.append(condition)
            values.append(value)
    _add_what_may_be_seen(query, conditions, values)
    direction = "DESC" if order.descending else "ASC"
    if query.after is not None:
        conditions.append(f'("{order.column}_at", key) {"<" if order.descending else ">"} (?, ?)')
        values.extend(read_mark(order, query.after, sort_kind(description.column(order.column))))
    columns = ", ".join(f'"{one.name}"' for one in stored_columns(description))
    by_index = table.database.by_index(index_name(table.name, by, order))
    statement = (
        f'SELECT "{order.column}_at", key, {columns} FROM {table.name} '  # noqa: S608  names of the description
        f"{by_index} WHERE {' AND '.join(conditions)}{table.condition} "
        f'ORDER BY "{order.column}_at" {direction}, key {direction} LIMIT {query.limit + 1}'
    )
    return _Asked(statement, [*values, *table.values])


def _totals(
    rows: AskedRows, build: Build, district: str, query: Query, filters: Mapping[str, tuple[Value, ...]], order: Order
) -> list[Any]:
    """Return sums over the classes that may be seen; there are as many as kinds of count and months, never many."""
    columns = [one.name for one in stored_columns(build.description)]
    named = [one for one in columns if one != build.sums]
    conditions: list[str] = ["district = ?"]
    values: list[object] = [district]
    for name, given in filters.items():
        one = build.description.filter(name)
        assert one is not None  # noqa: S101  `checked` refused any other
        if one.how == "is":
            conditions.append(f'"{one.column}" IN ({", ".join("?" * len(given))})')
            values.extend(given)
        else:
            conditions.append(f'"{one.column}" {">=" if one.how == "from" else "<="} ?')
            values.append(given[0])
    _add_what_may_be_seen(query, conditions, values)
    key = " || '|' || ".join(f'"{one}"' for one in named)
    sign, direction = ("<", "DESC") if order.descending else (">", "ASC")
    page_after = ""
    if query.after is not None:
        page_after = f"WHERE (sort, key) {sign} (?, ?)"
        values.extend(read_mark(order, query.after, str))
    shown = ", ".join(f'"{one}"' for one in columns)
    grouped = ", ".join(f'"{one}"' for one in named)
    statement = (
        f'SELECT sort, key, {shown} FROM (SELECT "{order.column}" AS sort, {key} AS key, {grouped}, '  # noqa: S608  names of the description
        f'CAST(SUM("{build.sums}") AS BIGINT) AS "{build.sums}" FROM totals_{build.number} '
        f"WHERE {' AND '.join(conditions)} "
        f'GROUP BY {grouped} HAVING SUM("{build.sums}") <> 0) AS summed {page_after} '
        f"ORDER BY sort {direction}, key {direction} LIMIT {query.limit + 1}"
    )
    (table,) = rows.tables(build, district)
    return table.database.read(statement, *values)


def _bounded(description: Description, name: str, given: Value) -> tuple[str, int | str]:
    """Return the condition of a filter from or until, and what it is given."""
    one = description.filter(name)
    assert one is not None  # noqa: S101  `checked` refused any other
    sign = ">=" if one.how == "from" else "<="
    column = description.column(one.column)
    return f'"{one.column}_at" {sign} ?', bound(column, given, from_=one.how == "from")


def _add_what_may_be_seen(query: Query, conditions: list[str], values: list[object]) -> None:
    if query.may_see is not None:
        classes: Sequence[str] = sorted(query.may_see)
        conditions.append(f'"classification" IN ({", ".join("?" * len(classes))})' if classes else "FALSE")
        values.extend(classes)
