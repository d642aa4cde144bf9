"""How soon a view is shown as known on a day long ago, beside reading as many facts from the ledger as a step has.

TAIZHANG_BENCH_FACTS sets how many facts the ledger has, `--large` ten million. Two processes keep the history of the
views, each in a file of its own.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Collection
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Final

from events.keys import MemoryKeys
from events.sqlite.reader import open_reader
from projections.view_rows.history import STEP, keeps_history
from projections.view_rows.history_feeding import HistoryFeeding
from projections.views.catalogue import VIEWS
from services.logs.logging import set_up_logging
from services.processes.collecting import collect_seldom
from services.stores.views_places import FolderPlace
from tests.bench.as_known_measured import answered, as_known, percentile, timed
from tests.bench.quick_ledger import QuickLedger

DISTRICT: Final = "huancui"
FACTS: Final = int(os.environ.get("TAIZHANG_BENCH_FACTS", "10000"))
LEDGER: Final = "ledger.sqlite"
SHARES: Final = {
    "timeline": ("timeline", "roster"),
    "others": tuple(name for name, view in VIEWS.items() if keeps_history(view) and name != "timeline"),
}
"""The timeline is as much work as all others; every view is read together with the roster."""


def bench_past() -> list[dict[str, object]]:
    """Keep the history of all views, then ask each as known on days drawn by lot."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        QuickLedger(folder / LEDGER, DISTRICT, MemoryKeys()).grow(FACTS)
        spent = _kept(folder)
        with (
            closing(open_reader(folder / LEDGER)) as ledger,
            FolderPlace(folder / "timeline").history() as of_timeline,
            FolderPlace(folder / "others").history() as of_others,
        ):
            choice = Random(4)
            bare = timed(lambda: ledger.read(DISTRICT, choice.randrange(FACTS), STEP))
            found = as_known(ledger, DISTRICT, dict.fromkeys(SHARES["others"], of_others) | {"timeline": of_timeline})
    slowest = max(found, key=lambda one: percentile(found[one], 95))
    every = sorted(one for times in found.values() for one in times)
    return [
        {"name": "views.past.history", "n": FACTS, "rate": round(FACTS / spent), "unit": "facts/s of processor time"},
        answered(FACTS, "views.past.as_known", every, bare),
        answered(FACTS, f"views.past.as_known.slowest ({slowest})", found[slowest], bare),
    ]


def _kept(folder: Path) -> float:
    """Let two processes keep the histories; return how many seconds of processor time they took together."""
    with ProcessPoolExecutor(len(SHARES), mp_context=multiprocessing.get_context("spawn")) as processes:
        return sum(processes.map(_keep, [folder] * len(SHARES), SHARES, SHARES.values()))


def _keep(folder: Path, share: str, views: Collection[str]) -> float:
    set_up_logging(sys.stderr, "error")
    collect_seldom()
    (folder / share).mkdir()
    with (
        closing(open_reader(folder / LEDGER)) as ledger,
        FolderPlace(folder / share).history() as history,
    ):
        feeding = HistoryFeeding(history, ledger, views={name: VIEWS[name] for name in views})
        left, told = feeding.left(), 0
        while left and feeding.advance():
            if (percent := 100 - 100 * feeding.left() // left) > told:
                told = percent
                sys.stderr.write(f"历史 history: {share} {percent} %\n")
    return time.process_time()
