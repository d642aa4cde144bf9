"""Reading the files of an evidence package that somebody may have changed, and comparing them with its manifest."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from events.sealing import Algorithm
from events.signed_note import VerifierKey
from services.evidence.package import FACTS, KEYS, MANIFEST, PROOFS, SEAL_OF_MANIFEST, SEALS
from services.evidence.verified import Bad, UnsoundError
from services.evidence.wanted import FORMAT


class RulebookFiles(Struct, frozen=True):
    """The files of a rulebook, the one that names it first."""

    rulebook: str
    files: tuple[str, ...]


class Vouched(Struct, frozen=True):
    """A signed checkpoint, with the proof that the tree of the package and its own are one."""

    file: str
    size: int
    consistency: tuple[str, ...]


class Proofs(Struct, frozen=True, kw_only=True):
    """What stands in proofs.json."""

    algorithm: Algorithm
    district: str
    of: Literal["range", "case"]
    origin: str
    tree_size: int
    root: str
    before: tuple[str, ...]
    checkpoints: tuple[Vouched, ...]
    rulebooks: tuple[RulebookFiles, ...]
    policies: tuple[str, ...]
    first: int = msgspec.field(default=1, name="from")
    facts: int = 0


class _Listed(Struct, frozen=True):
    name: str
    sha256: str


class _Manifest(Struct, frozen=True):
    format: str
    files: tuple[_Listed, ...]


def listed_keys(given: bytes) -> list[VerifierKey]:
    """Return the public keys of a file that has one on each line; raise NoteError, or ValueError when it is no text."""
    return [VerifierKey.from_text(line) for line in given.decode().split("\n") if line]


class PackageFiles:
    """The folder of a package, out of which no name leads."""

    def __init__(self, folder: Path) -> None:
        """Take a folder, of which nothing is read yet."""
        self._folder = folder

    def proofs(self) -> Proofs:
        """Return what stands in proofs.json; raise MsgspecError, ValueError or UnsoundError."""
        return msgspec.json.decode(self.read(PROOFS).decode(), type=Proofs)

    def read(self, name: str) -> bytes:
        """Return what a small file holds; raise UnsoundError."""
        try:
            return self.path(name).read_bytes()
        except OSError as error:
            raise UnsoundError(None, f"{name} 读不出（{error}）", f"{name} cannot be read ({error})") from error

    def path(self, name: str) -> Path:
        """Return where a file lies; raise UnsoundError for a name that leads elsewhere."""
        path = self._folder / name
        if not path.resolve().is_relative_to(self._folder.resolve()):
            raise UnsoundError(None, f"文件名不可用：{name[:100]}", f"this file name cannot be: {name[:100]}")
        return path

    def compare_with_manifest(self, bad: Bad) -> None:
        """Compare every file with the manifest; raise UnsoundError for a manifest of another form."""
        given = self.read(MANIFEST)
        if self.read(SEAL_OF_MANIFEST) != f"{hashlib.sha256(given).hexdigest()}  {MANIFEST}\n".encode():
            bad(None, "清单与其摘要不符", "the manifest has another hash")
        manifest = msgspec.json.decode(given.decode(), type=_Manifest)
        if manifest.format != FORMAT:
            raise UnsoundError(None, f"格式不是 {FORMAT}", f"its format is not {FORMAT}")
        for listed in manifest.files:
            try:
                found = _hash_of(self.path(listed.name))
            except OSError as error:
                bad(None, f"{listed.name} 读不出（{error}）", f"{listed.name} cannot be read ({error})")
                continue
            if found != listed.sha256:
                bad(None, f"{listed.name} 与清单不符", f"{listed.name} is not what the manifest says")
        missing = {FACTS, SEALS, PROOFS, KEYS} - {one.name for one in manifest.files}
        if missing:
            bad(None, f"清单缺少 {sorted(missing)}", f"the manifest does not name {sorted(missing)}")

    def rulebook_hash(self, rulebook: RulebookFiles) -> str:
        """Return the hash of a rulebook over its files, as alerts state it."""
        first, *chapters = rulebook.files
        digest = hashlib.sha256(self.read(first))
        for name in chapters:
            digest.update(Path(name).name.encode() + b"\0" + self.read(name))
        return digest.hexdigest()


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
