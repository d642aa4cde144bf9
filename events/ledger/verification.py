"""Verification of a district from its stored rows, whatever they are stored in: leaf by leaf, root by root."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple
from uuid import UUID

from events.ledger.anchors import AnchorCheck, AnchorFault
from events.ledger.errors import Reason
from events.ledger.port import Anchor, Verification
from events.ledger.sealed_pages import SealedPages, StoredRow, recorded_at, says_what_stands_beside_it
from events.tree.growing import grown
from events.tree.sealing import Algorithm, Frontier, envelope_of, hash_function, hash_start, leaf_hash

PAGE: Final = 512
"""How many rows a store gives at once: a power of two, so that every page is a subtree."""


class StoredHead(NamedTuple):
    """The head of a district as stored: how far it came, the last recorded_at as text, the frontier."""

    sequence: int = 0
    recorded_at: str = ""
    frontier: bytes = Frontier().to_bytes()


def verify_stored(
    district: str,
    algorithm: Algorithm,
    head: StoredHead,
    pages: Iterable[Sequence[StoredRow]],
    counts_agree: Callable[[], bool],
    anchors: Sequence[Anchor] = (),
) -> Verification:
    """Recompute a district from its rows in order, page by page; no page is empty.

    `counts_agree` tells, asked at the end, whether as many are stored as are sealed.
    """
    check = _SealCheck(district, algorithm, AnchorCheck(anchors))
    return check.begin() or check.through(pages) or check.end(head, counts_agree) or check.good()


class _SealCheck:
    """How far a verification has come.

    A page is computed as a whole. Only where that does not give what is stored are its facts looked at one by one, and
    these alone decide, so that one place says what is wrong with which fact.
    """

    def __init__(self, district: str, algorithm: Algorithm, anchored: AnchorCheck) -> None:
        self._district = district
        self._start = hash_start(algorithm)
        self._digest = hash_function(algorithm)
        self._sealed = SealedPages(district, self._start)
        self._anchored = anchored
        self._frontier = Frontier()
        self._recorded_at = b""
        self._versions: dict[str, int] = {}
        self._size = 0
        self._root = self._frontier.root(self._digest)

    def begin(self) -> Verification | None:
        """Compare the empty tree with the anchors."""
        return self._refused(self._anchored.passed(0, self._root))

    def through(self, pages: Iterable[Sequence[StoredRow]]) -> Verification | None:
        """Look at rows in order; return what is wrong with the first that is not as it was sealed."""
        for page in pages:
            roots = self._roots_of(page)
            bad = self._one_by_one(page) if roots is None else self._passed(roots)
            if bad is not None:
                return bad
        return None

    def _roots_of(self, page: Sequence[StoredRow]) -> list[bytes] | None:
        """Return the roots of a page that is as it was sealed; None where it has to be looked at more closely."""
        leaves = self._sealed.leaves(self._size + 1, self._recorded_at, page)
        if leaves is None or leaves != [row[2] for row in page]:
            return None
        roots, frontier = grown(self._start, self._frontier, leaves)
        versions = self._versions_after(page)
        if roots != [row[3] for row in page] or versions is None:
            return None
        self._frontier, self._recorded_at = frontier, recorded_at(page[-1][7])
        self._versions |= versions
        return roots

    def _versions_after(self, page: Sequence[StoredRow]) -> dict[str, int] | None:
        """Return the last version of each case of a page; None where one does not follow the one before it."""
        before, after = self._versions.get, dict[str, int]()
        for _, _, _, _, stream, version, _, _ in page:
            if version - 1 != (after.get(stream) or before(stream, 0)):
                return None
            after[stream] = version
        return after

    def _passed(self, roots: Sequence[bytes]) -> Verification | None:
        """Compare the anchors among the roots of a page, and go on to its end."""
        before = self._size
        while (size := self._anchored.next_size) is not None and before < size <= before + len(roots):
            self._size, self._root = size, roots[size - before - 1]
            bad = self._refused(self._anchored.passed(size, self._root))
            if bad is not None:
                return bad
        self._size, self._root = before + len(roots), roots[-1]
        return None

    def _one_by_one(self, page: Sequence[StoredRow]) -> Verification | None:
        for row in page:
            bad = self._next(row)
            if bad is not None:
                return bad
        return None

    def _next(self, row: StoredRow) -> Verification | None:
        """Look at the next row, which may hold values of any type."""
        sequence, fact_id, leaf, root, stream, version, topic, state = row
        size = self._size + 1
        if sequence != size:
            return self._bad(size, *_MISSING)
        try:
            time = recorded_at(state)
            owner, _, case = stream.partition("/")
            name = str(UUID(bytes=fact_id))
            envelope = envelope_of(owner, sequence, time.decode(), case, version, topic, name)
            own = leaf_hash(self._digest, envelope, state)
        except (AttributeError, OverflowError, TypeError, ValueError):
            return self._bad(size, *_CHANGED)
        if own != leaf or owner != self._district:
            return self._bad(size, *_CHANGED)
        if not says_what_stands_beside_it(row):
            return self._at(size, _not_as_recorded(size))
        if time < self._recorded_at:
            return self._at(size, _back_dated(size))
        due = self._versions.get(stream, 0) + 1
        if type(version) is not int or version != due:
            return self._at(size, _out_of_turn(size, case, version, due))
        self._versions[stream] = due
        self._frontier = self._frontier.extended(self._digest, own)
        self._size, self._root, self._recorded_at = size, self._frontier.root(self._digest), time
        if self._root != root:
            return self._bad(size, "树根与封存不符", "its root does not match its seal")
        return self._refused(self._anchored.passed(size, self._root))

    def end(self, head: StoredHead, counts_agree: Callable[[], bool]) -> Verification | None:
        """Compare with the head, and with what anchors say of facts that are not there; return what is wrong."""
        last = head.sequence
        if self._size != last:
            return self._bad(self._size + 1, *_MISSING)
        if self._frontier.to_bytes() != head.frontier or self._recorded_at != head.recorded_at.encode():
            return self._bad(max(last, 1), "与账首记录不符", "it does not match the head of the ledger")
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
        return self._at(sequence, reason)

    def _at(self, sequence: int, reason: Reason) -> Verification:
        return Verification(ok=False, facts=self._size, root=self._root, first_bad=sequence, reason=reason)

    def _refused(self, fault: AnchorFault | None) -> Verification | None:
        if fault is None:
            return None
        return self._at(fault.first_bad, fault.reason)


_MISSING: Final = ("缺失", "missing")
_CHANGED: Final = ("内容与封存不符", "its content does not match its seal")


def _not_as_recorded(sequence: int) -> Reason:
    return Reason(
        "ledger.not_as_recorded",
        f"第 {sequence} 号事实与封存相符，但其正文所述的区县、案卷、类型、编号、序号或时间与账册所存的不同，"
        "本系统从不这样入账：有人直接写过表并自行封存；请保全现场，并与见证及备份核对。",
        f"Fact {sequence} is as it was sealed, but its text says another district, case, type, id, number or time than "
        "stands beside it, which recording never writes: somebody wrote to the tables and sealed it himself. Preserve "
        "it and compare with witness and backups.",
    )


def _back_dated(sequence: int) -> Reason:
    return Reason(
        "ledger.back_dated",
        f"第 {sequence} 号事实与封存相符，但其入账时间早于前一号，本系统从不这样入账：有人倒填入账时间并自行封存；"
        "在此之后问某日所知，答案不可信；请保全现场，并与见证及备份核对。",
        f"Fact {sequence} is as it was sealed, but recorded before the fact before it, which recording never writes: "
        "somebody back-dated it and sealed it himself. What was known on a day cannot be told from here on. Preserve "
        "it and compare with witness and backups.",
    )


def _out_of_turn(sequence: int, case: str, version: object, due: int) -> Reason:
    return Reason(
        "ledger.case_out_of_turn",
        f"第 {sequence} 号事实与封存相符，但它是案卷 {case} 的第 {version} 条，而此处应为第 {due} 条，"
        "本系统从不这样入账：有人从该案卷删去、重复或调换过事实并自行封存；请保全现场，并与见证及备份核对。",
        f"Fact {sequence} is as it was sealed, but number {version} of the case {case} where number {due} is due, "
        "which recording never writes: somebody removed, repeated or moved facts of the case and sealed them himself. "
        "Preserve it and compare with witness and backups.",
    )
