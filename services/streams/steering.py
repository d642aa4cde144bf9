"""What Kafka says of partitions, passed on to the threads of a worker; they are stopped and started off its loop."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import Collection

    from services.streams.lanes import Lanes


class Steering:
    """Stops the threads before partitions are shared out anew, and starts them with the share that came of it.

    One thing after another, since a worker may be asked to stop while it is given a share; once its districts were
    given back it takes none.
    """

    def __init__(self, lanes: Lanes) -> None:
        self._lanes = lanes
        self._in_turn = asyncio.Lock()
        self._has_left = False
        self.partitions: frozenset[int] | None = None

    @property
    def partitions_in_all(self) -> int:
        """Into how many partitions the topic is cut, whoever has them."""
        return self._lanes.partitions

    def woken(self, partition: int, district: str, sequence: int) -> None:
        """Let the thread of a partition look."""
        self._lanes.wake(partition, district, sequence)

    async def suspended(self) -> None:
        """Stop the threads, each after the piece in hand."""
        async with self._in_turn:
            await asyncio.to_thread(self._lanes.suspend)

    async def assigned(self, partitions: Collection[int]) -> None:
        """Start the threads with their share."""
        async with self._in_turn:
            if self._has_left:
                return
            await asyncio.to_thread(self._lanes.resume, partitions)
            self.partitions = frozenset(partitions)
        structlog.get_logger().info("worker.assigned", partitions=sorted(partitions))

    async def given_back(self) -> None:
        """Stop the threads and give every district back, for good."""
        async with self._in_turn:
            self._has_left = True
            await asyncio.to_thread(self._lanes.close)

    def positions(self) -> dict[str, int]:
        """Return how far the watch of each district has come."""
        return self._lanes.positions()
