"""Running a coroutine in an event loop that does not wait for ever for what was left behind in it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Coroutine


def run_and_leave(main: Coroutine[Any, Any, None], seconds: float) -> None:
    """Run a coroutine as asyncio.run does, but give tasks that it leaves behind only so long to let go."""
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(main)
    finally:
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        if left:
            loop.run_until_complete(asyncio.wait(left, timeout=seconds))
        loop.close()
