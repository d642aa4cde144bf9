"""Every shipped rulebook compiles, passes its lint and proves itself by its cases."""

from __future__ import annotations

from pathlib import Path

import pytest

from rulebooks.checks.cases import load_cases
from rulebooks.checks.linting import Lint, lint_folder
from rulebooks.loading import HOME, RULEBOOK_FILE, load_rulebook
from services.rules.cases import run_cases

FOLDERS = sorted(path.parent for path in HOME.glob(f"*/*/{RULEBOOK_FILE}"))
DISTRICTS = {"xinzhou", "yuanzhou", "huancui", "xinqiu", "qianjiang"}


def name_of(folder: Path) -> str:
    return f"{folder.parent.name}/{folder.name}"


def test_each_of_the_five_districts_has_a_rulebook() -> None:
    assert {folder.parent.name for folder in FOLDERS} == DISTRICTS


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_a_rulebook_has_no_lint_errors(folder: Path) -> None:
    found = Lint()
    lint_folder(folder, found)
    assert list(map(str, found.errors)) == []


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_every_case_of_a_rulebook_comes_to_what_it_must(folder: Path) -> None:
    rulebook = load_rulebook(folder)
    cases, problems = load_cases(folder, rulebook.district)
    assert (problems, list(map(str, run_cases(rulebook, cases)))) == ([], [])


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_a_rulebook_of_the_first_set_has_thirty_rules_or_more(folder: Path) -> None:
    assert len(load_rulebook(folder).rules) >= 30
