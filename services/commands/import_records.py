"""taizhang import: turn public records into facts, record them, and say what the rules find, row by row."""

from __future__ import annotations

import errno
import os
import sys
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import msgspec
from rich.console import Console
from rich.markup import escape

from events.ledger.errors import LedgerError
from services.arguments import district_code
from services.commands.clock import now
from services.commands.progress import progress_bar
from services.commands.refusing import refused
from services.commands.tables import OUTCOMES, SEVERITIES
from services.exit_codes import FINE, NOT_DONE, of_fault
from services.file_faults import NOT_USED, file_fault
from services.history_lines import lines_of
from services.public_records.rows import place_in_file
from services.recording.embedded import local_principal
from services.recording.importing import ImportReport, RowReport, import_files
from services.recording.writer import open_writer
from services.settings.service import SettingError, current_settings
from services.workbooks.archive import is_spreadsheet
from services.workbooks.opening import Workbook, open_workbook
from services.workbooks.problems import WorkbookError, no_name_of_workbook
from services.workbooks.template import write_template

if TYPE_CHECKING:
    import argparse

    from services.arguments import Arguments

STATUSES = {
    "recorded": "已入账 recorded",
    "repeated": "重复 repeated",
    "refused": "拒绝 refused",
    "passed_over": "略过 passed over",
}


def add(parser: Arguments) -> None:
    """Declare the options."""
    parser.add_argument(
        "files", nargs="*", metavar="FILE", help="公开记录（JSON Lines）或 Excel 工作簿 / public records, or a workbook"
    )
    parser.add_argument(
        "--as", "--district", dest="district", type=district_code, metavar="D",
        help="按此区县入账和判定 / take every row as one of this district",
    )  # fmt: skip
    parser.add_argument(
        "--template", metavar="FILE.xlsx", help="写出供填写的模板工作簿 / write a workbook to fill in, import nothing"
    )
    parser.add_argument("--json", action="store_true", help="供程序读取 / for programs")
    parser.goes_without("--template", "--json")


def run(args: argparse.Namespace) -> int:
    """Import every row that can be imported, and say of each what became of it; or write the template."""
    if bool(args.files) == bool(args.template):
        return refused(
            "import.unclear",
            "没有给出要导入的文件，或同时给出了 --template，什么也没有做；请给出文件，或只用 --template。",
            "No file to import was named, or --template beside one, so nothing was done; name files, or --template "
            "alone.",
        )
    try:
        return _template(Path(args.template), args.district) if args.template else _import(args)
    except OSError as error:
        sys.stderr.write(f"{file_fault(error, NOT_USED)}\n")
        return NOT_DONE
    except WorkbookError as error:
        sys.stderr.write(f"{error}\n")
        return NOT_DONE
    except (LedgerError, SettingError) as error:
        sys.stderr.write(f"{error}\n")
        return of_fault(error)


def _template(path: Path, district: str | None) -> int:
    if path.suffix.lower() != ".xlsx":
        raise no_name_of_workbook(path)
    write_template(path, district)
    sys.stdout.write(
        f"模板已写到 {path}，填好后：taizhang import {path} / "
        f"the template is in {path}; once filled in: taizhang import {path}\n"
    )
    return FINE


def _import(args: argparse.Namespace) -> int:
    with ExitStack() as opened:
        files = [(name, _opened(opened, name)) for name in dict.fromkeys(args.files)]
        total = sum(_rows_of(content) for _, content in files)
        writer = opened.enter_context(open_writer(current_settings(), now))
        progressed = opened.enter_context(progress_bar("导入 importing", total))
        rows = [(name, content if isinstance(content, Workbook) else lines_of(content)) for name, content in files]
        report = import_files(
            rows, writer, local_principal(None), now=now(), district=args.district, progressed=progressed
        )
    for warning in report.warnings:
        sys.stderr.write(f"未判定 not judged: {warning}\n")
    if args.json:
        sys.stdout.write(msgspec.json.encode(report).decode() + "\n")
    else:
        show_import(report)
    return NOT_DONE if report.refused else FINE


def _opened(opened: ExitStack, name: str) -> BinaryIO | Workbook:
    """Open a file for its lines, or read it whole when it is a workbook; nothing is recorded before all are open."""
    file = opened.enter_context(Path(name).open("rb"))  # noqa: SIM115  the stack closes it
    if not file.seekable():
        raise OSError(errno.ESPIPE, os.strerror(errno.ESPIPE), name)
    is_workbook = is_spreadsheet(name, file.read(8))
    file.seek(0)
    return open_workbook(name, file) if is_workbook else file


def _rows_of(content: BinaryIO | Workbook) -> int:
    if isinstance(content, Workbook):
        return sum(len(sheet.rows) for sheet in content.sheets)
    total = sum(1 for line in lines_of(content) if line.strip())
    content.seek(0)
    return total


def show_import(report: ImportReport) -> None:
    """Show people what became of each row and what the rules find for it; a workbook's own facts are only counted."""
    console = Console(highlight=False, soft_wrap=True)
    for row in report.rows:
        if row.sheet is None or row.code is not None or row.rulebook is not None:
            _show_row(console, row)
    console.print(
        f"\n已入账 {report.recorded} 行，重复 {report.repeated} 行，拒绝 {report.refused} 行，"
        f"略过 {report.passed_over} 行 / "
        f"rows: {report.recorded} recorded, {report.repeated} repeated, {report.refused} refused, "
        f"{report.passed_over} passed over"
    )


def _show_row(console: Console, row: RowReport) -> None:
    place = f"，{escape(row.place)}" if row.place else ""
    facts = f"，{len(row.sequences)} 个事实 facts" if row.sequences else ""
    if row.sheet is None:
        head = f"{row.file} 第{row.row}行 row {row.row}"
    else:
        head = f"{row.file} {place_in_file(row.row, row.field, row.sheet, row.column)[0]}"
    console.print(f"[bold]{escape(head)}[/bold]：{STATUSES[row.status]}{place}{facts}")
    if row.zh is not None:
        field = f"字段 field {escape(row.field)}：" if row.field and row.sheet is None else ""
        console.print(f"  {field}{escape(row.zh)} / {escape(row.en or '')} [dim]\\[{row.code}][/dim]")
    elif row.rulebook is None:
        console.print("  [dim]该地没有规则书，未判定；可用 --as 指定区县 / no rulebook of its place; see --as[/dim]")
    else:
        _show_findings(console, row)


def _show_findings(console: Console, row: RowReport) -> None:
    counted = Counter(finding.outcome for finding in row.findings)
    summary = "，".join(f"{OUTCOMES[outcome]} {count}" for outcome, count in sorted(counted.items()))
    console.print(f"  {row.rulebook}：{summary or '没有规则涉及 no rule applies'}")
    for finding in row.findings:
        if finding.outcome == "not_determinable":
            missing = "、".join(finding.missing) or finding.say.zh
            console.print(f"  [dim]无法判定 not determinable：{finding.rule}，缺 missing：{escape(missing)}[/dim]")
        elif finding.outcome != "satisfied":
            console.print(f"  {OUTCOMES[finding.outcome]} · {SEVERITIES[finding.severity]} · {finding.rule}")
            console.print(f"    {escape(finding.say.zh)}\n    [dim]{escape(finding.say.en)}[/dim]")
