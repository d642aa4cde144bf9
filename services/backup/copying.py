"""Copying files while others write them, into a folder that is there whole or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import quote

from events.sqlite.faults import damaged
from services.backup.manifest import BackupError

PAGES_A_STEP: Final = 256
_OWNER_ONLY: Final = 0o600
_OWNER_ONLY_FOLDER: Final = 0o700


def copy_database(source: Path, target: Path, progressed: Callable[[int, int], None]) -> None:
    """Copy an SQLite file as it stands at one moment, while others go on writing it; raise BackupError or LedgerError.

    `progressed` is told how many pages are done and how many there are.
    """
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, _OWNER_ONLY))
        with (
            closing(sqlite3.connect(f"file:{quote(str(source))}?mode=ro", uri=True, isolation_level=None)) as old,
            closing(sqlite3.connect(target, isolation_level=None)) as new,
        ):
            held = old.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
            if held:
                # A reading transaction holds one state; without it the copy would begin anew at each commit. A file
                # without a log, such as the key ring, would keep its writers waiting, and is copied in one step.
                old.execute("BEGIN")
                old.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            old.backup(
                new,
                pages=PAGES_A_STEP if held else -1,
                progress=lambda _status, left, total: progressed(total - left, total),
            )
            if held:
                old.execute("ROLLBACK")
            # One file and nothing beside it: a log of pages to be written would be lost when the copy is moved.
            new.execute("PRAGMA journal_mode=DELETE")
    except (sqlite3.Error, OSError) as fault:
        if getattr(fault, "sqlite_errorcode", None) == sqlite3.SQLITE_CORRUPT:  # the new one has no pages of its own
            raise damaged(source, str(fault)) from fault
        raise BackupError(
            "backup.not_copied",
            f"{source} 没能复制到 {target}（{fault}），没有留下备份；请检查磁盘空间和权限后重试。",
            f"{source} could not be copied to {target} ({fault}); no back-up was left. Check disk space and "
            "permissions, and try again.",
        ) from fault
    synced(target)


def copy_file(source: Path, target: Path, name: str) -> None:
    """Copy one file of a folder into another, with the folders between, and wait until it is on disk; raise OSError."""
    path = target / name
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source / name, path)
    synced(path)
    for between in Path(name).parents:
        synced(target / between)


@contextmanager
def made_whole(folder: Path) -> Iterator[Path]:
    """Give a folder to fill; it takes its place when the block ends well, else nothing is left of it.

    A process that is killed leaves a folder whose name begins with a dot and ends in `.part`, never `folder` itself.
    Raise BackupError when something is there already, OSError when the folder cannot be made.
    """
    _refuse_existing(folder)
    beside = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.part")
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside.mkdir(mode=_OWNER_ONLY_FOLDER)
    try:
        yield beside
        synced(beside)
        try:
            beside.rename(folder)
        except OSError:
            _refuse_existing(folder)
            raise
        synced(folder.parent)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def synced(path: Path) -> None:
    """Wait until a file, or what a folder holds by name, is on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _refuse_existing(folder: Path) -> None:
    if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise BackupError(
            "backup.target_exists",
            f"{folder} 已存在且不为空，为免覆盖没有写入；请换一个新的文件夹。",
            f"{folder} is there and not empty, so nothing was written, lest something be lost; name a new folder.",
        )
