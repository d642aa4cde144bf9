"""taizhang backup: copy the ledger while it runs, verify the copy, and say as of which state it stands."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from events.ledger.errors import LedgerError
from services.backup.backing_up import back_up
from services.backup.manifest import BackupError
from services.commands.clock import now
from services.commands.progress import steps_bar
from services.exit_codes import FINE, NOT_DONE, of_fault
from services.file_faults import file_fault
from services.settings.service import SettingError, current_settings
from services.stores.ledgers import is_embedded

if TYPE_CHECKING:
    import argparse

    from services.backup.manifest import Manifest
    from services.settings.service import Settings


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--to", required=True, metavar="FOLDER", help="新的文件夹 / a folder that is new or empty")
    parser.add_argument("--json", action="store_true", help="供程序读取 / for programs")


def run(args: argparse.Namespace) -> int:
    """Back up the data folder."""
    try:
        settings = current_settings()
        _refuse_database(settings)
        with steps_bar() as progressed:
            manifest = back_up(settings.data, Path(args.to), now(), progressed)
    except (BackupError, LedgerError, SettingError) as error:
        sys.stderr.write(f"{error}\n")
        return of_fault(error)
    except OSError as error:
        sys.stderr.write(f"{file_fault(error, ('备份未完成', 'the back-up was not made'), args.to)}\n")
        return NOT_DONE
    show(manifest, f"已备份到 {args.to} / backed up to {args.to}", as_json=args.json)
    return FINE


def _refuse_database(settings: Settings) -> None:
    if not is_embedded(settings):
        raise BackupError(
            "backup.database",
            "账册在 TAIZHANG_DATABASE 所指的数据库中，本命令只备份数据文件夹，会漏掉账册；"
            "请用 pg_basebackup 或 pg_dump 备份，再对恢复出的库运行 taizhang verify。",
            "The ledger is in the database that TAIZHANG_DATABASE names, and this command, which copies the data "
            "folder, would miss it; use pg_basebackup or pg_dump, and run taizhang verify on what is restored.",
        )


def show(manifest: Manifest, head: str, *, as_json: bool) -> None:
    """Say what is in a back-up."""
    if as_json:
        sys.stdout.write(msgspec.json.encode(manifest).decode() + "\n")
        return
    sys.stdout.write(f"{head}\n")
    for one in manifest.files:
        sys.stdout.write(f"  {one.name}  {one.bytes:,} 字节 bytes  SHA-256 {one.sha256}\n")
    for state in manifest.districts:
        sys.stdout.write(f"  {state.district}: 至第 {state.sequence} 号 / up to {state.sequence}; root {state.root}\n")
