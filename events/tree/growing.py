"""The tree of RFC 6962 growing by many leaves at once, with its root after each, for where ten million are hashed."""

from __future__ import annotations

from collections.abc import Sequence

from events.tree.sealing import NODE, Frontier, HashStart, hash_each


def grown(start: HashStart, frontier: Frontier, leaves: Sequence[bytes]) -> tuple[list[bytes], Frontier]:
    """Return the root after each of some more leaves, and the frontier after all of them.

    They are taken in blocks that are subtrees of the whole, since of these every level is hashed in one go.
    """
    roots: list[bytes] = []
    while len(roots) < len(leaves):
        length = _width_of_next(frontier.size, len(leaves) - len(roots))
        within = _roots_within(start, leaves[len(roots) : len(roots) + length])
        roots += _roots_after(start, frontier, within)
        frontier = _joined(start, frontier, length, within[-1])
    return roots, frontier


def extended(start: HashStart, frontier: Frontier, leaves: Sequence[bytes]) -> Frontier:
    """Return the frontier after some more leaves, whose roots nobody asks for."""
    taken = 0
    while taken < len(leaves):
        length = _width_of_next(frontier.size, len(leaves) - taken)
        level = leaves[taken : taken + length]
        while len(level) > 1:
            level = hash_each(start(NODE), [left + right for left, right in zip(level[::2], level[1::2], strict=True)])
        frontier = _joined(start, frontier, length, level[0])
        taken += length
    return frontier


def _width_of_next(size: int, more: int) -> int:
    """Return how wide the next full subtree may be: a power of two of which what is there is a multiple."""
    widest = 1 << (more.bit_length() - 1)
    return min(widest, size & -size) if size else widest


def _roots_within(start: HashStart, leaves: Sequence[bytes]) -> list[bytes]:
    """Return the root after each leaf of a full tree.

    Of two neighbouring subtrees of one width, the roots after each leaf of the right one go up with the root of the
    left one. What is hashed in one go is a right subtree where these are wide, else the first leaves of all of them,
    then their second leaves, and so on.
    """
    roots = list(leaves)
    size, width = len(roots), 1
    while width < size:
        if 2 * width * width < size:
            for offset in range(width, 2 * width):
                pairs = zip(roots[width - 1 :: 2 * width], roots[offset :: 2 * width], strict=True)
                roots[offset :: 2 * width] = hash_each(start(NODE), [left + right for left, right in pairs])
        else:
            for middle in range(width, size, 2 * width):
                right = slice(middle, middle + width)
                roots[right] = hash_each(start(NODE + roots[middle - 1]), roots[right])
        width *= 2
    return roots


def _roots_after(start: HashStart, frontier: Frontier, roots: list[bytes]) -> list[bytes]:
    """Return the roots of the whole tree, of those of a subtree that grows behind a frontier."""
    for left in reversed(frontier.hashes):
        roots = hash_each(start(NODE + left), roots)
    return roots


def _joined(start: HashStart, frontier: Frontier, length: int, root: bytes) -> Frontier:
    """Return a frontier with one more full subtree, no wider than its narrowest."""
    hashes = list(frontier.hashes)
    full = frontier.size // length
    while full & 1:
        root = start(NODE + hashes.pop() + root).digest()
        full >>= 1
    return Frontier(frontier.size + length, (*hashes, root))
