"""Kafka over TLS with a certificate and a password of our own: what is right gets in, what is wrong is named."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from kafka.admin import KafkaAdminClient, ScramMechanism, UserScramCredentialUpsertion
from msgspec.structs import replace

from services.cli import main
from services.messages.cloud_event import message_of
from services.relay.kafka_outlet import KafkaOutlet
from services.settings.service import settings_from
from tests.broker_certificates import PASSWORD
from tests.events.facts_to_try import example
from tests.local_broker import LocalBroker
from tests.postgres_server import PostgresServer
from tests.services.streams.system import running, wait_while_it_runs

PROJECT = Path(__file__).parents[3]
FACT = replace(example("countersign.requested.v1"), sequence=1)


@pytest.fixture
def secured(kafka: LocalBroker, topic: str) -> dict[str, str]:
    """Return the settings of somebody who may use the broker."""
    admin = KafkaAdminClient(bootstrap_servers=kafka.address)
    admin.alter_user_scram_credentials(
        [UserScramCredentialUpsertion("relay", ScramMechanism.SCRAM_SHA_512, "the right word")]
    )
    admin.close()
    folder = kafka.certificates
    return {
        "TAIZHANG_KAFKA": kafka.secure_address,
        "TAIZHANG_KAFKA_TOPIC": topic,
        "TAIZHANG_KAFKA_SECURITY": "sasl_tls",
        "TAIZHANG_KAFKA_CA": str(folder / "authority.pem"),
        "TAIZHANG_KAFKA_CERTIFICATE": str(folder / "client.pem"),
        "TAIZHANG_KAFKA_KEY": str(folder / "client.key"),
        "TAIZHANG_KAFKA_KEY_PASSWORD": PASSWORD,
        "TAIZHANG_KAFKA_USER": "relay",
        "TAIZHANG_KAFKA_PASSWORD": "the right word",
    }


def test_with_certificate_and_password_the_topic_is_made_and_facts_arrive(
    secured: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in secured.items():
        monkeypatch.setenv(name, value)

    assert main(["topics", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["state"] == "made"
    outlet = KafkaOutlet(settings_from(secured))
    handed = outlet.send([message_of(FACT)])
    handed.wait(60)
    assert handed.arrived()
    outlet.close(10)


def test_with_certificate_and_password_a_worker_gets_its_share(
    secured: dict[str, str], postgres_server: PostgresServer, tmp_path: Path
) -> None:
    database = postgres_server.new_database()
    with running(tmp_path, {**secured, "TAIZHANG_DATABASE": database}, "real") as system:
        for command in ("migrate", "topics"):
            system.taizhang(command, command)
            assert system.ended(command) == 0, system.log(command)
        system.taizhang("worker", "worker")
        wait_while_it_runs(system, "worker", lambda: "worker.assigned" in system.log("worker"), "it has its share")
        assert system.stop("worker") == 0
    postgres_server.drop_database(database)


REFUSED = """
from services.messages.connection import BrokerError
from services.messages.topics import ensure_topics
from services.settings.service import current_settings

try:
    ensure_topics(current_settings())
except BrokerError as error:
    print(error)
"""


@pytest.mark.parametrize("wrong", [{"TAIZHANG_KAFKA_PASSWORD": "another word"}, {"TAIZHANG_KAFKA_CA": ""}])
def test_a_wrong_password_or_certificate_is_refused_without_telling_the_password(
    secured: dict[str, str], wrong: dict[str, str]
) -> None:
    # In a process of its own: pytest keeps what kafka-python logs, and with it connections that nobody closes.
    environment = {**os.environ, **secured, **wrong}
    told = subprocess.run(
        [sys.executable, "-c", REFUSED], cwd=PROJECT, env=environment, check=True, capture_output=True, text=True
    )
    assert told.stdout.strip().endswith("[kafka.not_usable]")
    assert "word" not in told.stdout
