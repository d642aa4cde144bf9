"""The inclusion proofs of many facts of one tree, from its leaves in one pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from events.tree.proofs import Proof, Range, inclusion_ranges
from events.tree.sealing import Frontier, HashFunction, node_hash


def inclusion_proofs(
    digest: HashFunction, size: int, sequences: Sequence[int], leaves: Iterator[bytes]
) -> tuple[bytes, dict[int, Proof]]:
    """Return the root of a tree and the inclusion proof of each sequence; raise ValueError when leaves are missing."""
    paths = {sequence: inclusion_ranges(sequence - 1, size) for sequence in sequences}
    wanted = {one for path in paths.values() for one in path}
    split = {(0, size)} | {around for one in wanted for around in _around(one, size)}
    roots: dict[Range, bytes] = {}
    root = _root(digest, (0, size), split, (wanted, roots), leaves) if size else digest(b"")
    return root, {sequence: tuple(roots[one] for one in path) for sequence, path in paths.items()}


def _around(wanted: Range, size: int) -> Iterator[Range]:
    """Give the subtrees that hold a subtree, itself left out."""
    start, end = 0, size
    while (start, end) != wanted:
        yield start, end
        middle = start + _left_size(end - start)
        start, end = (start, middle) if wanted[0] < middle else (middle, end)


def _root(
    digest: HashFunction,
    place: Range,
    split: set[Range],
    keeping: tuple[set[Range], dict[Range, bytes]],
    leaves: Iterator[bytes],
) -> bytes:
    """Return the root of a subtree and keep what is wanted; leaves are taken in their order, each once."""
    start, end = place
    if end - start > 1 and place in split:
        middle = start + _left_size(end - start)
        left = _root(digest, (start, middle), split, keeping, leaves)
        root = node_hash(digest, left, _root(digest, (middle, end), split, keeping, leaves))
    else:
        frontier = Frontier()
        while frontier.size < end - start:
            leaf = next(leaves, None)
            if leaf is None:
                raise ValueError(place)
            frontier = frontier.extended(digest, leaf)
        root = frontier.root(digest)
    wanted, roots = keeping
    if place in wanted:
        roots[place] = root
    return root


def _left_size(size: int) -> int:
    return 1 << ((size - 1).bit_length() - 1)
