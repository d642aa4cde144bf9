"""Verifying a whole ledger: every seal, every checkpoint that is kept beside it, and those that somebody else holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.ledger import quietly
from events.ledger_errors import Reason
from events.signed_note import NoteError
from services.proving.checkpoint_folder import CheckpointFolder
from services.proving.checkpointing import KEY_FILE, verifier_key
from services.proving.since import Held, held_checkpoint, read_checkpoint_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from events.ledger import LedgerReader, Verification
    from events.signed_note import VerifierKey


class DistrictVerified:
    """What verifying a district found; `held` are the checkpoints it was compared with, `fault` a bad one of them."""

    def __init__(self, found: Verification, held: Sequence[Held], fault: Reason | None) -> None:
        self.found = found
        self.held = tuple(held)
        self.reason = found.reason or fault
        self.ok = found.ok and fault is None


def verify_ledger(
    reader: LedgerReader,
    since: Sequence[Held],
    kept_in: Mapping[str, tuple[CheckpointFolder, VerifierKey]],
    progressed: Callable[[int], None] = quietly,
) -> dict[str, DistrictVerified]:
    """Verify every district that is recorded, or that a checkpoint speaks of."""
    districts = sorted({*reader.districts(), *(one.district for one in since)})
    found: dict[str, DistrictVerified] = {}
    for district in districts:
        held = [one for one in since if one.district == district]
        kept, fault = _kept(*kept_in[district]) if district in kept_in else ([], None)
        held += kept
        verified = reader.verify(district, [one.anchor() for one in held], progressed)
        found[district] = DistrictVerified(verified, held, fault)
    return found


def own_checkpoints(
    reader: LedgerReader, data: Path, installation: str
) -> dict[str, tuple[CheckpointFolder, VerifierKey]]:
    """Return where the checkpoints of each district are kept beside a ledger, with its key; empty without a key.

    Raise NoteError, OSError for a key that cannot be used.
    """
    if not (data / KEY_FILE).exists():
        return {}
    return {
        district: (CheckpointFolder(data, district), verifier_key(data, installation, reader.head(district)))
        for district in reader.districts()
    }


def _kept(folder: CheckpointFolder, key: VerifierKey) -> tuple[list[Held], Reason | None]:
    """Return the checkpoints of a folder whose signatures match, and what is wrong with the first that does not."""
    held: list[Held] = []
    fault = None
    for size in folder.sizes():
        path = folder.file_of(size)
        try:
            one = held_checkpoint(read_checkpoint_file(path), [key])
            if one.checkpoint.size != size:
                fault = fault or _misplaced(path)
            held.append(one)
        except NoteError as error:
            fault = fault or Reason(error.code, f"{path}：{error.zh}", f"{path}: {error.en}")
    return held, fault


def _misplaced(path: Path) -> Reason:
    return Reason(
        "checkpoint.misplaced",
        f"{path} 中是另一个大小的检查点，文件被换过；请保全现场，并与外部所存的检查点核对。",
        f"{path} holds a checkpoint of another size: the file was replaced. Preserve it and compare with what is kept "
        "outside.",
    )
