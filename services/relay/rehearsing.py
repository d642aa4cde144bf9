"""Finding out now and then whether a relay that stands by could publish, without publishing anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from services.messages.connection import BrokerError, reason_of
from services.processes.asking import asked_beside
from services.settings.sources import SettingError

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from events.ledger.errors import Reason

BETWEEN_REHEARSALS: Final = 30.0
"""Seconds from the end of one to the next."""


class Outcome(NamedTuple):
    """What a rehearsal came to: why it would fail, None when it would not."""

    fault: Reason | None


class Rehearsing:
    """Rehearses beside the relay, which must not wait: Kafka may be silent for long. For one thread.

    `rehearse` raises BrokerError or SettingError when this relay could not publish; `clock` counts seconds.
    """

    def __init__(self, rehearse: Callable[[], object], clock: Callable[[], float]) -> None:
        self._rehearse = rehearse
        self._clock = clock
        self._not_before = clock()
        self._asked: Future[object] | None = None

    def outcome(self) -> Outcome | None:
        """Return what a rehearsal that is over since the last question came to, and begin the next one when due."""
        if self._asked is None:
            if self._clock() >= self._not_before:
                self._asked = asked_beside(self._rehearse)
            return None
        if not self._asked.done():
            return None
        asked, self._asked = self._asked, None
        self._not_before = self._clock() + BETWEEN_REHEARSALS
        try:
            asked.result()
        except (BrokerError, SettingError) as error:
            return Outcome(reason_of(error))
        return Outcome(None)
