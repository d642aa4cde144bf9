"""Verification of a ledger file: every leaf and root computed again from the stored rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import cache
from typing import Any, Final

from eventsourcing.persistence import PersistenceError

from events.ledger.port import Anchor, Verification, quietly
from events.ledger.verification import PAGE, StoredHead, verify_stored
from events.sqlite.recorder import TABLES, LedgerDatastore
from events.tree.sealing import Algorithm

_FROM: Final = (
    " FROM facts f LEFT JOIN stored_events e ON e.position = f.position "
    "WHERE f.district = ? AND f.sequence > ? AND f.sequence <= ? ORDER BY f.sequence LIMIT ?"
)
_ROWS: Final = (
    "SELECT f.sequence, f.id, f.leaf, f.root, e.originator_id, e.originator_version, e.topic, e.state" + _FROM
)
# Whatever type they were given, so that the first that is none can be named.
_AS_BYTES: Final = (
    "SELECT f.sequence, CAST(f.id AS BLOB), f.leaf, f.root, e.originator_id, e.originator_version, e.topic, "
    "CAST(e.state AS BLOB)" + _FROM
)
# For a page with a text that is none: a value of another type is read as nothing, a text by its bytes.
_STRICT: Final = (
    "SELECT f.sequence, CASE typeof(f.id) WHEN 'blob' THEN f.id END, CASE typeof(f.leaf) WHEN 'blob' THEN f.leaf END, "
    "CASE typeof(f.root) WHEN 'blob' THEN f.root END, "
    "CASE typeof(e.originator_id) WHEN 'text' THEN CAST(e.originator_id AS BLOB) END, e.originator_version, "
    "CASE typeof(e.topic) WHEN 'text' THEN CAST(e.topic AS BLOB) END, "
    "CASE typeof(e.state) WHEN 'blob' THEN e.state END"
) + _FROM
_HEAD: Final = "SELECT sequence, CAST(recorded_at AS BLOB), CAST(frontier AS BLOB) FROM heads WHERE district = ?"
# Districts are few and facts many: from each name the index leads to the next.
_NAMES: Final = (
    "WITH RECURSIVE named(name) AS (SELECT min(district) FROM facts UNION ALL SELECT (SELECT min(district) FROM facts "
    "WHERE district > named.name) FROM named WHERE named.name IS NOT NULL) "
    "SELECT CAST(name AS BLOB), typeof(name) FROM named WHERE name IS NOT NULL "
    "UNION SELECT CAST(district AS BLOB), typeof(district) FROM heads"
)
_TOTALS: Final = (
    "SELECT (SELECT count(*) FROM facts), (SELECT count(*) FROM stored_events), (SELECT total(sequence) FROM heads)"
)
# What ANALYZE leaves behind only says how long tables are.
_MADE: Final = (
    "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE tbl_name NOT LIKE 'sqlite^_stat%' ESCAPE '^' "
    "ORDER BY type, name"
)
_COUNTS: Final = (
    "SELECT (SELECT count(*) FROM facts WHERE district = ?), "
    "(SELECT count(*) FROM stored_events WHERE originator_id >= ? AND originator_id < ?), "
    "(SELECT coalesce(max(sequence), 0) FROM heads WHERE district = ?)"
)


def verify_rows(
    datastore: LedgerDatastore,
    district: str,
    algorithm: Algorithm,
    anchors: Sequence[Anchor] = (),
    progressed: Callable[[int], None] = quietly,
) -> Verification:
    """Recompute a district; facts recorded while this runs are left for the next time."""
    heads = datastore.rows(_HEAD, (district,))
    head = StoredHead()
    if heads:
        sequence, recorded_at, frontier = heads[0]
        head = StoredHead(sequence, bytes(recorded_at).decode(errors="replace"), frontier)
    pages = _pages(datastore, district, head.sequence, progressed)
    return verify_stored(district, algorithm, head, pages, lambda: _counts_agree(datastore, district), anchors)


def named_districts(datastore: LedgerDatastore) -> list[str]:
    """Return the districts that heads or facts name; a name that is no text as it would be printed."""
    return sorted(
        {name.decode(errors="replace") if kind == "text" else repr(name) for name, kind in datastore.rows(_NAMES)}
    )


def adds_up(datastore: LedgerDatastore) -> bool:
    """Tell whether each fact and each stored row is counted by a head, all seen at once."""
    facts, stored, heads = datastore.rows(_TOTALS)[0]
    return bool(facts == stored == heads)


def leads_true(datastore: LedgerDatastore) -> bool:
    """Tell whether tables and indexes are those of a ledger, and the indexes lead to the stored rows.

    Seals are verified by way of `facts`, cases are read by way of an index that nothing seals.
    """
    return datastore.rows(_MADE) == _made() and datastore.rows("PRAGMA integrity_check(1)") == [("ok",)]


@cache
def _made() -> list[tuple[str, str, str, str | None]]:
    """Return what a new ledger is made of."""
    with closing(sqlite3.connect(":memory:")) as empty:
        for statement in TABLES:
            empty.execute(statement)
        return empty.execute(_MADE).fetchall()


def stored_rows(datastore: LedgerDatastore, district: str, after: int, limit: int) -> list[Any]:
    """Return the next rows of a district, in the order of StoredRow's fields."""
    return datastore.rows(_AS_BYTES, (district, after, after + limit, limit))


def _pages(
    datastore: LedgerDatastore, district: str, last: int, progressed: Callable[[int], None]
) -> Iterator[list[Any]]:
    after = 0
    while page := _page(datastore, (district, after, last, PAGE)):
        yield page
        progressed(len(page))
        after = page[-1][0]


def _page(datastore: LedgerDatastore, asked: tuple[str, int, int, int]) -> list[Any]:
    try:
        return datastore.rows(_ROWS, asked)
    except PersistenceError:
        rows = datastore.rows(_STRICT, asked)
        return [(*row[:4], _text(row[4]), row[5], _text(row[6]), row[7]) for row in rows]


def _text(written: bytes | None) -> str | None:
    """Return a text of its bytes, and nothing for what is no text."""
    try:
        return None if written is None else written.decode()
    except UnicodeDecodeError:
        return None


def _counts_agree(datastore: LedgerDatastore, district: str) -> bool:
    """Tell whether there are as many stored facts as sealed ones and as the head says, all seen at once."""
    sealed, stored, head = datastore.rows(_COUNTS, (district, f"{district}/", f"{district}0", district))[0]
    return bool(sealed == stored == head)
