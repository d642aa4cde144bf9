"""Verification of a district from its stored rows, whatever they are stored in: leaf by leaf, root by root."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple
from uuid import UUID

import orjson
from msgspec import Struct

from events.ledger import Anchor, Verification
from events.ledger_errors import Reason
from events.sealing import Frontier, HashFunction, envelope_of, leaf_hash


class StoredRow(NamedTuple):
    """A fact with its seal as stored; a file that was tampered with may hold values of any type, and None."""

    sequence: int
    fact_id: bytes
    leaf: bytes
    root: bytes
    stream: bytes
    version: int
    topic: bytes
    state: bytes


class StoredHead(NamedTuple):
    """The head of a district as stored: how far it came, the last recorded_at as text, the frontier."""

    sequence: int = 0
    recorded_at: str = ""
    frontier: bytes = Frontier().to_bytes()


class AnchorFault(Struct, frozen=True):
    """An anchor that the ledger does not lead to."""

    first_bad: int
    reason: Reason


class AnchorCheck:
    """Compares the roots that a verification passes with what somebody outside holds."""

    def __init__(self, anchors: Iterable[Anchor]) -> None:
        self._left = sorted(anchors, key=lambda one: one.size, reverse=True)
        self._good = 0

    def passed(self, size: int, root: bytes) -> AnchorFault | None:
        """Compare the root at a size; return what is wrong."""
        while self._left and self._left[-1].size == size:
            if self._left.pop().root != root:
                return AnchorFault(self._good + 1, _sealed_anew(self._good + 1, size))
            self._good = size
        return None

    def ended(self, facts: int) -> AnchorFault | None:
        """Return what is wrong with a ledger that ends at a fact."""
        return AnchorFault(facts + 1, _cut(facts + 1, self._left[0].size)) if self._left else None


def verify_stored(
    district: str,
    digest: HashFunction,
    head: StoredHead,
    rows: Iterable[Sequence[object]],
    counts_agree: Callable[[], bool],
    anchors: Sequence[Anchor] = (),
) -> Verification:
    """Recompute a district from its rows in order, each in the order of StoredRow's fields.

    `counts_agree` tells, asked at the end, whether as many facts are stored as are sealed.
    """
    check = _SealCheck(district, digest)
    anchored = AnchorCheck(anchors)
    bad = _anchored(check, anchored)
    for row in rows if bad is None else ():
        bad = check.take(StoredRow._make(row)) or _anchored(check, anchored)
        if bad is not None:
            return bad
    return bad or check.end(head, counts_agree) or _ended(check, anchored) or check.good()


class _SealCheck:
    """How far a verification has come."""

    def __init__(self, district: str, digest: HashFunction) -> None:
        self._district = district
        self._digest = digest
        self._recorded_at = ""
        self.frontier = Frontier()
        self.root = self.frontier.root(digest)

    def take(self, row: StoredRow) -> Verification | None:
        """Look at the next row; return what is wrong with it."""
        due = self.frontier.size + 1
        if row.sequence != due:
            return self.bad(due, *_MISSING)
        self._recorded_at = _recorded_at(row.state)
        leaf = self._leaf(row)
        if leaf is None or leaf != row.leaf:
            return self.bad(due, "内容与封存不符", "its content does not match its seal")
        frontier = self.frontier.extended(self._digest, leaf)
        root = frontier.root(self._digest)
        self.frontier, self.root = frontier, root
        if root != row.root:
            return self.bad(due, "树根与封存不符", "its root does not match its seal")
        return None

    def end(self, head: StoredHead, counts_agree: Callable[[], bool]) -> Verification | None:
        """Compare with the head; return what is wrong."""
        last = head.sequence
        if self.frontier.size != last:
            return self.bad(self.frontier.size + 1, *_MISSING)
        if self.frontier.to_bytes() != head.frontier or self._recorded_at != head.recorded_at:
            return self.bad(last, "与账首记录不符", "it does not match the head of the ledger")
        if not counts_agree():
            return self.bad(last + 1, "账外多出未封存的事实", "there are facts that were never sealed")
        return None

    def good(self) -> Verification:
        return Verification(ok=True, facts=self.frontier.size, root=self.root)

    def bad(self, sequence: int, zh: str, en: str) -> Verification:
        reason = Reason(
            "ledger.seal_broken",
            f"第 {sequence} 号事实{zh}，账册在此处被改动或损坏；请保全现场，并与回执、见证及备份核对。",
            f"Fact {sequence}: {en}; the ledger was changed or damaged here. Preserve it and compare with receipts, "
            "witness and backups.",
        )
        return self.refused(AnchorFault(sequence, reason))

    def refused(self, fault: AnchorFault) -> Verification:
        return Verification(
            ok=False, facts=self.frontier.size, root=self.root, first_bad=fault.first_bad, reason=fault.reason
        )

    def _leaf(self, row: StoredRow) -> bytes | None:
        """Return the leaf that a row should have, or None for one that no ledger writes."""
        try:
            owner, _, case = row.stream.decode().partition("/")
            name = str(UUID(bytes=row.fact_id))
            envelope = envelope_of(owner, row.sequence, self._recorded_at, case, row.version, row.topic.decode(), name)
        except (AttributeError, TypeError, ValueError):
            return None
        return leaf_hash(self._digest, envelope, row.state) if owner == self._district else None


_MISSING: Final = ("缺失", "missing")


def _anchored(check: _SealCheck, anchored: AnchorCheck) -> Verification | None:
    fault = anchored.passed(check.frontier.size, check.root)
    return None if fault is None else check.refused(fault)


def _ended(check: _SealCheck, anchored: AnchorCheck) -> Verification | None:
    fault = anchored.ended(check.frontier.size)
    return None if fault is None else check.refused(fault)


def _recorded_at(state: object) -> str:
    try:
        return str(orjson.loads(state)["recorded_at"])  # type: ignore[arg-type]  # of any type: a tampered file decides
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return ""


def _sealed_anew(first: int, last: int) -> Reason:
    return Reason(
        "ledger.sealed_anew",
        f"账册自身前后一致，但与外部所存的检查点或回执不符：第 {first} 至 {last} 号事实之间有改动，此后全部重新封存；"
        "请保全现场，以检查点、回执、见证和备份为准。",
        f"The ledger fits itself, but not the checkpoint or receipt held outside: something between facts {first} "
        f"and {last} was changed, and all after it sealed anew. Preserve it; checkpoint, receipts, witness and backups "
        "hold.",
    )


def _cut(first: int, last: int) -> Reason:
    return Reason(
        "ledger.tail_cut",
        f"外部所存的检查点或回执证明有 {last} 号事实，账册从第 {first} 号起缺失：尾部被截去，或恢复的是旧账册；"
        "请保全现场，并从较新的备份恢复。",
        f"A checkpoint or receipt held outside proves {last} facts, and the ledger lacks them from fact {first} on: "
        "its tail was cut, or an old copy restored. Preserve it, and restore a later back-up.",
    )
