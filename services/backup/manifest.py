"""What a back-up says about itself: its files with their hashes, and how far each district had come."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Final

import msgspec
from msgspec import Struct

from services.file_faults import file_reason
from services.not_done import NotDoneError

MANIFEST: Final = "manifest.json"
FORMAT: Final = "taizhang-backup/1"
_CHUNK: Final = 1 << 20


class BackupError(NotDoneError):
    """A back-up that cannot be made or relied on; `code` is stable."""


class BackedUpFile(Struct, frozen=True):
    """A file of a back-up, by its name within it with slashes; `sha256` in hexadecimal."""

    name: str
    bytes: int
    sha256: str


class BackedUpDistrict(Struct, frozen=True):
    """How far a district of a ledger had come, and the root of its tree as of then, in hexadecimal."""

    ledger: str
    district: str
    sequence: int
    root: str


class Manifest(Struct, frozen=True, kw_only=True):
    """The whole of a back-up; `made_at` is in +08:00."""

    format: str = FORMAT
    made_at: str
    files: tuple[BackedUpFile, ...]
    districts: tuple[BackedUpDistrict, ...]


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a back-up; raise BackupError when there is none or it cannot be read."""
    try:
        manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.MsgspecError) as fault:
        zh, en = file_reason(fault) if isinstance(fault, OSError) else (f"内容不符合格式：{fault}", str(fault))
        raise BackupError(
            "backup.no_manifest",
            f"{folder} 中没有可读的 {MANIFEST}（{zh}），不是完整的备份；请检查路径，或换用另一份备份。",
            f"{folder} has no {MANIFEST} that can be read ({en}), so it is no whole back-up; check the path or take "
            "another one.",
        ) from fault
    if manifest.format != FORMAT or not all(_is_within(one.name) for one in manifest.files):
        raise BackupError(
            "backup.other_format",
            f"{folder} 的备份格式是 {manifest.format!r}，本程序只认 {FORMAT}；请使用相配的程序版本。",
            f"the back-up {folder} has the format {manifest.format!r}, this program knows {FORMAT}; use the version "
            "that belongs to it.",
        )
    return manifest


def written_manifest(manifest: Manifest) -> bytes:
    """Return a manifest as it is stored, readable by people too."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"


def described(folder: Path, name: str, progressed: Callable[[int], None] = lambda _bytes: None) -> BackedUpFile:
    """Return the name, length and hash of a folder's file; `progressed` is told how many bytes more were read."""
    digest = hashlib.sha256()
    length = 0
    with (folder / name).open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            length += len(chunk)
            progressed(len(chunk))
    return BackedUpFile(name, length, digest.hexdigest())


def _is_within(name: str) -> bool:
    """Tell whether a name leads to a file of the folder, and not out of it."""
    path = PurePosixPath(name)
    return name == path.as_posix() and not path.is_absolute() and not {"..", "."} & set(path.parts) and bool(path.name)


def changed(path: Path, wanted: BackedUpFile) -> BackupError:
    """Report a file that is not what the manifest says."""
    return BackupError(
        "backup.file_changed",
        f"备份中的 {path} 与清单不符（应为 {wanted.bytes} 字节，SHA-256 {wanted.sha256}），已被改动或损坏，"
        "没有据以恢复；请换用另一份备份。",
        f"{path} is not what the manifest says ({wanted.bytes} bytes, SHA-256 {wanted.sha256}): it was changed or "
        "damaged, and nothing was restored from it. Take another back-up.",
    )
