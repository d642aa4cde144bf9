"""Several threads that read facts of the same types for the first time: none sees what another has half worked out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys
from threading import Barrier, Thread
sys.setswitchinterval(1e-6)
from events.parsing import read_line
from tests.events.facts_to_try import EXAMPLES, line_of

lines = [line_of(given) for given in EXAMPLES.values()]
barrier, read = Barrier(4), []

def read_all():
    barrier.wait()
    read.append([read_line(line, number) for number, line in enumerate(lines, 1)])

threads = [Thread(target=read_all) for _ in range(4)]
for one in threads:
    one.start()
for one in threads:
    one.join()
assert read == [read[0]] * 4, len(read)
print(len(lines))
"""


@pytest.mark.parametrize("round_", range(4))
def test_threads_that_read_a_type_for_the_first_time_together_all_read_it(round_: int) -> None:
    ran = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, ""), round_
    assert int(ran.stdout) > 180
