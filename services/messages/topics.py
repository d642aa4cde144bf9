"""The topic of the facts: made once, as it has to be for ever, and never changed afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple

from kafka.admin import ACLOperation, ConfigResource, ConfigResourceType, KafkaAdminClient
from kafka.errors import TopicAlreadyExistsError

from services.messages.connection import broker_faults, connected
from services.messages.topic_configuration import wanted_configuration
from services.settings.kafka import KafkaSettings

_SECONDS_FOR_METADATA: Final = 30

State = Literal["made", "as_wanted", "differs"]


class Difference(NamedTuple):
    """What is otherwise than wanted in a topic, and what to do about it."""

    setting: str
    wanted: str
    found: str
    zh: str
    en: str


class Topic(NamedTuple):
    """A topic as it stands after looking; `partitions` is what it has."""

    name: str
    partitions: int
    state: State
    differences: tuple[Difference, ...] = ()


def ensure_topics(settings: KafkaSettings) -> list[Topic]:
    """Make what is missing and look at what is there; nothing that exists is changed.

    Raise SettingError, or BrokerError when Kafka cannot be asked.
    """
    with broker_faults(settings):
        admin = connected(KafkaAdminClient, settings)
        try:
            return [_ensure(admin, settings)]
        finally:
            admin.close()


class FoundTopic(NamedTuple):
    """A topic as Kafka shows it to us: into how many partitions it is cut, and whether we may write to it."""

    partitions: int
    writable: bool


def found_topic(settings: KafkaSettings) -> FoundTopic | None:
    """Return the topic as it is, None when there is none; raise SettingError, or BrokerError."""
    with broker_faults(settings):
        admin = connected(KafkaAdminClient, settings)
        try:
            return _found(admin, settings.kafka_topic)
        finally:
            admin.close()


def _ensure(admin: KafkaAdminClient, settings: KafkaSettings) -> Topic:
    name, configuration = settings.kafka_topic, wanted_configuration(settings)
    there = _found(admin, name)
    if there is None:
        plan = {
            "num_partitions": settings.kafka_partitions,
            "replication_factor": settings.kafka_replicas,
            "configs": configuration,
        }
        try:
            admin.create_topics({name: plan})
            admin.wait_for_topics([name], timeout_ms=_SECONDS_FOR_METADATA * 1_000)
            return Topic(name, settings.kafka_partitions, "made")
        except TopicAlreadyExistsError:
            # Somebody else made it at the same moment.
            admin.wait_for_topics([name], timeout_ms=_SECONDS_FOR_METADATA * 1_000)
            there = _found(admin, name)
    partitions = 0 if there is None else there.partitions
    found = admin.describe_configs(
        [ConfigResource(ConfigResourceType.TOPIC, name, list(configuration))], config_filter="all"
    )["topic"][name]
    differences = (
        *_other_partitions(settings, partitions),
        *_other_configuration(name, configuration, {key: str(one["value"]) for key, one in found.items()}),
    )
    return Topic(name, partitions, "differs" if differences else "as_wanted", differences)


def _found(admin: KafkaAdminClient, name: str) -> FoundTopic | None:
    # Asked about by name, a topic that is not there might be made by a broker that makes topics unasked.
    described: list[dict[str, Any]] = admin.describe_topics()
    for one in described:
        if one["name"] == name:
            allowed = one.get("authorized_operations")  # brokers before 2.3 do not tell
            return FoundTopic(len(one["partitions"]), allowed is None or ACLOperation.WRITE.name in allowed)
    return None


def _other_partitions(settings: KafkaSettings, found: int) -> list[Difference]:
    wanted = settings.kafka_partitions
    if found == wanted:
        return []
    return [
        Difference(
            "partitions",
            str(wanted),
            str(found),
            f"分区数一经建立不可更改，否则区县会换分区，先后次序就乱了。请把 TAIZHANG_KAFKA_PARTITIONS 设为 {found}；"
            "确需更多分区时，另取主题名（TAIZHANG_KAFKA_TOPIC）新建，再切换各进程。",
            "The number of partitions never changes: districts would move to others and lose their order. Set "
            f"TAIZHANG_KAFKA_PARTITIONS to {found}; where more are needed, make a topic of another name "
            "(TAIZHANG_KAFKA_TOPIC) and move all processes to it.",
        )
    ]


def _other_configuration(name: str, wanted: Mapping[str, str], found: Mapping[str, str]) -> list[Difference]:
    command = f"kafka-configs.sh --alter --entity-type topics --entity-name {name} --add-config"
    return [
        Difference(
            key,
            value,
            found.get(key, ""),
            f"本命令不改动已有主题。请由 Kafka 管理员执行：{command} {key}={value}"
            + ("；压缩过的主题会丢失事实，须另建。" if key == "cleanup.policy" else ""),
            f"This command changes no topic that exists. Let whoever runs Kafka do: {command} {key}={value}"
            + ("; a topic that was compacted has lost facts: make another." if key == "cleanup.policy" else ""),
        )
        for key, value in wanted.items()
        if found.get(key) != value
    ]
