"""The command `taizhang` by a clock that stands elsewhere, so that what it prints holds in any year.

Usage: python -m tests.at_another_time SECONDS record HISTORY.jsonl ...

The clock goes on as that of the machine does, so that commands one after another are later than one another. It is a
test's alone: the command that an operator runs reads the clock of the machine, and no setting moves it.
"""

from __future__ import annotations

import datetime as dt
import sys

from events.moment import TIME_ZONE
from services import cli
from services.commands import clock


def seconds_until(moment: str) -> int:
    """Return by how many seconds a clock has to be moved to show a moment now."""
    return round((dt.datetime.fromisoformat(moment) - dt.datetime.now(TIME_ZONE)).total_seconds())


def main(seconds: int) -> int:
    """Run a command by a clock that was moved by so many seconds, forward or back."""
    moved, machine = dt.timedelta(seconds=seconds), clock.now
    setattr(clock, "now", lambda: machine() + moved)  # noqa: B010  commands take the clock from there when loaded
    return cli.main()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv.pop(1))))
