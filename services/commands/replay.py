"""taizhang replay: what was known, or true, of a case or a district on any day."""

from __future__ import annotations

import sys
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

import msgspec

from events.ledger.errors import LedgerError
from events.moment import Moment
from projections.databases.views_database import ViewsError
from projections.replay.question import Question
from projections.views.query import USUAL_PAGE, QueryError
from services.arguments import district_code, whole_number
from services.commands.clock import now
from services.commands.progress import progress_bar
from services.commands.refusing import refused
from services.exit_codes import FINE, FOUND_WRONG, NOT_DONE, of_fault
from services.not_done import NotDoneError
from services.policy.kept_policies import KeptPolicies
from services.processes.collecting import collect_seldom
from services.replay.answering import Answering
from services.replay.basis import basis_of
from services.replay.indexing import Sources
from services.replay.ledger_until import reach_of
from services.replay.replaying import Asked, NoSuchCaseError
from services.replay.supposing import supposed_rulebook
from services.settings.service import SettingError, current_settings
from services.stores.ledgers import open_ledger_reader, place_of_views

if TYPE_CHECKING:
    import argparse

    from projections.databases.views_database import ViewsDatabase
    from projections.replay.answer import Replay
    from projections.view_rows.rows import ViewRows
    from services.arguments import Arguments
    from services.settings.service import Settings


class ReplayError(NotDoneError):
    """A replay that cannot be made as it is asked for."""


def add(parser: Arguments) -> None:
    """Declare the options."""
    parser.add_argument(
        "--district", type=district_code, metavar="D", required=True, help="区县 / district, such as xinzhou"
    )
    parser.add_argument("--case", metavar="KIND/ID", help="只看此案卷 / only this case, such as countersign/cs-1")
    parser.add_argument(
        "--known-at", metavar="T", help="当时所知：入账不晚于此 / as known: recorded by a day or moment"
    )
    parser.add_argument("--true-at", metavar="T", help="当时实情：发生不晚于此 / as true: occurred by a day or moment")
    parser.add_argument(
        "--rulebook",
        metavar="R",
        help="假如一直施行此版本或草案（文件夹） / what if this version, or the draft in a folder, had always ruled",
    )
    parser.add_argument(
        "--view", metavar="V", help="整个视图在当时的样子，见 taizhang views list / a whole view as of then"
    )
    parser.add_argument(
        "--filter", metavar="NAME=VALUE", action="append", default=[], help="视图的筛选 / a filter of the view"
    )
    parser.add_argument("--order", metavar="NAME", help="视图的排序 / an order of the view")
    parser.add_argument(
        "--limit", type=whole_number(1), metavar="N", default=USUAL_PAGE, help="视图的行数 / rows of the view"
    )
    parser.add_argument("--after", metavar="MARK", help="上一页给出的 next / `next` of the page before")
    parser.add_argument("--compare", metavar="T", help="与另一时点比较 / compare with another moment")
    parser.add_argument("--next-finding", action="store_true", help="跳到下一处发现 / go on to the next finding")
    parser.add_argument(
        "--recompute",
        action="store_true",
        help="全程重新判定，与已入账的预警比较 / judge the whole history again, compare with the alerts recorded",
    )
    parser.add_argument(
        "--from-ledger",
        action="store_true",
        help="只凭封存的账册，不用视图与监看所存 / by the sealed ledger alone, by nothing that watch or views saved",
    )
    parser.add_argument("--all", action="store_true", help="也列出符合的 / list what was kept, too")
    parser.add_argument("--json", action="store_true", help="供程序读取 / for programs")
    for option in ("--filter", "--order", "--limit", "--after"):
        parser.goes_with(option, "--view")
    parser.goes_without("--view", "--case", "--rulebook", "--compare", "--next-finding", "--recompute", "--all")
    parser.goes_with("--next-finding", "--case")


