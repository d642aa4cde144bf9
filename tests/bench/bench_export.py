"""How fast evidence is written and verified, and whether writing more of it takes more memory.

TAIZHANG_BENCH_LENGTH sets how many facts the ledger has.
"""

from __future__ import annotations

import hashlib
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from events.keys import MemoryKeys
from events.ledger.port import Proposal
from events.ledger.sealed_facts import sealed_facts
from events.sqlite.ledger import SqliteLedger
from events.sqlite.reader import open_reader
from services.commands.progress import progress_bar, steps_bar
from services.evidence.exporting import export
from services.evidence.verifying import verify_package
from services.evidence.wanted import Vouching, Wanted
from tests.bench.long_histories import endless_facts

DISTRICT: Final = "xinzhou"
FACTS: Final = int(os.environ.get("TAIZHANG_BENCH_LENGTH", "100000"))
BATCH: Final = 2_000
A_PART: Final = 5
_RATE: Final = "facts/s of processor time"


def bench_export() -> Iterator[dict[str, object]]:
    """Export a long ledger, a part of it and the whole, each in a process of its own; then verify it both ways.

    Time is that of the processor, since a shared machine has not always a whole core to give.
    """
    with tempfile.TemporaryDirectory() as name, ProcessPoolExecutor(1, mp_context=get_context("spawn")) as other:
        folder = Path(name)
        other.submit(_fill, folder).result()
        read = _bare_reading(folder)
        part, _ = _exported_apart(folder, FACTS // A_PART)
        whole, seconds = _exported_apart(folder, FACTS)
        yield _result("evidence.export", FACTS / seconds, _RATE, "reading the stored rows alone", read, None)
        yield _result("evidence.export.flat_memory", part, "MB", "peak for five times as many facts", whole, 0.8)
        package = folder / str(FACTS)
        hashing = _bare_hashing(package)
        yield _result("evidence.verify_py", _offline(package), _RATE, "one SHA-256 a line", hashing, 100_000)
        yield _result("evidence.verify_system", _own(package), _RATE, "one SHA-256 a line", hashing, 100_000)


def _fill(folder: Path) -> None:
    facts = endless_facts(DISTRICT, FACTS)
    with (
        SqliteLedger(folder / "ledger.sqlite", keys=MemoryKeys()) as ledger,
        progress_bar("入账 recording", FACTS) as progressed,
    ):
        for _ in range(FACTS // BATCH):
            batch = list(islice(facts, BATCH))
            ledger.record([Proposal(facts=(one,), recorded_at=one.recorded_at) for one in batch], batch[-1].recorded_at)
            progressed(len(batch))


def _bare_reading(folder: Path) -> float:
    with closing(open_reader(folder / "ledger.sqlite")) as ledger:
        began = time.process_time()
        read = sum(1 for _ in sealed_facts(ledger, DISTRICT, 1, FACTS))
        return read / (time.process_time() - began)


def _exported_apart(folder: Path, facts: int) -> tuple[float, float]:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as fresh:
        return fresh.submit(_exported, folder, facts).result()


def _exported(folder: Path, facts: int) -> tuple[float, float]:
    """Return the peak of this process in megabytes and the seconds of processor time that the export took."""
    wanted = Wanted(district=DISTRICT, last=facts)
    with closing(open_reader(folder / "ledger.sqlite")) as ledger, steps_bar() as progressed:
        began = time.process_time()
        export(ledger, wanted, Vouching(), lambda _sha256: None, folder / str(facts), progressed)
        seconds = time.process_time() - began
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, seconds


def _bare_hashing(package: Path) -> float:
    with (package / "facts.jsonl").open("rb") as lines:
        began = time.process_time()
        hashed = sum(1 for line in lines if hashlib.sha256(line).digest())
        return hashed / (time.process_time() - began)


def _offline(package: Path) -> float:
    began = _time_of_programs()
    command = [sys.executable, "-I", "-S", str(package / "verify.py")]
    subprocess.run(command, check=True, env={}, capture_output=True)
    return FACTS / (_time_of_programs() - began)


def _time_of_programs() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _own(package: Path) -> float:
    began = time.process_time()
    found = verify_package(package)
    seconds = time.process_time() - began
    if not found.ok:
        raise RuntimeError(found.reason)
    return FACTS / seconds


def _result(name: str, value: float, unit: str, against: str, baseline: float, goal: float | None) -> dict[str, object]:
    return {
        "name": name,
        "n": FACTS,
        "rate": round(value, 1),
        "unit": unit,
        "baseline": against,
        "baseline_rate": round(baseline, 1),
        "ratio": round(value / baseline, 2),
        "goal": goal,
    }
