"""taizhang missing: what else to record, case by case, so that the rules can be judged."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import msgspec
from rich.console import Console
from rich.markup import escape

from events.ledger.errors import LedgerError
from projections.databases.views_database import ViewsError
from services.arguments import district_code
from services.exit_codes import FINE, of_fault
from services.missing_records import Missing, what_is_missing
from services.settings.service import SettingError, current_settings
from services.stores.reading import open_reading

if TYPE_CHECKING:
    import argparse


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--district", type=district_code, metavar="D", help="区县 / district, such as xinzhou")
    parser.add_argument("--json", action="store_true", help="每行一个案卷 / one case a line")


def run(args: argparse.Namespace) -> int:
    """List what is missing, the cases that most rules wait for first."""
    found: list[Missing] = []
    try:
        with open_reading(current_settings()) as reading:
            for district in reading.districts(args.district):
                found += what_is_missing(district, reading.shelf(district).judgements("not_determinable"))
    except (LedgerError, SettingError, ViewsError) as error:
        sys.stderr.write(f"{error}\n")
        return of_fault(error)
    if args.json:
        sys.stdout.writelines(f"{msgspec.json.encode(one).decode()}\n" for one in found)
        return FINE
    console = Console(highlight=False, soft_wrap=True)
    for one in found:
        console.print(f"\n[bold]{escape(one.subject)}[/bold]  [dim]{one.district}[/dim]")
        for what, rules in one.missing.items():
            console.print(f"  {escape(what)}  [dim]← {escape('、'.join(rules))}[/dim]")
    console.print(f"\n{len(found)} 个案卷缺少记录 / cases lack a record")
    return FINE
