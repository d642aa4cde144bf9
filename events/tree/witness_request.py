"""What a witness is asked: a checkpoint, and the proof that it grew from an older one (c2sp.org/tlog-witness).

old SIZE
base64 of a hash, for each of the consistency proof
(an empty line)
the signed checkpoint
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from events.tree.proof_lines import hash_of, number_of, written
from events.tree.proofs import LONGEST_PROOF, Proof
from events.tree.signed_note import NoteError, SignedNote, read_note

_OLD: Final = "old "


class WitnessRequest(Struct, frozen=True):
    """The size of the older tree (0: none), the hashes of the proof, and the signed checkpoint."""

    old: int
    proof: Proof
    note: SignedNote

    def to_bytes(self) -> bytes:
        """Return the request as it is sent."""
        return written((f"{_OLD}{self.old}",), self.proof, self.note)


def read_request(given: bytes) -> WitnessRequest:
    """Read a request without believing it; raise NoteError for what has no such form."""
    head, gap, note = given.partition(b"\n\n")
    first, *hashes = head.decode(errors="replace").split("\n")
    size = number_of(first.removeprefix(_OLD))
    if not gap or not first.startswith(_OLD) or size is None or len(hashes) > LONGEST_PROOF:
        raise _bad(first[:80])
    return WitnessRequest(size, tuple(read_hash(line) for line in hashes), read_note(note))


def read_hash(line: str) -> bytes:
    """Read a hash in base64; raise NoteError."""
    if (found := hash_of(line)) is None:
        raise _bad(line[:80])
    return found


def _bad(what: str) -> NoteError:
    return NoteError(
        "proof.malformed",
        f"这不是证明（{what}），无从核对；请原样给出整个文件。",
        f"This is no proof ({what}), so nothing can be checked; give the whole file as it was issued.",
    )
