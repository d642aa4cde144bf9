"""Receipts given out at recording, proved against a later checkpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.ledger.errors import LedgerError
from events.ledger.proofs import inclusion_proof
from events.tree.checkpoint import checkpoint_of
from events.tree.inclusion_file import InclusionFile
from events.tree.signed_note import NoteError

if TYPE_CHECKING:
    from events.ledger.port import LedgerReader
    from events.tree.signed_note import SignedNote


def proof_of_receipt(ledger: LedgerReader, district: str, sequence: int, note: SignedNote) -> InclusionFile:
    """Prove a fact of the ledger in the tree of a checkpoint; raise NoteError when it is not in it."""
    checkpoint = checkpoint_of(note)
    if not 1 <= sequence <= checkpoint.size:
        raise NoteError(
            "receipt.not_covered",
            f"检查点只到第 {checkpoint.size} 号事实，不含第 {sequence} 号；请用更晚的检查点（taizhang checkpoint）。",
            f"The checkpoint has {checkpoint.size} facts, and {sequence} is not among them; take a later one (taizhang "
            "checkpoint).",
        )
    sealed = ledger.receipts(district, [sequence])
    try:
        proof = InclusionFile(sequence, inclusion_proof(ledger, district, sequence, checkpoint.size), note)
    except (ValueError, LedgerError):
        proof = None
    if not sealed or proof is None or not proof.proves(sealed[0].leaf):
        raise NoteError(
            "receipt.not_proved",
            f"账册现有的内容不能证明第 {sequence} 号事实在检查点的树中：账册与检查点不符；"
            "请保全现场并运行 taizhang verify。",
            f"What the ledger holds does not prove fact {sequence} in the tree of the checkpoint: they do not fit. "
            "Preserve both and run taizhang verify.",
        )
    return proof


def check_receipt(proof: InclusionFile, sequence: int, leaf: bytes) -> None:
    """Compare a receipt with a proof; raise NoteError when the fact of the receipt is not the one that is proved."""
    if proof.sequence != sequence or not proof.proves(leaf):
        raise NoteError(
            "receipt.contradicted",
            f"回执（第 {sequence} 号）与检查点的树不符：入账后账册被改动，或回执不是原样；请保全回执与检查点。",
            f"The receipt (fact {sequence}) is not in the tree of the checkpoint: the ledger was changed after it was "
            "given, or the receipt is not as given. Preserve both.",
        )
