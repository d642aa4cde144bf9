"""Asking what may be silent for long, as Kafka may: whoever asks can be called off, though the answer is still out."""

from __future__ import annotations

from concurrent.futures import Future, wait
from threading import Thread
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from threading import Event

LONGEST_UNHEARD: Final = 0.05
"""Seconds after which it is noticed that somebody asked to stop."""
Answer = TypeVar("Answer")


def answer_unless(stopping: Event, ask: Callable[[], Answer]) -> Answer | None:
    """Return what `ask` returns, None when asked to stop before; raise what it raises.

    Asking is left to a thread that ends with the process.
    """
    if stopping.is_set():
        return None
    asked = asked_beside(ask)
    while not stopping.is_set():
        wait([asked], LONGEST_UNHEARD)
        if asked.done():
            return asked.result()
    return None


def asked_beside(ask: Callable[[], Answer]) -> Future[Answer]:
    """Ask in a thread that ends with the process, and return where the answer will be."""
    asked: Future[Answer] = Future()
    Thread(target=_fulfil, args=(asked, ask), name="asking", daemon=True).start()
    return asked


def _fulfil(asked: Future[Answer], ask: Callable[[], Answer]) -> None:
    try:
        asked.set_result(ask())
    except BaseException as fault:  # noqa: BLE001  it is raised where the answer is awaited
        asked.set_exception(fault)
