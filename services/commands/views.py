"""taizhang views: list the views, show one, rebuild them while the service runs, discard those of other versions."""

from __future__ import annotations

import sys
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from rich.console import Console
from rich.table import Table

from events.ledger.errors import LedgerError
from projections.databases.views_database import ViewsError
from projections.policy.policy import shipped_policy
from projections.saved.saved_shelf import SavedShelf
from projections.view_rows.findings_feed import FindingsFeed
from projections.view_rows.history import keeps_history
from projections.view_rows.history_feeding import HistoryFeeding
from projections.view_rows.past_feeding import PastFeeding
from projections.view_rows.rows import ViewRows
from projections.views.catalogue import VIEWS
from projections.views.query import USUAL_PAGE, Query, QueryError
from services.access.commands_book import file_handed_out, note_exports
from services.arguments import district_code, whole_number
from services.commands.clock import now
from services.commands.progress import progress_bar
from services.commands.view_tables import filters_of, print_page
from services.commands.views_discard import discard
from services.exit_codes import FINE, NOT_DONE, of_fault
from services.file_faults import NOT_WRITTEN, file_fault
from services.policy.kept_policies import KeptPolicies
from services.policy.of_district import policy_in_force
from services.processes.collecting import collect_seldom
from services.settings.service import SettingError, current_settings
from services.stores.ledgers import open_kept_keys, open_ledger_reader, place_of_views
from services.stores.reading import no_such_district
from services.stores.views_places import watch_if_any
from services.views.asking import AskedBy, ask, described
from services.views.exporting import description_of, every_row, table_columns
from services.views.feeding import FeedingViews
from services.views.rebuilding import catch_up
from services.views.rebuilding_beside import Share
from services.workbooks.problems import WorkbookError
from services.workbooks.tables import write_table

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from events.ledger.port import LedgerReader
    from events.personal import Keys
    from projections.policy.policy import Policy
    from services.arguments import Arguments
    from services.settings.service import Settings


def add(parser: Arguments) -> None:
    """Declare the options."""
    does = parser.add_subparsers(dest="does", required=True, metavar="list|show|rebuild|discard")
    listing = does.add_parser("list", help="有哪些视图 / which views there are")
    listing.add_argument("--json", action="store_true", help="每行一个视图的说明 / one description a line")
    show = does.add_parser("show", help="查看一个视图 / show a view")
    show.add_argument("view", metavar="V", choices=tuple(VIEWS), help=f"视图 / view: {', '.join(VIEWS)}")
    show.add_argument(
        "--district", type=district_code, metavar="D", required=True, help="区县 / district, such as xinzhou"
    )
    show.add_argument(
        "--filter",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="筛选，可多次 / a filter; may repeat; the desk takes person=, post= and unit= too",
    )
    show.add_argument("--order", metavar="NAME", help="排序 / order")
    show.add_argument(
        "--limit",
        type=whole_number(1),
        metavar="N",
        help=f"行数，默认 {USUAL_PAGE}，写文件时不限 / rows, in a file all of them",
    )
    show.add_argument("--after", metavar="MARK", help="上一页给出的 next / `next` of the page before")
    show.add_argument("--to", metavar="FILE", help="写成 Excel 或 CSV / write them to a file, .xlsx or .csv")
    show.add_argument("--json", action="store_true", help="一个 JSON 对象 / one JSON object")
    show.goes_without("--to", "--json")
    rebuild = does.add_parser("rebuild", help="在旁重建再切换 / build beside and switch")
    rebuild.add_argument(
        "--view",
        metavar="V",
        action="append",
        choices=tuple(VIEWS),
        help="只重建此视图 / only this; may repeat",
    )
    rebuild.add_argument(
        "--history",
        action="store_true",
        help="改为重建全部视图的历史，供查某日所知 / instead the history of all views, which answers for a day",
    )
    rebuild.add_argument(
        "--go-on",
        action="store_true",
        help="与 --history 同用：接着原有的历史 / with --history: go on with what is kept",
    )
    rebuild.goes_with("--go-on", "--history")
    rebuild.goes_without("--history", "--view")
    discarding = does.add_parser(
        "discard", help="丢弃其他版本的程序所存 / drop what other versions of the program keep in the database"
    )
    discarding.add_argument("--json", action="store_true", help="供程序读取 / for programs")


def run(args: argparse.Namespace) -> int:
    """Do what is asked."""
    try:
        settings = current_settings()
        if args.does == "discard":
            return discard(settings, as_json=args.json)
        if args.does == "rebuild":
            collect_seldom()
        if args.does == "rebuild" and args.history:
            return _rebuild_history(settings, anew=not args.go_on)
        if args.does == "rebuild":
            return _rebuild(settings, args.view or list(VIEWS))
        with ExitStack() as opened:
            rows = opened.enter_context(place_of_views(settings).rows(writable=False))
            return _list(rows, as_json=args.json) if args.does == "list" else _show(settings, rows, args)
    except QueryError as error:
        sys.stderr.write(f"{error}\n")
        return NOT_DONE
    except (LedgerError, SettingError, ViewsError, WorkbookError) as error:
        sys.stderr.write(f"{error}\n")
        return of_fault(error)
    except OSError as error:
        sys.stderr.write(f"{file_fault(error, NOT_WRITTEN)}\n")
        return NOT_DONE


