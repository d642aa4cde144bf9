"""A thread that works beside the service ends as soon as it is asked to, at whatever point that comes."""

from __future__ import annotations

from threading import Event

import pytest

from services.processes.working_thread import Work, working

PATIENCE = 60


class Woken(Event):
    """Is forgotten only once it was set, the unluckiest moment; `slept_over_it` counts naps begun after that."""

    def __init__(self) -> None:
        super().__init__()
        self._was_set = False
        self.slept_over_it = 0

    def set(self) -> None:
        self._was_set = True
        super().set()

    def clear(self) -> None:
        super().wait(PATIENCE)
        super().clear()

    def wait(self, timeout: float | None = None) -> bool:
        if self._was_set and not self.is_set():
            self.slept_over_it += 1
            return False
        return super().wait(timeout)


def test_a_thread_that_is_asked_to_stop_while_it_forgets_that_it_was_woken_does_not_sleep_first() -> None:
    woken = Woken()
    work = Work(
        "work",
        lambda: False,
        lambda _code, reason: pytest.fail(reason),
        lambda error: pytest.fail(str(error)),
        PATIENCE,
    )
    with working(work, woken):
        pass
    assert woken.slept_over_it == 0
