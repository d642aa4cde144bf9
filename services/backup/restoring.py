"""Restoring a back-up into a new data folder: verified before and after, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from services.backup.copying import copy_file, made_whole
from services.backup.manifest import BackupError, Manifest, changed, described, read_manifest
from services.backup.proving import verified_ledger
from services.recording.embedded import LEDGER_FILE


def restore(backup: Path, data: Path, progressed: Callable[[str, int], None] = lambda _what, _bytes: None) -> Manifest:
    """Restore a back-up into a folder that is new or empty, and return its manifest; raise BackupError or LedgerError.

    `progressed` is told what is being read and how many bytes more were.
    """
    manifest = read_manifest(backup)
    if LEDGER_FILE not in {one.name for one in manifest.files}:
        raise BackupError(
            "backup.no_ledger",
            f"{backup} 的清单中没有账册 {LEDGER_FILE}，无可恢复；请换用另一份备份。",
            f"the manifest of {backup} names no ledger {LEDGER_FILE}, so there is nothing to restore; take another.",
        )
    check(backup, manifest, lambda count: progressed("核验备份 verifying the back-up", count))
    with made_whole(data) as folder:
        for one in manifest.files:
            copy_file(backup, folder, one.name)
            if one.name.endswith(".sqlite"):
                (folder / one.name).chmod(0o600)
        check(folder, manifest, lambda count: progressed("核验恢复 verifying what was restored", count))
    return manifest


def check(folder: Path, manifest: Manifest, progressed: Callable[[int], None] = lambda _bytes: None) -> None:
    """Compare files with the manifest, ledgers with seals and checkpoints; raise BackupError naming the first bad."""
    for wanted in manifest.files:
        path = folder / wanted.name
        try:
            found = described(folder, wanted.name, progressed)
        except OSError as fault:
            raise changed(path, wanted) from fault
        if found != wanted:
            raise changed(path, wanted)
    districts = tuple(one for wanted in manifest.files for one in verified_ledger(folder, wanted.name))
    if districts != manifest.districts:
        raise BackupError(
            "backup.other_state",
            f"{folder} 中各区县的序号或树根与清单不符，没有据以恢复；清单可能被改动，请换用另一份备份。",
            f"the sequences or roots in {folder} are not those of the manifest, so nothing was restored; the manifest "
            "may have been changed. Take another back-up.",
        )
