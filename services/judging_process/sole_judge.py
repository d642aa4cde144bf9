"""The right to judge the facts of a data folder, held by one service and the process that judges for it."""

from __future__ import annotations

import fcntl
import os
import time
from typing import TYPE_CHECKING, Final, Self

from events.ledger.errors import LedgerUnavailableError, Reason

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

LOCK_FILE: Final = "judging.lock"
LONGEST_WAIT: Final = 30.0
"""Seconds to wait for the judging process of a service that was killed: it ends as soon as it learns of that."""
_LOOK_AGAIN: Final = 0.01


class SoleJudge:
    """A context manager that holds the right; a process that inherits `descriptor` holds it too, until both are gone.

    So a service that begins while the judging process of a killed one is still ending waits for it: two that save the
    same watch would spoil what they save.
    """

    def __init__(self, folder: Path, longest_wait: float = LONGEST_WAIT) -> None:
        """Take the right; raise LedgerUnavailableError when another process keeps it."""
        path = folder / LOCK_FILE
        self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        until = time.monotonic() + longest_wait
        while not self._is_taken():
            if time.monotonic() >= until:
                os.close(self.descriptor)
                raise LedgerUnavailableError(_held(path))
            time.sleep(_LOOK_AGAIN)

    def _is_taken(self) -> bool:
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self.descriptor)


def _held(path: Path) -> Reason:
    return Reason(
        "judging.still_held",
        f"上一服务的判定进程仍在运行（持有 {path}），本服务因此不启动，以免两个进程同时判定；"
        "请结束该进程（fuser 可查出）后重试。",
        f"The judging process of a former service still runs (it holds {path}), so this one does not start: two must "
        "not judge at once. End that process (fuser finds it) and try again.",
    )
