"""An event loop ends though something in it does not let go."""

from __future__ import annotations

import asyncio
import gc
import logging

import pytest

from services.processes.event_loop import run_and_leave


def test_what_was_left_behind_is_cancelled_and_waited_for() -> None:
    ended: list[str] = []

    async def left_behind() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("in good order")

    async def main() -> None:
        asyncio.get_running_loop().task = asyncio.create_task(left_behind())  # type: ignore[attr-defined]  # held
        await asyncio.sleep(0)

    run_and_leave(main(), 60)
    assert ended == ["in good order"]


def test_what_does_not_let_itself_be_cancelled_holds_nothing_up(monkeypatch: pytest.MonkeyPatch) -> None:
    # It tells of a task that is left, which is what is tried here.
    monkeypatch.setattr(logging.getLogger("asyncio"), "disabled", True)
    stubborn: list[asyncio.Task[None]] = []

    async def never_ends() -> None:
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                stubborn.append(stubborn[0])

    async def main() -> None:
        stubborn.append(asyncio.create_task(never_ends()))
        await asyncio.sleep(0)

    run_and_leave(main(), 0.05)
    assert len(stubborn) == 2
    stubborn.clear()
    gc.collect()


def test_a_fault_is_raised() -> None:
    async def fails() -> None:
        await asyncio.sleep(0)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        run_and_leave(fails(), 60)
