"""Whatever is asked of whichever command: what is refused says so with a stable code, and nothing ends in a trace."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.cli import COMMANDS, STAYING, main, parser
from services.settings.service import SETTINGS

DRILL = int(os.environ.get("TAIZHANG_ROUNDS", "3")) >= 100
SAMPLE = Path(__file__).parents[2] / "services" / "sample"
ASKED = str(SAMPLE / "one-fact" / "asked.jsonl")
POLICY = str(Path(__file__).parents[2] / "projections" / "policy" / "policy.yaml")
CODE = re.compile(r"\[[a-z][a-z0-9_]*(\.[a-z0-9_]+)?\]$")
"""A code at the end of what is said; those of single facts have one word."""
CODE_IN_ANSWER = re.compile(r'\[[a-z][a-z0-9_]*(\.[a-z0-9_]+)?\]|"code": ?"')
"""A code in an answer that is printed though not all of it was done."""
CHINESE = re.compile(r"[一-鿿]")

BASES = {
    "alerts": "--district xinzhou",
    "archive": "--district xinzhou --year 2026 --to new",
    "backup": "--to new",
    "check": ASKED,
    "checkpoint": "--district xinzhou",
    "copy-ledger": "",
    "erase": "--district xinzhou --person p-1 --basis law --reason asked",
    "export": "--district xinzhou --to new",
    "facts": "--json",
    "import": ASKED,
    "migrate": "",
    "missing": "--district xinzhou",
    "parked": "--district xinzhou",
    "policy adopt": f"{POLICY} --district xinzhou",
    "policy explain": "--district xinzhou",
    "policy lint": POLICY,
    "preview": ASKED,
    "receipt": "--district xinzhou --sequence 1",
    "record": ASKED,
    "relay": "",
    "replay": "--district xinzhou",
    "restore": "backup --data new",
    "rules": "--district xinzhou --article 28",
    "serve": "--once",
    "settings": "",
    "simulate": "--district xinzhou --days 3 --to new",
    "token": "--role clerk --district xinzhou",
    "topics": "",
    "verify": "",
    "views discard": "",
    "views list": "",
    "views rebuild": "--view desk",
    "views show": "desk --district xinzhou",
    "worker": "",
}
"""Each command with words that it takes, in a folder that has a ledger, its back-up and the files below."""
WRONG = (
    "nowhere",
    "信州",
    "*",
    "/x",
    "../x",
    "0",
    "-1",
    "99999999999999999999",
    "2026-13-40",
    "9999-12-31",
    "xinzhou\n",
    "\udce9",
    "",
    "countersign/none",
    "no/such/file",
    "folder",
    "junk",
    "junk/below",
    "x" * 300,
)
SLOW = {"--mutate", "--lint"}
"""These take seconds, and their own tests refuse what they do."""
REACHING_OUT = ("kafka", "traces", "database", "token_keys")
"""Settings with which a command waits for another machine."""


class Option(NamedTuple):
    """An option of a command, and whether it takes a value."""

    name: str
    takes_value: bool


def leaves(name: str, one: argparse.ArgumentParser) -> Iterator[tuple[str, list[Option]]]:
    """Return each command below a parser, with its options."""
    options = []
    for action in one._actions:  # noqa: SLF001  argparse tells its options nowhere else
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001  as above
            for below, made in action.choices.items():
                yield from leaves(f"{name} {below}", made)
            return
        options += [Option(each, action.nargs != 0) for each in action.option_strings]
    yield name, options


def every_command() -> dict[str, list[Option]]:
    """Return every command of the table with its options."""
    found: dict[str, list[Option]] = {}
    for command in COMMANDS:
        below = next(one for one in parser(command.name)._actions if isinstance(one, argparse._SubParsersAction))  # noqa: SLF001  as above
        found.update(leaves(command.name, below.choices[command.name]))
    return found


OPTIONS = every_command()


@st.composite
def command_lines(draw: st.DrawFn) -> list[str]:
    """Draw a command whose words are right or wrong, with some of its options, right or wrong."""
    name = draw(st.sampled_from(sorted(OPTIONS)))
    words = BASES[name].split()
    damaged = draw(st.integers(0, 2 * len(words)))
    if damaged < len(words):
        words[damaged] = draw(st.sampled_from(WRONG))
    offered = [one for one in OPTIONS[name] if one.name not in SLOW]
    for option in draw(st.lists(st.sampled_from(offered), max_size=3, unique=True)) if offered else ():
        words += [option.name, draw(st.sampled_from(WRONG))] if option.takes_value else [option.name]
    return [*name.split(), *words]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a ledger of one fact, judged, its back-up, and files of no use."""
    folder = tmp_path_factory.mktemp("refusals")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TAIZHANG_DATA", str(folder / "data"))
        assert (main(["record", ASKED]), main(["serve", "--once"])) == (0, 0)
        assert main(["backup", "--to", str(folder / "backup")]) == 0
    (folder / "folder").mkdir()
    (folder / "junk").write_bytes(bytes(range(256)))
    return folder


class Ended(NamedTuple):
    """What a command ended with, and what it printed."""

    code: object
    out: str
    err: str


def ended(words: list[str], folder: Path, **variables: str) -> Ended:
    """Run a command in the folder, under variables."""
    out, err = StringIO(), StringIO()
    with pytest.MonkeyPatch.context() as patch, chdir(folder), redirect_stdout(out), redirect_stderr(err):
        for name, value in {"TAIZHANG_DATA": str(folder / "data"), **variables}.items():
            patch.setenv(name, value)
        try:
            code: object = main(words)
        except SystemExit as end:
            code = end.code
    return Ended(code, out.getvalue(), err.getvalue())


def refused_as_it_has_to_be(end: Ended) -> bool:
    """Tell whether a command was not refused, or said why in Chinese, with a code."""
    if end.code != 2:
        return end.code in {0, 1}
    said = end.err.strip()
    if not said:
        return CODE_IN_ANSWER.search(end.out) is not None
    return CODE.search(said) is not None and CHINESE.search(said) is not None


def test_every_command_of_the_table_is_asked_here() -> None:
    assert set(BASES) == set(OPTIONS)


@given(words=command_lines())
@settings(max_examples=4_000 if DRILL else 250, deadline=None)
def test_a_command_that_is_refused_says_so_with_a_code(folder: Path, words: list[str]) -> None:
    assert refused_as_it_has_to_be(end := ended(words, folder)), end


@given(
    name=st.sampled_from(sorted(set(BASES) - STAYING)),
    setting=st.sampled_from([one for one in sorted(SETTINGS) if not one.startswith(REACHING_OUT)]),
    value=st.sampled_from(WRONG),
)
@settings(max_examples=1_000 if DRILL else 100, deadline=None)
def test_under_a_wrong_setting_a_command_goes_on_or_is_refused_with_a_code(
    folder: Path, name: str, setting: str, value: str
) -> None:
    variable = SETTINGS[setting].variable
    assert refused_as_it_has_to_be(end := ended([*name.split(), *BASES[name].split()], folder, **{variable: value})), (
        end
    )
