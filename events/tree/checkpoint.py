"""Checkpoints (c2sp.org/tlog-checkpoint): how large a district's tree was, and its root, as the text of a signed note.

    ORIGIN        names the installation and the district: `office.example/xinzhou`, of an sm3 ledger `…/xinzhou/sm3`
    SIZE          how many facts, in decimal figures
    ROOT          base64

The origin tells the hash, since the form has no other place for it.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from typing import Final

from msgspec import Struct

from events.tree.sealing import Algorithm, hash_function
from events.tree.signed_note import NoteError, SignedNote, SigningKey, VerifierKey, is_key_name, read_note, signed_at

_SM3: Final = "/sm3"
_FORM: Final = re.compile(r"([^\n]+)\n(0|[1-9][0-9]{0,18})\n([A-Za-z0-9+/]{43}=)\n((?:[^\n]+\n)*)")


class Checkpoint(Struct, frozen=True):
    """The state of a tree at a size; `extensions` are further lines, of which nothing is said here."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def algorithm(self) -> Algorithm:
        """The hash that the tree is made with."""
        return "sm3" if self.origin.endswith(_SM3) else "sha256"

    def text(self) -> str:
        """Return the text that is signed."""
        lines = (self.origin, str(self.size), b64encode(self.root).decode(), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


def origin_of(installation: str, district: str, algorithm: Algorithm) -> str:
    """Return the origin of a district's tree; raise NoteError for a name that cannot stand in it."""
    origin = f"{installation}/{district}" + (_SM3 if algorithm == "sm3" else "")
    if not is_key_name(origin):
        raise NoteError(
            "checkpoint.bad_origin",
            f"{installation!r} 不能用作本系统的名称（不可有空白和加号），无法签署检查点；请改 TAIZHANG_INSTALLATION。",
            f"{installation!r} cannot name this installation (no blanks, no plus sign), so no checkpoint can be "
            "signed; change TAIZHANG_INSTALLATION.",
        )
    return origin


def checkpoint_of(note: SignedNote) -> Checkpoint:
    """Read the text of a note as a checkpoint, whoever signed it; raise NoteError."""
    found = _FORM.fullmatch(note.text)
    if found is None:
        raise NoteError(
            "checkpoint.malformed",
            "签名的内容不是检查点（应为 来源、大小、树根 三行），无从核对；请原样给出整个文件。",
            "What was signed is no checkpoint (lines for origin, size and root), so nothing can be checked; give the "
            "whole file as it was issued.",
        )
    origin, size, root, rest = found.groups()
    checkpoint = Checkpoint(origin, int(size), b64decode(root), tuple(rest.split("\n")[:-1]))
    if checkpoint.text() != note.text:
        raise NoteError(
            "checkpoint.malformed",
            "检查点的树根写法不对，无从核对；请原样给出整个文件。",
            "The root of the checkpoint is not written as it should be; give the whole file as it was issued.",
        )
    if not checkpoint.size and checkpoint.root != hash_function(checkpoint.algorithm)(b""):
        raise NoteError(
            "checkpoint.empty_tree",
            "空账册的检查点树根不对，不可采信。",
            "The root of a checkpoint over no facts is wrong; do not rely on it.",
        )
    return checkpoint


def signed_checkpoint(checkpoint: Checkpoint, key: SigningKey) -> SignedNote:
    """Return a checkpoint signed by the ledger's key."""
    text = checkpoint.text()
    return SignedNote(text, (key.sign(text),))


def believed_checkpoint(given: bytes, key: VerifierKey) -> tuple[Checkpoint, SignedNote]:
    """Read a checkpoint and check the signature of the ledger's key; raise NoteError when it is not there or wrong."""
    note = read_note(given)
    checkpoint = checkpoint_of(note)
    if signed_at(note, key) is None or key.name != checkpoint.origin:
        raise NoteError(
            "checkpoint.other_key",
            f"检查点 {checkpoint.origin} 没有公钥 {key.to_text()} 的签名，不可采信；请核对公钥与文件。",
            f"The checkpoint of {checkpoint.origin} is not signed by the key {key.to_text()}, so it cannot be relied "
            "on; check key and file.",
        )
    return checkpoint, note
