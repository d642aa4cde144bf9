"""The command `taizhang` by a clock that stands elsewhere, so that what it prints holds in any year.

Usage: python -m tests.at_another_time SECONDS record HISTORY.jsonl ...

The clock goes on as that of the machine does, so that commands one after another are later than one another. It is a
test's alone: the command that an operator runs reads the clock of the machine, and no setting moves it.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Final

from services import cli
from services.commands import clock

TOLD_AT: Final = "2026-11-20T09:00:00+08:00"
"""A moment after the small histories of 2025 and before the end of the year in which their counts run."""


def seconds_until(moment: str) -> int:
    """Return by how many seconds a clock has to be moved to show a moment now."""
    shown, machine = dt.datetime.fromisoformat(moment), dt.datetime.now(dt.UTC)
    return round((shown - machine).total_seconds())


@contextmanager
def clock_moved(seconds: int) -> Iterator[None]:
    """Let commands in this process go by a clock that was moved by so many seconds, forward or back."""
    moved, machine = dt.timedelta(seconds=seconds), dt.datetime
    stand_in = SimpleNamespace(datetime=SimpleNamespace(now=lambda zone: machine.now(zone) + moved))
    vars(clock)["dt"] = stand_in
    try:
        yield
    finally:
        vars(clock)["dt"] = dt


def main(seconds: int) -> int:
    """Run the command that the arguments name."""
    with clock_moved(seconds):
        return cli.main()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv.pop(1))))
