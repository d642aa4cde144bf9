"""`taizhang topics` on a real broker: makes what is missing, changes nothing that is there, and says what to do."""

from __future__ import annotations

import json

import pytest
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient

from services.cli import main
from tests.local_broker import LocalBroker

WANTED = {
    "cleanup.policy": "delete",
    "retention.ms": "604800000",
    "max.message.bytes": "4194304",
    "message.timestamp.type": "CreateTime",
}


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch, kafka: LocalBroker, topic: str) -> None:
    monkeypatch.setenv("TAIZHANG_KAFKA", kafka.address)
    monkeypatch.setenv("TAIZHANG_KAFKA_TOPIC", topic)
    monkeypatch.setenv("TAIZHANG_KAFKA_PARTITIONS", "5")


def configuration(kafka: LocalBroker, topic: str) -> dict[str, str]:
    admin = KafkaAdminClient(bootstrap_servers=kafka.address)
    found = admin.describe_configs(
        [ConfigResource(ConfigResourceType.TOPIC, topic, list(WANTED))], config_filter="all"
    )["topic"][topic]
    admin.close()
    return {name: one["value"] for name, one in found.items()}


def test_the_topic_is_made_once_and_found_as_wanted_afterwards(
    kafka: LocalBroker, topic: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert [main(["topics", "--json"]), main(["topics", "--json"]), main(["topics"])] == [0, 0, 0]

    made, found, shown = capsys.readouterr().out.splitlines()
    assert json.loads(made) == [{"name": topic, "partitions": 5, "state": "made", "differences": []}]
    assert json.loads(found) == [{"name": topic, "partitions": 5, "state": "as_wanted", "differences": []}]
    assert shown == f"{topic}：已有，符合 there, as wanted，5 个分区 partitions"
    assert configuration(kafka, topic) == WANTED


def test_a_topic_that_differs_is_left_as_it_is_and_told(
    kafka: LocalBroker, topic: str, capsys: pytest.CaptureFixture[str]
) -> None:
    admin = KafkaAdminClient(bootstrap_servers=kafka.address)
    admin.create_topics({topic: {"num_partitions": 2, "configs": WANTED | {"cleanup.policy": "compact"}}})
    admin.wait_for_topics([topic])
    admin.close()

    assert main(["topics", "--json"]) == 1
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["state"], told["partitions"]) == ("differs", 2)
    assert [(one["setting"], one["wanted"], one["found"]) for one in told["differences"]] == [
        ("partitions", "5", "2"),
        ("cleanup.policy", "delete", "compact"),
    ]
    assert configuration(kafka, topic) == WANTED | {"cleanup.policy": "compact"}

    assert main(["topics"]) == 1
    shown = capsys.readouterr().out
    assert "TAIZHANG_KAFKA_PARTITIONS to 2" in shown
    assert f"--entity-name {topic} --add-config cleanup.policy=delete" in shown


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"TAIZHANG_KAFKA": ""}, "setting.missing"),
        ({"TAIZHANG_KAFKA_SECURITY": "sasl_tls"}, "setting.missing"),
        ({"TAIZHANG_KAFKA_SECURITY": "tls", "TAIZHANG_KAFKA_CA": "/nowhere.pem"}, "setting.not_usable"),
        ({"TAIZHANG_KAFKA_REPLICAS": "3"}, "kafka.not_usable"),
    ],
)
def test_what_cannot_be_used_is_told_by_code_and_makes_nothing(
    variables: dict[str, str], code: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    assert main(["topics", "--json"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.endswith(f"[{code}]\n")
