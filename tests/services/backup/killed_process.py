"""A process that backs up or restores and is killed in the middle, at a step that is given.

Usage: python -m tests.services.backup.killed_process backup|restore FROM TO STEP
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import sys
from pathlib import Path

from events.moment import TIME_ZONE
from services.backup import copying
from services.backup.backing_up import back_up
from services.backup.restoring import restore


def main(what: str, source: Path, target: Path, step: int) -> None:
    """Do it, counting the steps that are told of."""
    left = step

    def progressed(*_told: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    copying.PAGES_A_STEP = 2  # type: ignore[misc]  # so that a small ledger takes several steps
    if what == "backup":
        back_up(source, target, dt.datetime.now(TIME_ZONE), progressed)
    else:
        restore(source, target, progressed)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
