"""The way to a writer of the ledger: of the embedded one the process that holds it, else this one."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

from events.ledger.errors import LedgerUnusableError
from events.ledger.group_commit import GroupCommit
from events.sqlite.faults import SECOND_WRITER
from services.policy.kept_policies import KeptPolicies
from services.recording.embedded import Writer, made
from services.recording.recorder import Recorder
from services.recording.writer_socket import WriterClient
from services.settings.service import Settings
from services.stores.ledgers import is_embedded, key_destroyer, open_ledger

LONGEST_WAIT: Final = 5.0
"""Seconds to wait for a process that holds the ledger but does not answer on its socket yet."""


@contextmanager
def open_writer(settings: Settings, clock: Callable[[], dt.datetime]) -> Iterator[Writer]:
    """Give a way to record: through the process that holds the ledger if there is one, else by opening it here.

    Raise LedgerError when the ledger cannot be opened, or is held by a process that does not answer.
    """
    with ExitStack() as opened:
        yield _found(settings, clock, opened)


def _found(settings: Settings, clock: Callable[[], dt.datetime], opened: ExitStack) -> Writer:
    folder = made(settings.data)
    until = time.monotonic() + LONGEST_WAIT
    while True:
        client = WriterClient.connect(folder) if is_embedded(settings) else None
        if client is not None:
            return opened.enter_context(client)
        try:
            ledger = opened.enter_context(open_ledger(settings))
        except LedgerUnusableError as error:
            if error.code != SECOND_WRITER or time.monotonic() > until:
                raise
            time.sleep(0.05)
            continue
        commit = opened.enter_context(GroupCommit(ledger, clock))
        return Recorder(
            commit, ledger, clock, keeps_policy=KeptPolicies(folder).keeps, destroy_key=key_destroyer(settings)
        )
