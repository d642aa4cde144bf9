"""The program that judges is told by its text: another as soon as anything in it is, the same for any other change."""

from __future__ import annotations

import shutil
from importlib.metadata import version
from pathlib import Path

import pytest

from services.judging_program import JUDGING, judging_program, program_of, text_digest

PROJECT = Path(__file__).parents[2]


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    for package in JUDGING:
        shutil.copytree(PROJECT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def digest(folder: Path) -> str:
    return program_of(text_digest(folder / package for package in JUDGING), version("chinesecalendar"))


def test_the_same_text_elsewhere_is_the_same_program(copied: Path) -> None:
    assert digest(copied) == judging_program()


@pytest.mark.parametrize(
    "changed",
    [
        "events/fact.py",
        "rulebooks/kinds/deadline.py",
        "rulebooks/calendar/working_days.py",
        "projections/findings.py",
        "projections/watch/watch.py",
        "projections/alerts/book.py",
        "projections/policy/policy.yaml",
        "projections/saved/snapshot.py",
    ],
)
def test_a_change_of_what_judges_is_another_program(copied: Path, changed: str) -> None:
    with (copied / changed).open("a") as file:
        file.write("\n")
    assert digest(copied) != judging_program()


def test_a_new_module_is_another_program_and_a_renamed_one_too(copied: Path) -> None:
    (copied / "rulebooks/kinds/new.py").touch()
    added = digest(copied)
    (copied / "rulebooks/kinds/new.py").rename(copied / "rulebooks/kinds/other.py")
    assert len({judging_program(), added, digest(copied)}) == 3


@pytest.mark.parametrize("changed", ["events/postgres/reader.py", "projections/views/desk.py", "rulebooks/README.md"])
def test_a_change_of_anything_else_is_not(copied: Path, changed: str) -> None:
    with (copied / changed).open("a") as file:
        file.write("\n")
    assert digest(copied) == judging_program()


def test_another_calendar_is_another_program() -> None:
    assert program_of("text", "1.10") != program_of("text", "1.11")
