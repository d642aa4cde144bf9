"""How fast the watch judges, beside typed reading of the same log; whether it stays so; what a cold check takes."""

from __future__ import annotations

import gc
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from events.fact import AnyFact
from events.printing import from_stored, stored_bytes
from projections.watch.watch import Watch
from rulebooks.calendar.national_calendar import national_calendar
from rulebooks.loading import rulebooks_of
from services.checking import Clocks
from services.processes.collecting import collect_seldom
from tests.bench.long_histories import long_facts, long_history

DISTRICTS = ("xinzhou", "yuanzhou", "huancui", "xinqiu", "qianjiang")
JUDGED = 20_000
ROUNDS = 3
CHECKED = 20_000
SECONDS_FOR_A_CHECK = 3.0


def bench_judging() -> list[dict[str, object]]:
    """Judge each district's history, beside typed reading of the same facts from their stored bytes.

    Time is that of the processor, since a shared machine has not always a whole core to give; garbage is collected as
    the program does.
    """
    collect_seldom()
    results: list[dict[str, object]] = []
    for district in DISTRICTS:
        facts = long_facts(district, JUDGED)
        rounds = [(_read_rate(facts), _watch_rate(district, facts)) for _ in range(ROUNDS)]
        reading, judging = (max(rates) for rates in zip(*rounds, strict=True))
        results.append(
            {
                "name": f"watch.{district}",
                "n": len(facts),
                "rate": round(judging),
                "unit": "facts/s",
                "baseline": "typed reading of the same facts",
                "baseline_rate": round(reading),
                "ratio": round(judging / reading, 3),
                "goal": "10,000 facts/s and a third of the baseline",
            }
        )
    return results


def bench_cold_check() -> dict[str, object]:
    """Check a history of 20,000 facts from a cold start, beside the three seconds it may take."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "history.jsonl"
        path.write_bytes(b"\n".join(long_history("xinzhou", CHECKED)))
        began = time.perf_counter()
        command = [sys.executable, "-m", "services.cli", "check", "--json", str(path)]
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL)
        took = time.perf_counter() - began
    return {
        "name": "check.cold",
        "n": CHECKED,
        "rate": round(CHECKED / took),
        "unit": "facts/s",
        "baseline": f"{SECONDS_FOR_A_CHECK:g} s for the whole command",
        "baseline_rate": round(CHECKED / SECONDS_FOR_A_CHECK),
        "ratio": round(SECONDS_FOR_A_CHECK / took, 2),
        "goal": 1,
    }


def _read_rate(facts: list[AnyFact]) -> float:
    stored = [(fact.type, stored_bytes(fact)) for fact in facts]
    gc.collect()
    began = time.process_time()
    for name, text in stored:
        from_stored(name, text)
    return len(facts) / (time.process_time() - began)


def _watch_rate(district: str, facts: list[AnyFact]) -> float:
    rules = [rule for book in rulebooks_of(district) for rule in book.rules]
    watch = Watch(rules, national_calendar())
    clocks = Clocks(watch, district)
    gc.collect()
    began = time.process_time()
    clocks.play(facts)
    return len(facts) / (time.process_time() - began)
