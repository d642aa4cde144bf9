"""Group commit: many callers, one writer thread, one transaction for all that wait."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from threading import Event, Lock, Thread
from time import monotonic
from typing import Final

from msgspec import Struct

from events.closing import Closing
from events.ledger.errors import LedgerUnavailableError, Reason
from events.ledger.port import Ledger, Outcome, Proposal

LARGEST_BATCH: Final = 512
"""Proposals in one transaction at most; more would make the first of them wait longer without being cheaper."""

LONGEST_GATHERING: Final = 0.001
"""Seconds that a batch waits for callers of the last ones: they are about to be back, and a commit costs more."""

Answer = Outcome | Exception


class _ClockCall(Struct, frozen=True):
    """A due moment that was reached."""

    district: str
    at: dt.datetime


class _Slot:
    """The answer to one waiting thread; lighter than a future, of which a caller who waits has no use."""

    __slots__ = ("_answer", "_settled")

    def __init__(self) -> None:
        self._answer: Answer | None = None
        self._settled = Lock()
        self._settled.acquire()

    def settle(self, answer: Answer) -> None:
        self._answer = answer
        self._settled.release()

    def wait(self) -> Outcome:
        with self._settled:
            if isinstance(self._answer, Exception):
                raise self._answer
            if self._answer is None:
                raise _closed()
            return self._answer


class _Waiting(Struct, frozen=True):
    """What a caller handed in and where the answer goes."""

    work: Proposal | _ClockCall
    answer: Future[Outcome] | asyncio.Future[Outcome] | _Slot


class GroupCommit(Closing):
    """The only way to the writer of a ledger for many callers, threads and asyncio tasks alike.

    Proposals are recorded in the order in which they were handed in. `clock` is read once a transaction. `recorded` is
    called in the writer thread after each batch, as a signal that there may be new facts to read; it must not raise.
    """

    def __init__(
        self,
        ledger: Ledger,
        clock: Callable[[], dt.datetime],
        *,
        largest_batch: int = LARGEST_BATCH,
        recorded: Callable[[], None] | None = None,
    ) -> None:
        """Start the writer thread; `close` ends it."""
        self._ledger = ledger
        self._clock = clock
        self._largest = largest_batch
        self._recorded = recorded
        self._expected = 1
        self._waiting: deque[_Waiting] = deque()
        # No SimpleQueue: given a short timeout, one whose time is over before it looks again waits for ever.
        self._signalled = Event()
        self._to_signal: set[asyncio.AbstractEventLoop] = set()
        """The event loops that will signal once their turn is over."""
        self._closing = Lock()
        self._closed = False
        self._writer = Thread(target=self._write_until_closed, name="ledger-writer", daemon=True)
        self._writer.start()

    def submit(self, proposal: Proposal) -> Future[Outcome]:
        """Hand in a proposal; the future gives the outcome, or raises the LedgerError that kept the batch out."""
        answer: Future[Outcome] = Future()
        self._hand_in(_Waiting(proposal, answer))
        self._signal()
        return answer

    def record(self, proposal: Proposal) -> Outcome:
        """Hand in a proposal and wait for its outcome, from a thread."""
        return self._wait_for(proposal)

    def record_clock(self, district: str, at: dt.datetime) -> Outcome:
        """Record that a due moment was reached, once a district and moment, and wait for the outcome, from a thread."""
        return self._wait_for(_ClockCall(district, at))

    async def record_soon(self, proposal: Proposal) -> Outcome:
        """Hand in a proposal and wait for its outcome, from an asyncio task."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Outcome] = loop.create_future()
        self._hand_in(_Waiting(proposal, answer))
        if loop not in self._to_signal:
            # One signal for all tasks of a turn: each one makes the two threads change places.
            self._to_signal.add(loop)
            loop.call_soon(self._signal_from, loop)
        return await answer

    def close(self) -> None:
        """Record what was handed in, then end the writer thread; the ledger itself stays open."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._signal()
        self._writer.join()

    def _wait_for(self, work: Proposal | _ClockCall) -> Outcome:
        answer = _Slot()
        self._hand_in(_Waiting(work, answer))
        self._signal()
        return answer.wait()

    def _hand_in(self, waiting: _Waiting) -> None:
        with self._closing:
            if self._closed:
                raise _closed()
            self._waiting.append(waiting)

    def _signal(self) -> None:
        """Wake the writer; once is enough until it looks."""
        if not self._signalled.is_set():
            self._signalled.set()

    def _signal_from(self, loop: asyncio.AbstractEventLoop) -> None:
        self._to_signal.discard(loop)
        self._signal()

    def _await_signal(self, timeout: float | None = None) -> bool:
        """Wait for a signal; tell whether it came in time."""
        signalled = self._signalled.wait(timeout)
        # Before what waits is looked at: whoever comes later signals anew.
        self._signalled.clear()
        return signalled

    def _write_until_closed(self) -> None:
        try:
            while batch := self._next_batch():
                _deliver(batch, self._answers(batch))
                if self._recorded is not None:
                    self._recorded()
        finally:
            self._turn_away()

    def _turn_away(self) -> None:
        """Refuse whatever comes after the end of the thread, so that nobody waits for ever."""
        with self._closing:
            self._closed = True
            left = list(self._waiting)
            self._waiting.clear()
        _deliver(left, [_closed() for _ in left])

    def _next_batch(self) -> list[_Waiting]:
        """Wait for something to do and take all that waits; nothing when it is closed and nothing will follow."""
        closed = self._closed
        while not self._waiting:
            if closed:
                return []
            self._await_signal()
            closed = self._closed
        until = monotonic() + LONGEST_GATHERING
        while len(self._waiting) < self._expected and not self._closed:
            if not self._await_signal(until - monotonic()):
                break
        batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), self._largest))]
        self._expected = min(max(len(batch), self._expected - 1), self._largest)
        return batch

    def _answers(self, batch: Sequence[_Waiting]) -> list[Answer]:
        """Record a batch; each run of proposals between clock facts is one transaction."""
        answers: list[Answer] = []
        proposals: list[Proposal] = []
        for waiting in batch:
            if isinstance(waiting.work, Proposal):
                proposals.append(waiting.work)
                continue
            answers += self._record(proposals)
            proposals = []
            answers.append(self._reach(waiting.work))
        answers += self._record(proposals)
        return answers

    def _record(self, proposals: list[Proposal]) -> Sequence[Answer]:
        if not proposals:
            return []
        try:
            return self._ledger.record(proposals, self._clock())
        except Exception as error:  # noqa: BLE001  whatever it is, each caller gets it, and the thread goes on
            return [error] * len(proposals)

    def _reach(self, call: _ClockCall) -> Answer:
        try:
            return self._ledger.record_clock(call.district, call.at, self._clock())
        except Exception as error:  # noqa: BLE001  as above
            return error


def _deliver(batch: Sequence[_Waiting], answers: Sequence[Answer]) -> None:
    """Give each caller the answer; an event loop is woken once for all its callers."""
    loops: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Outcome], Answer]]] = {}
    for waiting, answer in zip(batch, answers, strict=True):
        if isinstance(waiting.answer, asyncio.Future):
            loops.setdefault(waiting.answer.get_loop(), []).append((waiting.answer, answer))
        elif isinstance(waiting.answer, _Slot):
            waiting.answer.settle(answer)
        elif waiting.answer.set_running_or_notify_cancel():
            _settle(waiting.answer, answer)
    for loop, settled in loops.items():
        if not loop.is_closed():
            with suppress(RuntimeError):  # the loop was closed just now: nobody waits any more
                loop.call_soon_threadsafe(_settle_all, settled)


def _settle_all(settled: Sequence[tuple[asyncio.Future[Outcome], Answer]]) -> None:
    for future, answer in settled:
        if not future.done():
            _settle(future, answer)


def _settle(future: Future[Outcome] | asyncio.Future[Outcome], answer: Answer) -> None:
    if isinstance(answer, Exception):
        future.set_exception(answer)
    else:
        future.set_result(answer)


def _closed() -> LedgerUnavailableError:
    return LedgerUnavailableError(
        Reason(
            "ledger.closed",
            "账册正在关闭，不再接受新的事实，本次未入账；请在服务恢复后重试。",
            "The ledger is closing and takes no more facts; nothing was recorded. Try again when the service is back.",
        )
    )
