"""The outlet to Kafka: an idempotent producer of kafka-python, whose own thread sends while the relay goes on."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

from kafka import KafkaProducer
from kafka.errors import KafkaError, KafkaTimeoutError

from events.ledger.errors import Reason
from services.messages.cloud_event import Message
from services.messages.connection import BrokerError, broker_faults, connected
from services.messages.partitions import partition_of
from services.messages.topic_configuration import LARGEST_MESSAGE
from services.messages.topics import found_topic
from services.settings.kafka import KafkaSettings

PRODUCER: Final[dict[str, Any]] = {
    "acks": "all",
    "enable_idempotence": True,
    "allow_auto_create_topics": False,
    "linger_ms": 2,
    "batch_size": 262_144,
    "max_request_size": LARGEST_MESSAGE,
    # An outage is waited for, not given up: what is given up has to be published again from the kept position.
    "delivery_timeout_ms": 600_000,
    "request_timeout_ms": 10_000,
    "max_block_ms": 5_000,
    "reconnect_backoff_max_ms": 1_000,
    "metrics_enabled": False,
}


class HandedToKafka:
    """The records of some facts; with an idempotent producer the last is stored after the others."""

    def __init__(self, settings: KafkaSettings, futures: list[Any]) -> None:
        self._settings = settings
        self._futures = futures

    def arrived(self) -> bool:
        """Tell whether Kafka acknowledged all of them; raise BrokerError."""
        if not self._futures[-1].is_done:
            return False
        for future in self._futures:
            if future.failed():
                with broker_faults(self._settings):
                    raise future.exception
        return all(future.is_done for future in self._futures)

    def wait(self, seconds: float) -> None:
        """Wait for the last."""
        with suppress(KafkaError):
            self._futures[-1].get(timeout=seconds)


class KafkaOutlet:
    """One producer and its topic."""

    def __init__(self, settings: KafkaSettings) -> None:
        """Connect; raise what `partitions_to_write` raises."""
        self._settings = settings
        self._topic = settings.kafka_topic
        self._partitions = partitions_to_write(settings)
        with broker_faults(settings):
            self._producer = connected(KafkaProducer, settings, **PRODUCER)

    def send(self, messages: Sequence[Message]) -> HandedToKafka:
        """Put messages of one district into the partition of that district."""
        send, topic = self._producer.send, self._topic
        partition = partition_of(messages[0].key.decode(), self._partitions)
        futures = []
        with broker_faults(self._settings):
            for key, value, headers, _ in messages:
                futures.append(send(topic, value, key, headers, partition))
        return HandedToKafka(self._settings, futures)

    def close(self, seconds: float) -> None:
        """Close the producer."""
        try:
            self._producer.close(timeout=seconds)
        except KafkaTimeoutError:
            # Closing waits for what is under way and then leaves the sending thread alone; it must not store anything
            # after another relay has taken over.
            self._producer._sender.force_close()  # noqa: SLF001  there is no public way
            with suppress(KafkaError):
                self._producer.close(timeout=1)


def partitions_to_write(settings: KafkaSettings) -> int:
    """Return into how many partitions the topic is cut to which facts can be published; nothing is.

    Raise SettingError, or BrokerError when Kafka cannot be reached, has no such topic, or does not let us write to it.
    """
    found = found_topic(settings)
    if found is None:
        raise BrokerError(no_topic(settings.kafka_topic))
    if not found.writable:
        raise BrokerError(not_writable(settings.kafka_topic))
    return found.partitions


def not_writable(name: str) -> Reason:
    """Say that the topic is closed to us."""
    return Reason(
        "kafka.not_writable",
        f"Kafka 不许本程序写入主题 {name}，事实无处可发；请为 TAIZHANG_KAFKA_USER 或证书授予该主题的 Write 权限。",
        f"Kafka does not let this program write to the topic {name}, so facts cannot be published; grant Write on it "
        "to TAIZHANG_KAFKA_USER or to the certificate.",
    )


def no_topic(name: str) -> Reason:
    """Say that the topic is missing."""
    return Reason(
        "kafka.no_topic",
        f"Kafka 中没有主题 {name}，事实无处可发；请运行 taizhang topics，或核对 TAIZHANG_KAFKA_TOPIC。",
        f"Kafka has no topic {name}, so facts cannot be published; run taizhang topics, or check TAIZHANG_KAFKA_TOPIC.",
    )
