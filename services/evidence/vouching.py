"""What vouches for a package: the key of the ledger, and the checkpoints that were signed with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.tree.checkpoint import checkpoint_of
from services.evidence.wanted import Vouching
from services.proving.checkpoint_folder import CheckpointFolder
from services.proving.checkpointing import KEY_FILE, make_checkpoint, verifier_key

if TYPE_CHECKING:
    from pathlib import Path

    from events.ledger.port import LedgerReader
    from services.evidence.wanted import Wanted


def vouching(data: Path, installation: str, ledger: LedgerReader, wanted: Wanted) -> Vouching:
    """Return the key and the checkpoints of a range: those within it, and the first that covers it.

    The state of now is signed where none covers it yet, so that the same question gets the same answer from then on.
    In a folder that cannot be written there is what was signed before, or nothing. Raise NoteError when the ledger does
    not fit what was signed before.
    """
    folder = CheckpointFolder(data, wanted.district)
    sizes = folder.sizes()
    if not any(size >= wanted.last for size in sizes):
        try:
            made = make_checkpoint(ledger, wanted.district, data, installation)
        except OSError:
            if not (data / KEY_FILE).exists():
                return Vouching()
        else:
            sizes = sorted({*sizes, checkpoint_of(made).size})
    covering = next((size for size in sizes if size >= wanted.last), None)
    within = [size for size in sizes if wanted.first - 1 <= size < wanted.last]
    key = verifier_key(data, installation, ledger.head(wanted.district))
    chosen = [*within, *([] if covering is None else [covering])]
    notes = ((size, folder.find(size)) for size in chosen)
    return Vouching(
        origin=key.name,
        keys=(key.to_text(),),
        checkpoints=tuple((size, note.to_bytes()) for size, note in notes if note is not None),
    )
