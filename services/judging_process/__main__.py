"""The process that judges and feeds the views for the one that began it, which holds the ledger.

Usage: python -m services.judging_process DESCRIPTOR, the end of a socket that both inherited.
"""

from __future__ import annotations

import signal
import sys


def main(descriptor: int) -> int:
    """Judge until the other process says that it is time to stop; return the exit code."""
    # Whoever interrupts the service from a terminal reaches both.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    from services.judging_process.judging import run  # noqa: PLC0415  loaded once nothing can break it off

    return run(descriptor)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
