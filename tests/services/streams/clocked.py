"""A command of taizhang with a clock that a test sets: the processes of a distributed system share it.

Usage: python -m tests.services.streams.clocked CLOCK worker|serve

CLOCK is `at:FILE`, which holds the moment, or `from:START:BEGAN:RATE`: START (a date) plus RATE seconds for each second
since BEGAN (seconds since 1970), so that a process goes on where the last one was killed.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
from collections.abc import Callable
from pathlib import Path

from events.moment import TIME_ZONE
from services.commands import serve, worker
from services.logs.logging import set_up_logging
from services.settings.service import current_settings

Clock = Callable[[], dt.datetime]


def clock_of(spec: str) -> Clock:
    """Return the clock that a specification describes."""
    kind, _, rest = spec.partition(":")
    if kind == "at":
        return lambda: dt.datetime.fromisoformat(Path(rest).read_text(encoding="ascii"))
    start, began, rate = rest.split(":")
    first = dt.datetime.combine(dt.date.fromisoformat(start), dt.time(), TIME_ZONE)
    return lambda: first + dt.timedelta(seconds=(time.time() - float(began)) * float(rate))


def main(spec: str, command: str) -> int:
    """Run a command by a clock."""
    settings, clock = current_settings(), clock_of(spec)
    set_up_logging(sys.stderr, settings.log_level, settings.log_format)
    if command == "worker":
        return worker.serve_as_worker(settings, clock)
    setattr(serve, "now", clock)  # noqa: B010  the clock of a command that has no other way to be given one
    return serve.serve(settings, None, once=False, as_json=False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
