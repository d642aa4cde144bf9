"""taizhang rules --mutate: change every rule a little and see whether its cases notice."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import msgspec

from rulebooks.loading import shipped_districts
from rulebooks.problems import RulebookError
from services.commands.progress import progress_bar
from services.commands.refusing import no_rulebook_of, no_such_rule, refused
from services.commands.rules_lint import districts_asked, folders
from services.exit_codes import FINE, FOUND_WRONG, NOT_DONE
from services.rules.mutation_check import Mutation, check_mutants, parts_of

if TYPE_CHECKING:
    import argparse


def mutate(args: argparse.Namespace) -> int:
    """Try every change, and print those that no case noticed."""
    if args.rule and args.district not in {None, args.rule.partition("/")[0]}:
        return refused(
            "rules.other_district",
            f"规则 {args.rule} 不在 {args.district}，没有检查；请核对 --rule 与 --district。",
            f"{args.rule} is no rule of {args.district}, so nothing was checked; compare --rule with --district.",
        )
    districts = [args.rule.partition("/")[0]] if args.rule else districts_asked(args)
    try:
        parts = [part for folder in folders(districts) for part in parts_of(folder, args.rule)]
    except RulebookError as error:
        sys.stderr.write(f"{error}\n")
        return NOT_DONE
    if not parts:
        if args.rule is None:
            return no_rulebook_of(args.district, shipped_districts())
        return no_such_rule(args.rule)
    with progress_bar("变异检查 mutants", len(parts)) as told:
        found = check_mutants(parts, told)
    if args.json:
        sys.stdout.write(msgspec.json.encode(found).decode() + "\n")
    else:
        _print(found)
    return FOUND_WRONG if found.survivors else FINE


def _print(found: Mutation) -> None:
    for survivor in found.survivors:
        sys.stdout.write(f"未发现 survived: {survivor.rule}: {survivor.change}\n")
    for one in found.equivalent:
        sys.stdout.write(f"等价 equivalent: {one.rule}: {one.change}: {one.why}\n")
    killed = found.mutants - len(found.survivors) - len(found.equivalent)
    sys.stdout.write(
        f"{found.mutants} 处改动 mutants，发现 noticed {killed}，未发现 survivors {len(found.survivors)}，"
        f"等价 equivalent {len(found.equivalent)}\n"
    )
