"""The checkpoints of a district, kept in a folder: one file for each size, never another one in its place."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from events.tree.checkpoint import checkpoint_of
from events.tree.signed_note import LONGEST_NOTE, NoteError, SignedNote, VerifierKey, read_note
from services.written_whole import written_whole

CHECKPOINTS: Final = "checkpoints"
_ENDING: Final = ".checkpoint"
_PUBLIC_KEY: Final = "public-key"
_DIGITS: Final = 12


class CheckpointFolder:
    """The checkpoints of one district in the data folder."""

    def __init__(self, data: Path, district: str) -> None:
        self.path = data / CHECKPOINTS / district

    def sizes(self) -> list[int]:
        """Return the sizes of the trees that there are checkpoints of, from small to large."""
        return sorted(int(path.stem) for path in self.path.glob(f"*{_ENDING}") if path.stem.isdecimal())

    def file_of(self, size: int) -> Path:
        """Return the file of a size, whether it is there or not."""
        return self.path / f"{size:0{_DIGITS}d}{_ENDING}"

    def find(self, size: int) -> SignedNote | None:
        """Return the checkpoint of a size, None when there is none; raise NoteError for a file that holds no note."""
        try:
            with self.file_of(size).open("rb") as file:
                return read_note(file.read(LONGEST_NOTE + 1))
        except FileNotFoundError:
            return None

    def public_key(self) -> VerifierKey | None:
        """Return the key that signed, as it was filed beside the checkpoints; None when none was. Raise NoteError."""
        try:
            return VerifierKey.from_text((self.path / _PUBLIC_KEY).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None

    def file_public_key(self, key: VerifierKey) -> None:
        """File the key that signs beside the checkpoints, for those who may not read the private one."""
        if self.public_key() != key:
            self.path.mkdir(parents=True, exist_ok=True)
            with written_whole(self.path / _PUBLIC_KEY, replace=True) as file:
                file.write(f"{key.to_text()}\n".encode())

    def latest(self) -> SignedNote | None:
        """Return the checkpoint of the largest tree, None when there is none yet; raise NoteError as above."""
        sizes = self.sizes()
        return self.find(sizes[-1]) if sizes else None

    def keep(self, note: SignedNote) -> SignedNote:
        """Keep a checkpoint, or add its signatures to the one of its size; raise NoteError when that says otherwise."""
        size = checkpoint_of(note).size
        kept = self.find(size)
        if kept is not None and kept.text != note.text:
            raise NoteError(
                "checkpoint.two_trees",
                f"{self.file_of(size)} 已是另一棵树的检查点，不可替换；账册或检查点被改动过，请保全现场并核验。",
                f"{self.file_of(size)} is a checkpoint of another tree and is never replaced: ledger or checkpoint was "
                "changed. Preserve both and verify.",
            )
        whole = note if kept is None else kept
        for one in note.signatures if kept is not None else ():
            whole = whole.with_signature(one)
        if whole != kept:
            self.path.mkdir(parents=True, exist_ok=True)
            with written_whole(self.file_of(size), replace=True) as file:
                file.write(whole.to_bytes())
        return whole
