"""How soon one case is replayed from a long ledger, as known and as true on any day, beside reading its facts alone.

TAIZHANG_BENCH_LENGTH sets how many facts the ledger has. What the watch saves for replays (roster, absences and the
like) and the rows of the timeline are made as the service makes them; nothing is judged but what is replayed.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any, Final

from events.fact import AnyFact, case_key
from events.keys import MemoryKeys
from events.ledger import Proposal
from events.moment import Moment, datetime_of, instant_of
from events.sqlite_ledger import SqliteLedger
from events.sqlite_reader import SqliteReader, open_reader
from projections.replay.question import Question
from projections.saved_shelf import Batch, Progress, SavedShelf
from projections.view_rows import ViewRows
from projections.views.timeline import TIMELINE
from projections.views_database import ViewsDatabase
from projections.watch import BACKGROUND_KINDS
from services.commands.progress import progress_bar
from services.replay.answering import Answering
from services.replay.basis import shipped_basis
from services.replay.indexing import Sources
from services.replay.ledger_until import reach_of
from services.replay.replaying import Asked
from services.views.feeding import FeedingViews
from services.views_places import FolderPlace
from tests.bench.long_histories import BACKGROUND, endless_facts

DISTRICT: Final = "xinzhou"
LENGTH: Final = int(os.environ.get("TAIZHANG_BENCH_LENGTH", "100000"))
BATCH: Final = 2_000
CASES: Final = 40
GOAL_MS: Final = 1_000.0


def bench_replay() -> list[dict[str, object]]:
    """Replay cases on days drawn by lot: as known, as true, and both with what differs."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cases = _recorded(folder)
        place, ledger = FolderPlace(folder), open_reader(folder / "ledger.sqlite")
        with place.rows() as rows:
            views = place.watch()
            _saved(ledger, views, rows)
            results = _asked(Sources(ledger, views, rows), cases)
            views.close()
        ledger.close()
        return results


def _recorded(folder: Path) -> Sequence[str]:
    """Record the history, and return cases of it drawn by lot."""
    choice, cases = Random(1), dict[str, None]()
    facts = endless_facts(DISTRICT, LENGTH)
    with (
        SqliteLedger(folder / "ledger.sqlite", keys=MemoryKeys()) as ledger,
        progress_bar("入账 recording", LENGTH) as progressed,
    ):
        left = LENGTH
        while left > 0 and (batch := list(islice(facts, min(BATCH, left)))):
            proposals = [Proposal(facts=(one,), recorded_at=one.recorded_at) for one in batch]
            ledger.record(proposals, batch[-1].recorded_at)
            cases[case_key(choice.choice(batch).subject)] = None
            left -= len(batch)
            progressed(len(batch))
    return choice.sample(sorted(one for one in cases if _is_act(one)), min(CASES, len(cases)))


def _is_act(case: str) -> bool:
    return case.partition("/")[0] not in BACKGROUND


def _saved(ledger: SqliteReader, views: ViewsDatabase, rows: ViewRows) -> None:
    """Save what the service has saved for replays, as far as the head."""
    shelf, position = SavedShelf(views, ledger, DISTRICT), 0
    shelf.open_for("benchmark")
    with progress_bar("背景 background", LENGTH) as progressed:
        while facts := ledger.read(DISTRICT, position, BATCH):
            position = facts[-1].sequence
            background = [one for one in facts if one.subject.kind in BACKGROUND_KINDS]
            shelf.save(Batch(progress=Progress(position, instant_of(facts[-1].recorded_at)), background=background))
            progressed(len(facts))
    with progress_bar("时间线 timeline", LENGTH) as progressed:
        FeedingViews(rows, ledger, None, views={"timeline": TIMELINE}).catch_up(progressed)


def _asked(sources: Sources, cases: Sequence[str]) -> list[dict[str, object]]:
    choice = Random(2)
    head = sources.ledger.head(DISTRICT)
    assert head.recorded_at is not None
    first = instant_of(sources.ledger.read(DISTRICT, 0, 1)[0].recorded_at)
    shipped_basis(DISTRICT)
    times: dict[str, list[float]] = {"known": [], "true": [], "both": []}
    bare: list[float] = []
    for case in cases:
        own = sources.ledger.read_case(DISTRICT, case)
        day = Moment.at(_between(own, choice, first))
        for name, question in {
            "known": Question(known_at=day),
            "true": Question(true_at=day),
            "both": Question(known_at=day, true_at=day),
        }.items():
            began = time.perf_counter()
            reach = reach_of(sources.ledger, DISTRICT, datetime_of(instant_of(head.recorded_at)))
            Answering(sources, shipped_basis(DISTRICT), DISTRICT, reach).answer(Asked(case, question))
            times[name].append((time.perf_counter() - began) * 1000)
        began = time.perf_counter()
        sources.ledger.read_case(DISTRICT, case)
        bare.append((time.perf_counter() - began) * 1000)
    return [_result(f"replay.case.{name}", sorted(each), sorted(bare)) for name, each in times.items()]


def _between(own: Sequence[AnyFact], choice: Random, first: int) -> int:
    """Return a moment within the life of a case, or a day after it."""
    last = instant_of(own[-1].recorded_at) + 86_400_000_000
    return choice.randint(max(first, instant_of(own[0].recorded_at)), last)


def _result(name: str, times: list[float], bare: list[float]) -> dict[str, Any]:
    rate, baseline = 1000 * len(times) / sum(times), 1000 * len(bare) / sum(bare)
    return {
        "name": name,
        "n": LENGTH,
        "rate": round(rate, 1),
        "unit": "cases/s",
        "p50_ms": round(times[len(times) // 2], 1),
        "p99_ms": round(times[-1], 1),
        "baseline": "reading the facts of the case alone",
        "baseline_rate": round(baseline, 1),
        "ratio": round(rate / baseline, 4),
        "goal": GOAL_MS,
    }
