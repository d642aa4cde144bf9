"""Backing up the data folder: every ledger and key ring as of one moment each, with checkpoints and a manifest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from services.backup.copying import copy_database, copy_file, made_whole, synced
from services.backup.manifest import MANIFEST, BackedUpDistrict, BackupError, Manifest, described, written_manifest
from services.backup.proving import verified_ledger
from services.proving.checkpoint_folder import CHECKPOINTS
from services.recording.embedded import LEDGER_FILE

Progressed = Callable[[str, int, int], None]
"""Told what is being done to which file, how much is done, and how much there is (0 when that is not known)."""

_DATABASES: Final = "*.sqlite"
_UNFINISHED: Final = "."
"""How a file begins that is still being written."""
_VIEWS: Final = "view"
"""How the files of the watch and the views begin; they can be rebuilt from the ledger, so they are left out."""


def back_up(
    data: Path, to: Path, now: dt.datetime, progressed: Progressed = lambda _what, _done, _total: None
) -> Manifest:
    """Back up a data folder into a new folder, while it is in use, and return its manifest; raise BackupError.

    What is copied is verified before the folder takes its place. The checkpoints come before the ledger, so that the
    copy leads to each of them, and the ledgers before the key rings, so that there is a key for every personal text of
    the copy. The key that signs checkpoints stays where it is: a copy of it signs what the house never recorded.
    """
    sources = _sources(data)
    with made_whole(to) as folder:
        checkpoints = _checkpoints(data)
        for name in checkpoints:
            copy_file(data, folder, name)
        for source in sources:
            copy_database(source, folder / source.name, partial(progressed, f"复制 copying {source.name}"))
        districts: list[BackedUpDistrict] = []
        for number, source in enumerate(sources, 1):
            districts += verified_ledger(folder, source.name)
            progressed("核验 verifying", number, len(sources))
        files = tuple(described(folder, name) for name in (*(one.name for one in sources), *checkpoints))
        manifest = Manifest(made_at=now.isoformat(), files=files, districts=tuple(districts))
        path = folder / MANIFEST
        path.write_bytes(written_manifest(manifest))
        synced(path)
    return manifest


def _checkpoints(data: Path) -> list[str]:
    """Return the signed checkpoints and the public keys to check them by, by name relative to the data folder."""
    files = (one for one in (data / CHECKPOINTS).rglob("*") if one.is_file() and not one.name.startswith(_UNFINISHED))
    return sorted(one.relative_to(data).as_posix() for one in files)


def _sources(data: Path) -> list[Path]:
    """Return the files to copy, the ledger first; raise BackupError when there is no ledger."""
    ledger = data / LEDGER_FILE
    if not ledger.is_file():
        raise BackupError(
            "backup.nothing_there",
            f"{data} 中没有账册 {LEDGER_FILE}，无可备份；请检查 TAIZHANG_DATA。",
            f"there is no ledger {LEDGER_FILE} in {data} to back up; check TAIZHANG_DATA.",
        )
    others = sorted(path for path in data.glob(_DATABASES) if path != ledger and not path.name.startswith(_VIEWS))
    keys_last = sorted(others, key=lambda path: "key" in path.name)
    return [ledger, *keys_last]
