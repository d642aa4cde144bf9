"""A long history judged by several processes: the same findings in the same order, whatever becomes of a process.

Each test runs in a process of its own, since one with threads, as pytest's may be, must not be forked.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from rulebooks.loading import shipped_districts

ROOT = Path(__file__).parents[2]


def run(program: str) -> str:
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.mark.parametrize("district", shipped_districts())
def test_several_processes_find_what_one_finds_in_the_same_order(district: str) -> None:
    program = f"""
from services.checking import LONG, Options, check_history
from tests.bench.long_histories import long_history
lines = list(long_history({district!r}, LONG))
alone, together = (check_history(lines, Options(show_satisfied=True), processes) for processes in (1, 3))
assert alone == together
print(len(alone.findings), len(alone.open), alone.facts)
"""
    findings, still_open, facts = map(int, run(program).split())
    assert findings > 100
    assert still_open > 0
    assert facts >= 2_000


FORKED = """
import os, signal
from services.judging_in_shares import Found, found_in_shares
from rulebooks.loading import rulebooks_of
asking = os.getpid()
rules = [rule for book in rulebooks_of("xinzhou") for rule in book.rules]
"""


def test_the_share_of_a_process_that_was_killed_is_found_by_the_one_that_asked() -> None:
    program = """
def find(share):
    if os.getpid() != asking:
        os.kill(os.getpid(), signal.SIGKILL)
    asked.append(len(share))
    return Found(findings=(), open=(), facts=7, until="2026-01-01")
asked = []
found = found_in_shares(find, rules, 2)
print(found.facts, sum(asked) == len(rules), len(asked))
"""
    assert run(FORKED + program).split() == ["7", "True", "2"]


def test_what_is_wrong_with_a_share_is_raised_where_it_was_asked_for() -> None:
    program = """
def find(share):
    if len(share) < len(rules) and share[0] is rules[1]:
        raise ValueError("the second share")
    return Found(findings=(), open=(), facts=7, until="2026-01-01")
try:
    found_in_shares(find, rules, 2)
except ValueError as error:
    print(error)
"""
    assert run(FORKED + program).strip() == "the second share"
