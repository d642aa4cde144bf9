"""taizhang rules: list provisions, explain a rule, compare districts, show what histories touch."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import orjson
from rich.console import Console
from rich.table import Table

from events.errors import FactError
from rulebooks.loading import shipped_districts
from rulebooks.problems import RulebookError
from services.checking import CheckError
from services.commands.progress import progress_bar
from services.commands.refusing import no_rulebook_of, no_such_rule, refused
from services.commands.rule_tables import print_comparison, print_coverage, print_explanation
from services.commands.rules_lint import districts_asked
from services.exit_codes import FINE, NOT_DONE
from services.file_faults import NOT_READ, file_fault
from services.history_lines import lines_of
from services.rules.comparison import compared
from services.rules.coverage import Histories
from services.rules.explanations import explained
from services.rules.provisions import listed

if TYPE_CHECKING:
    import argparse


def list_provisions(args: argparse.Namespace) -> int:
    """List every provision, of one district or article when named."""
    rows = [row for district in districts_asked(args) for row in listed(district, args.article)]
    if not rows:
        return _none_listed(args.district, args.article)
    if args.json:
        sys.stdout.write(orjson.dumps(rows, option=orjson.OPT_INDENT_2).decode() + "\n")
        return FINE
    table = Table()
    for column in ("条 article", "规则 rule", "种类 kind", "效力 modality", "内容 what it says"):
        table.add_column(column)
    for row in rows:
        name = row["rule"] or row["as"]
        table.add_row(row["article"], name, row["kind"] or "", row["modality"] or "", row["zh"] or "")
    Console(highlight=False).print(table)
    return FINE


def explain(args: argparse.Namespace) -> int:
    """Explain one rule."""
    try:
        found = explained(args.explain)
    except RulebookError as error:
        return _bad(str(error))
    if found is None:
        return no_such_rule(args.explain)
    if args.json:
        sys.stdout.write(_json(found))
    else:
        print_explanation(found)
    return FINE


def compare(args: argparse.Namespace) -> int:
    """Set the districts side by side on one subject."""
    districts = districts_asked(args)
    if not set(districts) <= set(shipped_districts()):
        return no_rulebook_of(args.district, shipped_districts())
    try:
        found = compared(args.compare, districts)
    except RulebookError as error:
        return _bad(str(error))
    if args.json:
        sys.stdout.write(_json(found))
    else:
        print_comparison(found)
    return FINE


def coverage(args: argparse.Namespace) -> int:
    """Show which rules histories touch."""
    histories = Histories()
    with progress_bar("历史文件 histories", len(args.coverage)) as told:
        for name in args.coverage:
            try:
                with Path(name).open("rb") as file:
                    histories.add(lines_of(file), args.district)
            except OSError as error:
                return _bad(file_fault(error, NOT_READ, name))
            except (FactError, CheckError, RulebookError) as error:
                return _bad(f"{name}: {error}")
            told(1)
    found = histories.coverage()
    if args.json:
        sys.stdout.write(_json(found))
    else:
        for one in found:
            print_coverage(one)
    return FINE


def _none_listed(district: str | None, article: str | None) -> int:
    if district is not None and district not in shipped_districts():
        return no_rulebook_of(district, shipped_districts())
    whose_zh, whose_en = (f" {district} 的", f" of {district}") if district else ("", "")
    return refused(
        "rules.not_there",
        f"没有{whose_zh}第 {article} 条，无可列出；请核对条号，写作阿拉伯数字，如 28。",
        f"There is no article {article}{whose_en}, so there is nothing to list; check the number, which is written as "
        "28.",
    )


def _json(found: object) -> str:
    return msgspec.json.format(msgspec.json.encode(found), indent=2).decode() + "\n"


def _bad(said: str) -> int:
    sys.stderr.write(f"{said}\n")
    return NOT_DONE
