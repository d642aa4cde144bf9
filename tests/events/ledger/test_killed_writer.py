"""kill -9 at random points: what was acknowledged is there, in order and sealed, and the next writer goes on.

TAIZHANG_ROUNDS sets how often; the seed is printed.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

from events.sqlite.ledger import SqliteLedger
from tests.events.ledger.examples import XINZHOU, YUANZHOU

ROUNDS = int(os.environ.get("TAIZHANG_ROUNDS", "3"))
PROJECT = Path(__file__).parents[3]


def record_until_killed(path: Path, seed: str, seconds: float) -> list[str]:
    """Return the whole lines that the process wrote before it was killed, each an acknowledged fact."""
    command = [sys.executable, "-m", "tests.events.ledger.recording_process", str(path), seed]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=PROJECT) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"open\n"
        time.sleep(seconds)
        process.kill()
        written = process.stdout.read().decode()
    return written[: written.rfind("\n") + 1].splitlines()


def lines_of(ledger: SqliteLedger, district: str) -> list[str]:
    """Return what the ledger holds in the form of the acknowledgements, and check that the sequence is dense."""
    lines: list[str] = []
    while facts := ledger.read(district, len(lines), 1_000):
        receipts = ledger.receipts(district, [fact.sequence for fact in facts])
        lines += [f"{district} {each.sequence} {each.fact_id} {each.leaf.hex()}" for each in receipts]
        assert len(lines) == facts[-1].sequence
    assert ledger.head(district).sequence == len(lines)
    return lines


def test_no_acknowledged_fact_is_lost_when_the_writer_is_killed(tmp_path: Path) -> None:
    seed = os.environ.get("TAIZHANG_SEED") or str(random.randrange(10**9))
    sys.stdout.write(f"TAIZHANG_SEED={seed} TAIZHANG_ROUNDS={ROUNDS}\n")
    choice = random.Random(seed)
    path = tmp_path / "ledger.sqlite"
    acknowledged: set[str] = set()
    for number in range(ROUNDS):
        acknowledged.update(record_until_killed(path, f"{seed}-{number}", choice.uniform(0.02, 0.6)))
        with SqliteLedger(path) as ledger:
            held = [line for district in (XINZHOU, YUANZHOU) for line in lines_of(ledger, district)]
            verified = [ledger.verify(district) for district in (XINZHOU, YUANZHOU)]
        assert (acknowledged - set(held), [found.reason for found in verified]) == (set(), [None, None])
    assert acknowledged
