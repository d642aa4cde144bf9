"""The operator's guide names only what there is: figures, settings, commands with their options, log lines."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from services.cli import COMMANDS, parser
from services.logs.events import EVENTS
from services.settings.service import SETTINGS
from services.settings.sources import SETTINGS_FILE

PROJECT = Path(__file__).parents[2]
GUIDE = (PROJECT / "deploy" / "operating.md").read_text(encoding="utf-8")
ABOVE_THE_LOG = GUIDE[: GUIDE.index("| 事件 event |")]
SUFFIXES = {"Counter": ("_total",), "Gauge": ("",), "Histogram": ("_bucket", "_sum", "_count")}


def trees() -> Iterator[ast.Module]:
    for folder in ("events", "rulebooks", "projections", "services"):
        for path in sorted((PROJECT / folder).rglob("*.py")):
            yield ast.parse(path.read_text(encoding="utf-8"))


def figures() -> dict[str, tuple[str, ...]]:
    """Return every figure of the program, with the names under which Prometheus sees it."""
    found = {}
    for tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SUFFIXES:
                first = node.args[0] if node.args else None
                name = first.value if isinstance(first, ast.Constant) else None
                if isinstance(name, str) and name.startswith("taizhang_"):
                    found[name] = tuple(f"{name}{end}" for end in SUFFIXES[node.func.id])
    return found


@cache
def codes() -> frozenset[str]:
    """Return the texts of the program that look like codes, also those that stand in brackets at the end of others."""
    texts = [
        node.value
        for tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return frozenset(one for text in texts for one in (text, *re.findall(r"\[([a-z_.]+)\]", text)))


def commands() -> list[str]:
    """Return the commands of the guide as they are typed, without what is said beside them."""
    blocks = re.findall(r"```console\n(.*?)```", GUIDE, re.DOTALL)
    typed = [line[2:].split("#")[0] for block in blocks for line in block.splitlines() if line.startswith("$ ")]
    parts = [part.strip() for line in typed for part in line.split("&&")]
    quoted = re.findall(r"`(taizhang [a-z][^`…]*)`", ABOVE_THE_LOG)
    return [one for one in (*parts, *quoted) if re.match(r"(TAIZHANG_\w+=\S+ )*taizhang ", one)]


def test_every_figure_stands_in_the_guide_and_the_guide_names_no_other() -> None:
    shown = set(re.findall(r"\btaizhang_[a-z_]+\b", GUIDE))
    known = figures()
    assert {name for name, exposed in known.items() if not shown & set(exposed)} == set()
    assert shown - {one for exposed in known.values() for one in exposed} == set()


def test_every_setting_that_the_guide_names_is_one() -> None:
    named = set(re.findall(r"\bTAIZHANG_[A-Z_]+[A-Z]\b(?!_|\.\.\.)", ABOVE_THE_LOG))
    assert named - {one.variable for one in SETTINGS.values()} - {SETTINGS_FILE} == set()


@pytest.mark.parametrize("command", sorted(set(commands())))
def test_every_command_of_the_guide_is_one_that_the_program_takes(command: str) -> None:
    name, *options = [word for word in shlex.split(command) if not word.startswith("TAIZHANG_")][1:]
    if options:
        parser(name).parse_args([name, *options])
    assert name in {one.name for one in COMMANDS}


def test_every_code_and_log_line_that_the_guide_names_is_one() -> None:
    areas = {name.partition(".")[0] for name in EVENTS} | {"service", "views"}
    named = set(re.findall(r"`([a-z_]+\.[a-z_]+)`", ABOVE_THE_LOG))
    of_ours = {one for one in named if one.partition(".")[0] in areas}
    assert len(of_ours) > 10
    assert of_ours - codes() - set(EVENTS) - {one for one in named if one.endswith((".key", ".lock"))} == set()


def test_every_code_that_one_meets_when_starting_migrating_and_moving_is_explained() -> None:
    met = {one for one in codes() - set(EVENTS) if re.fullmatch(r"(setting|database|copy|kafka|worker)\.[a-z_]+", one)}
    assert len(met) > 25
    assert {one for one in met if f"`{one}`" not in ABOVE_THE_LOG} == set()
