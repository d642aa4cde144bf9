"""The example for other agencies takes every fact once and in order, whatever is sent again or too early."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from kafka import KafkaProducer
from msgspec.structs import replace

from services.messages.cloud_event import message_of
from tests.events.ledger.examples import XINZHOU, YUANZHOU, withdrawn
from tests.local_broker import LocalBroker
from tests.services.relay.relays import made_topic

SUBSCRIBE = Path(__file__).parents[2] / "deploy" / "kafka" / "subscribe.py"


def publish(kafka: LocalBroker, topic: str, facts: Iterable[tuple[str, int]]) -> None:
    producer = KafkaProducer(bootstrap_servers=kafka.address)
    for district, sequence in facts:
        message = message_of(replace(withdrawn(sequence, district=district), sequence=sequence))
        producer.send(topic, message.value, message.key, message.headers)
    producer.send(topic, b"of somebody else", XINZHOU.encode())
    producer.flush()
    producer.close()


def received(kafka: LocalBroker, topic: str, folder: Path) -> list[tuple[str, int]]:
    state = str(folder / "state.json")
    command = [sys.executable, str(SUBSCRIBE), "--kafka", kafka.address, "--topic", topic, "--state", state]
    done = subprocess.run([*command, "--until-idle", "2"], check=True, capture_output=True, text=True, encoding="utf-8")
    facts = [json.loads(line) for line in done.stdout.splitlines()]
    return [(fact["district"], fact["sequence"]) for fact in facts]


def of(district: str, sequences: Iterable[int]) -> list[tuple[str, int]]:
    return [(district, sequence) for sequence in sequences]


def test_each_fact_is_taken_once_in_order_also_over_a_restart(kafka: LocalBroker, topic: str, tmp_path: Path) -> None:
    made_topic(kafka.address, topic)
    publish(kafka, topic, [*of(XINZHOU, [1, 2, 2, 1, 2, 3, 6, 7, 4, 5, 6]), *of(YUANZHOU, [1])])
    first = received(kafka, topic, tmp_path)
    publish(kafka, topic, [*of(XINZHOU, [5, 6, 7, 8]), *of(YUANZHOU, [3])])
    second = received(kafka, topic, tmp_path)

    assert sorted(first) == of(XINZHOU, range(1, 7)) + of(YUANZHOU, [1])
    assert [one for one in first if one[0] == XINZHOU] == of(XINZHOU, range(1, 7))
    assert second == of(XINZHOU, [7, 8])
