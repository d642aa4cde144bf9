"""The tree hash of RFC 6962, section 2.1, as its text says it: recursive and slow."""

from __future__ import annotations

from collections.abc import Sequence

from events.tree.sealing import HashFunction


def tree_hash(digest: HashFunction, leaves: Sequence[bytes]) -> bytes:
    """Return the hash of a tree over leaf hashes."""
    if not leaves:
        return digest(b"")
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return digest(b"\x01" + tree_hash(digest, leaves[:half]) + tree_hash(digest, leaves[half:]))
