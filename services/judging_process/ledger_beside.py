"""The ledger as the process that judges reaches it: through the process that holds it and dates the facts."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future
from threading import Lock
from typing import TYPE_CHECKING

from events.ledger.errors import LedgerUnavailableError, Reason
from services.judging_process.messages import (
    TO_JUDGE,
    AlertFound,
    Answer,
    Begin,
    DueReached,
    FactsCame,
    NotRecorded,
    Stop,
    TimeAsked,
    TimeIs,
    Try,
    as_stored,
    line_of,
    outcome_of,
)

if TYPE_CHECKING:
    import datetime as dt
    import socket
    from collections.abc import Callable, Iterable

    from events.ledger.port import Outcome, Proposal
    from services.judging_process.messages import FromJudge


class LedgerBeside:
    """Records alerts and due moments, and tells the time; any number of threads may ask while one listens."""

    def __init__(self, connection: socket.socket) -> None:
        """Take a connection to the process that holds the ledger."""
        self._connection = connection
        self._asking = Lock()
        self._asked: deque[Future[Answer]] = deque()

    def submit(self, proposal: Proposal) -> Future[Outcome]:
        """Hand in an alert fact, alone and without conditions; raise LedgerUnavailableError when nobody takes it."""
        (fact,) = proposal.facts
        outcome: Future[Outcome] = Future()
        self._ask(AlertFound(as_stored(fact))).add_done_callback(lambda answer: _settle(outcome, answer.result()))
        return outcome

    def record_clock(self, district: str, at: dt.datetime) -> Outcome:
        """Record that a due moment was reached, and wait for the outcome; raise LedgerUnavailableError."""
        return _outcome(self._ask(DueReached(district, at)).result())

    def now(self) -> dt.datetime:
        """Return what time it is by the clock that dates the facts; raise LedgerUnavailableError."""
        answer = self._ask(TimeAsked()).result()
        if isinstance(answer, NotRecorded):
            raise LedgerUnavailableError(answer.reason)
        if not isinstance(answer, TimeIs):
            raise LedgerUnavailableError(_out_of_step())
        return answer.now

    def tell(self, message: FromJudge) -> None:
        """Say what is not answered; raise LedgerUnavailableError when nobody is there."""
        with self._asking:
            self._send(message)

    def listen(
        self,
        lines: Iterable[bytes],
        facts_came: Callable[[], None],
        stop: Callable[[], None],
        asked: Callable[[Try], object],
    ) -> None:
        """Take what is told until nobody is there any more; `asked` is given each trial."""
        for line in lines:
            match TO_JUDGE.decode(line):
                case FactsCame() | Begin():
                    facts_came()
                case Stop():
                    stop()
                case Try() as trial:
                    asked(trial)
                case answer:
                    self._asked.popleft().set_result(answer)

    def _ask(self, message: FromJudge) -> Future[Answer]:
        answer: Future[Answer] = Future()
        with self._asking:
            self._asked.append(answer)
            self._send(message)
        return answer

    def _send(self, message: FromJudge) -> None:
        try:
            self._connection.sendall(line_of(message))
        except OSError as fault:
            raise LedgerUnavailableError(_gone()) from fault


def _settle(outcome: Future[Outcome], answer: Answer) -> None:
    try:
        outcome.set_result(_outcome(answer))
    except LedgerUnavailableError as error:
        outcome.set_exception(error)


def _outcome(answer: Answer) -> Outcome:
    if isinstance(answer, TimeIs):
        raise LedgerUnavailableError(_out_of_step())
    return outcome_of(answer)


def _gone() -> Reason:
    return Reason(
        "judging.alone",
        "持有账册的进程已结束，判定进程随之结束；已保存的预警在服务重启后入账。",
        "The process that holds the ledger has ended, and so does the one that judges; alerts that are saved are "
        "recorded when the service is back.",
    )


def _out_of_step() -> Reason:
    return Reason(
        "judging.out_of_step",
        "两个进程的问答错位，判定将从上次保存处重试；请把日志交开发者。",
        "Question and answer of the two processes do not match; judging begins again from what was saved. Hand the "
        "log to the developers.",
    )
