"""Asking a view: one page, with what is worked out on reading and the names of what the rows name by id."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec

from projections.databases.views_database import TableGoneError
from projections.view_rows.pages import page
from projections.view_rows.unstored import told_by_ledger
from projections.views.catalogue import VIEWS
from projections.views.query import Query, QueryError
from projections.views.view import Value
from services.views.derived import derive
from services.views.desks import holders
from services.views.names import Names, names_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from events.ledger.port import LedgerReader
    from events.personal import Keys
    from projections.policy.policy import Policy
    from projections.view_rows.pages import AskedRows
    from projections.view_rows.rows import Build, ViewRows
    from projections.views.description import Description

Seen = TypeVar("Seen")
_ATTEMPTS: Final = 4
"""How often a question is asked again when the view was switched meanwhile."""
WHOSE: Final = ("person", "post", "unit")
"""Filters of the desk beside those of its columns: whose desk it is."""


class ViewPage(msgspec.Struct, frozen=True, kw_only=True):
    """One page of a view: its rows, how far it had come, where the next page begins, and names for the ids in it."""

    view: str
    district: str
    as_of: int
    version: int
    rows: tuple[dict[str, Value], ...]
    next: str | None
    names: Names


class AskedBy(msgspec.Struct, frozen=True, kw_only=True):
    """For whom a view is asked: when, and what of it may be shown. Without keys persons have no names."""

    now: dt.datetime
    policy: Policy
    keys: Keys | None = None
    may_see: frozenset[str] | None = None


def unknown_view(name: str) -> QueryError:
    """Return the error that a view is not there, or not yet."""
    return QueryError(
        "view.unknown",
        "view",
        f"没有视图 {name!r:.60}，或尚未建立；请先运行 taizhang serve 或 taizhang views rebuild。",
        f"There is no view {name!r:.60}, or not yet: run taizhang serve or taizhang views rebuild first.",
    )


def described(rows: ViewRows) -> list[Description]:
    """Return every view that answers, as plain data."""
    return [one.description for one in rows.builds() if one.state == "live"]


def ask(rows: AskedRows, ledger: LedgerReader, name: str, district: str, query: Query, by: AskedBy) -> ViewPage:
    """Return one page of a view; raise QueryError for a view or a question that it does not take."""
    return steadily(lambda: _asked(rows, ledger, name, district, query, by))


def steadily(look: Callable[[], Seen]) -> Seen:
    """Return what a look at views gives, looking again where one was switched meanwhile."""
    for _ in range(_ATTEMPTS):
        try:
            return look()
        except TableGoneError:
            continue
    return look()


def _asked(rows: AskedRows, ledger: LedgerReader, name: str, district: str, query: Query, by: AskedBy) -> ViewPage:
    build = rows.live(name)
    if build is None:
        raise unknown_view(name)
    asked = msgspec.structs.replace(
        query, filters=_on_desk(rows, build, district, query.filters, by), may_see=by.may_see
    )
    found = page(rows, build, district, asked, told_by_ledger(VIEWS.get(name), ledger, district, asked))
    shown = tuple(map(derive(name, rows, ledger, district, by.policy, by.now, found.rows), found.rows))
    return ViewPage(
        view=name,
        district=district,
        as_of=found.as_of,
        version=found.version,
        rows=shown,
        next=found.next,
        names=names_of(rows, ledger, by.keys, district, build.description.columns, shown),
    )


def _on_desk(
    rows: AskedRows, build: Build, district: str, filters: Mapping[str, tuple[str, ...]], by: AskedBy
) -> Mapping[str, tuple[str, ...]]:
    """Return the filters of the desk with whose desk it is told by ids."""
    if build.description.name != "desk" or not any(filters.get(one) for one in WHOSE):
        return filters
    rest = {name: given for name, given in filters.items() if name not in WHOSE}
    named: dict[str, None] = dict.fromkeys(rest.get("holder", ()))
    for kind in WHOSE:
        for one in filters.get(kind, ()):
            found = holders(rows, district, by.policy, by.now.date(), **{kind: one})
            named.update(dict.fromkeys(found))
    return {**rest, "holder": tuple(named)}
