"""How fast the relay publishes what a ledger holds, beside a bare producer of kafka-python."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from uuid import uuid4

from kafka import KafkaProducer

from events.postgres.ledger import PostgresLedger
from events.postgres.migrating import migrate_database
from events.sqlite.ledger import SqliteLedger
from services.logs.logging import set_up_logging
from services.messages.cloud_event import Message, message_of
from services.messages.connection import client_options
from services.messages.partitions import partition_of
from services.messages.topics import ensure_topics
from services.relay.book import RelayBook
from services.relay.kafka_outlet import PRODUCER, KafkaOutlet
from services.relay.parts import RelayedLedger, RelayParts
from services.relay.postgres_book import PostgresRelayBook
from services.relay.relaying import Relay
from services.relay.sqlite_book import SqliteRelayBook
from services.settings.kafka import KafkaSettings
from services.stores.migrations import all_migrations
from tests.bench.bench_ledger import now, proposal
from tests.postgres_server import PostgresServer, own_server

BROKER = Path(__file__).parents[2] / "deploy" / "kafka" / "broker"
DISTRICT = "xinzhou"
FACTS = 20_000
ROUNDS = 3


def bench_relay() -> list[dict[str, object]]:
    """Publish a ledger in a file and one in a database, and the same messages, made beforehand, by a producer alone.

    Each round takes a topic of its own; the rounds take turns, and the best of each counts.
    """
    set_up_logging(sys.stderr, "warning")
    with (
        tempfile.TemporaryDirectory() as folder,
        _broker(Path(folder) / "broker") as address,
        own_server() as server,
        SqliteLedger(Path(folder) / "ledger.sqlite") as file,
        PostgresLedger(database := _migrated(server)) as shared,
    ):
        for start in range(0, FACTS, 1_000):
            proposals = [proposal(number) for number in range(start, start + 1_000)]
            for ledger in (file, shared):
                ledger.record(proposals, now())
        messages = [message_of(fact) for after in range(0, FACTS, 1_000) for fact in file.read(DISTRICT, after)]
        bare = from_file = from_database = 0.0
        for number in range(ROUNDS):
            bare = max(bare, _by_producer(_settings(address), messages))
            settings = _settings(address)
            book: RelayBook = SqliteRelayBook(Path(folder) / f"relay-{number}.sqlite", settings.kafka_topic, now)
            from_file = max(from_file, _by_relay(settings, file, book))
            settings = _settings(address)
            book = PostgresRelayBook(database, settings.kafka_topic)
            from_database = max(from_database, _by_relay(settings, shared, book))
    return [_compared("relay.publish", from_file, bare), _compared("relay.publish.postgres", from_database, bare)]


def _compared(name: str, rate: float, bare: float) -> dict[str, object]:
    return {
        "name": name,
        "n": FACTS,
        "rate": round(rate),
        "unit": "facts/s",
        "baseline": "bare kafka-python producer",
        "baseline_rate": round(bare),
        "ratio": round(rate / bare, 2),
        "goal": 0.6,
    }


def _migrated(server: PostgresServer) -> str:
    database = server.new_database()
    migrate_database(database, all_migrations())
    return database


@contextmanager
def _broker(folder: Path) -> Iterator[str]:
    started = subprocess.run([BROKER, "start", folder], check=True, capture_output=True, text=True)
    try:
        yield started.stdout.strip()
    finally:
        subprocess.run([BROKER, "clean", folder], check=True)


def _settings(address: str) -> KafkaSettings:
    settings = KafkaSettings(kafka=(address,), kafka_topic=f"facts-{uuid4().hex[:8]}", kafka_partitions=12)
    ensure_topics(settings)
    return settings


def _by_producer(settings: KafkaSettings, messages: Sequence[Message]) -> float:
    began = time.perf_counter()
    producer = KafkaProducer(**client_options(settings), **PRODUCER)
    partition = partition_of(DISTRICT, settings.kafka_partitions)
    for key, value, headers, _ in messages:
        producer.send(settings.kafka_topic, value, key, headers, partition)
    producer.flush()
    rate = len(messages) / (time.perf_counter() - began)
    producer.close()
    return rate


def _by_relay(settings: KafkaSettings, ledger: RelayedLedger, book: RelayBook) -> float:
    relay = Relay(RelayParts(ledger=ledger, book=book, open_outlet=partial(KafkaOutlet, settings), holder="bench"))
    began = time.perf_counter()
    while relay.advance():
        pass
    rate = FACTS / (time.perf_counter() - began)
    published = book.published()
    relay.finish()
    book.close()
    if published != {DISTRICT: FACTS}:
        raise AssertionError(published)
    return rate
