"""How fast a worker judges and feeds the views, live and catching up, beside a bare Faust agent that only decodes.

Live, another process records facts and announces them, for the agent as for the worker: neither can be faster than
that, and all share the processors. Catching up, both find everything there.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import multiprocessing
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import faust
import psycopg
from faust.types import StreamT
from kafka import KafkaProducer
from msgspec.structs import replace
from psycopg.conninfo import make_conninfo

from events.fact import AnyFact
from events.ledger.group_commit import GroupCommit
from events.ledger.port import Proposal, Recorded
from events.parsing import Defaults, History
from events.postgres.ledger import PostgresLedger
from events.postgres.migrating import ledger_migrations, migrate
from projections.policy.policy import shipped_policy
from services.logs.logging import set_up_logging
from services.messages.cloud_event import fact_of, message_of
from services.messages.connection import client_options
from services.messages.topics import ensure_topics
from services.processes.collecting import collect_seldom
from services.settings.kafka import KafkaSettings
from services.simulation.districts import DISTRICTS
from services.simulation.planning import plan
from services.simulation.writing import history_text
from services.stores.views_places import ServerPlace
from services.streams.bus import bus_of
from services.streams.faust_app import faust_app
from services.streams.lanes import Lanes
from services.streams.ownership import Means, Owner
from services.streams.share import Share
from services.streams.steering import Steering
from services.streams.stores import open_stores
from services.watching.admission import Admission
from tests.services.streams.system import wait_until

DEPLOY = Path(__file__).parents[2] / "deploy"
DISTRICT = "xinzhou"
DAYS = 150
A_CALL = 64
"""Facts that are recorded together while the worker is at work: calls in flight at once."""


class Servers(NamedTuple):
    """The address of a PostgreSQL server and of a broker."""

    database: str
    broker: str


def bench_worker() -> list[dict[str, object]]:
    """Judge some months of a district with all its rules and views: as they are recorded, and after a pause."""
    set_up_logging(sys.stderr, "error")
    _admission()
    facts = _facts()
    collect_seldom()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, _servers(Path(folder)) as servers:
        bare = asyncio.run(_by_bare_agent(_topic(servers), facts))
        fast = caught_up(database_of(servers), facts)
        bare_live = asyncio.run(_by_bare_agent_live(database_of(servers), _topic(servers), facts))
        live = asyncio.run(_live(database_of(servers), _topic(servers), facts))
    return [
        _beside("worker.live", len(facts), live, bare_live, 0.5, "decodes, fed alike"),
        _beside("worker.catching_up", len(facts), fast, bare, 3.0, "decodes what is there"),
    ]


def _beside(name: str, count: int, rate: float, baseline: float, goal: float, agent: str) -> dict[str, object]:
    return {
        "name": name,
        "n": count,
        "rate": round(rate),
        "ratio": round(rate / baseline, 2),
        "goal": goal,
        "baseline": f"bare Faust agent that {agent}",
        "baseline_rate": round(baseline),
        "unit": "facts/s",
    }


async def _by_bare_agent(settings: KafkaSettings, facts: Sequence[AnyFact]) -> float:
    """Return the facts a second of an agent that finds them all announced."""
    _publish(settings, facts)
    async with _bare_agent(settings) as times:
        await asyncio.to_thread(wait_until, lambda: len(times) == len(facts), "the agent has them all")
    return (len(times) - 1) / (times[-1] - times[0])


async def _by_bare_agent_live(database: str, settings: KafkaSettings, facts: Sequence[AnyFact]) -> float:
    """Return the facts a second of an agent that reads while another process records and announces them."""
    async with _bare_agent(settings) as times, _recorder(database, settings) as record:
        await record(0, A_CALL)
        await asyncio.to_thread(wait_until, lambda: len(times) == A_CALL, "the agent is at work")
        began = time.perf_counter()
        await record(A_CALL, len(facts))
        await asyncio.to_thread(wait_until, lambda: len(times) == len(facts), "the agent has them all")
    return (len(facts) - A_CALL) / (times[-1] - began)


@asynccontextmanager
async def _bare_agent(settings: KafkaSettings) -> AsyncIterator[Sequence[float]]:
    """Run an agent that decodes facts and does nothing else; give the list of when it had each."""
    bus = bus_of(settings)
    app = faust.App(
        f"bare-{uuid4().hex[:8]}",
        broker=[f"kafka://{one}" for one in bus.servers],
        store="memory://",
        web_enabled=False,
        topic_disable_leader=True,
        topic_allow_declare=False,
        autodiscover=False,
        loghandlers=[],
    )
    topic = app.topic(bus.topic, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw")
    times: list[float] = []

    async def read(stream: StreamT[Any]) -> None:
        async for event in stream.events():
            fact_of(event.headers, event.value)
            times.append(time.perf_counter())

    app.agent(topic)(read)
    await app.start()
    yield times
    await app.stop()


def caught_up(database: str, facts: Sequence[AnyFact]) -> float:
    """Return the facts a second of a worker that finds them all in the ledger."""
    now = facts[-1].recorded_at
    with PostgresLedger(database) as ledger, GroupCommit(ledger, lambda: now) as commit:
        owner = Owner(_means(database, ledger, commit, now))
        owner.own(Share(frozenset({0}), 1))
        owner.advance()
        for start in range(0, len(facts), 500):
            _record(ledger, facts[start : start + 500])
        owner.wake(DISTRICT)
        began = time.perf_counter()
        while owner.advance():
            pass
        took = time.perf_counter() - began
        owner.give_back()
    return len(facts) / took


async def _live(database: str, settings: KafkaSettings, facts: Sequence[AnyFact]) -> float:
    """Return the facts a second of a worker that judges while another process records and announces them."""
    async with _recorder(database, settings) as record:
        with PostgresLedger(database) as ledger, GroupCommit(ledger, lambda: facts[-1].recorded_at) as commit:
            lanes = Lanes(_means(database, ledger, commit, facts[-1].recorded_at), 1)
            steering = Steering(lanes)
            app = faust_app(bus_of(settings), steering)
            await app.start()
            # The views have their tables before anything is measured.
            await asyncio.to_thread(wait_until, lambda: bool(steering.partitions), "the worker has its share")
            await record(0, A_CALL)
            await asyncio.to_thread(_wait_until_done, database, ledger, lanes)
            began = time.perf_counter()
            await record(A_CALL, len(facts))
            await asyncio.to_thread(_wait_until_done, database, ledger, lanes)
            took = time.perf_counter() - began
            await app.stop()
            lanes.close()
    return (len(facts) - A_CALL) / took


@asynccontextmanager
async def _recorder(database: str, settings: KafkaSettings) -> AsyncIterator[Callable[[int, int], Awaitable[None]]]:
    """Start a process that records and announces some of the facts when called: callers do not share the worker's."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as recorder:
        await asyncio.wrap_future(recorder.submit(_facts))

        async def record(first: int, last: int) -> None:
            await asyncio.wrap_future(recorder.submit(_record_live, database, settings, first, last))

        yield record


