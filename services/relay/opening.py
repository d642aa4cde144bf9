"""A relay put together: ledger, book and the way to Kafka as the settings say, opened together and closed in order."""

from __future__ import annotations

import datetime as dt
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from events.postgres.faults import DEFAULT_AWAITING, TOLD_AT_ONCE
from events.postgres.reader import open_postgres_reader
from events.sqlite.reader import open_reader
from services.backlog import Backlog
from services.messages.connection import client_options
from services.processes.asking import answer_unless
from services.recording.embedded import LEDGER_FILE
from services.relay.figures import Figures, relay_lags
from services.relay.kafka_outlet import KafkaOutlet, partitions_to_write
from services.relay.parts import RelayedLedger, RelayParts
from services.relay.postgres_book import PostgresRelayBook
from services.relay.relaying import Relay
from services.relay.sqlite_book import SqliteRelayBook
from services.tracing.collecting import collected_spans

if TYPE_CHECKING:
    from threading import Event

    from services.relay.book import RelayBook
    from services.relay.figures import RelayLag
    from services.settings.service import Settings

RELAY_FILE: Final = "relay.sqlite"


@dataclass(frozen=True)
class OpenedRelay:
    """A relay that is ready to begin, and what it tells of itself."""

    relay: Relay
    figures: Figures
    lags: Callable[[], list[RelayLag]]


@contextmanager
def open_relay(settings: Settings, clock: Callable[[], dt.datetime], stopping: Event) -> Iterator[OpenedRelay]:
    """Open a relay; raise SettingError for what is not set, LedgerError when ledger or book cannot be opened.

    Once `stopping`, it waits no longer for a Kafka that does not answer. A database that is gone is told at once, not
    awaited.
    """
    client_options(settings)
    with ExitStack() as opened:
        spans = opened.enter_context(collected_spans(settings, "relay"))
        ledger = _ledger(settings, opened)
        book = _book(settings, clock)
        opened.callback(book.close)
        looked_at = _book(settings, clock)
        opened.callback(looked_at.close)
        figures, backlog = Figures(), Backlog(clock())
        parts = RelayParts(
            ledger=ledger,
            book=book,
            open_outlet=partial(answer_unless, stopping, partial(KafkaOutlet, settings)),
            rehearse=partial(partitions_to_write, settings),
            holder=f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}",
            arrived=figures.arrived,
            spans=spans,
        )
        yield OpenedRelay(Relay(parts), figures, lambda: relay_lags(backlog, ledger, looked_at, clock()))


def _ledger(settings: Settings, opened: ExitStack) -> RelayedLedger:
    if settings.database is not None:
        reader = open_postgres_reader(settings.database, awaiting=TOLD_AT_ONCE, reading=DEFAULT_AWAITING)
        opened.callback(reader.close)
        return reader
    file = open_reader(settings.data / LEDGER_FILE)
    opened.callback(file.close)
    return file


def _book(settings: Settings, clock: Callable[[], dt.datetime]) -> RelayBook:
    if settings.database is not None:
        return PostgresRelayBook(settings.database, settings.kafka_topic)
    return SqliteRelayBook(settings.data / RELAY_FILE, settings.kafka_topic, clock)
