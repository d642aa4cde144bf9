"""A proof as it stands in a text file: after its own first lines a hash a line in base64, an empty line, a signed note.

The form of C2SP's tlog-proof and tlog-witness alike.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from typing import TYPE_CHECKING, Final

from events.tree.proofs import HASH_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from events.tree.proofs import Proof
    from events.tree.signed_note import SignedNote

_MOST_DIGITS: Final = 19


def written(first: Iterable[str], proof: Proof, note: SignedNote) -> bytes:
    """Return the file with these first lines."""
    lines = (*first, *(b64encode(one).decode() for one in proof))
    return "".join(f"{line}\n" for line in lines).encode() + b"\n" + note.to_bytes()


def number_of(text: str) -> int | None:
    """Read a whole number written in the one way there is; None for anything else."""
    is_number = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS and str(int(text)) == text
    return int(text) if is_number else None


def hash_of(line: str) -> bytes | None:
    """Read a hash; None for what is none."""
    try:
        decoded = b64decode(line, validate=True)
    except (NotBase64, ValueError):
        return None
    return decoded if len(decoded) == HASH_BYTES else None
