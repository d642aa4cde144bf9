"""The witness's copy of the leaves: they show nothing of what facts say, and name the first one that was changed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Final

from events.tree.checkpoint import Checkpoint
from events.tree.proofs import HASH_BYTES
from events.tree.sealing import Frontier, hash_function

_MANY: Final = 4_096


class LeafCopy:
    """A file of leaf hashes, one after the other; more of them may stand in it than were signed, after a crash."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def size(self) -> int:
        """Return how many leaves there are."""
        try:
            return self.path.stat().st_size // HASH_BYTES
        except FileNotFoundError:
            return 0

    def read(self, until: int) -> Iterator[bytes]:
        """Give the first leaves."""
        return read_leaves(self.path, until)

    def begins(self, checkpoint: Checkpoint) -> bool:
        """Tell whether the copy is of the tree of a checkpoint, as far as that goes."""
        return _root(checkpoint, self.read(checkpoint.size)) == checkpoint.root

    def extend(self, old: int, new: Checkpoint, leaves: Iterable[bytes]) -> bool:
        """Add the leaves that come after the first `old`; False, and nothing added, if they do not lead to the root."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("r+b" if self.path.exists() else "xb") as file:
            file.seek(old * HASH_BYTES)
            file.truncate()
            fits = _root(new, chain(self.read(old), _noted(leaves, file))) == new.root
            if not fits:
                file.seek(old * HASH_BYTES)
                file.truncate()
            file.flush()
            os.fsync(file.fileno())
        return fits

    def first_difference(self, until: int, leaves: Iterable[bytes]) -> int | None:
        """Return the number, from 1, of the first fact whose leaf differs or is missing; None if all are alike."""
        given = iter(leaves)
        for number, kept in enumerate(self.read(until), 1):
            if next(given, None) != kept:
                return number
        return None


def read_leaves(path: Path, until: int) -> Iterator[bytes]:
    """Give the first leaves of a file; none of one that is not there."""
    if not path.exists():
        return
    with path.open("rb") as file:
        left = until
        while left and (chunk := file.read(min(left, _MANY) * HASH_BYTES)):
            for start in range(0, len(chunk), HASH_BYTES):
                yield chunk[start : start + HASH_BYTES]
            left -= len(chunk) // HASH_BYTES


def _noted(leaves: Iterable[bytes], file: BinaryIO) -> Iterator[bytes]:
    for leaf in leaves:
        file.write(leaf)
        yield leaf


def _root(checkpoint: Checkpoint, leaves: Iterable[bytes]) -> bytes | None:
    """Return the root of leaves with the checkpoint's hash; None when they are not as many as it says."""
    digest = hash_function(checkpoint.algorithm)
    frontier = Frontier()
    for leaf in leaves:
        frontier = frontier.extended(digest, leaf)
    return frontier.root(digest) if frontier.size == checkpoint.size else None
