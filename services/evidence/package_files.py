"""Reading the files of an evidence package that somebody may have changed, and comparing them with its manifest."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from events.fields import DISTRICT
from events.tree.sealing import Algorithm
from events.tree.signed_note import NoteError, VerifierKey
from services.evidence.package import (
    ALWAYS,
    FOLDER_OF_CASES,
    KEYS,
    MANIFEST,
    OF_AN_ARCHIVE,
    PROOFS,
    SEAL_OF_MANIFEST,
)
from services.evidence.verified import Bad, UnsoundError
from services.evidence.wanted import FORMAT

LARGEST_FILE: Final = 1 << 28
"""Bytes of a file that is read whole."""
_PART: Final = re.compile(r"[A-Za-z0-9\u4e00-\u9fff][\w.\-〔〕+]{0,249}")
_END: Final = r"$(?!\n)"

Read = TypeVar("Read")
Size = Annotated[int, Meta(ge=1, le=2**63 - 1)]
Hash = Annotated[str, Meta(pattern="^[0-9a-f]{64}" + _END)]


class RulebookFiles(Struct, frozen=True):
    """The files of a rulebook, the one that names it first."""

    rulebook: str
    files: tuple[str, ...]


class Vouched(Struct, frozen=True):
    """A signed checkpoint, with the proof that the tree of the package and its own are one."""

    file: str
    size: Size
    consistency: tuple[Hash, ...]


class Proofs(Struct, frozen=True, kw_only=True):
    """What stands in proofs.json."""

    algorithm: Algorithm
    district: Annotated[str, Meta(pattern=DISTRICT)]
    of: Literal["range", "case"]
    role: str = msgspec.field(name="for")
    origin: str
    tree_size: Size
    root: Hash
    before: tuple[Hash, ...]
    checkpoints: tuple[Vouched, ...]
    rulebooks: tuple[RulebookFiles, ...]
    policies: tuple[str, ...]
    first: Size | None = msgspec.field(default=None, name="from")
    facts: Size | None = None
    case: str | None = None

    @property
    def begins_at(self) -> int:
        """The first fact of a range."""
        return self.first or 1

    @property
    def named(self) -> set[str]:
        """The files that are named here."""
        found = {one.file for one in self.checkpoints} | set(self.policies)
        return found | {name for one in self.rulebooks for name in one.files}


class _Listed(Struct, frozen=True):
    name: str
    bytes: Annotated[int, Meta(ge=0)]
    sha256: Hash


class _Manifest(Struct, frozen=True):
    format: str
    district: str
    until: Size
    files: tuple[_Listed, ...]
    case: str | None = None


def listed_keys(given: bytes) -> list[VerifierKey]:
    """Return the public keys of a file that has one on each line; raise NoteError for one not written as keys are."""
    *lines, end = given.decode(errors="replace").split("\n")
    keys = [VerifierKey.from_text(line) for line in lines]
    if end or [key.to_text() for key in keys] != lines or len(set(lines)) != len(lines):
        raise NoteError("evidence.bad_keys", f"{KEYS} 写法有误", f"{KEYS} is not written as it should be")
    return keys


class PackageFiles:
    """The folder of a package, out of which no name leads."""

    def __init__(self, folder: Path) -> None:
        """Take a folder, of which nothing is read yet."""
        self._folder = folder
        self._listed: Sequence[str] = ()

    def proofs(self) -> Proofs:
        """Return what stands in proofs.json; raise MsgspecError, ValueError or UnsoundError."""
        proofs = _strictly(self.read(PROOFS), Proofs)
        if not _hangs_together(proofs):
            raise UnsoundError(None, f"{PROOFS} 内容有误", f"{PROOFS} is not in its form")
        return proofs

    def read(self, name: str) -> bytes:
        """Return what a small file holds; raise UnsoundError."""
        try:
            with self.path(name).open("rb") as file:
                content = file.read(LARGEST_FILE + 1)
        except OSError as error:
            raise UnsoundError(None, f"{name} 读不出（{error}）", f"{name} cannot be read ({error})") from error
        if len(content) > LARGEST_FILE:
            raise UnsoundError(None, f"{name} 过大", f"{name} is too large")
        return content

    def path(self, name: str) -> Path:
        """Return where a file lies; raise UnsoundError for a name that cannot be, a link, or what is no file."""
        path = self._folder
        for part in name.split("/"):
            path /= part
            if not _PART.fullmatch(part) or path.is_symlink():
                raise UnsoundError(None, f"文件名不可用：{name[:100]!r}", f"this file name cannot be: {name[:100]!r}")
        if path.exists() and not path.is_file():
            raise UnsoundError(None, f"{name} 不是普通文件", f"{name} is no ordinary file")
        return path

    def compare_with_manifest(self, proofs: Proofs, bad: Bad, sha256: str | None = None) -> None:
        """Compare every file with the manifest, and its hash with the one known from elsewhere, if any.

        Raise UnsoundError or MsgspecError for a manifest of another form.
        """
        given = self.read(MANIFEST)
        found = hashlib.sha256(given).hexdigest()
        if self.read(SEAL_OF_MANIFEST) != f"{found}  {MANIFEST}\n".encode():
            bad(None, "清单与其摘要不符", "the manifest has another hash")
        if sha256 not in {None, found}:
            bad(None, "清单的摘要与您给出的不同：导出后被改动", "the manifest has another hash than was given")
        manifest = _strictly(given, _Manifest)
        if manifest.format != FORMAT:
            raise UnsoundError(None, f"格式不是 {FORMAT}", f"its format is not {FORMAT}")
        if (manifest.district, manifest.case, manifest.until) != (proofs.district, proofs.case, proofs.tree_size):
            bad(None, "清单与 proofs.json 所述不同", "manifest and proofs.json state different things")
        self._listed = [one.name for one in manifest.files]
        _compare_names(self._listed, proofs, bad)
        for listed in manifest.files:
            self._compare(listed, bad)

    def strangers(self) -> list[str]:
        """Return what lies in the folder and is no part of the package, once it was compared with its manifest."""
        listed = {*self._listed, MANIFEST, SEAL_OF_MANIFEST}
        found = [
            path.relative_to(self._folder).as_posix()
            for path in self._folder.rglob("*")
            if path.is_symlink() or not path.is_dir()
        ]
        return sorted(set(found) - listed)

    def rulebook_hash(self, rulebook: RulebookFiles) -> str:
        """Return the hash of a rulebook over its files, as alerts state it; raise UnsoundError for a cut one."""
        digest = hashlib.sha256()
        for number, name in enumerate(rulebook.files):
            content = self.read(name)
            if b"\0" in content or not content.endswith(b"\n"):
                raise UnsoundError(None, f"{name} 不是完整的文本", f"{name} is no whole text")
            digest.update(Path(name).name.encode() + b"\0" + content if number else content)
        return digest.hexdigest()

    def _compare(self, listed: _Listed, bad: Bad) -> None:
        try:
            path = self.path(listed.name)
            fits = path.stat().st_size == listed.bytes and _hash_of(path) == listed.sha256
        except UnsoundError as error:
            bad(None, error.problem.zh, error.problem.en)
        except OSError as error:
            bad(None, f"{listed.name} 读不出（{error}）", f"{listed.name} cannot be read ({error})")
        else:
            if not fits:
                bad(None, f"{listed.name} 与清单不符", f"{listed.name} is not what the manifest says")


def _compare_names(names: Sequence[str], proofs: Proofs, bad: Bad) -> None:
    """Compare what the manifest lists with what has to be there: no less, nothing twice, nothing else."""
    listed = set(names)
    twice = sorted(one for one, times in Counter(names).items() if times > 1)
    if twice:
        bad(None, f"清单中两次列出 {twice}", f"the manifest names {twice} twice")
    missing = sorted((ALWAYS | proofs.named) - listed)
    if missing:
        bad(None, f"清单缺少 {missing}", f"the manifest does not name {missing}")
    foreign = sorted(
        one for one in listed - ALWAYS - proofs.named - OF_AN_ARCHIVE if not one.startswith(FOLDER_OF_CASES)
    )
    if foreign:
        bad(None, f"清单中的 {foreign} 不属于证据包", f"{foreign} do not belong into a package")


def _hangs_together(proofs: Proofs) -> bool:
    """Tell whether what stands in proofs.json can be true at all."""
    sizes = [one.size for one in proofs.checkpoints]
    algorithm = "" if proofs.algorithm == "sha256" else f"/{proofs.algorithm}"
    in_range = proofs.first is not None and proofs.first <= proofs.tree_size
    return (
        (proofs.facts is not None and not proofs.before if proofs.of == "case" else in_range)
        and all(one.file == f"checkpoints/{one.size}.txt" for one in proofs.checkpoints)
        and sizes == sorted(set(sizes))
        and (not sizes or proofs.origin.endswith(f"/{proofs.district}{algorithm}"))
        and all(_is_rulebook(one, proofs.district) for one in proofs.rulebooks)
    )


def _is_rulebook(given: RulebookFiles, district: str) -> bool:
    """Tell whether the files of a rulebook are such that their hash, which runs over all, can mean no others."""
    folder = f"rulebooks/{given.rulebook}/"
    chapters = [name.removeprefix(folder) for name in given.files]
    return (
        given.rulebook.startswith(f"{district}/")
        and list(given.files) == [folder + one for one in chapters]
        and chapters[:1] == ["rulebook.yaml"]
        and len({*chapters}) == len(chapters)
        and all(_PART.fullmatch(one) and one.endswith(".yaml") for one in chapters)
    )


def _strictly(content: bytes, form: type[Read]) -> Read:
    """Read JSON into its form; raise MsgspecError, or ValueError for a key that is given twice."""
    read = msgspec.json.decode(content.decode(), type=form)
    json.loads(content, object_pairs_hook=_once)
    return read


def _once(pairs: list[tuple[str, Any]]) -> None:
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("一个字段写了两次 a key is given twice")


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
