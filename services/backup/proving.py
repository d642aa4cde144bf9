"""Proving of a copied ledger that it is sound and leads to the signed checkpoints that were copied with it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from events.ledger.errors import Reason
from events.sqlite.reader import open_reader
from events.sqlite.recorder import APPLICATION_ID
from events.tree.signed_note import NoteError
from services.backup.manifest import BackedUpDistrict, BackupError
from services.proving.verifying import own_checkpoints, verify_ledger
from services.recording.embedded import LEDGER_FILE


def verified_ledger(folder: Path, name: str) -> list[BackedUpDistrict]:
    """Recompute every leaf and root of a ledger file, the district's own also against the checkpoints of the folder.

    Raise BackupError for a broken seal or a checkpoint that it does not lead to, LedgerError for no ledger. A file that
    is no ledger, such as the key ring, has no districts.
    """
    path = folder / name
    if path.suffix != ".sqlite" or not _is_ledger(path):
        return []
    with closing(open_reader(path)) as reader:
        try:
            # A back-up holds public keys alone; only the house's own key would want the name of the installation.
            kept = own_checkpoints(reader, folder, "") if name == LEDGER_FILE else {}
        except NoteError as error:
            raise _unsound("backup.checkpoint_unfit", path, Reason(error.code, error.zh, error.en)) from error
        found = verify_ledger(reader, (), kept)
    for one in found.values():
        if one.reason is not None:
            raise _unsound("backup.seal_broken" if one.fault is None else "backup.checkpoint_unfit", path, one.reason)
    return [BackedUpDistrict(name, district, one.found.facts, one.found.root.hex()) for district, one in found.items()]


def _unsound(code: str, path: Path, reason: Reason) -> BackupError:
    return BackupError(code, f"{path} 未通过核验：{reason.zh}", f"{path} does not verify: {reason.en}")


def _is_ledger(path: Path) -> bool:
    with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as connection:
        try:
            return bool(connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID)
        except sqlite3.DatabaseError:
            return False
