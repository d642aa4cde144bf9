"""taizhang export: write an evidence package that proves by itself, offline, what the ledger held."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from events.ledger.errors import LedgerError
from events.tree.signed_note import NoteError
from services.access.access_book import HandedOut
from services.access.commands_book import note_exports
from services.arguments import district_code
from services.backup.manifest import BackupError
from services.commands.clock import now
from services.commands.progress import steps_bar
from services.evidence.exporting import answerable, export
from services.evidence.vouching import vouching
from services.evidence.wanted import EvidenceError, Wanted
from services.exit_codes import FINE, NOT_DONE, of_fault
from services.file_faults import file_fault
from services.policy.kept_policies import KeptPolicies
from services.recording.authorisation import ROLES, Role
from services.settings.service import SettingError, current_settings
from services.stores.ledgers import open_ledger_reader

if TYPE_CHECKING:
    import argparse

    from events.ledger.port import LedgerReader
    from services.arguments import Arguments
    from services.evidence.wanted import Exported

READERS: Final[tuple[Role, ...]] = ("inspector", "leader", "clerk", "agency")


def add(parser: Arguments) -> None:
    """Declare the options."""
    parser.add_argument(
        "--district", type=district_code, metavar="D", required=True, help="区县 / district, such as xinzhou"
    )
    parser.add_argument("--to", metavar="FOLDER", type=Path, required=True, help="新的文件夹 / a folder that is new")
    parser.add_argument("--from", dest="first", type=int, metavar="SEQ", help="起始序号，默认 1 / first fact, 1")
    parser.add_argument(
        "--until", type=int, metavar="SEQ", help="截止序号，默认至今 / last fact, by default the newest"
    )
    parser.add_argument("--case", metavar="KIND/ID", help="只导出一个案卷及其依据 / one case and what it rests on")
    readers = "、".join(f"{role} {ROLES[role][0]}" for role in READERS)
    parser.add_argument(
        "--for", dest="role", choices=READERS, default=READERS[0], help=f"给谁看，默认纪检 / for whom: {readers}"
    )
    parser.add_argument("--json", action="store_true", help="供程序读取 / for programs")
    parser.goes_without("--case", "--from")


def run(args: argparse.Namespace) -> int:
    """Write the package, or say why not; nothing half written is left."""
    try:
        settings = current_settings()
        with open_ledger_reader(settings) as ledger, steps_bar() as progressed:
            wanted = _wanted(args, ledger)
            answerable(ledger, wanted)
            vouched = vouching(settings.data, settings.installation, ledger, wanted)
            made = export(ledger, wanted, vouched, KeptPolicies(settings.data).text, args.to, progressed)
            note_exports(settings, [_handed_out(wanted, made)], now)
    except (BackupError, EvidenceError, LedgerError, NoteError, SettingError) as error:
        sys.stderr.write(f"{error}\n")
        return of_fault(error)
    except OSError as error:
        sys.stderr.write(f"{file_fault(error, ('没有导出', 'nothing was exported'), args.to)}\n")
        return NOT_DONE
    for warning in made.warnings:
        sys.stderr.write(f"注意 note: {warning}\n")
    _show(args.to, made, as_json=args.json)
    return FINE


def _handed_out(wanted: Wanted, made: Exported) -> HandedOut:
    return HandedOut(
        district=wanted.district, first=wanted.first, until=wanted.last, about=wanted.case, sha256=made.manifest_sha256
    )


def _wanted(args: argparse.Namespace, ledger: LedgerReader) -> Wanted:
    last = ledger.head(args.district).sequence if args.until is None else args.until
    first = 1 if args.first is None else args.first
    return Wanted(district=args.district, first=first, last=last, case=args.case, role=args.role)


def _show(to: Path, made: Exported, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(msgspec.json.encode(made).decode() + "\n")
        return
    sys.stdout.write(
        f"已导出到 {to}：{made.facts} 个事实（其中 {made.withheld} 个只有叶），检查点 {made.checkpoints} 个 / "
        f"exported {made.facts} facts ({made.withheld} as their leaf alone), {made.checkpoints} checkpoints\n"
        f"树根 root of {made.size}: {made.root}\n"
        f"清单摘要 SHA-256 of the manifest: {made.manifest_sha256}\n"
        f"核验 verify: python3 {to}/verify.py\n"
    )
