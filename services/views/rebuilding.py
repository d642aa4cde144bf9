"""Rebuilding views beside those that answer: shared out to two processes where it is worth starting a second."""

from __future__ import annotations

import os
import subprocess
from contextlib import contextmanager
from select import select
from typing import TYPE_CHECKING, Final

from projections.views.attendance import ATTENDANCE
from projections.views.meetings import MEETINGS
from projections.views.numbers import NUMBERS
from projections.views.topics import TOPICS
from services.processes.own_module import command_of
from services.views.rebuilding_beside import Share, line_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from services.views.feeding import FeedingViews

WORTH_SHARING: Final = 50_000
"""Facts below which one process is nearly done before a second has started."""
_HALF: Final = frozenset({ATTENDANCE.name, MEETINGS.name, NUMBERS.name, TOPICS.name})
"""Views that take one process as long as all others take another: those of meetings and minutes, which read the same
cases, so that each process passes over many facts."""
_CHUNK: Final = 4_096


class SecondProcess:
    """Another process that feeds some of the views; whatever becomes of it, what it left undone is seen in the rows."""

    def __init__(self, process: subprocess.Popen[bytes], told: Callable[[int], None]) -> None:
        self.id = process.pid
        self._process = process
        self._told = told
        self._unfinished = b""

    def listen(self) -> None:
        """Tell on how far it came since it was last asked, without waiting for it."""
        while self._pipe() in select([self._pipe()], [], [], 0)[0]:
            if not self._hear():
                return

    def wait(self) -> int:
        """Tell on how far it comes until it ends; return its exit code."""
        while self._hear():
            pass
        return self._process.wait()

    def _hear(self) -> bool:
        said = os.read(self._pipe(), _CHUNK)
        *lines, self._unfinished = (self._unfinished + said).split(b"\n")
        if lines:
            self._told(sum(map(int, lines)))
        return bool(said)

    def _pipe(self) -> int:
        assert self._process.stdout is not None  # noqa: S101  as it was started
        return self._process.stdout.fileno()


def catch_up(
    feeding: FeedingViews,
    names: Collection[str],
    place: Share,
    told: Callable[[int], None] = lambda _facts: None,
    *,
    worth: int = WORTH_SHARING,
) -> None:
    """Feed all views until nothing is left; `told` is told how many facts were just taken, by whichever process.

    `names` are those that are being rebuilt, `place` is where a second process finds ledger and views; it is started
    when there are `worth` facts for each of them.
    """
    own = tuple(name for name in names if name in _HALF)
    others = tuple(name for name in names if name not in _HALF)
    if own and others and feeding.left() >= worth * len(names) and (os.cpu_count() or 1) > 1:
        with begun(place._replace(views=others), told) as second, feeding.sharing(own):

            def told_of_both(facts: int) -> None:
                told(facts)
                second.listen()

            feeding.catch_up(told_of_both)
            second.wait()
    # What came meanwhile, and whatever a second process that ended early left.
    feeding.catch_up(told)


@contextmanager
def begun(share: Share, told: Callable[[int], None]) -> Iterator[SecondProcess]:
    """Let a second process feed its share of the views while the block runs."""
    command = command_of("services.views.rebuilding_beside")
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as process:  # noqa: S603  our own module by our own interpreter
        assert process.stdin is not None  # noqa: S101  as it was started
        try:
            # Not as an argument, since everybody on the machine may read those, and an address may hold a password.
            process.stdin.write(line_of(share))
            yield SecondProcess(process, told)
        finally:
            process.terminate()
