"""Finding and running the `bench_*` functions of this folder.

Such a function takes no arguments and returns one result or several, with keys of `KEYS`; it measures its baseline in
the same run. What it leaves out becomes null, but for `peak_mb`, which is that of the process.
"""

from __future__ import annotations

import importlib
import resource
import sys
from collections.abc import Iterable, Mapping
from inspect import getmembers, isfunction
from pathlib import Path
from typing import Final

Result = Mapping[str, object]

KEYS: Final = (
    "name",
    "n",
    "rate",
    "unit",
    "p50_ms",
    "p99_ms",
    "peak_mb",
    "baseline",
    "baseline_rate",
    "ratio",
    "goal",
)
_BYTES_A_MEGABYTE: Final = 1_048_576
_BYTES_A_UNIT_OF_RSS: Final = 1 if sys.platform == "darwin" else 1024


def found(words: Iterable[str]) -> list[tuple[str, str]]:
    """Return module and name of each benchmark that has one of the words; all of them without words."""
    wanted = tuple(words)
    benchmarks = []
    for path in sorted(Path(__file__).parent.glob("bench_*.py")):
        module = f"tests.bench.{path.stem}"
        for name, function in getmembers(importlib.import_module(module), isfunction):
            own = name.startswith("bench_") and function.__module__ == module
            if own and (not wanted or any(word in f"{path.stem}.{name}" for word in wanted)):
                benchmarks.append((module, name))
    return benchmarks


def measure(module: str, name: str) -> list[dict[str, object]]:
    """Run one benchmark and complete its results: every key in its order, null for what was not measured."""
    given: Result | Iterable[Result] = getattr(importlib.import_module(module), name)()
    results = [given] if isinstance(given, Mapping) else list(given)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _BYTES_A_UNIT_OF_RSS / _BYTES_A_MEGABYTE
    complete = dict.fromkeys(KEYS) | {"peak_mb": round(peak, 1)}
    return [{**complete, **{key: value for key, value in result.items() if value is not None}} for result in results]
