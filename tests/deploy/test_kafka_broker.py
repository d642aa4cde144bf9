"""The scripts of `deploy/kafka` run a broker that keeps its address and its records over a kill."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient, NewTopic

from tests.local_broker import BROKER, LocalBroker, own_broker


def test_a_broker_started_on_a_free_port_takes_and_returns_records(kafka: LocalBroker, topic: str) -> None:
    make(kafka.address, topic)
    produce(kafka.address, topic, b"first")

    assert consume(kafka.address, topic, 1) == [b"first"]


def test_a_killed_broker_comes_back_at_its_address_with_what_it_acknowledged(tmp_path: Path, topic: str) -> None:
    with own_broker(tmp_path / "broker") as broker:
        address = broker.address
        make(address, topic)
        produce(address, topic, b"before")
        before = status(broker)
        broker.kill()
        after = status(broker)
        broker.start()
        produce(address, topic, b"after")

        assert (before, after, status(broker), broker.address) == (0, 1, 0, address)
        assert consume(address, topic, 2) == [b"before", b"after"]

    assert not broker.folder.exists()


def test_a_broker_whose_making_was_broken_off_is_made_anew(tmp_path: Path, topic: str) -> None:
    with own_broker(tmp_path / "broker") as broker:
        broker.kill()
        (broker.folder / "address").unlink()
        broker.start()
        make(broker.address, topic)
        produce(broker.address, topic, b"first")

        assert consume(broker.address, topic, 1) == [b"first"]


def status(broker: LocalBroker) -> int:
    return subprocess.run(
        [BROKER, "status", broker.folder], env={**os.environ, "COLUMNS": "40"}, check=False
    ).returncode


def make(address: str, topic: str) -> None:
    admin = KafkaAdminClient(bootstrap_servers=address)
    admin.create_topics([NewTopic(topic, num_partitions=1, replication_factor=1)])
    admin.close()


def produce(address: str, topic: str, value: bytes) -> None:
    producer = KafkaProducer(bootstrap_servers=address)
    producer.send(topic, value).get(timeout=60)
    producer.close()


def consume(address: str, topic: str, count: int) -> list[bytes]:
    consumer = KafkaConsumer(bootstrap_servers=address, auto_offset_reset="earliest")
    consumer.assign([TopicPartition(topic, 0)])
    values = [next(consumer).value for _ in range(count)]
    consumer.close()
    return values