def run(args: argparse.Namespace) -> int:
    """Replay, and print what stood then."""
    try:
        collect_seldom()
        found = _replayed(current_settings(), args)
        if found is None:
            return FINE
    except NoSuchCaseError:
        return refused(
            "replay.no_such_case",
            f"{args.district} 没有案卷 {args.case}，无可重放；请核对种类与编号。",
            f"{args.district} has no case {args.case}, so there is nothing to replay; check kind and id.",
        )
    except (NotDoneError, QueryError) as error:
        sys.stderr.write(f"{error}\n")
        return NOT_DONE
    except (LedgerError, SettingError, ViewsError) as error:
        sys.stderr.write(f"{error}\n")
        return of_fault(error)
    if args.json:
        sys.stdout.write(f"{msgspec.json.encode(found).decode()}\n")
    else:
        from services.commands.replay_tables import print_replay  # noqa: PLC0415  a program that reads JSON starts sooner without

        print_replay(found)
    done = found.recomputation
    return FOUND_WRONG if done is not None and done.verdict == "unexplained" else FINE


def _asked(args: argparse.Namespace) -> Asked:
    if args.case is not None and not all(args.case.partition("/")):
        raise ReplayError(
            "replay.malformed_case",
            f"--case {args.case}：应写作 种类/编号，如 countersign/cs-1，未作重放。",
            f"--case {args.case}: write KIND/ID, such as countersign/cs-1; nothing was replayed.",
        )
    question = Question(_moment("--known-at", args.known_at), _moment("--true-at", args.true_at))
    return Asked(
        case=args.case,
        question=question,
        compare=_moment("--compare", args.compare),
        next_finding=args.next_finding,
        satisfied=args.all,
    )


def _moment(option: str, given: str | None) -> Moment | None:
    try:
        return None if given is None else Moment(given)
    except ValueError as error:
        raise ReplayError(
            "replay.malformed_moment",
            f"{option}：{given} 应写作日期 2026-10-09 或带时区的时间 2026-10-09T09:00:00+08:00，未作重放。",
            f"{option}: {given} is written as a date, 2026-10-09, or a date-time with offset, "
            "2026-10-09T09:00:00+08:00; nothing was replayed.",
        ) from error


def _replayed(settings: Settings, args: argparse.Namespace) -> Replay | None:
    """Return the answer; None when it is a view, which is printed page by page."""
    asked, district = _asked(args), args.district
    with ExitStack() as opened:
        ledger = opened.enter_context(open_ledger_reader(settings))
        reach = reach_of(ledger, district, now())
        basis = basis_of(district, KeptPolicies(settings.data).find)
        if not reach.head:
            raise ReplayError(
                "replay.no_such_district",
                f"账册中没有 {district} 的事实，无可重放；请核对区县与 TAIZHANG_DATA。",
                f"The ledger has no facts of {district}, so there is nothing to replay; check the district and "
                "TAIZHANG_DATA.",
            )
        if basis is None:
            raise ReplayError(
                "replay.no_rulebook",
                f"没有 {district} 的规则书，无从判定；有哪些见 taizhang rules。",
                f"There is no rulebook of {district} to judge by; taizhang rules lists those there are.",
            )
        supposed = None if args.rulebook is None else supposed_rulebook(args.rulebook, district)
        sources = Sources(ledger) if args.from_ledger else Sources(ledger, *_views(settings, opened))
        if args.view is not None:
            from services.commands.replay_view import show_view  # noqa: PLC0415  all views; a case starts sooner without

            show_view(settings, args, sources, basis, asked.question.as_of(reach))
            return None
        answering = Answering(sources, basis, district, reach, progress_bar)
        return answering.answer(asked, supposed, recompute=args.recompute)


def _views(settings: Settings, opened: ExitStack) -> tuple[ViewsDatabase | None, ViewRows | None]:
    """Open what is saved, as far as it can be used; without it the ledger is read from its first fact on."""
    try:
        place = place_of_views(settings)
        views = opened.enter_context(closing(place.watch(writable=False)))
        rows = opened.enter_context(closing(place.rows(writable=False)))
    except ViewsError:
        return None, None
    return views, rows
