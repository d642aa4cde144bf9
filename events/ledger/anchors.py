"""What somebody outside holds of a ledger, compared with the roots that a verification passes."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from events.ledger.errors import Reason
from events.ledger.port import Anchor


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
