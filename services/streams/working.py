"""A worker at work: the Faust application in an event loop, the districts in threads beside it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import structlog

from services.streams.faust_app import Bus, faust_app

if TYPE_CHECKING:
    from collections.abc import Collection

    import faust

    from services.streams.lanes import Lanes

BEFORE_NEXT_TRY: Final = 2.0
"""Seconds between two tries to reach Kafka."""


class Steering:
    """Passes on to the threads what the application hears; they are stopped and started off the event loop."""

    def __init__(self, lanes: Lanes) -> None:
        self._lanes = lanes
        self.partitions: frozenset[int] = frozenset()

    def woken(self, partition: int, district: str) -> None:
        """Let the thread of a partition look."""
        self._lanes.wake(partition, district)

    async def suspended(self) -> None:
        """Stop the threads, each after the piece in hand."""
        await asyncio.to_thread(self._lanes.suspend)

    async def assigned(self, partitions: Collection[int]) -> None:
        """Start the threads with their share."""
        self.partitions = frozenset(partitions)
        structlog.get_logger().info("worker.assigned", partitions=sorted(partitions))
        await asyncio.to_thread(self._lanes.resume, partitions)


async def work(bus: Bus, steering: Steering, stopping: asyncio.Event) -> None:
    """Listen until asked to stop; when Kafka cannot be reached, or the application fails, it is tried again."""
    asked_to_stop = asyncio.create_task(stopping.wait())
    while not stopping.is_set():
        await _listen(faust_app(bus, steering), asked_to_stop)
        await asyncio.wait({asked_to_stop}, timeout=BEFORE_NEXT_TRY)


async def _listen(app: faust.App, asked_to_stop: asyncio.Task[bool]) -> None:
    log = structlog.get_logger()
    try:
        await app.start()
        ended = asyncio.create_task(app.wait_until_stopped())
        await asyncio.wait({ended, asked_to_stop}, return_when=asyncio.FIRST_COMPLETED)
        ended.cancel()
        if app.crashed:
            log.error("worker.bus_interrupted", reason=repr(app.crash_reason))
    except Exception as error:  # noqa: BLE001  whatever Faust or its client raises, the worker tries again
        log.error("worker.bus_interrupted", reason=repr(error))  # noqa: TRY400  the reason suffices
    finally:
        await app.stop()
