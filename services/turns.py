"""Taking turns: a thread that works without a break lets others in between two pieces of its work."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


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
