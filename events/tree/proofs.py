"""Proofs over the tree of RFC 6962: that a fact is in it, and that a larger tree begins with a smaller one.

The tree is the one of `events.tree.sealing`, with the hash of the ledger (sha256 or sm3). Indexes count leaves from 0,
so the fact of sequence s has index s - 1. A proof is a list of hashes, in the order of RFC 6962, sections 2.1.1 and
2.1.2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from events.tree.sealing import Frontier, HashFunction, node_hash

Range = tuple[int, int]
"""Leaves from the first index up to, not including, the second."""
Leaves = Callable[[int, int], Iterable[bytes]]
"""Gives the leaf hashes of a range, in order."""
Proof = tuple[bytes, ...]

HASH_BYTES: Final = 32
"""The length of a hash, of sha256 as of sm3."""
LONGEST_PROOF: Final = 64
"""Hashes that a proof over any tree of fewer than 2^63 leaves can have."""


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """Return the subtrees whose roots prove a leaf, its sibling first; raise ValueError for a leaf outside the tree."""
    if not 0 <= index < size:
        raise ValueError(index, size)
    found: list[Range] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _left_size(end - start)
        if index < middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start = middle
    return found[::-1]


def consistency_ranges(old: int, new: int) -> list[Range]:
    """Return the subtrees whose roots prove that a tree begins with an older one; raise ValueError when it cannot."""
    if not 0 <= old <= new:
        raise ValueError(old, new)
    if old in {0, new}:
        return []
    found: list[Range] = []
    start, end = 0, new
    while old != end:
        middle = start + _left_size(end - start)
        if old <= middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start = middle
    if start:
        found.append((start, end))
    return found[::-1]


def roots_of(digest: HashFunction, ranges: Sequence[Range], leaves: Leaves) -> Proof:
    """Return the roots of subtrees, computed from their leaves; raise ValueError when there are too few of those."""
    return tuple(_root_of(digest, one, leaves) for one in ranges)


def inclusion_root(digest: HashFunction, index: int, size: int, leaf: bytes, proof: Sequence[bytes]) -> bytes | None:
    """Return the root that a proof leads to from a leaf; None for a proof that has no such form (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return None
    place, last, root = index, size - 1, leaf
    for one in proof:
        if last == 0 or len(one) != HASH_BYTES:
            return None
        if place & 1 or place == last:
            root = node_hash(digest, one, root)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            root = node_hash(digest, root, one)
        place, last = place >> 1, last >> 1
    return root if last == 0 else None


def is_included(digest: HashFunction, index: int, size: int, root: bytes, leaf: bytes, proof: Sequence[bytes]) -> bool:
    """Tell whether a leaf stands at an index of the tree of `size` leaves with this root."""
    return inclusion_root(digest, index, size, leaf, proof) == root


def is_consistent(digest: HashFunction, old: tuple[int, bytes], new: tuple[int, bytes], proof: Sequence[bytes]) -> bool:
    """Tell whether the tree `new` begins with the tree `old`, each given by size and root (RFC 9162, 2.1.4.2)."""
    (old_size, old_root), (new_size, new_root) = old, new
    if not 0 <= old_size <= new_size:
        return False
    if old_size == new_size:
        return not proof and old_root == new_root
    if old_size == 0:
        return not proof and old_root == digest(b"")
    return _roots_through(digest, old_size, new_size, (old_root, *proof) if _is_full(old_size) else proof) == (
        old_root,
        new_root,
    )


def _roots_through(digest: HashFunction, old: int, new: int, path: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """Return the roots of the older and the newer tree as a proof has them; None for one that has no such form."""
    if not path or any(len(one) != HASH_BYTES for one in path):
        return None
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old_root = new_root = path[0]
    for one in path[1:]:
        if last == 0:
            return None
        if place & 1 or place == last:
            old_root, new_root = node_hash(digest, one, old_root), node_hash(digest, one, new_root)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            new_root = node_hash(digest, new_root, one)
        place, last = place >> 1, last >> 1
    return (old_root, new_root) if last == 0 else None


def _root_of(digest: HashFunction, wanted: Range, leaves: Leaves) -> bytes:
    start, end = wanted
    frontier = Frontier()
    for leaf in leaves(start, end):
        frontier = frontier.extended(digest, leaf)
    if frontier.size != end - start:
        raise ValueError(wanted, frontier.size)
    return frontier.root(digest)


def _left_size(size: int) -> int:
    """Return the largest power of two below a size of at least 2."""
    return 1 << ((size - 1).bit_length() - 1)


def _is_full(size: int) -> bool:
    return size & (size - 1) == 0
