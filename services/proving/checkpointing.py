"""Signing a checkpoint of a district: only of a ledger that still begins with what was signed before."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from events.tree.checkpoint import Checkpoint, believed_checkpoint, origin_of, signed_checkpoint
from events.tree.signed_note import NoteError, SigningKey
from events.tree.signing_key_file import make_signing_key, read_signing_key
from services.proving.checkpoint_folder import CHECKPOINTS, CheckpointFolder

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from events.ledger.port import Head, LedgerReader
    from events.tree.signed_note import SignedNote, VerifierKey

KEY_FILE: Final = "checkpoint.key"


def signing_key(data: Path) -> Ed25519PrivateKey:
    """Return the key of the data folder; made when nothing was ever signed there. Raise NoteError, OSError."""
    path = data / KEY_FILE
    if not path.exists() and not any((data / CHECKPOINTS).glob("*/*.checkpoint")):
        try:
            return make_signing_key(path)
        except NoteError:
            return read_signing_key(path)
    return read_signing_key(path)


def verifier_key(data: Path, installation: str, head: Head) -> VerifierKey:
    """Return the public key under which the checkpoints of a district are signed; raise NoteError, OSError."""
    return _key(data, installation, head).verifier


def make_checkpoint(ledger: LedgerReader, district: str, data: Path, installation: str) -> SignedNote:
    """Sign how the district's tree stands and keep it; the last one again when nothing was recorded since.

    Raise NoteError when there is nothing to sign, or when the ledger does not begin with the last signed tree: what was
    signed once is never contradicted.
    """
    head = ledger.head(district)
    if not head.sequence:
        raise NoteError(
            "checkpoint.nothing_recorded",
            f"{district} 还没有入账的事实，无可签署；请检查区县名称与 TAIZHANG_DATA。",
            f"Nothing is recorded of {district}, so there is nothing to sign; check the district and TAIZHANG_DATA.",
        )
    key = _key(data, installation, head)
    folder = CheckpointFolder(data, district)
    last = folder.latest()
    if last is not None:
        before, _ = believed_checkpoint(last.to_bytes(), key.verifier)
        _refuse_contradiction(ledger, head, before)
        if before.size == head.sequence:
            return last
    note = folder.keep(signed_checkpoint(Checkpoint(key.verifier.name, head.sequence, head.root), key))
    folder.file_public_key(key.verifier)
    return note


def _key(data: Path, installation: str, head: Head) -> SigningKey:
    return SigningKey(origin_of(installation, head.district, head.algorithm), signing_key(data))


def _refuse_contradiction(ledger: LedgerReader, head: Head, before: Checkpoint) -> None:
    if before.size > head.sequence:
        raise NoteError(
            "checkpoint.ledger_shorter",
            f"上次签署时有 {before.size} 号事实，现在只到 {head.sequence} 号，因此不签署：尾部被截去，"
            "或恢复的是旧账册；请保全现场并核验。",
            f"The last checkpoint has {before.size} facts and the ledger {head.sequence}, so none is signed: its tail "
            "was cut, or an old copy restored. Preserve it and verify.",
        )
    sealed = ledger.receipts(head.district, [before.size])
    if not sealed or sealed[0].root != before.root:
        raise NoteError(
            "checkpoint.ledger_forked",
            f"账册前 {before.size} 号事实的树根与上次签署的不同，因此不签署：账册被改动；"
            "请保全现场并运行 taizhang verify。",
            f"The root of the first {before.size} facts is not the one that was signed, so none is signed: the ledger "
            "was changed. Preserve it and run taizhang verify.",
        )
