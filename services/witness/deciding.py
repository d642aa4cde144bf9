"""What the witness signs: only a tree that begins with the one it signed last; else it says why not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from events.tree.checkpoint import Checkpoint, checkpoint_of
from events.tree.proofs import is_consistent
from events.tree.sealing import hash_function
from events.tree.signed_note import NoteError, SignedNote, VerifierKey, signed_at
from events.tree.witness_request import WitnessRequest

CONTRADICTIONS: Final = frozenset({"witness.other_root", "witness.not_consistent", "witness.smaller"})
"""Refusals of what the ledger itself signed: two checkpoints that exclude each other are evidence, to be preserved."""


def believed(note: SignedNote, trusted: Mapping[str, VerifierKey]) -> Checkpoint:
    """Return the checkpoint of a note that a trusted ledger signed; raise NoteError."""
    checkpoint = checkpoint_of(note)
    key = trusted.get(checkpoint.origin)
    if key is None:
        raise NoteError(
            "witness.unknown_ledger",
            f"没有登记 {checkpoint.origin} 的公钥，不予签署；核实后用 trust 登记。",
            f"No key of {checkpoint.origin} is trusted, so nothing is signed; make sure of it and add it by `trust`.",
        )
    if signed_at(note, key) is None:
        raise NoteError(
            "witness.not_signed_by_ledger",
            f"检查点没有 {checkpoint.origin} 登记公钥的签名，不予签署；可能是他人伪造，或账册换了密钥，请向对方核实。",
            f"The checkpoint is not signed by the trusted key of {checkpoint.origin}, so nothing is signed: it is "
            "forged, or the ledger has another key now. Ask them.",
        )
    return checkpoint


def refuse_contradiction(request: WitnessRequest, new: Checkpoint, last: Checkpoint | None) -> None:
    """Raise NoteError unless the new tree begins with the last one that was signed."""
    seen = 0 if last is None else last.size
    if last is not None and new.size < last.size:
        raise _refused(
            "witness.smaller",
            f"上次见证时有 {last.size} 号事实，送来的检查点只有 {new.size} 号：尾部被截去，或恢复的是旧账册",
            f"{last.size} facts were witnessed and the checkpoint has {new.size}: its tail was cut, or an old copy "
            "restored",
        )
    if last is not None and new.size == last.size and new.root != last.root:
        raise _refused(
            "witness.other_root",
            f"同为 {new.size} 号事实，树根与上次见证的不同：账册被改动并重新封存",
            f"The root of {new.size} facts is not the one that was witnessed: the ledger was changed and sealed anew",
        )
    if request.old != seen:
        raise NoteError(
            "witness.other_size",
            f"证明从第 {request.old} 号起，而上次见证到第 {seen} 号，不予签署；"
            f"请给出从 {seen} 起的证明（--since {seen}）。",
            f"The proof begins at {request.old} and {seen} facts were witnessed, so nothing is signed; give one from "
            f"{seen} (--since {seen}).",
        )
    digest = hash_function(new.algorithm)
    old = (0, digest(b"")) if last is None else (last.size, last.root)
    if not is_consistent(digest, old, (new.size, new.root), request.proof):
        raise _refused(
            "witness.not_consistent",
            f"不能证明现在的 {new.size} 号事实以上次见证的 {seen} 号事实开头：前 {seen} 号中有改动，或证明不是原样",
            f"It is not proved that the {new.size} facts begin with the {seen} that were witnessed: something among "
            "these was changed, or the proof is not as issued",
        )


def _refused(code: str, zh: str, en: str) -> NoteError:
    return NoteError(
        code,
        f"{zh}；不予签署。请保全双方的检查点和账册，并报告。",
        f"{en}; nothing is signed. Preserve both checkpoints and the ledger, and report it.",
    )
