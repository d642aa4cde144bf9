"""taizhang rules: list the provisions of the rulebooks, and lint them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
from rich.console import Console
from rich.table import Table

from rulebooks.cases import load_cases
from rulebooks.linting import Lint, lint_folder
from rulebooks.loading import HOME, shipped_districts
from services.casework import run_cases
from services.provisions import listed

if TYPE_CHECKING:
    import argparse

CLEAN = 0
PROBLEMS = 1


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--district", help="区县 / district")
    parser.add_argument("--article", help="条 / article")
    parser.add_argument("--lint", action="store_true", help="检查规则书 / check the rulebooks")
    parser.add_argument("--cases", action="store_true", help="与 --lint 同用：逐一运行案例 / with --lint: run every case too")
    parser.add_argument("--json", action="store_true", help="供程序读取 / for programs")


def run(args: argparse.Namespace) -> int:
    """List provisions, or lint."""
    districts = [args.district] if args.district else shipped_districts()
    return _lint(districts, with_cases=args.cases, as_json=args.json) if args.lint else _list(districts, args)


def _folders(districts: list[str]) -> list[Path]:
    return sorted(path.parent for district in districts for path in HOME.glob(f"{district}/*/rulebook.yaml"))


def _lint(districts: list[str], *, with_cases: bool, as_json: bool) -> int:
    found = Lint()
    for folder in _folders(districts):
        rulebook = lint_folder(folder, found)
        if with_cases and rulebook is not None:
            cases, _ = load_cases(folder, rulebook.district)
            found.misses += [str(miss) for miss in run_cases(rulebook, cases)]
    errors = [*map(str, found.errors), *found.misses]
    warnings = [*map(str, found.warnings)]
    if as_json:
        sys.stdout.write(orjson.dumps({"errors": errors, "warnings": warnings}).decode() + "\n")
    else:
        for line in errors:
            sys.stdout.write(f"错误 error: {line}\n")
        for line in warnings:
            sys.stdout.write(f"提示 warning: {line}\n")
        sys.stdout.write(f"{len(errors)} 个错误 errors，{len(warnings)} 个提示 warnings\n")
    return PROBLEMS if errors else CLEAN


def _list(districts: list[str], args: argparse.Namespace) -> int:
    rows = [row for district in districts for row in listed(district, args.article)]
    if args.json:
        sys.stdout.write(orjson.dumps(rows, option=orjson.OPT_INDENT_2).decode() + "\n")
        return CLEAN
    table = Table()
    for column in ("条 article", "规则 rule", "种类 kind", "效力 modality", "内容 what it says"):
        table.add_column(column)
    for row in rows:
        table.add_row(row["article"], row["rule"] or row["as"], row["kind"] or "", row["modality"] or "", row["zh"] or "")
    Console(highlight=False).print(table)
    return CLEAN
