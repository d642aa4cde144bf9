"""Taking turns: a thread that works without a break lets others in between two pieces of its work."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator


SLICE: Final = 0.0005
"""Seconds after which a thread that computes lets another one on that waits for the interpreter; Python's own is ten
times as long, and a request that waits for disk or socket twenty times would wait so long each time."""


@contextmanager
def short_slices() -> Iterator[None]:
    """Let those who answer people go before those who judge and feed, while the block runs; for the whole process."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(SLICE)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


class Turns:
    """One at a time, and whoever waits comes next: without the door a busy thread would take its lock again at once."""

    def __init__(self) -> None:
        self._door = Lock()
        self._inside = Lock()

    @property
    def awaited(self) -> bool:
        """Whether somebody waits for the one inside."""
        return self._door.locked()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait until the one inside is through, then be inside while the block runs."""
        with self._door:
            self._inside.acquire()
        try:
            yield
        finally:
            self._inside.release()
