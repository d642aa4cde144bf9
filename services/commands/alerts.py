"""taizhang alerts: list the alerts and how they stand, also while the service runs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from events.ledger.errors import LedgerError
from projections.databases.views_database import ViewsError
from services.access.commands_book import file_handed_out, note_exports
from services.alerts.listing import Listed, listed
from services.alerts.showing import listed_line, show_listed
from services.alerts.table import COLUMNS, TITLE, alert_rows
from services.arguments import district_code
from services.commands.clock import now
from services.exit_codes import FINE, NOT_DONE, of_fault
from services.file_faults import NOT_WRITTEN, file_fault
from services.settings.service import SettingError, current_settings
from services.stores.reading import open_reading
from services.workbooks.problems import WorkbookError
from services.workbooks.tables import format_of, write_table

if TYPE_CHECKING:
    import argparse

    from services.arguments import Arguments


def add(parser: Arguments) -> None:
    """Declare the options."""
    parser.add_argument("--district", type=district_code, metavar="D", help="区县 / district, such as xinzhou")
    parser.add_argument(
        "--all", action="store_true", help="含已补办、撤回、豁免的 / those resolved, withdrawn or waived too"
    )
    parser.add_argument("--to", metavar="FILE", help="写成 Excel 或 CSV / write them to a file, .xlsx or .csv")
    parser.add_argument("--json", action="store_true", help="每行一个 / one alert a line")
    parser.goes_without("--to", "--json")


def run(args: argparse.Namespace) -> int:
    """List alerts, the most pressing first, or write them to a file."""
    found: list[Listed] = []
    to = Path(args.to) if args.to else None
    try:
        if to is not None:
            format_of(to)
        settings = current_settings()
        with open_reading(settings) as reading:
            districts = reading.districts(args.district)
            for district in districts:
                saved = reading.shelf(district).alerts
                found += listed(district, saved.every() if args.all else saved.still_open(), reading.ledger)
            if to is not None:
                write_table(to, TITLE, COLUMNS, alert_rows(found))
                note_exports(settings, [file_handed_out(to, one, reading.ledger) for one in districts], now)
        if to is not None:
            sys.stdout.write(f"{len(found)} 条预警已写到 {to} / alerts written to {to}\n")
            return FINE
    except (LedgerError, SettingError, ViewsError, WorkbookError) as error:
        sys.stderr.write(f"{error}\n")
        return of_fault(error)
    except OSError as error:
        sys.stderr.write(f"{file_fault(error, NOT_WRITTEN, to)}\n")
        return NOT_DONE
    if args.json:
        sys.stdout.writelines(f"{listed_line(one)}\n" for one in found)
        return FINE
    console = Console(highlight=False, soft_wrap=True)
    for one in found:
        show_listed(console, one)
    console.print(f"\n{len(found)} 条预警 alerts")
    return FINE
