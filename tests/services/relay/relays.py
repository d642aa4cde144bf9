"""Relay processes, and a reader of what they published."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from kafka import KafkaConsumer, TopicPartition

from services.messages.cloud_event import Announced, announced
from services.messages.topics import ensure_topics
from services.settings.kafka import KafkaSettings

PROJECT: Final = Path(__file__).parents[3]
PARTITIONS: Final = 3
PATIENCE: Final = 120.0
"""Seconds until a test gives up; nothing is measured."""


class RelayProcess:
    """`taizhang relay` as a process of its own; its log is read for events."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        self._log = log
        self._file = log.open("wb")
        given = {**os.environ, "TAIZHANG_PORT": "0", "TAIZHANG_LOG_FORMAT": "json", **environment}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "services.cli", "relay"], cwd=PROJECT, env=given, stderr=self._file
        )

    def logged(self, event: str) -> dict[str, object]:
        """Wait for an event of the log and return its line."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if found := self._lines(event):
                return found[0]
            assert self.process.poll() is None, self._log.read_text(encoding="utf-8")
            time.sleep(0.05)
        raise AssertionError(event, self._log.read_text(encoding="utf-8"))

    def has_logged(self, event: str) -> bool:
        """Tell whether an event is in the log by now."""
        return bool(self._lines(event))

    def get(self, path: str) -> str:
        """Ask its HTTP side."""
        with urllib.request.urlopen(f"{self.logged('relay.ready')['address']}{path}", timeout=PATIENCE) as answer:  # noqa: S310  our own address
            return str(answer.read().decode())

    def ready(self) -> str:
        """Wait until it says that it keeps up, and return its words; a message is in Kafka before that is kept."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                return self.get("/v1/ready")
            except urllib.error.HTTPError as behind:
                behind.close()
            time.sleep(0.05)
        raise AssertionError(self._log.read_text(encoding="utf-8"))

    def _lines(self, event: str) -> list[dict[str, object]]:
        whole = (line for line in self._log.read_text(encoding="utf-8").splitlines(keepends=True) if line[-1] == "\n")
        return [found for line in whole if line[0] == "{" and (found := json.loads(line))["event"] == event]

    def kill(self) -> None:
        """End it with kill -9."""
        self.process.kill()
        self.process.wait(PATIENCE)

    def stop(self) -> int:
        """Ask it to stop and return its exit code."""
        self.process.terminate()
        return self.process.wait(PATIENCE)

    def end(self) -> None:
        """Leave nothing behind."""
        self.kill()
        self._file.close()


@contextmanager
def relay_process(environment: Mapping[str, str], log: Path) -> Iterator[RelayProcess]:
    """Run a relay while the block runs."""
    relay = RelayProcess(environment, log)
    try:
        yield relay
    finally:
        relay.end()


def made_topic(address: str, topic: str) -> dict[str, str]:
    """Make a topic and return the environment that names it."""
    ensure_topics(KafkaSettings(kafka=(address,), kafka_topic=topic, kafka_partitions=PARTITIONS))
    return {"TAIZHANG_KAFKA": address, "TAIZHANG_KAFKA_TOPIC": topic}


class Published:
    """What stands in a topic, read from its beginning until each district has come as far as expected."""

    def __init__(self, address: str, topic: str) -> None:
        self._consumer = KafkaConsumer(bootstrap_servers=address, auto_offset_reset="earliest")
        self._consumer.assign([TopicPartition(topic, partition) for partition in range(PARTITIONS)])
        self.messages: list[tuple[int, Announced, bytes]] = []

    def read_until(self, last: Mapping[str, int]) -> None:
        """Read until each district has come so far; fail after a while."""
        until = time.monotonic() + PATIENCE
        reached: dict[str, int] = {one.district: one.sequence for _, one, _ in self.messages}
        while any(reached.get(district, 0) < sequence for district, sequence in last.items()):
            assert time.monotonic() < until, (reached, last)
            for records in self._consumer.poll(timeout_ms=200).values():
                for record in records:
                    told = announced(record.headers)
                    reached[told.district] = max(told.sequence, reached.get(told.district, 0))
                    self.messages.append((record.partition, told, record.value))

    def of(self, district: str) -> list[int]:
        """Return the sequences of a district in the order of its partition."""
        return [told.sequence for _, told, _ in self.messages if told.district == district]

    def close(self) -> None:
        """End reading."""
        self._consumer.close()


@contextmanager
def published(address: str, topic: str) -> Iterator[Published]:
    """Read a topic while the block runs."""
    reader = Published(address, topic)
    try:
        yield reader
    finally:
        reader.close()
