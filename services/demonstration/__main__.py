"""`make run`: real public records and a simulated year of one district, recorded, watched, explained; it serves on.

Usage: python -m services.demonstration [--district D] [--once]
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from events.ledger.errors import LedgerError
from events.moment import day_of
from projections.databases.views_database import ViewsError
from projections.saved.saved_shelf import SavedShelf
from rulebooks.problems import RulebookError
from services.alerts.showing import AlertLines, show_listed
from services.arguments import Arguments
from services.commands.clock import now
from services.commands.progress import progress_bar
from services.commands.serve import stop_signals
from services.demonstration.overview import Overview, overview_of
from services.demonstration.playing import PlayReport, play_history
from services.exit_codes import FINE, of_fault
from services.http.hosting import ListenError
from services.http.serving import serving_http
from services.identity.caller import Caller
from services.identity.token_keys import LocalKey
from services.identity.tokens import ROLES_OF_TOKENS, issue
from services.judging import judged_here
from services.logs.logging import set_up_logging
from services.policy.kept_policies import KeptPolicies
from services.recording.authorisation import ROLES
from services.recording.embedded import local_principal
from services.recording.importing import ImportReport, import_files
from services.serving import Service, open_service
from services.settings.service import SettingError, Settings, current_settings
from services.simulation.districts import DISTRICTS
from services.simulation.planning import Year, plan
from services.simulation.working_days import YEARS, first_day_of
from services.simulation.writing import history_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from events.fact import AnyFact
    from projections.watch.shelf import Kept
    from services.simulation.district import District

DEFAULT_DISTRICT: Final = "xinzhou"
SEED: Final = 1
BREACHES: Final = 24
SECOND_HALF: Final = 7
"""The month from which this year alone is enough to look at."""
SAMPLE: Final = Path(__file__).parents[1] / "sample"
MOST_OPEN_SHOWN: Final = 5
TOKEN_DAYS: Final = 7
_MEASURES: Final[dict[str, Callable[[Overview], int]]] = {
    "事实 facts": lambda one: one.facts,
    "案卷 cases": lambda one: one.cases,
    "违反 breaches": lambda one: one.severities.get("breach", 0),
    "偏离 deviations": lambda one: one.severities.get("deviation", 0),
    "提醒 notices": lambda one: one.severities.get("notice", 0),
    "预警待处理 open alerts": lambda one: one.alerts.get("raised", 0),
    "预测 forecasts": lambda one: one.alerts.get("forecast", 0),
    "已补办 resolved": lambda one: one.alerts.get("resolved", 0),
    "已撤回 withdrawn": lambda one: one.alerts.get("withdrawn", 0),
    "进行中 still running": lambda one: len(one.open),
    "无法判定 not determinable": lambda one: one.undetermined,
    "搁置 set aside": lambda one: one.parked,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill the data folder, show the overview, and go on serving unless told otherwise."""
    parser = Arguments(
        prog="make run",
        description='演示：真实公开记录与模拟的一年 / public records and a simulated year; ARGS="--district D --once"',
    )
    parser.add_argument(
        "--district",
        choices=sorted(DISTRICTS),
        default=DEFAULT_DISTRICT,
        help=f"演示哪个区，默认 {DEFAULT_DISTRICT} / which district, {DEFAULT_DISTRICT} by default",
    )
    parser.add_argument("--once", action="store_true", help="显示概览后停止 / stop after the overview")
    args = parser.parse_args(arguments)
    try:
        settings = current_settings()
        if settings.log_level == "info":
            settings = replace(settings, log_level="warning")
        set_up_logging(sys.stderr, settings.log_level, settings.log_format)
        return demonstrate(settings, DISTRICTS[args.district], once=args.once)
    except (LedgerError, ListenError, SettingError, ViewsError, RulebookError) as error:
        sys.stderr.write(f"{error}\n")
        return of_fault(error)


def demonstrate(settings: Settings, district: District, *, once: bool) -> int:
    """Record, watch and show; raise LedgerError or ViewsError when the data cannot be used."""
    console = Console(highlight=False, soft_wrap=True)
    live = Event()
    stopping = stop_signals()

    def show(fact: AnyFact) -> None:
        if live.is_set():
            lines(fact)

    with open_service(settings, now, show=show) as service:
        lines = AlertLines(sys.stdout, lambda: service.reader, as_json=False)
        year = _year(district, now().date())
        _show_played(console, district.name, year, _play(district, year, service))
        _show_imported(console, _import_records(service))
        with progress_bar("判定 judging", service.watching.behind()) as progressed:
            service.watching.catch_up(progressed, stopping.is_set)
        _show_overview(console, _overviews(service))
        if once or stopping.is_set():
            return FINE
        live.set()
        with service.answering(), serving_http(service, now) as address:
            console.print(f"\n[bold]正在守护 {settings.data}[/bold]：另开终端用 taizhang record 录入，按 Ctrl-C 停止")
            console.print("serving; record with taizhang record from another terminal, stop with Ctrl-C")
            _show_tokens(console, address, settings, service.reader.districts())
            stopping.wait()
    return FINE


