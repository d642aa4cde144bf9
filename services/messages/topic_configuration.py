"""How the topic of the facts has to be set."""

from __future__ import annotations

from typing import Final

from services.settings.kafka import KafkaSettings

LARGEST_MESSAGE: Final = 4_194_304
"""Bytes of a message with its headers; the largest fact has a million."""
_AN_HOUR: Final = 3_600_000


def wanted_configuration(settings: KafkaSettings) -> dict[str, str]:
    """Return how the topic has to be set.

    Never compacted: a key is a district, and compaction would keep one fact of each.
    """
    return {
        "cleanup.policy": "delete",
        "retention.ms": str(settings.kafka_retention_hours * _AN_HOUR),
        "max.message.bytes": str(LARGEST_MESSAGE),
        "message.timestamp.type": "CreateTime",
    }
