"""taizhang parked: the facts that could not be judged, and having them judged anew, also while the service runs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import msgspec
from rich.console import Console
from rich.markup import escape

from events.ledger.errors import LedgerError
from projections.databases.views_database import ViewsError
from projections.saved.snapshot import Snapshot
from services.arguments import district_code
from services.exit_codes import FINE, of_fault
from services.settings.service import SettingError, current_settings
from services.stores.ledgers import place_of_views
from services.stores.reading import open_reading

if TYPE_CHECKING:
    import argparse

    from projections.saved.batch import Parked
    from projections.view_rows.rows import ViewRows
    from services.arguments import Arguments
    from services.stores.reading import Reading


def add(parser: Arguments) -> None:
    """Declare the options."""
    parser.add_argument("--district", type=district_code, metavar="D", help="区县 / district, such as xinzhou")
    parser.add_argument("--json", action="store_true", help="每行一个搁置的事实 / one fact a line")
    parser.add_argument(
        "--replay",
        action="store_true",
        help="修复后重新判定该区县全部事实，预警不重复 / once mended, judge every fact of the district anew",
    )
    parser.goes_with("--replay", "--district")
    parser.goes_without("--replay", "--json")


def run(args: argparse.Namespace) -> int:
    """List what is set aside, or have a district judged anew."""
    try:
        settings = current_settings()
        with open_reading(settings, writable=args.replay) as reading:
            found = {district: reading.shelf(district).parked() for district in reading.districts(args.district)}
            if args.replay:
                with place_of_views(settings).rows() as rows:
                    return _replay(reading, rows, args.district, len(found[args.district]))
    except (LedgerError, SettingError, ViewsError) as error:
        sys.stderr.write(f"{error}\n")
        return of_fault(error)
    _show(found, as_json=args.json)
    return FINE


def _replay(reading: Reading, rows: ViewRows, district: str, parked: int) -> int:
    Snapshot(reading.views, reading.ledger, district).forget()
    rows.find_anew(district)
    facts = reading.ledger.head(district).sequence
    sys.stdout.write(
        f"{district}：将重新判定 {facts} 个事实（其中搁置 {parked} 个），由正在运行的服务进行，或于下次启动时进行 / "
        f"{facts} facts are judged anew, {parked} of them parked, by the service that runs or by the next that starts\n"
    )
    return FINE


def _show(found: dict[str, list[Parked]], *, as_json: bool) -> None:
    told = [
        {
            "district": district,
            "sequence": one.sequence,
            "fact": one.fact,
            "case": one.case,
            "skipped": one.is_skipped,
            "fault_of": one.fault_of or None,
            "error": one.error,
        }
        for district, parked in found.items()
        for one in parked
    ]
    if as_json:
        sys.stdout.writelines(f"{msgspec.json.encode(one).decode()}\n" for one in told)
        return
    console = Console(highlight=False, soft_wrap=True)
    for one in told:
        what = "整个搁置 skipped" if one["skipped"] else f"未能判定 not judged: {one['fault_of']}"
        console.print(f"[bold]{one['district']} {one['sequence']}[/bold]  {escape(str(one['case']))}  {escape(what)}")
        console.print(f"  [dim]{escape(str(one['error']))}[/dim]")
    console.print(f"{len(told)} 项搁置 / parked")
