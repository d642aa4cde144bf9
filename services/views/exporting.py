"""A view as a table for Excel and CSV: every row that is asked for, page after page, with names beside ids."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from projections.views.query import LARGEST_PAGE
from services.views.asking import ask, unknown_view
from services.workbooks.tables import Kind, TableColumn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from events.ledger.port import LedgerReader
    from projections.view_rows.rows import ViewRows
    from projections.views.description import Column, Description
    from projections.views.query import Query
    from projections.views.view import Value
    from services.views.asking import AskedBy, ViewPage
    from services.workbooks.tables import Row

_KINDS: Final[Mapping[str, Kind]] = {"moment": "moment", "whole": "number", "decimal": "number", "yes_no": "flag"}
_NAMED: Final = frozenset({"person", "unit", "post", "party"})
_WIDE: Final = frozenset({"text", "rule", "fact", "fields"})


def description_of(rows: ViewRows, name: str) -> Description:
    """Return the description of a view that answers; raise QueryError for one that does not."""
    build = rows.live(name)
    if build is None:
        raise unknown_view(name)
    return build.description


def every_row(
    rows: ViewRows,
    ledger: LedgerReader,
    name: str,
    district: str,
    query: Query,
    by: AskedBy,
    *,
    told: Callable[[int], None] = lambda _rows: None,
) -> Iterator[Row]:
    """Give the rows of a view from the query's mark on, whatever its limit; raise QueryError for a bad question.

    Each page is one state of the view; `told` is told how many rows more were read.
    """
    description = description_of(rows, name)
    after = query.after
    while True:
        found = ask(rows, ledger, name, district, replace(query, limit=LARGEST_PAGE, after=after), by)
        yield from rows_of(description, found)
        told(len(found.rows))
        after = found.next
        if after is None:
            return


def table_columns(description: Description) -> tuple[TableColumn, ...]:
    """Return the columns of a view as those of a table."""
    return tuple(
        TableColumn(
            one.name,
            one.zh,
            one.en,
            "list" if one.many else _KINDS.get(one.kind, "text"),
            36 if one.kind in _WIDE else 20,
        )
        for one in description.columns
    )


def rows_of(description: Description, found: ViewPage) -> Iterator[Row]:
    """Give the rows of a page, one value a column."""
    for row in found.rows:
        yield [_shown(one, row[one.name], found) for one in description.columns]


def _shown(column: Column, value: Value, found: ViewPage) -> object:
    match value:
        case tuple():
            return tuple(_shown(column, one, found) for one in value)
        case dict():
            return "；".join(f"{name} {one}" for name, one in value.items())
        case str() if column.kind == "decimal":
            return Decimal(value)
        case str() if column.kind in _NAMED and value in found.names.entries:
            return f"{found.names.entries[value]}（{value}）"
        case str():
            return next((f"{one.zh} {one.en}" for one in column.choices if one.value == value), value)
        case _:
            return value
