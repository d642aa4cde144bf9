"""How soon an alert is in the inbox of the real service: of a breach under load, and of 10,000 deadlines at once."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from threading import Event, Thread

import httpx

from events.moment import TIME_ZONE
from tests.bench.served import FACTS, Served, personal_paper, request_of, served

LOAD = 50
"""Facts a second that others record meanwhile."""
MEASURED = 200
DUE_AT_ONCE = 10_000
LOOKED_AT = 20
"""Of the deadlines that many are looked for in the inbox, spread over all; more would be a load of their own."""
ASKED = dt.date(2026, 9, 28)
DUE = dt.datetime(2026, 10, 11, tzinfo=TIME_ZONE)
"""The first moment after the five working days, over the National Day week."""


def bench_constraint_in_inbox_under_load() -> dict[str, object]:
    """Record breaches one after another while others record, and wait for each alert in the inbox over HTTP."""
    waits: list[float] = []
    today = dt.datetime.now(TIME_ZONE).date().isoformat()
    with served() as service, loaded(service, LOAD):
        for number in range(MEASURED + 1):
            case = f"paper-{number}"
            service.client.post(FACTS, json=personal_paper(case, today)).raise_for_status()
            began = time.perf_counter()
            while not service.is_in_inbox(f"document/{case}"):
                time.sleep(0.005)
            # The first one waits for the rulebook to be read.
            waits += [time.perf_counter() - began] if number else []
    return _said(f"serve.constraint_in_inbox.{LOAD}_a_second", waits, MEASURED, "p99 under 1000 ms")


def bench_deadlines_in_inbox() -> list[dict[str, object]]:
    """Let 10,000 replies fall due at one moment, and see when their alerts are in the inbox.

    Told too is how much processor time of the service that took, since a machine may have other things to do.
    """
    cases = [f"cs-{number}" for number in range(DUE_AT_ONCE)]
    with served(dt.datetime.combine(ASKED, dt.time(9), TIME_ZONE)) as service:
        service.record([request_of(case, ASKED.isoformat()) for case in cases])
        service.wait_until_judged()
        waiting = [f"countersign/{case}" for case in cases[:: DUE_AT_ONCE // LOOKED_AT]]
        waiting.append(f"countersign/{cases[-1]}")
        began, spent = time.perf_counter(), service.processor_seconds()
        service.set_clock(DUE)
        waits: list[float] = []
        for about in waiting:
            while not service.is_in_inbox(about):
                time.sleep(0.5)
            waits.append(time.perf_counter() - began)
        spent = service.processor_seconds() - spent
    return [
        _said("serve.deadlines_in_inbox", waits, DUE_AT_ONCE, "all within 60000 ms"),
        {
            "name": "serve.deadlines_in_inbox.processor_time",
            "n": DUE_AT_ONCE,
            "rate": round(DUE_AT_ONCE / spent, 1),
            "unit": "alerts a second of one processor",
            "p99_ms": round(1_000 * spent, 1),
            "goal": "60000 ms for all",
        },
    ]


@contextmanager
def loaded(service: Served, rate: float) -> Iterator[None]:
    """Let somebody else record so many facts a second while the block runs, whether or not they are answered soon."""
    stopping = Event()
    thread = Thread(target=_record_on, args=(service, rate, stopping))
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()


def _record_on(service: Served, rate: float, stopping: Event) -> None:
    today = dt.datetime.now(TIME_ZONE).date().isoformat()
    headers = {"authorization": f"Bearer {service.token}"}
    began = time.monotonic()
    with httpx.Client(base_url=service.address, headers=headers, timeout=120) as client:
        for number in count(1):
            client.post(FACTS, json=request_of(f"load-{number}", today)).raise_for_status()
            if stopping.wait(max(0.0, began + number / rate - time.monotonic())):
                return


def _said(name: str, waits: Sequence[float], n: int, goal: str) -> dict[str, object]:
    ordered = sorted(waits)
    return {
        "name": name,
        "n": n,
        "rate": round(n / ordered[-1] if n == DUE_AT_ONCE else n / sum(ordered), 1),
        "unit": "alerts/s",
        "p50_ms": round(1_000 * ordered[len(ordered) // 2], 1),
        "p99_ms": round(1_000 * ordered[len(ordered) * 99 // 100], 1),
        "goal": goal,
    }
