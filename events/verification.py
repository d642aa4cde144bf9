"""Verification of a district from its stored rows, whatever they are stored in: leaf by leaf, root by root."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, NamedTuple

from msgspec import Struct

from events.ledger import Anchor, Verification
from events.ledger_errors import Reason
from events.sealing import LEAF, NODE, Algorithm, Frontier, HashStart, envelope_of_values, hash_start


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

    @property
    def next_size(self) -> int | None:
        """The size at which the root is compared next."""
        return self._left[-1].size if self._left else None

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
    algorithm: Algorithm,
    head: StoredHead,
    pages: Iterable[Iterable[Sequence[Any]]],
    counts_agree: Callable[[], bool],
    anchors: Sequence[Anchor] = (),
) -> Verification:
    """Recompute a district from its rows in order, page by page.

    A row holds sequence, id, leaf, root, stream, version, topic and state, all but the numbers as bytes; one that was
    tampered with may hold anything. `counts_agree` tells, asked at the end, whether as many are stored as are sealed.
    """
    anchored = AnchorCheck(anchors)
    check = _SealCheck(district, hash_start(algorithm), anchored)
    return check.begin() or check.through(pages) or check.end(head, counts_agree) or check.good()


class _SealCheck:
    """How far a verification has come.

    What is done for each fact is written out in one place, since ten million of them may have to be looked at; most of
    the time goes into the hashes, one for each bit of the number of facts, that the root after each fact takes.
    """

    def __init__(self, district: str, start: HashStart, anchored: AnchorCheck) -> None:
        self._district = district
        self._start = start
        self._anchored = anchored
        self._recorded_at = b""
        self._size = 0
        self._root = start(b"").digest()
        self._subtrees: list[bytes] = []
        """The roots of the full subtrees, largest first, each after the byte that begins what is hashed of a node."""

    def begin(self) -> Verification | None:
        """Compare the empty tree with the anchors."""
        return self._refused(self._anchored.passed(0, self._root))

    def through(self, pages: Iterable[Iterable[Sequence[Any]]]) -> Verification | None:
        """Look at rows in order; return what is wrong with the first that is not as it was sealed.

        A row that no ledger writes may hold values of any type. The recorded_at is the last one that stands in the
        payload: of its keys, which are sorted, those after it hold none, and within a text the quotes are escaped.
        """
        start, subtrees, district = self._start, self._subtrees, self._district
        anchored = self._anchored.next_size
        for page in pages:
            for sequence, fact_id, leaf, root, stream, version, topic, state in page:
                size = self._size + 1
                if sequence != size:
                    return self._bad(size, *_MISSING)
                try:
                    recorded_at = state.rpartition(_RECORDED_AT)[2].partition(b'"')[0]
                    owner, _, case = stream.decode().partition("/")
                    name = fact_id.hex("-", 2)
                    uuid = f"{name[:4]}{name[5:24]}-{name[25:29]}{name[30:34]}{name[35:]}"
                    whole = [owner, sequence, recorded_at.decode(), case, version, topic.decode(), uuid]
                    node = start(LEAF + envelope_of_values(whole) + state).digest()
                except (AttributeError, TypeError, ValueError):
                    return self._bad(size, *_CHANGED)
                if node != leaf or owner != district or len(name) != _UUID_IN_PAIRS:
                    return self._bad(size, *_CHANGED)
                full = size
                while not full & 1:
                    node = start(subtrees.pop() + node).digest()
                    full >>= 1
                subtrees.append(NODE + node)
                for left in subtrees[-2::-1]:
                    node = start(left + node).digest()
                self._size, self._root, self._recorded_at = size, node, recorded_at
                if node != root or size == anchored:
                    bad = self._compared(root)
                    if bad is not None:
                        return bad
                    anchored = self._anchored.next_size
        return None

    def _compared(self, stored_root: object) -> Verification | None:
        if self._root != stored_root:
            return self._bad(self._size, "树根与封存不符", "its root does not match its seal")
        return self._refused(self._anchored.passed(self._size, self._root))

    def end(self, head: StoredHead, counts_agree: Callable[[], bool]) -> Verification | None:
        """Compare with the head, and with what anchors say of facts that are not there; return what is wrong."""
        last = head.sequence
        if self._size != last:
            return self._bad(self._size + 1, *_MISSING)
        frontier = Frontier(self._size, tuple(one[len(NODE) :] for one in self._subtrees))
        if frontier.to_bytes() != head.frontier or self._recorded_at != head.recorded_at.encode():
            return self._bad(last, "与账首记录不符", "it does not match the head of the ledger")
        if not counts_agree():
            return self._bad(last + 1, "账外多出未封存的事实", "there are facts that were never sealed")
        return self._refused(self._anchored.ended(self._size))

    def good(self) -> Verification:
        """Return that all is as it was sealed."""
        return Verification(ok=True, facts=self._size, root=self._root)

    def _bad(self, sequence: int, zh: str, en: str) -> Verification:
        reason = Reason(
            "ledger.seal_broken",
            f"第 {sequence} 号事实{zh}，账册在此处被改动或损坏；请保全现场，并与回执、见证及备份核对。",
            f"Fact {sequence}: {en}; the ledger was changed or damaged here. Preserve it and compare with receipts, "
            "witness and backups.",
        )
        return Verification(ok=False, facts=self._size, root=self._root, first_bad=sequence, reason=reason)

    def _refused(self, fault: AnchorFault | None) -> Verification | None:
        if fault is None:
            return None
        return Verification(ok=False, facts=self._size, root=self._root, first_bad=fault.first_bad, reason=fault.reason)


_MISSING: Final = ("缺失", "missing")
_CHANGED: Final = ("内容与封存不符", "its content does not match its seal")
_RECORDED_AT: Final = b'"recorded_at":"'
_UUID_IN_PAIRS: Final = 39
"""Characters of a fact's 16 bytes in pairs, with a dash between each two."""


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
