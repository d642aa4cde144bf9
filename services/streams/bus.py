"""Where the facts are announced, as the settings say it, in the words of Faust."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import faust

from services.messages.connection import ENCRYPTED, SIGNED_IN, client_options, tls_context

if TYPE_CHECKING:
    from services.settings.kafka import KafkaSettings

GROUP: Final = "taizhang.workers"
"""Before the name of the topic: the workers of one system share out its partitions under this name."""


@dataclass(frozen=True, kw_only=True)
class Bus:
    """A topic and who listens to it together; `options` are what Faust is told about TLS and passwords."""

    servers: tuple[str, ...]
    topic: str
    group: str
    options: Mapping[str, Any] = field(default_factory=dict)


def bus_of(settings: KafkaSettings) -> Bus:
    """Return the bus of some settings; raise SettingError for what is missing or cannot be read."""
    client_options(settings)
    options: dict[str, Any] = {}
    encrypted = settings.kafka_security in ENCRYPTED
    if settings.kafka_security in SIGNED_IN:
        options["broker_credentials"] = faust.SASLCredentials(
            username=settings.kafka_user,
            password=settings.kafka_password,
            mechanism=settings.kafka_sasl,
            ssl_context=tls_context(settings) if encrypted else None,
        )
    elif encrypted:
        options["broker_credentials"] = faust.SSLCredentials(tls_context(settings))
    topic = settings.kafka_topic
    return Bus(servers=settings.kafka, topic=topic, group=f"{GROUP}.{topic}", options=options)


def preparing(bus: Bus, edition: str) -> Bus:
    """Return the bus for workers that prepare an edition: they share out the partitions among themselves alone."""
    return replace(bus, group=f"{bus.group}.prepare.{edition}")
