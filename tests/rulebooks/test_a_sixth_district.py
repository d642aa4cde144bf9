"""A sixth district is added by data alone: a folder of YAML in which every kind of rule stands, with its cases."""

from __future__ import annotations

from pathlib import Path

from rulebooks.checks.cases import load_cases
from rulebooks.checks.linting import Lint, lint_folder
from rulebooks.kinds import KINDS
from rulebooks.loading import load_rulebook, rulebooks_of, shipped_districts
from services.rules.cases import run_cases

HOME = Path(__file__).parent / "sixth_district"
FOLDER = HOME / "ninghai" / "2026"


def test_a_folder_of_yaml_is_a_district() -> None:
    assert shipped_districts(HOME) == ["ninghai"]
    assert [one.name for one in rulebooks_of("ninghai", HOME)] == ["ninghai/2026"]


def test_a_small_rulebook_holds_every_kind_of_rule_and_passes_the_lint() -> None:
    found = Lint()
    rulebook = lint_folder(FOLDER, found)
    assert rulebook is not None
    assert [str(one) for one in (*found.errors, *found.warnings)] == []
    assert sorted(rule.header.kind for rule in rulebook.rules) == sorted(KINDS)


def test_each_of_its_rules_comes_to_what_its_cases_say() -> None:
    rulebook = load_rulebook(FOLDER)
    cases, _ = load_cases(FOLDER, rulebook.district)
    assert [str(one) for one in run_cases(rulebook, cases)] == []
    assert {(case.rule, case.expect) for case in cases} == {
        (rule.header.id, expected) for rule in rulebook.rules for expected in ("satisfied", "violated")
    }
