"""Whether a saved watch stays as fast and as small on a long ledger as on a short one."""

from __future__ import annotations

import resource
import tempfile
import time
from pathlib import Path
from typing import Final

from events.ledger import Proposal
from events.memory_ledger import MemoryLedger
from events.moment import instant_of
from projections.saved_shelf import Batch, Progress, SavedShelf
from projections.views_file import ViewsFile
from projections.watch import BACKGROUND_KINDS, Watch
from rulebooks.loading import rulebooks_of
from rulebooks.national_calendar import national_calendar
from services.checking import Clocks
from tests.bench.long_histories import long_facts

DISTRICT: Final = "xinzhou"
FACTS: Final = 60_000
PART: Final = 10_000
BATCH: Final = 1_000
HELD: Final = 2_000


def bench_long_ledger() -> list[dict[str, object]]:
    """Judge and save a long history batch by batch; the last facts beside the first, in rate and in memory."""
    facts = long_facts(DISTRICT, FACTS)
    ledger = MemoryLedger()
    for start in range(0, len(facts), BATCH):
        batch = facts[start : start + BATCH]
        proposals = [Proposal(facts=(fact,), recorded_at=fact.recorded_at) for fact in batch]
        ledger.record(proposals, batch[-1].recorded_at)
    with tempfile.TemporaryDirectory() as folder, ViewsFile(Path(folder) / "views.sqlite") as views:
        rates, peaks = _judged(ledger, views)
    return [
        _result("watch.saved.flat_rate", rates[-1], rates[0], "facts/s", "its first 10,000 facts", 0.8),
        _result("watch.saved.flat_memory", peaks[0], peaks[-1], "MB", "peak after all facts", 0.8),
    ]


def _judged(ledger: MemoryLedger, views: ViewsFile) -> tuple[list[float], list[float]]:
    shelf = SavedShelf(views, ledger, DISTRICT)
    shelf.open_for("benchmark")
    rules = [rule for book in rulebooks_of(DISTRICT) for rule in book.rules]
    watch = Watch(rules, national_calendar(), shelf)
    clocks = Clocks(watch, DISTRICT)
    rates: list[float] = []
    peaks: list[float] = []
    began = time.perf_counter()
    while facts := ledger.read(DISTRICT, watch.position, BATCH):
        for fact in facts:
            clocks.strike_before(instant_of(fact.recorded_at))
            shelf.reached = fact.sequence
            watch.take(fact)
        background = [fact for fact in facts if fact.subject.kind in BACKGROUND_KINDS]
        progress = Progress(watch.position, instant_of(facts[-1].recorded_at), reconciled=True)
        shelf.save(Batch(progress=progress, saved=watch.save(), background=background))
        watch.let_go(HELD)
        if watch.position % PART < BATCH:
            rates.append(PART / (time.perf_counter() - began))
            peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
            began = time.perf_counter()
    return rates, peaks


def _result(name: str, value: float, baseline: float, unit: str, against: str, goal: float) -> dict[str, object]:
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
