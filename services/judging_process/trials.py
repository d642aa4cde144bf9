"""Previews judged by the process beside, whose watches are at work; None is told where it cannot say."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import Future
from threading import Lock
from typing import TYPE_CHECKING, Final

from services.judging_process.messages import Tried, Try, as_stored

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from events.fact import AnyFact
    from projections.effects import Effect
    from services.recording.preview import Judged

LONGEST_WAIT: Final = 5.0
"""Seconds; a preview can be told from what is saved too, which is only slower."""


class Trials:
    """Those that are under way with one process; any number of threads may ask."""

    def __init__(self, ask: Callable[[Try], None]) -> None:
        """Take the way to the process."""
        self._ask = ask
        self._changing = Lock()
        self._answers = False
        self._number = 0
        self._waiting: dict[int, Future[Judged[Effect] | None]] = {}

    def begin(self) -> None:
        """Ask from now on."""
        self._answers = True

    def settle(self, tried: Tried) -> None:
        """Take an answer; nobody may wait for it any more."""
        with self._changing:
            waiting = self._waiting.pop(tried.number, None)
        if waiting is not None:
            waiting.set_result(tried.judged)

    def end(self) -> None:
        """Let everybody go who waits: no answer will come any more."""
        with self._changing:
            self._answers = False
            waiting, self._waiting = self._waiting, {}
        for one in waiting.values():
            one.set_result(None)

    def judged(
        self, district: str, facts: Sequence[AnyFact], through: int, recorded_at: dt.datetime | None
    ) -> Judged[Effect] | None:
        """Return what facts would change; None when the process is not there, does not know or takes too long."""
        answer: Future[Judged[Effect] | None] = Future()
        with self._changing:
            if not self._answers:
                return None
            self._number += 1
            number = self._number
            self._waiting[number] = answer
        stored = [as_stored(fact) for fact in facts]
        self._ask(Try(number=number, district=district, facts=stored, through=through, recorded_at=recorded_at))
        try:
            return answer.result(LONGEST_WAIT)
        except TimeoutError:
            with self._changing:
                self._waiting.pop(number, None)
            return None
