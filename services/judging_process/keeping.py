"""Keeping a process that judges beside this one: begun, begun again when it ends by itself, and ended in good order."""

from __future__ import annotations

import socket
import subprocess
import time
from contextlib import contextmanager
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Final, NamedTuple

import structlog

from services.judging_process.conversation import Conversation, Host
from services.processes.own_module import command_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from events.fact import AnyFact
    from projections.effects import Effect
    from services.judging_process.messages import Begin
    from services.judging_process.sole_judge import SoleJudge
    from services.recording.preview import Judge, Judged

MODULE: Final = "services.judging_process"
SHORTEST_PAUSE: Final = 0.25
LONGEST_PAUSE: Final = 30.0
"""Seconds before a process that ended by itself is begun again; each time twice as long, until one lasts."""
LONGEST_FAREWELL: Final = 30.0
"""Seconds that it has to finish the step in hand; of one that is broken off then, nothing is kept."""


class _Ended(NamedTuple):
    """How a process ended: its exit code, negative for a signal, and what was wrong with what it said."""

    code: int
    fault: Exception | None


class JudgingProcess:
    """The process that judges and feeds for this one; alerts reach the ledger, and `show`, through this one alone."""

    def __init__(self, begin: Begin, right: SoleJudge) -> None:
        """Take what it is to be told first, and the right to judge, which it holds with this process."""
        self._begin = begin
        self._right = right
        self._changing = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._conversation: Conversation | None = None
        self._stopping = Event()
        self.ended_by_itself = 0
        """How often it ended, or could not begin, without being asked to."""

    def facts_came(self) -> None:
        """Tell it that there may be new facts; from any thread, whether or not it is there."""
        conversation = self._conversation
        if conversation is not None:
            conversation.facts_came()

    def judged(
        self, district: str, facts: Sequence[AnyFact], through: int, recorded_at: dt.datetime | None = None
    ) -> Judged[Effect] | None:
        """Return what facts would change by its watches; None when it cannot tell just now."""
        conversation = self._conversation
        return None if conversation is None else conversation.trials.judged(district, facts, through, recorded_at)

    @contextmanager
    def at_work(self, host: Host) -> Iterator[None]:
        """Let it judge and feed while the block runs; at the end it finishes the step in hand, if it has begun."""
        self._stopping.clear()
        thread = Thread(target=self._keep, args=(host,), name="judging-process", daemon=True)
        thread.start()
        try:
            yield
        finally:
            with self._changing:
                self._stopping.set()
                if self._process is not None and self._conversation is not None:
                    self._conversation.stop()
                    if not self._conversation.has_begun:
                        self._process.kill()
            thread.join(LONGEST_FAREWELL)
            with self._changing:
                if self._process is not None:
                    self._process.kill()
            thread.join()

    def _keep(self, host: Host) -> None:
        log = structlog.get_logger()
        pause = SHORTEST_PAUSE
        while not self._stopping.is_set():
            began = time.monotonic()
            try:
                ended = self._judged(host)
            except OSError as fault:
                log.error("judging.not_begun", code="judging.no_process", reason=str(fault))  # noqa: TRY400  the reason suffices
            else:
                if self._stopping.is_set():
                    return
                log.error("judging.ended", exit_code=ended.code, exc_info=ended.fault)
            self.ended_by_itself += 1
            if time.monotonic() - began > LONGEST_PAUSE:
                pause = SHORTEST_PAUSE
            self._stopping.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def _judged(self, host: Host) -> _Ended:
        """Begin a process and converse with it until it is gone; raise OSError when none can be begun."""
        here, there = socket.socketpair()
        with here:
            with there:
                process = _begun(there, self._right)
            conversation = Conversation(here, host)
            with self._changing:
                self._process, self._conversation = process, conversation
                if self._stopping.is_set():
                    process.kill()
            fault: Exception | None = None
            try:
                conversation.hold(self._begin)
            except Exception as error:  # noqa: BLE001  whatever it said that cannot be read, another one is begun
                fault = error
                process.kill()
            with self._changing:
                self._process = self._conversation = None
            return _Ended(process.wait(), fault)


def _begun(connection: socket.socket, right: SoleJudge) -> subprocess.Popen[bytes]:
    """Begin a process with the code of this one; it shares its standard error and holds the right to judge with it."""
    descriptor = connection.fileno()
    return subprocess.Popen(  # noqa: S603  our own module by our own interpreter
        command_of(MODULE, str(descriptor)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        pass_fds=(descriptor, right.descriptor),
    )


def judging_beside(beside: JudgingProcess, otherwise: Judge[Effect]) -> Judge[Effect]:
    """Return a judge that asks the process beside, and another one while that cannot tell."""

    def judge(
        district: str, facts: Sequence[AnyFact], through: int, recorded_at: dt.datetime | None = None
    ) -> Judged[Effect]:
        judged = beside.judged(district, facts, through, recorded_at)
        return otherwise(district, facts, through, recorded_at) if judged is None else judged

    return judge
