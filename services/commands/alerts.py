"""taizhang alerts: list the alerts and how they stand, also while the service runs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rich.console import Console

from events.ledger_errors import LedgerError
from projections.views_file import ViewsError
from services.alert_list import Listed, listed
from services.reading import open_reading
from services.settings import SettingError, current_settings
from services.showing import listed_line, show_listed

if TYPE_CHECKING:
    import argparse

DONE = 0
CANNOT_READ = 1


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--district", metavar="D", help="区县 / district, such as xinzhou")
    parser.add_argument(
        "--all", action="store_true", help="含已补办、撤回、豁免的 / those resolved, withdrawn or waived too"
    )
    parser.add_argument("--json", action="store_true", help="每行一个 / one alert a line")


def run(args: argparse.Namespace) -> int:
    """List alerts, the most pressing first."""
    found: list[Listed] = []
    try:
        with open_reading(current_settings()) as reading:
            for district in reading.districts(args.district):
                alerts = [one for one in reading.shelf(district).alerts() if args.all or one.open]
                found += listed(district, alerts, reading.ledger)
    except (LedgerError, SettingError, ViewsError) as error:
        sys.stderr.write(f"{error}\n")
        return CANNOT_READ
    if args.json:
        sys.stdout.writelines(f"{listed_line(one)}\n" for one in found)
        return DONE
    console = Console(highlight=False, soft_wrap=True)
    for one in found:
        show_listed(console, one)
    console.print(f"\n{len(found)} 条预警 alerts")
    return DONE
