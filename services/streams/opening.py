"""A worker put together: ledger, views, threads and the way to Kafka, opened together and closed in order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import structlog

from events.ledger.group_commit import GroupCommit
from events.postgres.faults import TOLD_AT_ONCE
from events.postgres.keys import PostgresKeys
from events.postgres.ledger import PostgresLedger
from projections.policy.policy import shipped_policy
from services.backlog import Backlog
from services.judging_program import edition_of, judging_program
from services.messages.connection import BrokerError, client_options
from services.messages.topics import found_topic
from services.policy.kept_policies import KeptPolicies
from services.settings.sources import SettingError
from services.stores.ledgers import open_database_reader
from services.stores.readers import Readers
from services.stores.views_places import ServerPlace
from services.streams.bus import Bus, bus_of, preparing
from services.streams.lanes import Lanes
from services.streams.ownership import Means
from services.streams.steering import Steering
from services.streams.stores import open_stores
from services.tracing.collecting import collected_spans
from services.tracing.spans import NO_SPANS, Spans
from services.watching.admission import Admission

if TYPE_CHECKING:
    from events.ledger.port import LedgerReader
    from projections.databases.views_database import ViewsDatabase
    from projections.view_rows.rows import ViewRows
    from services.processes.at_start import AtStart
    from services.settings.service import Settings


@dataclass(frozen=True)
class Worker:
    """What is open while a worker runs; readers of the ledger and of the views are for probes.

    One that `prepares` records nothing: it judges and feeds beside the workers that record, until it takes over.
    """

    settings: Settings
    bus: Bus
    steering: Steering
    ledger: LedgerReader
    views: Readers[ViewsDatabase]
    rows: Readers[ViewRows]
    clock: Callable[[], dt.datetime]
    backlog: Backlog
    spans: Spans = NO_SPANS
    prepares: bool = False


@contextmanager
def open_worker(
    settings: Settings, clock: Callable[[], dt.datetime], name: str, partitions: int, *, prepares: bool = False
) -> Iterator[Worker]:
    """Open everything; `partitions` is into how many the topic is cut.

    Raise SettingError, LedgerError or ViewsError when something is missing; a database that is gone is told at once,
    not awaited.
    """
    if settings.database is None:
        raise no_database()
    place = ServerPlace(settings.database)
    with ExitStack() as opened:
        spans = opened.enter_context(collected_spans(settings, "worker"))
        keys = opened.enter_context(closing(PostgresKeys(settings.database)))
        ledger = opened.enter_context(
            PostgresLedger(settings.database, keys=keys, algorithm_if_new=settings.hash_algorithm, opening=TOLD_AT_ONCE)
        )
        recording = None if prepares else opened.enter_context(GroupCommit(ledger, clock))
        admission = Admission(shipped_policy(), KeptPolicies(settings.data).find)
        means = Means(partial(open_stores, ledger, place), recording, admission, clock, name, spans=spans)
        lanes = Lanes(means, partitions)
        opened.callback(lanes.close)
        # A probe is answered while the database is away; what works on the districts waits for it.
        reader = opened.enter_context(open_database_reader(settings.database, settings.read_seconds))
        impatient = ServerPlace(settings.database, settings.read_seconds)
        views = Readers(partial(impatient.watch, writable=False))
        opened.callback(views.close)
        rows = Readers(partial(impatient.rows, writable=False))
        opened.callback(rows.close)
        bus = preparing(bus_of(settings), edition_of(judging_program())) if prepares else bus_of(settings)
        yield Worker(settings, bus, Steering(lanes), reader, views, rows, clock, Backlog(clock()), spans, prepares)


def worker_at_start(
    settings: Settings,
    clock: Callable[[], dt.datetime],
    name: str,
    starting: AtStart,
    within: ExitStack,
    *,
    prepares: bool = False,
) -> Worker | None:
    """Open the worker once database and Kafka are there; `within` closes it again.

    Return None when asked to stop meanwhile. Raise SettingError, LedgerError or ViewsError for what will not come by
    waiting, ListenError when probes cannot be answered meanwhile.
    """
    partitions = _partitions_at_start(settings, starting)
    if partitions is None:
        return None
    return starting.opened(partial(open_worker, settings, clock, name, partitions, prepares=prepares), within)


def _partitions_at_start(settings: Settings, starting: AtStart) -> int | None:
    """Wait until database and Kafka are there, and return into how many partitions the topic is cut.

    Return None when asked to stop meanwhile.
    """
    if settings.database is None:
        raise no_database()
    client_options(settings)
    if not starting.has_database():
        return None
    while True:
        try:
            return starting.answer_to(partial(_partitions, settings))
        except BrokerError as error:
            structlog.get_logger().error("worker.bus_interrupted", reason=str(error))
        if not starting.goes_on():
            return None


def _partitions(settings: Settings) -> int:
    found = found_topic(settings)
    if found is None:
        raise no_topic(settings.kafka_topic)
    return found.partitions


def no_database() -> SettingError:
    """Say that workers share a database."""
    return SettingError(
        "worker.no_database",
        "TAIZHANG_DATABASE",
        "没有设置 TAIZHANG_DATABASE，工作进程没有可共用的账册，因此不启动；单机账册由 taizhang serve 自行判定。",
        "TAIZHANG_DATABASE is not set, so workers have no ledger to share and this one does not start; the "
        "embedded ledger is watched by taizhang serve itself.",
    )


def no_topic(topic: str) -> SettingError:
    """Say that the topic has to be made first."""
    return SettingError(
        "worker.no_topic",
        "TAIZHANG_KAFKA_TOPIC",
        f"Kafka 中没有主题 {topic}，工作进程不知区县如何分区，因此不启动；请先运行 taizhang topics。",
        f"There is no topic {topic} in Kafka, so the worker cannot tell which districts are where and does not start; "
        "run taizhang topics first.",
    )
