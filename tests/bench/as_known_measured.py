"""Each view asked as known on days drawn by lot; the slowest view decides."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Mapping
from random import Random
from typing import Final

from events.keys import MemoryKeys
from events.ledger.port import LedgerReader
from events.moment import instant_of
from projections.policy.policy import shipped_policy
from projections.replay.as_of import AsOf
from projections.view_rows.history import STEP, ViewHistory
from projections.views.catalogue import VIEWS
from projections.views.description import Description
from projections.views.query import Query
from services.replay.basis import shipped_basis
from services.replay.view_as_of import ViewAsOf
from services.views.asking import AskedBy

NOW: Final = dt.datetime(2026, 10, 1, 9, tzinfo=dt.UTC)
TIMES: Final = 10
"""How often each question is asked."""


def as_known(ledger: LedgerReader, district: str, kept: Mapping[str, ViewHistory]) -> dict[str, list[float]]:
    """Return in order, for each view, how many milliseconds its first page took as known after a fact drawn by lot.

    `kept` names for each view the file of its history.
    """
    choice, length = Random(3), ledger.head(district).sequence
    basis, by = shipped_basis(district), AskedBy(now=NOW, policy=shipped_policy(), keys=MemoryKeys())

    def asker(view: str) -> Callable[[], object]:
        def ask_one() -> None:
            as_of = AsOf(choice.randrange(length + 1), instant_of(NOW))
            query = Query(filters=needed(VIEWS[view].description))
            asking = ViewAsOf(ledger, basis, district, as_of, history=kept[view])
            assert asking.page_of_history(view, query, by) is not None

        return ask_one

    return {view: timed(asker(view)) for view in kept if VIEWS[view].of_finding is None}


def needed(description: Description) -> dict[str, tuple[str, ...]]:
    """Return what a view has to be asked with."""
    return {one.name: ("matter/gz-1-0",) for one in description.filters if one.needed}


def timed(question: Callable[[], object]) -> list[float]:
    """Ask some times; return in order how many milliseconds it took."""
    times = []
    for _ in range(TIMES):
        began = time.perf_counter()
        question()
        times.append((time.perf_counter() - began) * 1000)
    return sorted(times)


def percentile(times: list[float], percent: int) -> float:
    """Return within how many milliseconds that share of questions was answered."""
    return times[min(len(times) - 1, len(times) * percent // 100)]


def answered(facts: int, name: str, times: list[float], bare: list[float]) -> dict[str, object]:
    """Return a result: how many milliseconds pages of a ledger took, beside `bare`, reading as many facts as a step."""
    rate, baseline = 1000 * len(times) / sum(times), 1000 * len(bare) / sum(bare)
    return {
        "name": name,
        "n": facts,
        "rate": round(rate, 1),
        "unit": "pages/s",
        "p50_ms": round(percentile(times, 50), 1),
        "p99_ms": round(percentile(times, 99), 1),
        "baseline": f"reading {STEP} facts",
        "baseline_rate": round(baseline, 1),
        "ratio": round(rate / baseline, 3),
        "goal": 1_000.0,
    }
