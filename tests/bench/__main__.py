"""The benchmark: run every `bench_*` function of this folder, one JSON object a line on standard output.

`make bench` runs all, `make bench ARGS=ledger` those whose file or name has that word, with `--large` over ledgers of
`LARGE` facts, `LARGEST` where they are named, if a benchmark reads its length from the environment. Each runs in a
process of its own, so that neither memory nor caches of one reach the next. Progress goes to standard error.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from typing import Final

from tests.bench.measuring import found, measure

LARGE: Final = 1_000_000
LARGEST: Final = {"bench_replay": 10_000_000, "bench_views_past": 10_000_000}
"""What looks back into the past is to be as quick after decades; such a ledger with its views takes some 15 to 45 GB.

Temporary files go where TMPDIR says.
"""
LENGTHS: Final = ("TAIZHANG_BENCH_FACTS", "TAIZHANG_BENCH_LENGTH")


def main(words: Iterable[str]) -> int:
    """Run the benchmarks one after another; 1 when there is none to run."""
    named = list(words)
    unset = [one for one in LENGTHS if one not in os.environ] if "--large" in named else []
    named = [one for one in named if one != "--large"]
    benchmarks = found(named)
    if not benchmarks:
        sys.stderr.write("没有符合的性能测试 no benchmark has this name\n")
        return 1
    fresh = multiprocessing.get_context("spawn")
    for number, (module, name) in enumerate(benchmarks, 1):
        sys.stderr.write(f"[{number}/{len(benchmarks)}] {module.rpartition('.')[2]}.{name} ...\n")
        length = str(LARGEST.get(module.rpartition(".")[2], LARGE))
        os.environ.update(dict.fromkeys(unset, length))
        began = time.perf_counter()
        with ProcessPoolExecutor(1, mp_context=fresh) as process:
            results = process.submit(measure, module, name).result()
        for result in results:
            sys.stdout.write(json.dumps(result, ensure_ascii=False) + "\n")
        sys.stdout.flush()
        sys.stderr.write(f"[{number}/{len(benchmarks)}] {time.perf_counter() - began:.1f} s\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
