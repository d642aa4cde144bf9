"""One cosignature: read the request, decide, keep what was signed, and only then hand the signature out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from events.tree.checkpoint import checkpoint_of
from events.tree.signed_note import NoteError, SignedNote
from services.witness.deciding import CONTRADICTIONS, believed, refuse_contradiction

if TYPE_CHECKING:
    from events.tree.checkpoint import Checkpoint
    from events.tree.witness_request import WitnessRequest
    from services.witness.folder import WitnessFolder

Leaves = Callable[[int, int], Iterable[bytes]]
"""Gives the leaves that the ledger now has, from one index up to another."""


class RefusedError(NoteError):
    """A checkpoint that the witness does not sign; `first_bad` is the first changed fact, None where it cannot tell."""

    def __init__(self, why: NoteError, first_bad: int | None) -> None:
        named_zh = "" if first_bad is None else f"第一个不符的事实是第 {first_bad} 号。"
        named_en = "" if first_bad is None else f" The first fact that differs is {first_bad}."
        super().__init__(why.code, f"{why.zh}{named_zh}", f"{why.en}{named_en}")
        self.first_bad = first_bad


def cosign(
    folder: WitnessFolder, request: WitnessRequest, second: Callable[[], int], leaves: Leaves | None = None
) -> SignedNote:
    """Cosign a checkpoint and return it with the signature; raise RefusedError saying why not, NoteError, OSError.

    `second` tells the time in seconds since 1970. With `leaves` a copy of them is kept, and the first changed fact is
    named. What a ledger signed against its own word is preserved as evidence.
    """
    key = folder.key()
    with folder.alone():
        checkpoint = believed(request.note, folder.trusted())
        last = last_seen(folder, checkpoint.origin)
        try:
            refuse_contradiction(request, checkpoint, last)
            if leaves is not None:
                _copy(folder, checkpoint, last, leaves)
        except NoteError as error:
            if error.code not in CONTRADICTIONS:
                raise
            folder.preserve(checkpoint.origin, checkpoint.size, request.note)
            raise RefusedError(error, _first_bad(folder, checkpoint, last, leaves)) from None
        note = request.note.with_signature(key.cosign(request.note.text, second()))
        folder.see(checkpoint.origin, note)
    return note


def last_seen(folder: WitnessFolder, origin: str) -> Checkpoint | None:
    """Return the last tree that was signed of a ledger, None for none."""
    seen = folder.seen(origin)
    return None if seen is None else checkpoint_of(seen)


def _copy(folder: WitnessFolder, new: Checkpoint, last: Checkpoint | None, leaves: Leaves) -> None:
    """Keep the leaves up to the new tree; raise NoteError when they are not those of it."""
    copy = folder.leaves(new.origin)
    old = 0 if last is None or not copy.begins(last) else last.size
    if not copy.extend(old, new, leaves(old, new.size)):
        raise NoteError(
            "witness.leaves_do_not_fit",
            "送来的叶与检查点的树根不符，不予签署；账册的叶可能被改动，或文件不是同时取出，请重新取出后再试。",
            "The leaves do not lead to the root of the checkpoint, so nothing is signed: leaves of the ledger were "
            "changed, or the files were not taken together. Take them anew.",
        )


def _first_bad(folder: WitnessFolder, new: Checkpoint, last: Checkpoint | None, leaves: Leaves | None) -> int | None:
    if last is None:
        return None
    copy = folder.leaves(new.origin)
    if leaves is not None and copy.begins(last):
        return copy.first_difference(last.size, leaves(0, min(new.size, last.size)))
    return new.size + 1 if new.size < last.size else None
