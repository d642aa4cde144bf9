"""taizhang restore: put a back-up into a new data folder, verified before and after."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from events.ledger.errors import LedgerError
from services.backup.manifest import BackupError
from services.backup.restoring import restore
from services.commands.backup import show
from services.commands.progress import steps_bar
from services.exit_codes import FINE, NOT_DONE, of_fault
from services.file_faults import file_fault
from services.proving.checkpoint_folder import CHECKPOINTS
from services.proving.checkpointing import KEY_FILE

if TYPE_CHECKING:
    import argparse


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("backup", metavar="FOLDER", help="备份文件夹 / the folder of a back-up")
    parser.add_argument(
        "--data", required=True, metavar="NEW", help="新的数据文件夹 / the data folder, which is new or empty"
    )
    parser.add_argument("--json", action="store_true", help="供程序读取 / for programs")


def run(args: argparse.Namespace) -> int:
    """Restore a back-up."""
    try:
        with steps_bar() as progressed:
            read: dict[str, int] = {}

            def more(what: str, count: int) -> None:
                read[what] = read.get(what, 0) + count
                progressed(what, read[what], 0)

            manifest = restore(Path(args.backup), Path(args.data), more)
    except (BackupError, LedgerError) as error:
        sys.stderr.write(f"{error}\n")
        return of_fault(error)
    except OSError as error:
        sys.stderr.write(f"{file_fault(error, ('恢复未完成', 'nothing was restored'), args.data)}\n")
        return NOT_DONE
    head = f"已恢复到 {args.data}，视图将在 serve 时重建 / restored to {args.data}; serve rebuilds the views"
    show(manifest, head, as_json=args.json)
    if not args.json and any(one.name.startswith(f"{CHECKPOINTS}/") for one in manifest.files):
        sys.stdout.write(
            f"已与所签检查点逐一相符。签署的私钥不在备份中，请把另存的 {KEY_FILE} 放回 {args.data}，此后才能续签 / "
            f"it leads to every checkpoint that was signed; the key that signs is in no back-up: put {KEY_FILE}, which "
            f"was kept apart, back into {args.data} before the next one is signed\n"
        )
    return FINE
