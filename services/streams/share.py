"""Which districts an owner has: those of some partitions."""

from __future__ import annotations

from typing import Final, NamedTuple

from services.messages.partitions import partition_of


class Share(NamedTuple):
    """Which districts an owner has: those of some partitions, of so many in all."""

    partitions: frozenset[int]
    of: int

    def holds(self, district: str) -> bool:
        """Tell whether a district belongs to it."""
        return bool(self.partitions) and partition_of(district, self.of) in self.partitions


NOTHING: Final = Share(frozenset(), 1)
"""No partition, and so no district."""
