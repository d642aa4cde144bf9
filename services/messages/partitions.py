"""Which partition a district's facts are in: the one that Kafka's own partitioner gives its key."""

from __future__ import annotations

from kafka.partitioner.default import murmur2


def partition_of(district: str, partitions: int) -> int:
    """Return the partition of a district among so many, as every Kafka client computes it from the key (murmur2)."""
    hashed: int = murmur2(district.encode())
    return (hashed & 0x7FFFFFFF) % partitions
