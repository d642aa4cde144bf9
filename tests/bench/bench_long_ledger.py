"""Whether a saved watch stays as fast and as small on a long ledger as on a short one.

TAIZHANG_BENCH_LENGTH sets how many facts the ledger has, TAIZHANG_BENCH_DISTRICT whose they are. Facts are recorded,
judged and saved batch by batch; the time is that of the processor for judging and saving alone.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from events.ledger.port import Proposal
from events.moment import instant_of
from events.sqlite.ledger import SqliteLedger
from projections.databases.views_file import ViewsFile
from projections.saved.batch import Batch, Progress
from projections.saved.snapshot import Snapshot
from projections.watch.filing import BACKGROUND_KINDS
from projections.watch.watch import Watch
from rulebooks.calendar.national_calendar import national_calendar
from rulebooks.loading import rulebooks_of
from services.checking import Clocks
from services.processes.collecting import collect_seldom
from tests.bench.long_histories import endless_facts

LENGTH: Final = int(os.environ.get("TAIZHANG_BENCH_LENGTH", "60000"))
DISTRICT: Final = os.environ.get("TAIZHANG_BENCH_DISTRICT", "xinzhou")
PART: Final = 10_000
BATCH: Final = 1_000
HELD: Final = 500


def bench_long_ledger() -> list[dict[str, object]]:
    """Record, judge and save a long history; the last facts beside the first, in rate and in memory."""
    with (
        tempfile.TemporaryDirectory() as name,
        SqliteLedger(Path(name) / "ledger.sqlite") as ledger,
        ViewsFile(Path(name) / "views.sqlite") as views,
    ):
        parts = list(_judged(ledger, views))
    rates, peaks = zip(*parts, strict=True)
    return [
        _result("watch.saved.flat_rate", rates[-1], rates[0], "facts/s", "its first 10,000 facts", 0.8),
        _result("watch.saved.flat_memory", peaks[0], peaks[-1], "MB", "peak after all facts", 0.8),
    ]


def _judged(ledger: SqliteLedger, views: ViewsFile) -> Iterator[tuple[float, float]]:
    """Return, part by part, the rate and the peak of memory so far in MB."""
    shelf = Snapshot(views, ledger, DISTRICT)
    shelf.open_for("benchmark")
    rules = [rule for book in rulebooks_of(DISTRICT) for rule in book.rules]
    watch = Watch(rules, national_calendar(), shelf)
    clocks = Clocks(watch, DISTRICT)
    collect_seldom()
    history = endless_facts(DISTRICT, LENGTH)
    took = 0.0
    while batch := list(islice(history, BATCH)):
        proposals = [Proposal(facts=(fact,), recorded_at=fact.recorded_at) for fact in batch]
        ledger.record(proposals, batch[-1].recorded_at)
        began = time.process_time()
        _take(watch, clocks, shelf, ledger)
        took += time.process_time() - began
        if watch.position % PART < BATCH:
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            sys.stderr.write(f"{watch.position} facts: {PART / took:.0f} facts/s, {peak:.0f} MB\n")
            yield PART / took, peak
            took = 0.0


def _take(watch: Watch, clocks: Clocks, shelf: Snapshot, ledger: SqliteLedger) -> None:
    """Judge and save what was recorded since."""
    facts = ledger.read(DISTRICT, watch.position, BATCH)
    for fact in facts:
        clocks.strike_before(instant_of(fact.recorded_at))
        shelf.reached = fact.sequence
        watch.take(fact)
    background = [fact for fact in facts if fact.subject.kind in BACKGROUND_KINDS]
    progress = Progress(watch.position, instant_of(facts[-1].recorded_at), reconciled=True)
    shelf.save(Batch(progress=progress, saved=watch.save(), background=background))
    watch.let_go(HELD)


def _result(name: str, value: float, baseline: float, unit: str, against: str, goal: float) -> dict[str, object]:
    return {
        "name": name,
        "n": LENGTH,
        "rate": round(value, 1),
        "unit": unit,
        "baseline": against,
        "baseline_rate": round(baseline, 1),
        "ratio": round(value / baseline, 2),
        "goal": goal,
    }
