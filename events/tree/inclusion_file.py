"""Proof that a fact is in a checkpointed tree, as one text file for use without the ledger (c2sp.org/tlog-proof)."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from events.tree.checkpoint import Checkpoint, checkpoint_of
from events.tree.proof_lines import hash_of, number_of, written
from events.tree.proofs import LONGEST_PROOF, Proof, is_included
from events.tree.sealing import hash_function
from events.tree.signed_note import NoteError, SignedNote, read_note

_FIRST: Final = "c2sp.org/tlog-proof@v1"
_EXTRA: Final = "extra "
_INDEX: Final = "index "


class InclusionFile(Struct, frozen=True):
    """The place of a fact in the tree, the hashes that lead to the root, and the checkpoint with that root."""

    sequence: int
    proof: Proof
    note: SignedNote

    def to_bytes(self) -> bytes:
        """Return the file as it is written; its index counts from 0."""
        return written((_FIRST, f"{_INDEX}{self.sequence - 1}"), self.proof, self.note)

    def proves(self, leaf: bytes) -> bool:
        """Tell whether the leaf is in the tree of the checkpoint; who signed that is a question of its own."""
        checkpoint = self.checkpoint()
        digest = hash_function(checkpoint.algorithm)
        return is_included(digest, self.sequence - 1, checkpoint.size, checkpoint.root, leaf, self.proof)

    def checkpoint(self) -> Checkpoint:
        """Return the checkpoint; raise NoteError when the note holds none."""
        return checkpoint_of(self.note)


def read_inclusion(given: bytes) -> InclusionFile:
    """Read such a file without believing it; raise NoteError for what has no such form."""
    head, gap, note = given.partition(b"\n\n")
    lines = head.decode(errors="replace").split("\n")
    if not gap or lines.pop(0) != _FIRST:
        raise _bad(_FIRST)
    if lines and lines[0].startswith(_EXTRA):
        lines.pop(0)
    index = number_of(lines.pop(0).removeprefix(_INDEX)) if lines and lines[0].startswith(_INDEX) else None
    if index is None or len(lines) > LONGEST_PROOF:
        raise _bad("index")
    return InclusionFile(index + 1, tuple(_hash(line) for line in lines), read_note(note))


def _hash(line: str) -> bytes:
    if (found := hash_of(line)) is None:
        raise _bad(line[:80])
    return found


def _bad(what: str) -> NoteError:
    return NoteError(
        "inclusion.malformed",
        f"这不是收录证明（{what}），无从核对；请原样给出整个文件。",
        f"This is no proof of inclusion ({what}), so nothing can be checked; give the whole file as it was issued.",
    )
