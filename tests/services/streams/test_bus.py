"""How Faust is told where Kafka is, and who we are to it."""

from __future__ import annotations

import faust
import pytest

from services.settings.service import settings_from
from services.settings.sources import SettingError
from services.streams.bus import bus_of

KAFKA = {"TAIZHANG_KAFKA": "kafka-1:9092,kafka-2:9092", "TAIZHANG_KAFKA_TOPIC": "facts"}
SIGNED_IN = {"TAIZHANG_KAFKA_USER": "taizhang", "TAIZHANG_KAFKA_PASSWORD": "secret"}


def test_workers_of_one_topic_are_one_group() -> None:
    bus = bus_of(settings_from(KAFKA))
    assert (bus.servers, bus.topic, bus.group, dict(bus.options)) == (
        ("kafka-1:9092", "kafka-2:9092"),
        "facts",
        "taizhang.workers.facts",
        {},
    )


@pytest.mark.parametrize(
    ("security", "kind", "protocol"),
    [
        ("tls", faust.SSLCredentials, "SSL"),
        ("sasl_plaintext", faust.SASLCredentials, "SASL_PLAINTEXT"),
        ("sasl_tls", faust.SASLCredentials, "SASL_SSL"),
    ],
)
def test_what_the_settings_say_of_tls_and_passwords_reaches_faust(
    security: str, kind: type[faust.SSLCredentials | faust.SASLCredentials], protocol: str
) -> None:
    bus = bus_of(settings_from({**KAFKA, **SIGNED_IN, "TAIZHANG_KAFKA_SECURITY": security}))
    credentials = bus.options["broker_credentials"]
    assert isinstance(credentials, kind)
    assert credentials.protocol.name == protocol


def test_without_kafka_the_setting_is_named() -> None:
    with pytest.raises(SettingError, match="TAIZHANG_KAFKA"):
        bus_of(settings_from({}))