def _rebuild(settings: Settings, names: list[str]) -> int:
    """Build beside what answers, and switch; a service that runs meanwhile takes part in it."""
    with ExitStack() as opened:
        ledger = opened.enter_context(open_ledger_reader(settings))
        place = place_of_views(settings)
        rows = opened.enter_context(place.rows())
        findings = opened.enter_context(watch_if_any(place))
        feeding = FeedingViews(rows, ledger, None if findings is None else FindingsFeed(findings))
        feeding.rebuild(names)
        with progress_bar("重建视图 rebuilding", feeding.left()) as progressed:
            catch_up(feeding, names, Share(str(settings.data), settings.database), progressed)
    sys.stdout.write(f"已重建 {len(names)} 个视图 / {len(names)} views rebuilt: {', '.join(names)}\n")
    return FINE


def _rebuild_history(settings: Settings, *, anew: bool) -> int:
    """Keep the history of every view up to the last whole step; a service that runs meanwhile takes part in it."""
    place = place_of_views(settings)
    with ExitStack() as opened:
        ledger = opened.enter_context(open_ledger_reader(settings))
        history, rows = opened.enter_context(place.history()), opened.enter_context(place.rows())
        watched = opened.enter_context(watch_if_any(place))
        past = None if watched is None else PastFeeding(rows, FindingsFeed(watched), ledger, views=VIEWS)
        feeding = HistoryFeeding(history, ledger, views=VIEWS, past=past)
        if anew:
            feeding.rebuild()
        with progress_bar("视图历史 history", feeding.left()) as progressed:
            while taken := feeding.advance():
                progressed(taken)
    kept = [name for name, view in VIEWS.items() if keeps_history(view) or past is not None]
    sys.stdout.write(f"已备好 {len(kept)} 个视图的历史 / history kept of {len(kept)} views: {', '.join(kept)}\n")
    return FINE


def _list(rows: ViewRows, *, as_json: bool) -> int:
    if as_json:
        sys.stdout.writelines(f"{msgspec.json.encode(one).decode()}\n" for one in described(rows))
        return FINE
    table = Table()
    for heading in ("视图 view", "名称 title", "筛选 filters", "排序 orders"):
        table.add_column(heading)
    for one in described(rows):
        filters = " ".join(offered.name for offered in one.filters)
        table.add_row(one.name, f"{one.zh} {one.en}", filters, " ".join(order.name for order in one.orders))
    Console(highlight=False).print(table)
    return FINE


def _show(settings: Settings, rows: ViewRows, args: argparse.Namespace) -> int:
    limit = USUAL_PAGE if args.limit is None else args.limit
    asked = Query(filters=filters_of(args.filter), order=args.order, after=args.after, limit=limit)
    with _ledger(settings) as (ledger, keys):
        if not ledger.head(args.district).sequence:
            raise no_such_district(args.district, ledger.districts())
        by = AskedBy(now=now(), policy=_policy(settings, ledger, args.district), keys=keys)
        if args.to:
            description = description_of(rows, args.view)
            with progress_bar("写出 writing", None) as told:
                every = every_row(rows, ledger, args.view, args.district, asked, by, told=told)
                write_table(Path(args.to), description.zh, table_columns(description), islice(every, args.limit))
            note_exports(settings, [file_handed_out(Path(args.to), args.district, ledger)], now)
            sys.stdout.write(f"已写到 {args.to} / written to {args.to}\n")
            return FINE
        found = ask(rows, ledger, args.view, args.district, asked, by)
    if args.json:
        sys.stdout.write(f"{msgspec.json.encode(found).decode()}\n")
        return FINE
    live = rows.live(args.view)
    if live is not None:
        print_page(live.description, found)
    return FINE


def _policy(settings: Settings, ledger: LedgerReader, district: str) -> Policy:
    """Return the house settings in force; those shipped where nothing was watched yet, so that none are adopted."""
    with watch_if_any(place_of_views(settings)) as saved:
        if saved is None:
            return shipped_policy()
        return policy_in_force(SavedShelf(saved, ledger, district), KeptPolicies(settings.data).find)


@contextmanager
def _ledger(settings: Settings) -> Iterator[tuple[LedgerReader, Keys | None]]:
    with open_ledger_reader(settings) as ledger, open_kept_keys(settings) as keys:
        yield ledger, keys
