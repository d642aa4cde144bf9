"""taizhang archive: the closed cases of a year for the records office, with the four tests of electronic records."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from events.ledger.errors import LedgerError
from events.tree.signed_note import NoteError
from services.access.access_book import HandedOut
from services.access.commands_book import note_exports
from services.archive.archiving import archive
from services.archive.four_tests import OUTCOMES, PROPERTIES
from services.arguments import district_code, whole_number
from services.backup.manifest import BackupError
from services.commands.clock import now
from services.commands.progress import steps_bar
from services.evidence.exporting import answerable
from services.evidence.vouching import vouching
from services.evidence.wanted import EvidenceError, Wanted
from services.exit_codes import FINE, FOUND_WRONG, NOT_DONE, of_fault
from services.file_faults import file_fault
from services.policy.kept_policies import KeptPolicies
from services.settings.service import SettingError, current_settings
from services.stores.ledgers import open_ledger_reader

if TYPE_CHECKING:
    import argparse

    from services.archive.archiving import Archived
    from services.arguments import Arguments


def add(parser: Arguments) -> None:
    """Declare the options."""
    parser.add_argument(
        "--district", type=district_code, metavar="D", required=True, help="区县 / district, such as xinzhou"
    )
    parser.add_argument(
        "--year", metavar="Y", type=whole_number(1900, 9999), required=True, help="办结年度 / the year of closing"
    )
    parser.add_argument("--to", metavar="FOLDER", type=Path, required=True, help="新的文件夹 / a folder that is new")
    parser.add_argument("--json", action="store_true", help="供程序读取 / for programs")


def run(args: argparse.Namespace) -> int:
    """Write the package; a test that failed is something wrong that was found."""
    try:
        settings = current_settings()
        with open_ledger_reader(settings) as ledger, steps_bar() as progressed:
            last = ledger.head(args.district).sequence
            wanted = Wanted(district=args.district, last=last, sequences=(), year=args.year)
            answerable(ledger, wanted)
            vouched = vouching(settings.data, settings.installation, ledger, wanted)
            made = archive(ledger, wanted, vouched, KeptPolicies(settings.data).text, args.to, progressed)
            sha256 = made.package.manifest_sha256
            note_exports(settings, [HandedOut(district=args.district, until=last, sha256=sha256)], now)
    except (BackupError, EvidenceError, LedgerError, NoteError, SettingError) as error:
        sys.stderr.write(f"{error}\n")
        return of_fault(error)
    except OSError as error:
        sys.stderr.write(f"{file_fault(error, ('没有生成归档包', 'no archive package was made'), args.to)}\n")
        return NOT_DONE
    _show(args.to, made, as_json=args.json)
    return FINE if made.passed else FOUND_WRONG


def _show(to: Path, made: Archived, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(msgspec.json.encode(made).decode() + "\n")
        return
    classes = "、".join(f"{name} {number}" for name, number in sorted(made.cases.items()))
    sys.stdout.write(
        f"{made.district} {made.year} 年度归档包 {to}：{sum(made.cases.values())} 个案卷（{classes}），"
        f"{made.package.facts} 个事实 / archive package: cases by retention, facts\n"
    )
    for check in made.checks:
        of, outcome = PROPERTIES[check.property], OUTCOMES[check.outcome]
        sys.stdout.write(f"  {of[0]} {outcome[0]}：{check.zh} / {of[1]} {outcome[1]}: {check.en}\n")
        if check.found:
            sys.stdout.write(f"    {'、'.join(check.found)}\n")
