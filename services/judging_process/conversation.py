"""What the process that holds the ledger does for the one that judges: records its alerts and tells it the time."""

from __future__ import annotations

import time
from concurrent.futures import Future
from contextlib import suppress
from queue import Empty, Queue
from threading import Thread
from typing import TYPE_CHECKING, Final, NamedTuple

import structlog
from msgspec.structs import replace

from events.ledger.errors import LedgerError
from events.ledger.port import Outcome, Proposal, Recorded
from services.judging_process.messages import (
    FROM_JUDGE,
    AlertFound,
    Answer,
    Began,
    Begin,
    DueReached,
    FactsCame,
    Stop,
    TimeAsked,
    TimeIs,
    Tried,
    answer_to,
    fact_of,
    line_of,
    lines_of,
    unforeseen,
)
from services.judging_process.trials import Trials
from services.logs.logging import about_fact

if TYPE_CHECKING:
    import socket

    from events.fact import AnyFact
    from services.judging_process.messages import ToJudge
    from services.watching.alert_outbox import Recording, Show
    from services.watching.surroundings import Clock


BETWEEN_WAKES: Final = 0.02
"""Seconds; while much is recorded, waking the other process for every transaction would cost more than it brings."""


class Host(NamedTuple):
    """What a process that judges is given by the one that holds the ledger; `show` gets each alert fact that is new."""

    recording: Recording
    clock: Clock
    show: Show


class _Handed(NamedTuple):
    """An alert fact that was handed to the ledger, and where the outcome will be."""

    fact: AnyFact
    outcome: Future[Outcome]


class Conversation:
    """One process that judges, as long as it is there.

    What it hands in is taken at once, so that many alerts go into one transaction; what it is told, in its order, goes
    out from a thread of its own, so that nobody else waits for a process that does not listen.
    """

    def __init__(self, connection: socket.socket, host: Host) -> None:
        self._connection = connection
        self._host = host
        self._outgoing: Queue[ToJudge | TimeAsked | _Handed | None] = Queue()
        self._waking = False
        self._is_owed_a_wake = False
        self._woken_at = 0.0
        self.has_begun = False
        self.trials = Trials(self._outgoing.put)

    def hold(self, begin: Begin) -> None:
        """Converse until the other process is gone."""
        self._outgoing.put(begin)
        telling = Thread(target=self._tell, name="judging-answers", daemon=True)
        telling.start()
        try:
            for line in lines_of(self._connection):
                match FROM_JUDGE.decode(line):
                    case Began():
                        self.has_begun = True
                        self.trials.begin()
                    case Tried() as tried:
                        self.trials.settle(tried)
                    case message:
                        self._outgoing.put(self._taken(message))
        finally:
            self.trials.end()
            self._outgoing.put(None)
            telling.join()

    def facts_came(self) -> None:
        """Tell it soon that there may be new facts; from any thread, and without waiting."""
        if not self._waking:
            self._waking = True
            self._outgoing.put(FactsCame())

    def stop(self) -> None:
        """Ask it to finish the step in hand and end."""
        self._outgoing.put(Stop())

    def _taken(self, message: AlertFound | DueReached | TimeAsked) -> Answer | TimeAsked | _Handed:
        try:
            match message:
                case AlertFound(stored):
                    fact = fact_of(stored)
                    return _Handed(fact, self._host.recording.submit(Proposal(facts=(fact,))))
                case DueReached(district, at):
                    return answer_to(self._host.recording.record_clock(district, at))
                case TimeAsked():
                    return message
        except LedgerError as error:
            return answer_to(error)
        except Exception as fault:  # noqa: BLE001  whatever it is, the other process is told, and tries again
            return answer_to(unforeseen(fault))

    def _tell(self) -> None:
        """Send what is to be told; to a process that is gone nothing, but what it handed in is shown all the same."""
        is_there = True
        while (item := self._next()) is not None:
            line = line_of(self._message(item))
            if is_there:
                try:
                    self._connection.sendall(line)
                except OSError:
                    is_there = False

    def _next(self) -> ToJudge | TimeAsked | _Handed | None:
        """Wait for what is to be told next: that facts came goes before the rest, but not too often."""
        while True:
            patience: float | None = None
            if self._is_owed_a_wake:
                patience = self._woken_at + BETWEEN_WAKES - time.monotonic()
                if patience <= 0:
                    self._is_owed_a_wake, self._woken_at = False, time.monotonic()
                    return FactsCame()
            with suppress(Empty):
                item = self._outgoing.get(timeout=patience)
                if not isinstance(item, FactsCame):
                    return item
                self._is_owed_a_wake = True

    def _message(self, item: ToJudge | TimeAsked | _Handed) -> ToJudge:
        match item:
            case FactsCame():
                self._waking = False
                return item
            case TimeAsked():
                return self._time()
            case _Handed(fact, future):
                return self._recorded(fact, future)
            case message:
                return message

    def _time(self) -> Answer:
        try:
            return TimeIs(self._host.clock())
        except Exception as fault:  # noqa: BLE001  as above
            return answer_to(unforeseen(fault))

    def _recorded(self, fact: AnyFact, future: Future[Outcome]) -> Answer:
        """Wait until an alert fact is in the ledger, and show it if it is new there."""
        try:
            outcome = future.result()
        except LedgerError as error:
            return answer_to(error)
        except Exception as fault:  # noqa: BLE001  as above
            return answer_to(unforeseen(fault))
        if isinstance(outcome, Recorded):
            (receipt,) = outcome.receipts
            self._show(replace(fact, sequence=receipt.sequence, recorded_at=receipt.recorded_at))
        return answer_to(outcome)

    def _show(self, fact: AnyFact) -> None:
        try:
            self._host.show(fact)
        except Exception as error:  # noqa: BLE001  whatever keeps it from being shown, it is recorded
            with about_fact(fact), suppress(OSError):
                structlog.get_logger().error("alert.not_shown", type=fact.type, exc_info=error)
