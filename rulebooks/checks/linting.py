"""Lint: what a rulebook must satisfy beyond compiling."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from rulebooks.checks.cases import Case, load_cases
from rulebooks.checks.cross_checks import contradictions, unknown_references
from rulebooks.checks.mutating import mutants
from rulebooks.language.sharing import shared_parts
from rulebooks.loading import Rulebook, compile_rulebook
from rulebooks.problems import Problem, as_list
from rulebooks.source import Located
from rulebooks.text.force import fits

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from events.fact import AnyFact
    from rulebooks.rule import Rule

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
    _articles(rulebook, found)
    _wording(rulebook, found)
    _equivalent(rulebook, found)
    _cases(rulebook, cases, found)
    _assertions(rulebook, cases, found)
    found.errors += [*unknown_references(rulebook), *contradictions(rulebook)]
    return rulebook


def _articles(rulebook: Rulebook, found: Lint) -> None:
    """Every article of the text has at least one entry."""
    name = rulebook.head.file
    number = int((rulebook.head.get("text") or {}).get("articles", 0))
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
        if not fits(header.zh, header.modality):
            zh = f"modality 为 {header.modality}，与 zh 的用语（原则上、一般、可）不符：请照条文写 zh，或改 modality"
            en = f"modality is {header.modality}, the words of zh (原则上, 一般, 可) say otherwise; quote the text"
            found.warnings.append(Problem(header.file, header.line, header.article, zh, en))


def _equivalent(rulebook: Rulebook, found: Lint) -> None:
    """Refuse an `equivalent` that the mutation check does not try, or that gives no reason."""
    bodies = list(rulebook.bodies)
    for one in rulebook.provisions:
        if one.rule is not None and one.given.get("equivalent") is not None:
            changes = {mutant.change for mutant in mutants(one.given, bodies)}
            found.errors += _excused(one.given, one.article, changes)
    if rulebook.head.get("equivalent") is not None:
        parts = [(f"{key}.{name}", given) for key, name, given in shared_parts(rulebook.head)]
        changes = {f"{part}.{mutant.change}" for part, given in parts for mutant in mutants(given, bodies)}
        found.errors += _excused(rulebook.head, "", changes)


def _excused(given: Located, article: str, changes: set[str]) -> Iterator[Problem]:
    for one in as_list(given["equivalent"]):
        if not isinstance(one, Located) or not one.get("change") or not one.get("why"):
            zh, en = "equivalent 的每一项须写 change 和 why", "each of `equivalent` wants change and why"
            yield Problem(given.file, given.line, article, zh, en)
        elif one["change"] not in changes:
            zh = f"equivalent 中的“{one['change']}”不是变异检查所作的改动：请照 taizhang rules --mutate 的输出写"
            en = f"{one['change']!r} is no change that taizhang rules --mutate makes; copy it from there"
            yield Problem(one.file, one.line, article, zh, en)


def _cases(rulebook: Rulebook, cases: list[Case], found: Lint) -> None:
    """Every rule has a satisfied and a violated case; where there is a number or an order, a boundary on each side.

    What is only listed until it is done, with no limit, has an open case in place of the violated one.
    """
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
    listed_alone = {
        str(one.given["id"]) for one in rulebook.provisions if one.rule is not None and _only_listed(one.given)
    }
    for rule in rulebook.rules:
        header = rule.header
        there = outcomes.get(header.id, [])
        for side in ("satisfied", "open" if header.id in listed_alone else "violated"):
            on_this_side = [case for case in there if case.expect == side]
            if not on_this_side:
                zh, en = f"规则 {header.id} 缺少 {side} 案例", f"rule {header.id} has no {side} case"
                found.errors.append(Problem(header.file, header.line, header.article, zh, en))
            elif header.kind in WITH_BOUNDARIES and not any(case.boundary for case in on_this_side):
                zh = f"规则 {header.id} 在 {side} 一侧缺少边界案例：请把紧挨界限的案例标为 boundary: true"
                en = f"rule {header.id} has no boundary case on the {side} side; mark the one next to the bound"
                found.warnings.append(Problem(header.file, header.line, header.article, zh, en))


def _only_listed(given: Located) -> bool:
    """Tell whether a rule is a deadline without a limit of any sort, so that it cannot be broken."""
    return given.get("due") == "none" and given.get("instead") is None


def _assertions(rulebook: Rulebook, cases: list[Case], found: Lint) -> None:
    """Point at cases that expect nothing and have no act at which their rule, while in force, looks."""
    rules = {rule.header.id: rule for rule in rulebook.rules}
    for case in cases:
        rule = rules.get(case.rule)
        if rule is not None and case.expect == "none" and not any(_looked_at(rule, fact) for fact in case.facts):
            acts = "、".join(rule.triggers)
            zh = f"案例“{case.name}”什么也没有断言：施行期间没有规则所看的事实 {acts}；请写入一个不适用的"
            en = f"case {case.name!r} asserts nothing: no fact in force is {acts}; add one that the rule leaves alone"
            found.warnings.append(Problem(case.file, case.line, case.rule, zh, en))


def _looked_at(rule: Rule, fact: AnyFact) -> bool:
    return fact.type in rule.triggers and rule.header.since <= fact.occurred_at.latest <= rule.header.until
