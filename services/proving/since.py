"""What a ledger is held against: checkpoints that somebody kept, with their signatures."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from events.ledger.port import Anchor
from events.moment import TIME_ZONE
from events.tree.checkpoint import checkpoint_of
from events.tree.signed_note import COSIGNATURE, LONGEST_NOTE, NoteError, VerifierKey, read_note, signed_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from events.tree.checkpoint import Checkpoint

_SM3: Final = "/sm3"


class Held(Struct, frozen=True, kw_only=True):
    """A checkpoint whose signatures were checked: the district, the tree, and who signed it when (None: no time)."""

    district: str
    checkpoint: Checkpoint
    signed_by: tuple[tuple[str, dt.datetime | None], ...]

    def anchor(self) -> Anchor:
        """Return what it says of the tree."""
        return Anchor(self.checkpoint.size, self.checkpoint.root)


def held_checkpoint(given: bytes, keys: Sequence[VerifierKey]) -> Held:
    """Read a checkpoint and check the signatures of the keys; raise NoteError unless each of these signed it.

    A key of a ledger signs only what has its name as origin.
    """
    note = read_note(given)
    checkpoint = checkpoint_of(note)
    signed: list[tuple[str, dt.datetime | None]] = []
    for key in keys:
        second = signed_at(note, key)
        if second is None or (key.kind != COSIGNATURE and key.name != checkpoint.origin):
            raise NoteError(
                "checkpoint.other_key",
                f"检查点 {checkpoint.origin} 没有公钥 {key.to_text()} 的签名，不可采信；请核对公钥与文件。",
                f"The checkpoint of {checkpoint.origin} is not signed by the key {key.to_text()}, so it cannot be "
                "relied on; check key and file.",
            )
        moment = dt.datetime.fromtimestamp(second, TIME_ZONE) if key.kind == COSIGNATURE else None
        signed.append((key.name, moment))
    district = checkpoint.origin.removesuffix(_SM3).rpartition("/")[2]
    return Held(district=district, checkpoint=checkpoint, signed_by=tuple(signed))


def read_checkpoint_file(path: Path) -> bytes:
    """Return the beginning of a file, no longer than a checkpoint can be; raise OSError."""
    with path.open("rb") as file:
        return file.read(LONGEST_NOTE + 1)


def read_key(given: str) -> VerifierKey:
    """Read a public key, given as its text or as a file that holds it; raise NoteError, OSError."""
    path = Path(given)
    if "+" not in given and path.is_file():
        return VerifierKey.from_text(path.read_text(encoding="utf-8", errors="replace"))
    return VerifierKey.from_text(given)
