"""The mark at which a page of a view goes on: an order, and by what its last row was found in it."""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING

from projections.view_rows.tables import LATE
from projections.views.query import QueryError

if TYPE_CHECKING:
    from projections.views.description import Order


def mark(order: Order, sort: int | str, key: str) -> str:
    """Return the mark after a row, by what it is put in order and its key."""
    written = json.dumps([order.name, sort, key], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(written.encode()).decode().rstrip("=")


def read_mark(order: Order, given: str, kind: type[int | str]) -> tuple[int | str, str]:
    """Return where a page goes on; raise QueryError for a mark that was not given for this order."""
    try:
        name, sort, key = json.loads(base64.urlsafe_b64decode(given + "=" * (-len(given) % 4)))
        f"{sort}{key}".encode()  # half a surrogate pair has no UTF-8
    except (binascii.Error, ValueError, TypeError):
        raise _unreadable_mark() from None
    if name != order.name or type(sort) is not kind or not isinstance(key, str):
        raise _unreadable_mark()
    if "\0" in f"{sort}{key}" or (isinstance(sort, int) and abs(sort) > LATE):
        raise _unreadable_mark()
    return sort, key


def _unreadable_mark() -> QueryError:
    return QueryError(
        "view.after_unreadable",
        "after",
        "翻页标记 after 不可用：请原样使用上一页给出的 next，且不改变排序。",
        "The page mark `after` cannot be used: take `next` of the page before as it is, with the same order.",
    )
