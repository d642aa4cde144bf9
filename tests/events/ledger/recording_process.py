"""A process that records without end and says what was acknowledged; the crash test kills it.

Usage: python -m tests.events.ledger.recording_process LEDGER SEED
"""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import random
import sys
from pathlib import Path

from events.ledger.group_commit import GroupCommit
from events.ledger.port import Proposal, Recorded
from events.sqlite.ledger import SqliteLedger
from tests.events.ledger.examples import XINZHOU, YUANZHOU, withdrawn

CALLERS = 24


async def record_without_end(commit: GroupCommit, caller: int, choice: random.Random, run: str) -> None:
    """Record small forms one after another; write a line for each receipt once the ledger has answered."""
    district = choice.choice([XINZHOU, YUANZHOU])
    number = 0
    while True:
        size = choice.randint(1, 4)
        facts = tuple(
            withdrawn(n, matter=f"m-{choice.randint(1, 9)}", district=district, name=f"{run}/{caller}/{n}")
            for n in range(number, number + size)
        )
        number += size
        outcome = await commit.record_soon(Proposal(facts=facts, key=f"{run}/{caller}/{number}"))
        assert isinstance(outcome, Recorded)
        lines = "".join(f"{district} {each.sequence} {each.fact_id} {each.leaf.hex()}\n" for each in outcome.receipts)
        os.write(sys.stdout.fileno(), lines.encode())


async def record_by_many(path: Path, seed: str) -> None:
    """Let many callers record at once."""
    with SqliteLedger(path) as ledger, GroupCommit(ledger, lambda: dt.datetime.now(dt.UTC)) as commit:
        os.write(sys.stdout.fileno(), b"open\n")
        callers = (record_without_end(commit, n, random.Random(f"{seed}/{n}"), seed) for n in range(CALLERS))
        await asyncio.gather(*callers)


if __name__ == "__main__":
    asyncio.run(record_by_many(Path(sys.argv[1]), sys.argv[2]))
