"""Which partition of a topic a district's facts are in: Kafka's own rule for messages with a key."""

from __future__ import annotations

from typing import Final

from kafka.partitioner import murmur2

_WITHOUT_SIGN: Final = 0x7FFF_FFFF


def partition_of(district: str, partitions: int) -> int:
    """Return the number of the partition, as every producer that keeps to Kafka's default chooses it."""
    hashed: int = murmur2(district.encode())
    return (hashed & _WITHOUT_SIGN) % partitions
