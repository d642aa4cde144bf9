"""A thread that works while the service runs: it waits for something to do, and no fault ends it."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING, NamedTuple

from events.ledger.errors import LedgerError
from projections.databases.views_database import ViewsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Work(NamedTuple):
    """What a thread does, and how each sort of fault is logged; `advance` is falsy when nothing is left."""

    name: str
    advance: Callable[[], object]
    interrupted: Callable[[str, str], None]
    """Takes the code and the reason of a fault of ledger or disk."""
    failed: Callable[[Exception], None]
    """Takes a fault that nobody foresaw."""
    longest_nap: float
    """Seconds after which it is looked whether there is work, though nobody woke the thread."""


@contextmanager
def working(work: Work, woken: Event) -> Iterator[None]:
    """Let a thread work while the block runs; `woken` tells it that there may be something to do."""
    stopping = Event()
    thread = Thread(target=_work, args=(work, woken, stopping), name=work.name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        woken.set()
        thread.join()


def _work(work: Work, woken: Event, stopping: Event) -> None:
    """Work until asked to stop; a fault is logged when it begins, and the work is tried again."""
    failing = ""
    while not stopping.is_set():
        try:
            while work.advance() and not stopping.is_set():
                pass
            failing = ""
        except (LedgerError, ViewsError) as error:
            if failing != str(error):
                failing = str(error)
                work.interrupted(error.code, failing)
        except Exception as error:  # noqa: BLE001  the thread must not die unseen; the next round begins from what was saved
            if failing != repr(error):
                failing = repr(error)
                work.failed(error)
        woken.wait(work.longest_nap)
        woken.clear()  # before the next look at what there is, and at whether to stop
