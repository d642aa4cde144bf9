"""Verification of a ledger file: every leaf and root computed again from the stored rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import UUID

import orjson

from events.ledger import Verification
from events.ledger_errors import Reason
from events.sealing import Frontier, HashFunction, envelope_of, leaf_hash
from events.sqlite_recorder import LedgerDatastore

_PAGE: Final = 2_000
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


def verify_rows(datastore: LedgerDatastore, district: str, digest: HashFunction) -> Verification:
    """Recompute a district; facts recorded while this runs are left for the next time."""
    heads = datastore.rows(_HEAD, (district,))
    last, last_at, frontier_bytes = heads[0] if heads else (0, "", Frontier().to_bytes())
    frontier = Frontier()
    recorded_at = ""
    for row in _rows(datastore, district, last):
        due = frontier.size + 1
        if row[0] != due:
            return _bad(frontier, digest, due, "缺失", "missing")
        recorded_at = _recorded_at(row[7])
        leaf = _leaf(district, row, recorded_at, digest)
        if leaf is None or leaf != row[2]:
            return _bad(frontier, digest, due, "内容与封存不符", "its content does not match its seal")
        frontier = frontier.extended(digest, leaf)
        if frontier.root(digest) != row[3]:
            return _bad(frontier, digest, due, "树根与封存不符", "its root does not match its seal")
    if frontier.size != last:
        return _bad(frontier, digest, frontier.size + 1, "缺失", "missing")
    if frontier.to_bytes() != frontier_bytes or recorded_at != last_at:
        return _bad(frontier, digest, last, "与账首记录不符", "it does not match the head of the ledger")
    if not _counts_agree(datastore, district):
        return _bad(frontier, digest, last + 1, "账外多出未封存的事实", "there are facts that were never sealed")
    return Verification(ok=True, facts=last, root=frontier.root(digest))


def _rows(datastore: LedgerDatastore, district: str, last: int) -> Iterator[Any]:
    after = 0
    while page := datastore.rows(_ROWS, (district, after, last, _PAGE)):
        yield from page
        after = page[-1][0]


def _recorded_at(state: object) -> str:
    try:
        return str(orjson.loads(state)["recorded_at"])  # type: ignore[arg-type]  # of any type: a tampered file decides
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return ""


def _leaf(district: str, row: Sequence[Any], recorded_at: str, digest: HashFunction) -> bytes | None:
    """Return the leaf that a row should have, or None for one that no ledger writes."""
    sequence, fact_id, _, _, stream, version, topic, state = row
    try:
        owner, _, case = stream.decode().partition("/")
        name = str(UUID(bytes=fact_id))
        envelope = envelope_of(owner, sequence, recorded_at, case, version, topic.decode(), name)
    except (AttributeError, TypeError, ValueError):
        return None
    return leaf_hash(digest, envelope, state) if owner == district else None


def _counts_agree(datastore: LedgerDatastore, district: str) -> bool:
    """Tell whether there are as many stored facts as sealed ones and as the head says, all seen at once."""
    sealed, stored, head = datastore.rows(_COUNTS, (district, f"{district}/", f"{district}0", district))[0]
    return bool(sealed == stored == head)


def _bad(frontier: Frontier, digest: HashFunction, sequence: int, zh: str, en: str) -> Verification:
    reason = Reason(
        "ledger.seal_broken",
        f"第 {sequence} 号事实{zh}，账册在此处被改动或损坏；请保全现场，并与回执、见证及备份核对。",
        f"Fact {sequence}: {en}; the ledger was changed or damaged here. Preserve it and compare with receipts, "
        "witness and backups.",
    )
    return Verification(ok=False, facts=frontier.size, root=frontier.root(digest), first_bad=sequence, reason=reason)
