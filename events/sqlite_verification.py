"""Verification of a ledger file: every leaf and root computed again from the stored rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from events.ledger import Anchor, Verification, quietly
from events.sealing import Algorithm
from events.sqlite_recorder import LedgerDatastore
from events.verification import PAGE, StoredHead, verify_stored

_ROWS: Final = (
    "SELECT f.sequence, CAST(f.id AS BLOB), f.leaf, f.root, CAST(e.originator_id AS BLOB), e.originator_version, "
    "CAST(e.topic AS BLOB), CAST(e.state AS BLOB) "
    "FROM facts f LEFT JOIN stored_events e ON e.position = f.position "
    "WHERE f.district = ? AND f.sequence > ? AND f.sequence <= ? ORDER BY f.sequence LIMIT ?"
)
_HEAD: Final = "SELECT sequence, recorded_at, CAST(frontier AS BLOB) FROM heads WHERE district = ?"
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
    head = StoredHead._make(heads[0]) if heads else StoredHead()
    pages = _pages(datastore, district, head.sequence, progressed)
    return verify_stored(district, algorithm, head, pages, lambda: _counts_agree(datastore, district), anchors)


def stored_rows(datastore: LedgerDatastore, district: str, after: int, limit: int) -> list[Any]:
    """Return the next rows of a district, in the order of StoredRow's fields."""
    return datastore.rows(_ROWS, (district, after, after + limit, limit))


def _pages(
    datastore: LedgerDatastore, district: str, last: int, progressed: Callable[[int], None]
) -> Iterator[list[Any]]:
    after = 0
    while page := datastore.rows(_ROWS, (district, after, last, PAGE)):
        yield page
        progressed(len(page))
        after = page[-1][0]


def _counts_agree(datastore: LedgerDatastore, district: str) -> bool:
    """Tell whether there are as many stored facts as sealed ones and as the head says, all seen at once."""
    sealed, stored, head = datastore.rows(_COUNTS, (district, f"{district}/", f"{district}0", district))[0]
    return bool(sealed == stored == head)
