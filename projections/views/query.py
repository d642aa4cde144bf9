"""A question to a view and its answer: filters, a page after a key, and the sequence as of which it speaks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from events.moment import Moment
from projections.views.description import Column, Description, Filter
from projections.views.view import Value

LARGEST_PAGE: Final = 500
"""Rows that one answer holds at most."""
USUAL_PAGE: Final = 50
MOST_VALUES: Final = 50
"""Values that one filter may be given."""
_TRUTH: Final = {"true": True, "false": False}


class QueryError(ValueError):
    """A view cannot be asked this; `code` is stable, `field` names what is wrong."""

    def __init__(self, code: str, field: str, zh: str, en: str) -> None:
        self.code = code
        self.field = field
        self.zh = zh
        self.en = en
        super().__init__(f"{zh} / {en} [{code}]")


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of a view: each filter with the values it may have, an order, the page after a key.

    `may_see` are the classifications that the asker may see; None: all of them.
    """

    filters: Mapping[str, tuple[str, ...]] = {}
    order: str | None = None
    after: str | None = None
    limit: int = USUAL_PAGE
    may_see: frozenset[str] | None = None


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """The rows, the key of the next page (None: there is none), and how far the view had come.

    `as_of` is the sequence of the last fact that the rows know of, `version` that of the view that answered.
    """

    rows: tuple[dict[str, Value], ...]
    next: str | None
    as_of: int
    version: int


def checked(description: Description, query: Query) -> dict[str, tuple[Value, ...]]:
    """Return the filters with their values read; raise QueryError for what the view does not offer."""
    if description.order(query.order) is None:
        known = ", ".join(one.name for one in description.orders)
        raise QueryError(
            "view.order_unknown",
            "order",
            f"视图 {description.name} 不能按 {query.order!r} 排序；可用：{known}。",
            f"The view {description.name} has no order {query.order!r}; there is: {known}.",
        )
    if not 1 <= query.limit <= LARGEST_PAGE:
        raise QueryError(
            "view.limit_out_of_range",
            "limit",
            f"每页 {query.limit} 行不可用，须为 1 至 {LARGEST_PAGE}。",
            f"{query.limit} rows a page cannot be had: ask for 1 to {LARGEST_PAGE}.",
        )
    for one in description.filters:
        if one.needed and not query.filters.get(one.name):
            raise QueryError(
                "view.filter_needed",
                one.name,
                f"视图 {description.name} 须给出筛选条件 {one.name}。",
                f"The view {description.name} has to be asked with the filter {one.name}.",
            )
    return {name: _values(description, name, given) for name, given in query.filters.items() if given}


def _values(description: Description, name: str, given: tuple[str, ...]) -> tuple[Value, ...]:
    offered = description.filter(name)
    if offered is None:
        known = ", ".join(one.name for one in description.filters)
        raise QueryError(
            "view.filter_unknown",
            name,
            f"视图 {description.name} 没有筛选条件 {name!r}；可用：{known}。",
            f"The view {description.name} has no filter {name!r}; there is: {known}.",
        )
    if len(given) > (MOST_VALUES if offered.how == "is" else 1):
        raise QueryError(
            "view.filter_too_many",
            name,
            f"筛选条件 {name} 给出的值过多（{len(given)} 个）。",
            f"The filter {name} was given too many values ({len(given)}).",
        )
    column = description.column(offered.column)
    return tuple(_value(offered, column, one) for one in dict.fromkeys(given))


def _value(offered: Filter, column: Column, given: str) -> Value:
    if column.choices and given not in {one.value for one in column.choices}:
        allowed = "、".join(one.value for one in column.choices)
        raise _unreadable(offered.name, given, f"下列之一：{allowed}", f"one of {allowed}")
    if "\0" in given or any("\ud800" <= one <= "\udfff" for one in given):
        raise _unreadable(offered.name, ascii(given), "文字", "text")
    if column.kind == "moment":
        try:
            Moment(given)
        except ValueError:
            raise _unreadable(offered.name, given, "日期或带时区的时间", "a date or a date-time with offset") from None
        return given
    if column.kind == "whole":
        if not (given.isascii() and given.removeprefix("-").isdigit() and len(given) < 19):  # noqa: PLR2004  an SQL integer
            raise _unreadable(offered.name, given, "整数", "a whole number")
        return int(given)
    if column.kind == "yes_no":
        if given not in _TRUTH:
            raise _unreadable(offered.name, given, "true 或 false", "true or false")
        return _TRUTH[given]
    return given


def _unreadable(name: str, given: str, zh: str, en: str) -> QueryError:
    return QueryError(
        "view.filter_unreadable",
        name,
        f"筛选条件 {name} 的值 {given!r:.60} 不可用，须为{zh}。",
        f"The filter {name} cannot be {given!r:.60}: it has to be {en}.",
    )
