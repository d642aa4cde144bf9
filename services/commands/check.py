"""taizhang check: judge histories without recording them."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from events.errors import FactError
from events.moment import Moment
from services.arguments import district_code
from services.checking import Checked, CheckError, Options, check_history
from services.commands.refusing import refused
from services.exit_codes import FINE, FOUND_WRONG, NOT_DONE
from services.file_faults import NOT_READ, file_fault
from services.history_lines import lines_of
from services.processes.collecting import collect_seldom

if TYPE_CHECKING:
    import argparse

MOST_PROCESSES: Final = 8
"""Each takes every fact, so that more of them save little."""


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "histories", nargs="+", metavar="HISTORY.jsonl", help="历史文件，每行一个事实 / history, one fact a line"
    )
    parser.add_argument("--district", type=district_code, help="区县 / district, such as xinzhou")
    parser.add_argument("--rulebook", help="规则书 / rulebook, such as xinzhou/2023")
    parser.add_argument(
        "--until", help="判定截至：日期（当日结束）或时间 / judge up to a date (its end) or a date-time"
    )
    parser.add_argument("--all", action="store_true", help="也列出符合的 / list what was kept, too")
    parser.add_argument("--json", action="store_true", help="供程序读取，每个文件一行 / one JSON object a file")


def run(args: argparse.Namespace) -> int:
    """Check every file; print nothing on standard output when one of them cannot be read."""
    try:
        until = None if args.until is None else Moment(args.until)
    except ValueError:
        return refused(
            "check.malformed_moment",
            f"--until：{args.until} 应写作日期 2026-10-09 或带时区的时间 2026-10-09T09:00:00+08:00，未作判定。",
            f"--until: {args.until} is written as a date, 2026-10-09, or a date-time with offset, "
            "2026-10-09T09:00:00+08:00; nothing was judged.",
        )
    options = Options(district=args.district, rulebook=args.rulebook, until=until, show_satisfied=args.all)
    collect_seldom()
    checked: list[Checked] = []
    processors = _processors()
    for name in args.histories:
        try:
            with Path(name).open("rb") as file:
                checked.append(check_history(lines_of(file), options, processors))
        except OSError as error:
            sys.stderr.write(f"{file_fault(error, NOT_READ, name)}\n")
            return NOT_DONE
        except (CheckError, FactError) as error:
            sys.stderr.write(f"{name}: {error}\n")
            return NOT_DONE
    for one in checked:
        if args.json:
            sys.stdout.write(msgspec.json.encode(one).decode() + "\n")
        else:
            from services.commands.tables import print_checked  # noqa: PLC0415  what draws is loaded where it is shown

            print_checked(one)
    violated = any(finding.outcome == "violated" for one in checked for finding in one.findings)
    return FOUND_WRONG if violated else FINE


def _processors() -> int:
    """Return how many processors this process may use, at most as many as are worth it."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(usable, MOST_PROCESSES)
