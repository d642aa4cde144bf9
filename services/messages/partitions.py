"""Which partition a district's facts are in: the one that Kafka's own partitioner gives its key."""

from __future__ import annotations

from kafka.partitioner.default import murmur2


def partition_of(district: str, partitions: int) -> int:
    """Return the partition of a district among so many, as every Kafka client computes it from the key (murmur2)."""
    hashed: int = murmur2(district.encode())
    return (hashed & 0x7FFFFFFF) % partitions


def districts_of(partition: int, partitions: int, districts: list[str]) -> list[str]:
    """Return those of the districts whose facts are in a partition, in the order given."""
    return [district for district in districts if partition_of(district, partitions) == partition]
