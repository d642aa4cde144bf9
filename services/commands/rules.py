"""taizhang rules: list, check, explain, compare and begin rulebooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rulebooks.subjects import SUBJECTS
from services.arguments import district_code

if TYPE_CHECKING:
    import argparse

    from services.arguments import Arguments


def add(parser: Arguments) -> None:
    """Declare the options."""
    parser.add_argument("--district", type=district_code, help="区县 / district")
    parser.add_argument("--article", help="条 / article")
    parser.add_argument("--rule", help="与 --mutate 同用：只看一条规则 / with --mutate: one rule alone")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--lint", action="store_true", help="检查规则书 / check the rulebooks")
    what.add_argument(
        "--mutate", action="store_true", help="逐一小改规则，看案例能否发现 / change rules a little: do cases notice?"
    )
    what.add_argument("--explain", metavar="RULE", help="解释一条规则 / explain one rule")
    subjects = "、".join(f"{name} {one.say.zh}" for name, one in SUBJECTS.items())
    what.add_argument(
        "--compare",
        metavar="SUBJECT",
        choices=tuple(SUBJECTS),
        help=f"各区县并列比较 / set the districts side by side: {subjects}",
    )
    what.add_argument(
        "--coverage", nargs="+", metavar="HISTORY", help="历史文件触及哪些规则 / which rules histories touch"
    )
    what.add_argument(
        "--new",
        metavar="DISTRICT[/VERSION]",
        help="写出带注释的规则书骨架 / write a commented skeleton of a rulebook",
    )
    parser.add_argument(
        "--cases", action="store_true", help="与 --lint 同用：逐一运行案例 / with --lint: run every case too"
    )
    parser.add_argument(
        "--texts",
        metavar="FOLDER",
        help="与 --lint 同用：原文 DISTRICT.txt 所在，逐句核对 / with --lint: where the texts are, for the coverage",
    )
    parser.add_argument(
        "--to",
        metavar="FOLDER",
        help="与 --new 同用：写到哪里 / with --new: where to write (rulebooks/DISTRICT/VERSION)",
    )
    parser.add_argument("--json", action="store_true", help="供程序读取 / for programs")
    for option, other in (("--cases", "--lint"), ("--texts", "--lint"), ("--rule", "--mutate"), ("--to", "--new")):
        parser.goes_with(option, other)
    for option in ("--lint", "--mutate", "--explain", "--compare", "--coverage", "--new"):
        parser.goes_without(option, "--article")
    for option in ("--explain", "--new"):
        parser.goes_without(option, "--district")
    parser.goes_without("--new", "--json")


def run(args: argparse.Namespace) -> int:
    """Do what was asked; list provisions when nothing else was."""
    # Each of these is loaded only when it is asked for, so that the listing starts at once.
    if args.lint:
        from services.commands.rules_lint import lint  # noqa: PLC0415  as said above

        return lint(args)
    if args.mutate:
        from services.commands.rules_mutate import mutate  # noqa: PLC0415  as said above

        return mutate(args)
    if args.new:
        from services.commands.rules_new import begin  # noqa: PLC0415  as said above

        return begin(args)
    from services.commands import rules_reading  # noqa: PLC0415  as said above

    if args.explain:
        return rules_reading.explain(args)
    if args.compare:
        return rules_reading.compare(args)
    if args.coverage:
        return rules_reading.coverage(args)
    return rules_reading.list_provisions(args)