def _show_tokens(console: Console, address: str, settings: Settings, districts: Sequence[str]) -> None:
    """Show where the service answers, and a token for each role in the districts of the demonstration."""
    console.print(f"\n[bold]{address}[/bold]  HTTP；接口说明 description: {address}/v1/openapi.json")
    if settings.token_keys is not None:
        console.print("令牌由身份提供方签发 tokens come from the identity provider")
        return
    key = LocalKey(settings.data).secret
    console.print(f"各角色令牌，{TOKEN_DAYS} 天有效 tokens of each role, for {TOKEN_DAYS} days")
    for role in ROLES_OF_TOKENS:
        caller = Caller(subject=f"local:{role}", roles=frozenset({role}), districts=frozenset(districts))
        console.print(f"{ROLES[role][0]} {role}")
        console.print(f"  {issue(key, caller, now(), dt.timedelta(days=TOKEN_DAYS))}")


def _year(district: District, today: dt.date) -> Year:
    """Simulate this year; in its first half, when it holds little yet, the year before too."""
    last = min(max(today.year, YEARS[0]), YEARS[-1])
    first = max(YEARS[0], last if today.month >= SECOND_HALF else last - 1)
    days = (dt.date(last, 12, 31) - first_day_of(first)).days + 1
    return plan(district, days, SEED, BREACHES, first)


def _play(district: District, year: Year, service: Service) -> PlayReport | None:
    judging = judged_here(KeptPolicies(service.settings.data), district.name)
    if judging is None:
        return None
    history = history_text(district.name, year).encode().splitlines(keepends=True)
    principal = local_principal(frozenset({district.name}))
    with progress_bar(f"{district.name} 模拟一年 simulated year", len(history)) as progressed:
        told = 0

        def seen(done: int) -> None:
            nonlocal told
            progressed(done - told)
            told = done

        return play_history(history, district.name, judging, service, principal, real=now, progressed=seen)


def _import_records(service: Service) -> ImportReport:
    files = [(path.name, path.read_bytes().splitlines(keepends=True)) for path in sorted(SAMPLE.glob("*.jsonl"))]
    with progress_bar("公开记录 public records", sum(len(lines) for _, lines in files)) as progressed:
        return import_files(files, service.recorder, local_principal(None), now=now(), progressed=progressed)


def _overviews(service: Service) -> list[Overview]:
    found: list[Overview] = []
    for district, watch in service.watching.watches().items():
        kinds = {rule.header.id: rule.header.kind for rule in watch.watch.rules}
        shelf = SavedShelf(service.views, service.reader, district)
        found.append(overview_of(district, shelf, service.reader, kinds))
    return found


def _show_played(console: Console, district: str, year: Year, report: PlayReport | None) -> None:
    if report is None:
        return
    console.print(
        f"{district}：模拟的一年 simulated year，已入账 {report.recorded} recorded，重复 {report.repeated} repeated，"
        f"拒绝 {len(report.refused)} refused，尚未发生 {report.to_come} still to come；"
        f"其中注入违反 {len(year.truths)} breaches injected among all"
    )
    for problem in report.refused:
        console.print(f"  [red]{escape(str(problem))}[/red]")


def _show_imported(console: Console, report: ImportReport) -> None:
    console.print(
        f"公开记录 public records：已入账 {report.recorded} recorded，重复 {report.repeated} repeated，"
        f"拒绝 {report.refused} refused，略过 {report.passed_over} passed over"
    )


def _show_overview(console: Console, overviews: Sequence[Overview]) -> None:
    table = Table(title="概览 overview", title_justify="left")
    table.add_column("")
    for one in overviews:
        table.add_column(one.district, justify="right")
    for name, read in _MEASURES.items():
        table.add_row(name, *(str(read(one)) for one in overviews))
    Console(highlight=False).print(table)
    for one in overviews:
        console.print(f"\n[bold reverse] {one.district} [/bold reverse]")
        for alert in one.best:
            show_listed(console, alert)
        _show_open(console, one.open)
        console.print(
            f"\n无法判定 {one.undetermined} 项，须补录什么见 taizhang missing --district {one.district} / "
            f"{one.undetermined} could not be determined; taizhang missing says what else to record"
        )


def _show_open(console: Console, running: Sequence[Kept]) -> None:
    if running:
        console.print("\n[bold]进行中，先到期者 running, the next due[/bold]")
    for one in running[:MOST_OPEN_SHOWN]:
        due = "—" if one.due is None else day_of(one.due).isoformat()
        provisional = "（暂定 provisional）" if one.provisional else ""
        console.print(f"  {due}{provisional}  {escape(one.rule)}  {escape(one.subject)}  {escape(one.party or '')}")


if __name__ == "__main__":
    sys.exit(main())
