"""The soak: simulated load on the real service for an hour, and whether memory, handles and latency stayed flat.

`make soak` runs an hour, `make soak MINUTES=5` five minutes. One JSON object a line: the samples, then what was
compared. Exit code 1 when something was not flat or a request failed.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from statistics import median

from tests.soak.flatness import Sample, compared
from tests.soak.playing import played

SAMPLES = 60


def main(arguments: list[str]) -> int:
    """Run the soak."""
    parser = argparse.ArgumentParser(prog="tests.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0, help="多久 how long")
    parser.add_argument("--seed", type=int, default=1, help="种子 seed of the simulated year")
    given = parser.parse_args(arguments)
    seconds = given.minutes * 60
    samples: list[Sample] = []
    faults: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for one in played(Path(folder), seconds, seconds / SAMPLES, given.seed):
            if isinstance(one, str):
                faults.append(one)
                _say({"fault": one})
            else:
                samples.append(one)
                _say(_shown(one))
    findings = compared(samples)
    for finding in findings:
        _say(finding._asdict())
    return 1 if faults or not all(one.is_flat for one in findings) else 0


def _shown(sample: Sample) -> dict[str, object]:
    waits = {sort: {"n": len(some), "p50_ms": round(median(some), 1)} for sort, some in sorted(sample.waits.items())}
    return {**sample._asdict(), "waits": waits}


def _say(said: object) -> None:
    sys.stdout.write(json.dumps(said, ensure_ascii=False) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
