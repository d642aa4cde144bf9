"""taizhang simulate: write an invented stretch of a district's work, and beside it the breaches put into it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from services.arguments import whole_number
from services.commands.progress import progress_bar
from services.exit_codes import FINE, NOT_DONE
from services.file_faults import NOT_WRITTEN, file_fault
from services.simulation.districts import DISTRICTS
from services.simulation.planning import SimulationError, plan
from services.simulation.working_days import YEARS
from services.simulation.writing import history_text, truth_text

if TYPE_CHECKING:
    import argparse

A_YEAR: Final = 365


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--district", metavar="D", required=True, choices=sorted(DISTRICTS), help="区县 / district")
    parser.add_argument("--days", metavar="N", type=int, default=A_YEAR, help="天数，默认 365 / days, 365 by default")
    parser.add_argument(
        "--seed",
        metavar="S",
        type=int,
        default=1,
        help="种子：相同则所写逐字节相同 / the same seed gives the same bytes",
    )
    parser.add_argument(
        "--breaches",
        metavar="B",
        type=whole_number(0),
        default=0,
        help="有意安排的违反处数，默认 0 / breaches to inject, none by default",
    )
    parser.add_argument(
        "--year",
        type=int,
        choices=YEARS,
        default=YEARS[0],
        help=f"自哪一年的第一个工作日起，默认 {YEARS[0]} / from the first workday of which year",
    )
    parser.add_argument(
        "--to",
        metavar="FILE",
        type=Path,
        required=True,
        help="写入的历史文件，旁边写 FILE.truth.jsonl / the history file; FILE.truth.jsonl is written beside it",
    )


def run(args: argparse.Namespace) -> int:
    """Write the history and its truth; nothing is written when it cannot be made as asked."""
    district = DISTRICTS[args.district]
    try:
        with progress_bar(f"{district.name} 模拟 simulating", len(district.stories)) as progressed:
            year = plan(district, args.days, args.seed, args.breaches, args.year, progressed)
    except SimulationError as error:
        sys.stderr.write(f"{error}\n")
        return NOT_DONE
    history: Path = args.to
    truth = history.with_name(f"{history.name}.truth.jsonl")
    try:
        truth.write_text(truth_text(year), encoding="utf-8")
        history.write_text(history_text(district.name, year), encoding="utf-8")
    except OSError as error:
        sys.stderr.write(f"{file_fault(error, NOT_WRITTEN)}\n")
        return NOT_DONE
    sys.stdout.write(
        f"{history}：{len(year.told)} 个事实，注入 {len(year.truths)} 处违反，见 {truth.name} / "
        f"{len(year.told)} facts, {len(year.truths)} breaches injected, see {truth.name}\n"
    )
    return FINE
