"""taizhang rules --lint: check the rulebooks, their cases, and that every sentence of the text is covered."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from rulebooks.checks.cases import load_cases
from rulebooks.checks.linting import Lint, lint_folder
from rulebooks.loading import RULEBOOK_FILE, folders_of, shipped_districts
from rulebooks.problems import Problem
from rulebooks.text.articles import read_text
from rulebooks.text.coverage import prove
from services.commands.refusing import no_rulebook_of, refused
from services.exit_codes import FINE, FOUND_WRONG
from services.rules.cases import run_cases

if TYPE_CHECKING:
    import argparse

    from rulebooks.loading import Rulebook


def folders(districts: list[str]) -> list[Path]:
    """Return the folders of every version of some districts' rulebooks."""
    return [folder for district in districts for folder in folders_of(district)]


def districts_asked(args: argparse.Namespace) -> list[str]:
    """Return the district that was named, or all."""
    return [args.district] if args.district else shipped_districts()


def lint(args: argparse.Namespace) -> int:
    """Lint, and print what is wrong."""
    found = Lint()
    texts = None if args.texts is None else Path(args.texts)
    if texts is not None and not texts.is_dir():
        return refused(
            "rules.no_folder_of_texts",
            f"--texts：没有文件夹 {texts}，无从逐句核对，未作检查；请核对路径。",
            f"--texts: there is no folder {texts} to compare sentences with, so nothing was checked; check the path.",
        )
    asked = folders(districts_asked(args))
    if not asked:
        return no_rulebook_of(args.district, shipped_districts())
    for folder in asked:
        rulebook = lint_folder(folder, found)
        if rulebook is None:
            continue
        if args.cases:
            cases, _ = load_cases(folder, rulebook.district)
            found.misses += [str(miss) for miss in run_cases(rulebook, cases)]
        if texts is not None and _is_latest(folder):
            _prove(rulebook, texts / f"{rulebook.district}.txt", found)
    return _print(found, as_json=args.json)


def _is_latest(folder: Path) -> bool:
    """Tell whether a version is the one whose text the folder of texts holds."""
    return folder.name == max(path.parent.name for path in folder.parent.glob(f"*/{RULEBOOK_FILE}"))


def _prove(rulebook: Rulebook, path: Path, found: Lint) -> None:
    try:
        raw = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        zh, en = f"原文 {path.name} 读不出：{error}", f"the text {path.name} cannot be read: {error}"
        found.errors.append(Problem(rulebook.head.file, 1, "", zh, en))
        return
    proof = prove(rulebook, read_text(raw))
    found.errors += proof.errors
    found.warnings += proof.warnings


def _print(found: Lint, *, as_json: bool) -> int:
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
    return FOUND_WRONG if errors else FINE
