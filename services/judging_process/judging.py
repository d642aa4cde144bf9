"""Judging and feeding the views for the process that holds the ledger, from which this one hears over a socket.

It reads the ledger and keeps watch and views by itself; alerts, due moments and the time go over the socket. When
nobody is at the other end any more, it ends at once, as that one did.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import Final

import structlog

from events.ledger.errors import LedgerError
from projections.databases.views_database import ViewsError
from projections.effects import Effect
from services.judging import judged_here
from services.judging_process.ledger_beside import LedgerBeside
from services.judging_process.messages import TO_JUDGE, Began, Begin, Tried, Try, fact_of, lines_of
from services.logs.logging import set_up_logging
from services.policy.kept_policies import KeptPolicies
from services.previews.judges import LiveJudge
from services.processes.collecting import collect_seldom
from services.processes.turns import short_slices
from services.recording.preview import Judged
from services.settings.service import Settings
from services.stores.ledgers import open_ledger_reader, place_of_views
from services.stores.readers import Readers
from services.tracing.collecting import collected_spans
from services.watching.watch_and_views import open_watch_and_views

DONE: Final = 0
CANNOT_JUDGE: Final = 1
ALONE: Final = 2
TRIALS_AT_ONCE: Final = 4
GIVES_WAY: Final = 3
"""How much nicer this process is than the one that records: where processors are short, people are answered first."""


def run(descriptor: int) -> int:
    """Judge and feed until told to stop over a socket; return the exit code."""
    os.nice(GIVES_WAY)
    with socket.socket(fileno=descriptor) as connection:
        lines = lines_of(connection)
        begin = TO_JUDGE.decode(next(lines, b'{"type":"stop"}'))
        if not isinstance(begin, Begin):
            return ALONE
        settings = settings_of(begin)
        set_up_logging(sys.stderr, settings.log_level, settings.log_format)
        collect_seldom()
        try:
            judge(begin, settings, connection, lines)
        except (LedgerError, ViewsError) as error:
            structlog.get_logger().error("judging.not_begun", code=error.code, reason=str(error))
            return CANNOT_JUDGE
    return DONE


def settings_of(begin: Begin) -> Settings:
    """Return the settings of the service as far as judging needs them."""
    return Settings(
        data=Path(begin.data),
        port=0,
        log_level=begin.log_level,
        log_format=begin.log_format,
        hash_algorithm="sha256",
        traces=None if begin.traces is None else Path(begin.traces),
        traces_endpoint=begin.traces_endpoint,
        traces_headers=begin.traces_headers,
        traces_ca=None if begin.traces_ca is None else Path(begin.traces_ca),
    )


def judge(begin: Begin, settings: Settings, connection: socket.socket, lines: Iterator[bytes]) -> None:
    """Judge and feed until told to stop; raise LedgerError or ViewsError when ledger or views cannot be opened."""
    ledger, stopping = LedgerBeside(connection), Event()
    with ExitStack() as opened:
        spans = opened.enter_context(collected_spans(settings, "judging"))
        reader = opened.enter_context(open_ledger_reader(settings))
        both = opened.enter_context(
            open_watch_and_views(settings, reader, ledger, ledger.now, districts=begin.districts, spans=spans)
        )
        readers = Readers(partial(place_of_views(settings).watch, writable=False))
        opened.callback(readers.close)
        known = partial(judged_here, KeptPolicies(settings.data))
        judging = LiveJudge(both.watching.of, known, reader, readers, ledger.now)
        trying = ThreadPoolExecutor(TRIALS_AT_ONCE, "trial")

        def asked(trial: Try) -> None:
            with suppress(RuntimeError):  # this process is ending, and the other one judges from what is saved
                trying.submit(answer, ledger, judging, trial)

        heard = partial(ledger.listen, lines, facts_came=both.facts_came, stop=stopping.set, asked=asked)
        opened.enter_context(listening(heard, connection))
        with short_slices(), both.at_work(), trying:
            structlog.get_logger().info("judging.began", process=os.getpid())
            ledger.tell(Began())
            stopping.wait()


def answer(ledger: LedgerBeside, judging: LiveJudge, trial: Try) -> None:
    """Say what facts would change; whatever keeps it from being told, the other process judges from what is saved."""
    judged: Judged[Effect] | None = None
    with suppress(Exception):
        judged = judging(trial.district, [fact_of(one) for one in trial.facts], trial.through, trial.recorded_at)
    with suppress(LedgerError):
        ledger.tell(Tried(trial.number, judged))


@contextmanager
def listening(listen: Callable[[], None], connection: socket.socket) -> Iterator[None]:
    """Listen in a thread while the block runs; when nobody is there any more before it ended, this process ends."""
    finished = Event()

    def listen_on() -> None:
        try:
            listen()
        finally:
            if not finished.is_set():
                # As if the signal that ended the other process had ended this one too: what is half done is not kept.
                os._exit(ALONE)

    thread = Thread(target=listen_on, name="listening", daemon=True)
    thread.start()
    try:
        yield
    finally:
        finished.set()
        connection.shutdown(socket.SHUT_RD)
        thread.join()
