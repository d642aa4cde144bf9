"""Lint: what a rulebook must satisfy beyond compiling."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from rulebooks.cases import Case, load_cases
from rulebooks.loading import RULEBOOK_FILE, Rulebook, compile_rulebook
from rulebooks.problems import Problem
from rulebooks.source import read_file

if TYPE_CHECKING:
    from pathlib import Path

WITH_BOUNDARIES: Final = frozenset({"deadline", "lead_time", "quorum", "tally", "order"})
CHINESE: Final = range(0x4E00, 0xA000)


@dataclass
class Lint:
    """What was found: errors, cases that miss, and warnings."""

    errors: list[Problem] = field(default_factory=list)
    misses: list[str] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


def lint_folder(folder: Path, found: Lint) -> Rulebook | None:
    """Lint one rulebook; return it compiled, as far as it could be."""
    rulebook, problems = compile_rulebook(folder)
    found.errors += problems
    if rulebook is None:
        return None
    cases, wrong = load_cases(folder, rulebook.district)
    found.errors += wrong
    _articles(folder, rulebook, found)
    _wording(rulebook, found)
    _cases(rulebook, cases, found)
    return rulebook


def _articles(folder: Path, rulebook: Rulebook, found: Lint) -> None:
    """Every article of the text has at least one entry."""
    name = f"{folder.parent.name}/{folder.name}/{RULEBOOK_FILE}"
    head = read_file(folder / RULEBOOK_FILE, name)
    number = int((head.get("text") or {}).get("articles", 0))
    there = {one.article.partition(".")[0].partition("(")[0] for one in rulebook.provisions}
    for article in range(1, number + 1):
        if str(article) not in there:
            zh, en = "没有任何条目", "has no entry at all"
            found.errors.append(Problem(name, 1, str(article), zh, en))


def _wording(rulebook: Rulebook, found: Lint) -> None:
    for rule in rulebook.rules:
        header = rule.header
        if not any(ord(sign) in CHINESE for sign in header.zh):
            found.errors.append(Problem(header.file, header.line, header.article, "zh 没有中文", "zh has no Chinese"))
        if any(ord(sign) in CHINESE for sign in header.en):
            found.errors.append(Problem(header.file, header.line, header.article, "en 含中文", "en has Chinese in it"))


def _cases(rulebook: Rulebook, cases: list[Case], found: Lint) -> None:
    """Every rule has a satisfied and a violated case; where there is a number or an order, a boundary on each side."""
    outcomes: dict[str, list[Case]] = {}
    for case in cases:
        outcomes.setdefault(case.rule, []).append(case)
    ids = {rule.header.id for rule in rulebook.rules}
    for name, listed in outcomes.items():
        if name not in ids:
            one = listed[0]
            found.errors.append(
                Problem(one.file, one.line, name, "案例所属规则不存在", "the rule of this case does not exist")
            )
    for rule in rulebook.rules:
        header = rule.header
        there = outcomes.get(header.id, [])
        for wanted in ("satisfied", "violated"):
            if not any(case.expect == wanted for case in there):
                zh, en = f"规则 {header.id} 缺少 {wanted} 案例", f"rule {header.id} has no {wanted} case"
                found.errors.append(Problem(header.file, header.line, header.article, zh, en))
        if header.kind in WITH_BOUNDARIES and not any(case.boundary for case in there):
            zh, en = f"规则 {header.id} 缺少边界案例", f"rule {header.id} has no boundary case"
            found.warnings.append(Problem(header.file, header.line, header.article, zh, en))
