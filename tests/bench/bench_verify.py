"""How fast a ledger file is verified on one core, beside reading its rows and hashing each payload once."""

from __future__ import annotations

import hashlib
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

from events.ledger.port import Anchor, LedgerReader, Proposal
from events.ledger.proofs import consistency_proof, inclusion_proof
from events.sqlite.ledger import SqliteLedger
from events.sqlite.reader import open_reader
from tests.bench.long_histories import long_facts

DISTRICT: Final = "xinzhou"
FACTS: Final = 100_000
BATCH: Final = 1_000
ROUNDS: Final = 6
_ROWS: Final = (
    "SELECT f.sequence, f.leaf, f.root, e.originator_id, e.originator_version, e.topic, e.state "
    "FROM facts f JOIN stored_events e ON e.position = f.position WHERE f.district = ? ORDER BY f.sequence"
)


def bench_verification() -> list[dict[str, object]]:
    """Recompute every leaf and root, against an anchor in the middle; prove one fact and growth from the leaves.

    Time is that of the processor, since a shared machine has not always a whole core to give; the best round counts. Of
    verifying it is that of each page, since somebody else's work on the same core makes a whole round slower.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.sqlite"
        _record(path)
        with closing(open_reader(path)) as reader:
            middle = reader.receipts(DISTRICT, [FACTS // 2])[0]
            anchors = [Anchor(middle.sequence, middle.root)]
            pages = PageTimes()
            plainly = proving = 0.0
            for number in range(ROUNDS):
                sys.stderr.write(f"verify: {number + 1}/{ROUNDS}\n")
                pages.begin()
                assert reader.verify(DISTRICT, anchors, pages.passed).facts == FACTS
                pages.passed(0)
                plainly = max(plainly, _rate(lambda: _read_and_hash(path)))
                proving = max(proving, _rate(lambda: _prove(reader)))
    return [
        _result("ledger.verify.sqlite", FACTS / sum(pages.best), plainly, "100000 facts/s on one core"),
        _result("ledger.prove.sqlite", proving, plainly, None),
    ]


class PageTimes:
    """The processor time of each page, and of what is done before and after them, at its best of several rounds."""

    def __init__(self) -> None:
        self.best: list[float] = []
        self._place = 0
        self._since = 0.0

    def begin(self) -> None:
        """Begin a round."""
        self._place, self._since = 0, time.process_time()

    def passed(self, _facts: int) -> None:
        """Note that the next page was verified."""
        now = time.process_time()
        took, self._since = now - self._since, now
        if self._place == len(self.best):
            self.best.append(took)
        self.best[self._place] = min(self.best[self._place], took)
        self._place += 1


def _record(path: Path) -> None:
    facts = long_facts(DISTRICT, FACTS)
    with SqliteLedger(path) as ledger:
        for start in range(0, FACTS, BATCH):
            batch = facts[start : start + BATCH]
            ledger.record([Proposal(facts=(one,), recorded_at=one.recorded_at) for one in batch], batch[-1].recorded_at)


def _read_and_hash(path: Path) -> int:
    """Read what verification reads, and hash each payload once."""
    with closing(sqlite3.connect(path)) as file:
        rows = file.execute(_ROWS, (DISTRICT,))
        return sum(1 for row in rows if hashlib.sha256(row[6]).digest())


def _prove(reader: LedgerReader) -> int:
    """Prove the first fact and the growth from the first third; each reads nearly every leaf."""
    inclusion_proof(reader, DISTRICT, 1, FACTS)
    consistency_proof(reader, DISTRICT, FACTS // 3, FACTS)
    return 2 * FACTS


def _rate(work: Callable[[], int]) -> float:
    began = time.process_time()
    done = work()
    return done / (time.process_time() - began)


def _result(name: str, rate: float, baseline: float, goal: str | None) -> dict[str, object]:
    return {
        "name": name,
        "n": FACTS,
        "rate": round(rate),
        "unit": "facts/s of processor time",
        "baseline": "sqlite3 rows + one SHA-256 of each payload",
        "baseline_rate": round(baseline),
        "ratio": round(rate / baseline, 2),
        "goal": goal,
    }
