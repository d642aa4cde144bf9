"""How soon one case is replayed from a long ledger, as known and as true on any day, beside reading its facts alone.

TAIZHANG_BENCH_LENGTH sets how many facts the ledger has, `--large` ten million. What the watch saves for replays
(roster, absences and the like) and the rows of the timeline are made as the service makes them; nothing is judged but
what is replayed.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from random import Random
from typing import Any, Final, Self

from msgspec.structs import replace

from events.fact import AnyFact, case_key
from events.keys import MemoryKeys
from events.moment import Moment, datetime_of, instant_of
from events.sqlite.reader import open_reader
from projections.replay.question import Question
from projections.saved.batch import NOTHING_SAVED, Batch, Progress
from projections.saved.snapshot import Snapshot
from projections.views.timeline import TIMELINE
from projections.watch.acts_asked import ACTS
from projections.watch.filing import BACKGROUND_KINDS
from services.commands.progress import progress_bar
from services.replay.answering import Answering
from services.replay.basis import shipped_basis
from services.replay.indexing import Sources
from services.replay.ledger_until import reach_of
from services.replay.replaying import Asked
from services.stores.views_places import FolderPlace
from services.views.feeding import FeedingViews
from tests.bench.long_histories import BACKGROUND
from tests.bench.quick_ledger import QuickLedger

DISTRICT: Final = "xinzhou"
LENGTH: Final = int(os.environ.get("TAIZHANG_BENCH_LENGTH", "100000"))
BATCH: Final = 2_000
CASES: Final = 40
GOAL_MS: Final = 1_000.0


def bench_replay() -> list[dict[str, object]]:
    """Replay cases on days drawn by lot: as known, as true, and both with what differs.

    They are asked when a tenth is recorded and when all is, so that what a longer ledger costs can be seen.
    """
    with tempfile.TemporaryDirectory() as name, GrowingLedger(Path(name)) as growing:
        return [result for length in (LENGTH // 10, LENGTH) for result in growing.asked_at(length)]


class GrowingLedger:
    """A ledger of a district that grows, with what watch and views save of it, and cases drawn by lot from it."""

    def __init__(self, folder: Path) -> None:
        """Begin it in an empty folder."""
        self._opened = ExitStack()
        self._growing = QuickLedger(folder / "ledger.sqlite", DISTRICT, MemoryKeys())
        place = FolderPlace(folder)
        self._ledger = self._opened.enter_context(closing(open_reader(folder / "ledger.sqlite")))
        self._rows = self._opened.enter_context(place.rows())
        self._views = self._opened.enter_context(closing(place.watch()))
        self._shelf = Snapshot(self._views, self._ledger, DISTRICT)
        self._shelf.open_for("benchmark")
        self._timeline = FeedingViews(self._rows, self._ledger, None, views={"timeline": TIMELINE})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def asked_at(self, length: int) -> list[dict[str, object]]:
        """Let it grow to a length, and replay cases."""
        self._growing.grow(length)
        self._save(length)
        return _asked(Sources(self._ledger, self._views, self._rows), self._drawn(length), length)

    def _drawn(self, length: int) -> list[str]:
        """Return cases of acts, drawn by lot."""
        choice, cases = Random(1), dict[str, None]()
        while len(cases) < CASES:
            (fact,) = self._ledger.read(DISTRICT, choice.randrange(length), 1)
            if fact.subject.kind not in BACKGROUND:
                cases[case_key(fact.subject)] = None
        return list(cases)

    def _save(self, length: int) -> None:
        """Save what the service has saved for replays, as far as the head."""
        with progress_bar("背景 background", length - self._shelf.reached) as progressed:
            while facts := self._ledger.read(DISTRICT, self._shelf.reached, BATCH):
                self._shelf.reached = position = facts[-1].sequence
                background = [one for one in facts if one.subject.kind in BACKGROUND_KINDS]
                progress = Progress(position, instant_of(facts[-1].recorded_at))
                taken = replace(NOTHING_SAVED, acts=tuple(one for one in facts if one.subject.kind in ACTS))
                self._shelf.save(Batch(progress=progress, saved=taken, background=background))
                progressed(len(facts))
        with progress_bar("时间线 timeline", length) as progressed:
            self._timeline.catch_up(progressed)


def _asked(sources: Sources, cases: Sequence[str], length: int) -> list[dict[str, object]]:
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
    return [_result(f"replay.case.{name}", sorted(each), sorted(bare), length) for name, each in times.items()]


def _between(own: Sequence[AnyFact], choice: Random, first: int) -> int:
    """Return a moment within the life of a case, or a day after it."""
    last = instant_of(own[-1].recorded_at) + 86_400_000_000
    return choice.randint(max(first, instant_of(own[0].recorded_at)), last)


def _result(name: str, times: list[float], bare: list[float], length: int) -> dict[str, Any]:
    rate, baseline = 1000 * len(times) / sum(times), 1000 * len(bare) / sum(bare)
    return {
        "name": name,
        "n": length,
        "rate": round(rate, 1),
        "unit": "cases/s",
        "p50_ms": round(times[len(times) // 2], 1),
        "p99_ms": round(times[-1], 1),
        "baseline": "reading the facts of the case alone",
        "baseline_rate": round(baseline, 1),
        "ratio": round(rate / baseline, 4),
        "goal": GOAL_MS,
    }