def _wait_until_done(database: str, ledger: PostgresLedger, lanes: Lanes) -> None:
    while lanes.positions().get(DISTRICT, 0) < ledger.head(DISTRICT).sequence or not _shown(database, ledger):
        time.sleep(0.05)


def _record_live(database: str, settings: KafkaSettings, first: int, last: int) -> None:
    """Record and announce facts call by call."""
    facts = _facts()[first:last]
    producer = KafkaProducer(**client_options(settings))
    with PostgresLedger(database) as ledger:
        for start in range(0, len(facts), A_CALL):
            for fact in _record(ledger, facts[start : start + A_CALL]):
                message = message_of(fact)
                producer.send(settings.kafka_topic, message.value, message.key, list(message.headers))
            producer.flush()
    producer.close()


@cache
def _facts() -> Sequence[AnyFact]:
    """Return some months of a district, planned alike in every process."""
    year = plan(DISTRICTS[DISTRICT], DAYS, 1, 0)
    return list(History(history_text(DISTRICT, year).encode().splitlines(), Defaults(district=DISTRICT)))


def _record(ledger: PostgresLedger, facts: Sequence[AnyFact]) -> list[AnyFact]:
    """Record facts; return them with the numbers that they have since, by which a worker tells what it judged."""
    outcomes = ledger.record(
        [Proposal(facts=(one,), recorded_at=one.recorded_at) for one in facts], facts[-1].recorded_at
    )
    receipts = [receipt for outcome in outcomes if isinstance(outcome, Recorded) for receipt in outcome.receipts]
    return [replace(fact, sequence=one.sequence) for fact, one in zip(facts, receipts, strict=True)]


@cache
def _admission() -> Admission:
    """Compile the rulebook before anything is measured."""
    admission = Admission(shipped_policy())
    admission.judging(DISTRICT)
    return admission


def _means(database: str, ledger: PostgresLedger, commit: GroupCommit, now: dt.datetime) -> Means:
    clock: Callable[[], dt.datetime] = lambda: now  # noqa: E731  a clock that stands
    stores = partial(open_stores, ledger, ServerPlace(database))
    return Means(stores, commit, _admission(), clock, "bench")


def _shown(database: str, ledger: PostgresLedger) -> bool:
    """Tell whether every view has come as far as the ledger."""
    head = ledger.head(DISTRICT).sequence
    with ServerPlace(database).rows(writable=False) as rows:
        return all(rows.position(build, DISTRICT).facts >= head for build in rows.builds())


def _publish(settings: KafkaSettings, facts: Sequence[AnyFact]) -> None:
    producer = KafkaProducer(**client_options(settings))
    for fact in facts:
        message = message_of(fact)
        producer.send(settings.kafka_topic, message.value, message.key, list(message.headers))
    producer.flush()
    producer.close()


def _topic(servers: Servers) -> KafkaSettings:
    settings = KafkaSettings(kafka=(servers.broker,), kafka_topic=f"facts-{uuid4().hex[:8]}", kafka_partitions=1)
    ensure_topics(settings)
    return settings


def database_of(servers: Servers) -> str:
    name = f"bench_{uuid4().hex[:8]}"
    with psycopg.connect(servers.database, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    database = make_conninfo(servers.database, dbname=name)
    with psycopg.connect(database, autocommit=True) as connection:
        migrate(connection, ledger_migrations())
    return database


@contextmanager
def _servers(folder: Path) -> Iterator[Servers]:
    folder.chmod(0o711)
    broker, server = folder / "kafka", folder / "postgres"
    try:
        yield Servers(_said(DEPLOY / "postgres" / "server", server), _said(DEPLOY / "kafka" / "broker", broker))
    finally:
        for script, its in ((DEPLOY / "postgres" / "server", server), (DEPLOY / "kafka" / "broker", broker)):
            subprocess.run([script, "clean", its], check=False, capture_output=True)


def _said(script: Path, folder: Path) -> str:
    started = subprocess.run([script, "start", folder], check=True, capture_output=True, text=True)
    return started.stdout.strip().splitlines()[-1]
