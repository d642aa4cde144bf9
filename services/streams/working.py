"""A worker at work: the Faust application in an event loop, the districts in threads beside it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import structlog

from services.streams.faust_app import faust_app
from services.tracing.spans import NO_SPANS, Spans

if TYPE_CHECKING:
    import faust

    from services.streams.bus import Bus
    from services.streams.steering import Steering

BEFORE_NEXT_TRY: Final = 2.0
"""Seconds between two tries to reach Kafka."""
LONGEST_FAREWELL: Final = 5.0
"""Seconds that taking leave of Kafka may take; the districts are given back before."""
LONGEST_CANCEL: Final = 1.0
"""Seconds in which what was called off has to come back."""


async def work(bus: Bus, steering: Steering, stopping: asyncio.Event, spans: Spans = NO_SPANS) -> None:
    """Listen until asked to stop, and give the districts back; when Kafka cannot be reached it is tried again."""
    asked_to_stop = asyncio.create_task(stopping.wait())
    while not stopping.is_set():
        app = faust_app(bus, steering, spans)
        try:
            await _listen(app, asked_to_stop)
            if stopping.is_set():
                await steering.given_back()
        finally:
            await _end(app)
        await asyncio.wait({asked_to_stop}, timeout=BEFORE_NEXT_TRY)


async def _listen(app: faust.App, asked_to_stop: asyncio.Task[bool]) -> None:
    log = structlog.get_logger()
    starting = asyncio.ensure_future(app.start())
    await asyncio.wait({starting, asked_to_stop}, return_when=asyncio.FIRST_COMPLETED)
    if not starting.done():
        await _call_off(starting)
        return
    try:
        await starting
    except Exception as error:  # noqa: BLE001  whatever Faust or its client raises, the worker tries again
        log.error("worker.bus_interrupted", reason=repr(error))  # noqa: TRY400  the reason suffices
        return
    ended = asyncio.create_task(app.wait_until_stopped())
    await asyncio.wait({ended, asked_to_stop}, return_when=asyncio.FIRST_COMPLETED)
    ended.cancel()
    if app.crashed:
        log.error("worker.bus_interrupted", reason=repr(app.crash_reason))


async def _end(app: faust.App) -> None:
    """End the application, also when Kafka does not answer any more."""
    ending = asyncio.ensure_future(app.stop())
    await asyncio.wait({ending}, timeout=LONGEST_FAREWELL)
    if not ending.done():
        structlog.get_logger().warning("worker.farewell_unanswered", seconds=LONGEST_FAREWELL)
        await _call_off(ending)


async def _call_off(task: asyncio.Future[None]) -> None:
    """Cancel a task, and wait until it is through if it lets itself be cancelled."""
    task.cancel()
    await asyncio.wait({task}, timeout=LONGEST_CANCEL)
