"""The README's commands do what it shows: each is run, and what it prints is compared; what papers name is there.

They are run by a clock that is set, for their small ledgers show another record in each year that ends.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.at_another_time import TOLD_AT, seconds_until

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SHOWN = re.compile(r"^```text\n(.*?)^```$", re.DOTALL | re.MULTILINE)
NAMED = re.compile(
    r"`((?:services|projections|rulebooks|events|tests|deploy)/[a-z0-9_./-]+)`|\]\(([^)#:]+)(?:#[^)]*)?\)"
)
"""A path of the project in backticks, or the target of a link within it."""
PAPERS = [*ROOT.glob("*.md"), *(ROOT / "deploy").rglob("*.md"), ROOT / "rulebooks" / "README.md"]


class Step(NamedTuple):
    """One command of a page and what it is said to print."""

    command: str
    printed: str


def steps(page: str) -> Iterator[Step]:
    for block in BLOCK.findall(page):
        command, printed = "", ""
        for line in block.splitlines(keepends=True):
            if line.startswith("$ "):
                if command:
                    yield Step(command, printed)
                command, printed = line[2:].strip(), ""
            else:
                printed += line
        yield Step(command, printed)


def run(command: str, data: Path, moved: int) -> str:
    """Return what a command prints by a clock that was moved by so many seconds."""
    taizhang = f"{sys.executable} -m tests.at_another_time {moved}"
    environment = {**os.environ, "TAIZHANG_DATA": str(data), "COLUMNS": "120", "TAIZHANG": taizhang}
    script = 'taizhang() { $TAIZHANG "$@"; }; ' + command
    done = subprocess.run(
        ["bash", "-c", script], check=False, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120
    )
    return done.stdout


def told_anew(page: str, data: Path) -> str:
    """Return a page with what its commands print, run one after another."""
    moved = seconds_until(TOLD_AT)

    def block(found: re.Match[str]) -> str:
        lines = [f"$ {step.command}\n{run(step.command, data, moved)}" for step in steps(found.group(0))]
        return "```console\n" + "".join(lines) + "```"

    return BLOCK.sub(block, page)


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_commands_of_the_readme_print_what_it_shows(name: str, tmp_path: Path) -> None:
    page = (ROOT / name).read_text(encoding="utf-8")
    anew = told_anew(page, tmp_path)
    if os.environ.get("TAIZHANG_TELL_ANEW"):
        (ROOT / name).write_text(anew, encoding="utf-8")
    assert list(steps(anew)) == list(steps(page))
    assert len(list(steps(page))) >= 5


def test_the_readme_shows_the_same_commands_and_outputs_in_both_languages() -> None:
    english, chinese = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md"))
    assert list(steps(chinese)) == list(steps(english))
    assert SHOWN.findall(chinese) == SHOWN.findall(english)


def test_every_file_and_folder_that_a_paper_names_exists() -> None:
    named = [
        (paper, ROOT / path if path else paper.parent / link)
        for paper in PAPERS
        for path, link in NAMED.findall(paper.read_text(encoding="utf-8"))
    ]
    assert len(named) > 100
    assert [(str(paper), str(target)) for paper, target in named if not target.exists()] == []
