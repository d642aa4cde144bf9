"""taizhang serve: hold the ledger, record for others, watch, let time pass, show alerts as they come."""

from __future__ import annotations

import signal
import sys
from contextlib import ExitStack
from functools import partial
from threading import Event
from typing import TYPE_CHECKING

import structlog

from events.ledger.errors import LedgerError
from projections.databases.views_database import ViewsError
from rulebooks.loading import shipped_districts
from services.alerts.showing import AlertLines
from services.arguments import district_code
from services.commands.clock import now
from services.commands.progress import progress_bar
from services.commands.refusing import refused
from services.exit_codes import FINE, of_fault
from services.http.hosting import ListenError
from services.http.serving import serving_http
from services.logs.logging import set_up_logging
from services.processes.at_start import at_start
from services.processes.collecting import collect_seldom
from services.processes.turns import short_slices
from services.serving import open_service
from services.settings.service import SettingError, Settings, current_settings
from services.stores.ledgers import is_embedded
from services.stores.reading import no_such_district

if TYPE_CHECKING:
    import argparse

    from events.ledger.port import LedgerReader


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--district",
        type=district_code,
        metavar="D",
        action="append",
        help="只看此区县，可多次 / only this district; may repeat",
    )
    parser.add_argument("--once", action="store_true", help="赶上账册即停 / catch up with the ledger and stop")
    parser.add_argument("--json", action="store_true", help="每行一个预警事实 / one alert fact a line")


def run(args: argparse.Namespace) -> int:
    """Serve until asked to stop."""
    try:
        settings = current_settings()
        set_up_logging(sys.stderr, settings.log_level, settings.log_format)
        collect_seldom()
        return serve(settings, args.district, once=args.once, as_json=args.json)
    except (LedgerError, ListenError, SettingError, ViewsError) as error:
        sys.stderr.write(f"{error}\n")
        return of_fault(error)


def serve(settings: Settings, districts: list[str] | None, *, once: bool, as_json: bool) -> int:
    """Open the service and run it; raise LedgerError or ViewsError when it cannot be opened."""

    def reader() -> LedgerReader | None:
        return opened.reader

    if once and not is_embedded(settings):
        return refused(
            "serve.once_embedded",
            "账册在数据库中时由 taizhang worker 判定，--once 无可判定；请去掉 --once，或运行 taizhang worker。",
            "On a database taizhang worker judges, so --once has nothing to do; leave it out, or run taizhang worker.",
        )
    unknown = next((one for one in districts or () if one not in shipped_districts()), None)
    if unknown is not None:
        known = shipped_districts()
        return refused(
            "serve.no_such_district",
            f"没有 {unknown} 的规则书，无可判定，未启动；可用的区县：{'、'.join(known)}。",
            f"There is no rulebook of {unknown}, so nothing of it could be judged and nothing was begun; the districts "
            f"are {', '.join(known)}.",
        )
    stopping = stop_signals()
    show = AlertLines(sys.stdout, reader, as_json=as_json)
    with ExitStack() as at_work:
        with at_start(settings, stopping) as starting:
            opening = partial(open_service, settings, now, districts=districts, show=show)
            found = starting.opened(opening, at_work) if starting.has_database() else None
        if found is None:
            return FINE
        opened = found
        if once:
            there_are = opened.reader.districts()
            for district in districts or ():
                if district not in there_are:
                    raise no_such_district(district, there_are)
            with progress_bar("判定 judging", opened.watching.behind()) as progressed:
                opened.watching.catch_up(progressed, stopping.is_set)
            with progress_bar("视图 views", opened.feeding.left()) as progressed:
                opened.feeding.catch_up(progressed, stopping.is_set)
            return FINE
        with short_slices(), opened.answering(), serving_http(opened, now) as address:
            structlog.get_logger().info("serve.ready", data=settings.data, address=address)
            stopping.wait()
            structlog.get_logger().info("serve.stopping")
    return FINE


def stop_signals() -> Event:
    """Return an event that SIGTERM and SIGINT set."""
    stopping = Event()

    def stop(_signal: int, _frame: object) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    return stopping
