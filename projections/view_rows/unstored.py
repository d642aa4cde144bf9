"""Rows of a page that are not stored, because the ledger has what they say: chosen and laid out like stored ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from projections.view_rows.page_marks import read_mark
from projections.view_rows.tables import FIRST, RowWriter, bound, sort_kind, stored_columns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from events.ledger.port import LedgerReader
    from projections.views.description import Description, Order
    from projections.views.query import Query
    from projections.views.view import Row, Value, View

Laid = tuple[Any, ...]
"""By what a row is put in order, its key, and its stored columns, as a search gives them."""


def told_by_ledger(
    view: View | None, ledger: LedgerReader, district: str, query: Query
) -> Callable[[int], Iterable[Row]]:
    """Return what gives the rows of a view that are not stored, as of a sequence: of the cases that are asked for."""
    of_ledger = None if view is None else view.of_ledger
    if of_ledger is None:
        return lambda _through: ()

    def told(through: int) -> Iterable[Row]:
        for facts in ledger.read_cases(district, query.filters["case"]).values():
            for fact in facts:
                if fact.sequence <= through and (row := of_ledger(fact)) is not None:
                    yield row

    return told


def chosen(
    description: Description,
    rows: Iterable[Row],
    query: Query,
    filters: Mapping[str, tuple[Value, ...]],
    order: Order,
) -> Sequence[Laid]:
    """Return the rows that a question is about, in its order from its mark on; filters are those that were `checked`.

    QueryError is raised for a mark that was not given for this order.
    """
    writer = RowWriter(description)
    laid = writer("", {"": rows})
    if not laid:
        return ()
    of = {name: place for place, name in enumerate(writer.columns)}
    for name, given in filters.items():
        one = description.filter(name)
        assert one is not None  # noqa: S101  `checked` refused any other
        if one.how == "is":
            laid = [row for row in laid if row[of[one.column]] in given]
            continue
        edge: Any = bound(description.column(one.column), given[0], from_=one.how == "from")
        place = of[f"{one.column}_at"]
        laid = [row for row in laid if (row[place] >= edge if one.how == "from" else row[place] <= edge)]
    if query.may_see is not None:
        laid = [row for row in laid if row[of["classification"]] in query.may_see]
    sort, key, end = of[f"{order.column}_at"], of["key"], len(FIRST) + len(stored_columns(description))
    found = sorted(((row[sort], row[key], *row[len(FIRST) : end]) for row in laid), reverse=order.descending)
    if query.after is None:
        return found
    after = read_mark(order, query.after, sort_kind(description.column(order.column)))
    return [row for row in found if (row[:2] < after if order.descending else row[:2] > after)]
