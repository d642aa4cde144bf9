"""taizhang record: record a history into the ledger of the data folder."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from events.ledger.errors import LedgerError
from services.arguments import district_code
from services.commands.clock import now
from services.commands.progress import progress_bar
from services.exit_codes import FINE, NOT_DONE, of_fault
from services.file_faults import NOT_READ, file_fault
from services.history_lines import lines_of
from services.recording.embedded import local_principal
from services.recording.histories import HistoryReport, LineReceipt, record_history
from services.recording.writer import open_writer
from services.settings.service import SettingError, current_settings

if TYPE_CHECKING:
    import argparse


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("history", metavar="HISTORY.jsonl", help="历史文件，每行一个事实 / history, one fact a line")
    parser.add_argument("--district", type=district_code, metavar="D", help="区县 / district, such as xinzhou")
    parser.add_argument("--json", action="store_true", help="供程序读取，含回执 / for programs, with receipts")


def run(args: argparse.Namespace) -> int:
    """Record every line that can be recorded, and name the others."""
    principal = local_principal(None if args.district is None else frozenset({args.district}))
    try:
        with Path(args.history).open("rb") as file:
            total = sum(1 for line in lines_of(file) if line.strip())
            file.seek(0)
            with open_writer(current_settings(), now) as writer, progress_bar("入账 recording", total) as progressed:
                report = record_history(
                    lines_of(file),
                    writer,
                    principal,
                    clock=now,
                    district=args.district,
                    keep_receipts=args.json,
                    progressed=progressed,
                )
    except OSError as error:
        sys.stderr.write(f"{file_fault(error, NOT_READ, args.history)}\n")
        return NOT_DONE
    except (LedgerError, SettingError) as error:
        sys.stderr.write(f"{error}\n")
        return of_fault(error)
    _show(args.history, report, as_json=args.json)
    return NOT_DONE if report.refused else FINE


def _show(history: str, report: HistoryReport, *, as_json: bool) -> None:
    for problem in report.refused:
        sys.stderr.write(f"{history}: {problem}\n")
    if as_json:
        sys.stdout.write(orjson.dumps(_as_json(history, report)).decode() + "\n")
        return
    sys.stdout.write(
        f"已入账 {report.recorded} 条，重复 {report.repeated} 条，拒绝 {len(report.refused)} 条 / "
        f"{report.recorded} recorded, {report.repeated} repeated, {len(report.refused)} refused\n"
    )


def _as_json(history: str, report: HistoryReport) -> dict[str, object]:
    return {
        "history": history,
        "recorded": report.recorded,
        "repeated": report.repeated,
        "refused": [
            {"line": one.line, "code": one.code, "field": one.field, "zh": one.zh, "en": one.en}
            for one in report.refused
        ],
        "receipts": [_receipt(one) for one in report.receipts],
    }


def _receipt(given: LineReceipt) -> dict[str, object]:
    receipt = given.receipt
    return {
        "line": given.line,
        "repeated": given.repeated,
        "id": receipt.fact_id,
        "sequence": receipt.sequence,
        "recorded_at": receipt.recorded_at,
        "leaf": receipt.leaf.hex(),
        "root": receipt.root.hex(),
    }
