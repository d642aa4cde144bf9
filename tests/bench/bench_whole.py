"""How long it takes from a call of the API, or from a due moment, to the alert: every part in a process of its own.

Two APIs, relay and standby, two workers, broker and database run as `deploy/local` runs them, on the cores of this
machine, together with who calls and who looks. An alert counts from the moment it can be read in the ledger.
"""

from __future__ import annotations

import datetime as dt
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from threading import Event, Thread
from typing import Any, NamedTuple

import httpx

from events.alert import AlertRaised
from events.ledger.port import Proposal
from events.moment import TIME_ZONE
from events.parsing import Defaults, complete, parse
from events.postgres.ledger import PostgresLedger
from events.postgres.reader import PostgresReader, open_postgres_reader
from services.logs.logging import set_up_logging
from tests.services.streams.chaos import APIS, Province, province, token_for

DISTRICT = "xinzhou"
NOW = dt.datetime(2025, 9, 29, 9, tzinfo=TIME_ZONE)
AFTER_DUE = dt.datetime(2025, 10, 14, 9, tzinfo=TIME_ZONE)
CALLERS = 16
CALLS = 1_500
SECONDS = 30
ONE_IN = 5
"""One call in so many breaks a rule at once; the others open an obligation."""
DUE_AT_ONCE = 10_000
LONGEST = 600.0

Line = dict[str, Any]


class Spread(NamedTuple):
    """How long things took, in seconds."""

    p50: float
    p95: float
    p99: float


def bench_whole() -> list[dict[str, object]]:
    """Find what the system bears, call it half as often, and let many things be due at once."""
    set_up_logging(sys.stderr, "error")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, _whole(Path(folder)) as whole:
        token = token_for(Path(folder), frozenset({DISTRICT}), NOW)
        with open_postgres_reader(os.environ["TAIZHANG_DATABASE"]) as reader:
            with _looking(reader) as seen:
                callers = _Callers(whole, token, seen)
                callers.call(200, 0.0)
                borne = callers.call(CALLS, 0.0)
                half = borne.rate / 2
                spread = callers.call(round(half * SECONDS), half).spread
            due = _due_at_once(whole, reader)
    return [
        {
            "name": "whole.alert_after_call.half_load",
            "n": round(half * SECONDS),
            "rate": round(half),
            "unit": "calls/s",
            "bears": round(borne.rate),
            **{f"{name}_ms": round(seconds * 1_000) for name, seconds in spread._asdict().items()},
            "goal": "p99 under 1000 ms",
        },
        {
            "name": "whole.due_at_once",
            "n": DUE_AT_ONCE,
            "rate": round(DUE_AT_ONCE / due.p99),
            "unit": "alerts/s",
            **{f"{name}_s": round(seconds, 1) for name, seconds in due._asdict().items()},
            "goal": "all within 60 s",
        },
    ]


class Called(NamedTuple):
    """What came of some calls: how many a second, alerts included, and how long each alert took from its call."""

    rate: float
    spread: Spread


class _Callers:
    """Calls the APIs in turn, each fact with a case of its own."""

    def __init__(self, whole: Province, token: str, seen: Mapping[str, float]) -> None:
        self._apis = cycle([f"http://127.0.0.1:{whole.ports[one]}" for one in APIS])
        self._token = token
        self._seen = seen
        self._called = 0

    def call(self, calls: int, rate: float) -> Called:
        """Call so often, at a rate or else as fast as the answers come, and wait for every alert."""
        first, self._called = self._called, self._called + calls
        began = time.perf_counter()
        told: dict[str, float] = {}

        def one(number: int) -> None:
            line = _line(first + number)
            due = began + number / rate if rate else time.perf_counter()
            time.sleep(max(0.0, due - time.perf_counter()))
            if number % ONE_IN == 0:
                told[f"cost/{line['subject']['id']}"] = due if rate else time.perf_counter()
            answer = client.post(
                f"{next(self._apis)}/v1/districts/{DISTRICT}/facts",
                json=line,
                headers={"authorization": f"Bearer {self._token}"},
            )
            if answer.status_code != httpx.codes.CREATED:
                raise RuntimeError(answer.text)

        with httpx.Client(timeout=60) as client, ThreadPoolExecutor(CALLERS) as threads:
            list(threads.map(one, range(calls)))
        _wait_until(lambda: all(about in self._seen for about in told))
        last = max(self._seen[about] for about in told)
        return Called(calls / (last - began), _spread([self._seen[about] - at for about, at in told.items()]))


def _due_at_once(whole: Province, reader: PostgresReader) -> Spread:
    """Open many obligations that end on the same day, let it pass, and return how long their alerts took."""
    facts = [
        parse(complete(_request(f"due-{number}"), 1, Defaults(district=DISTRICT))) for number in range(DUE_AT_ONCE)
    ]
    with PostgresLedger(os.environ["TAIZHANG_DATABASE"]) as ledger:
        for start in range(0, DUE_AT_ONCE, 500):
            ledger.record([Proposal(facts=(one,)) for one in facts[start : start + 500]], NOW)
    _wait_until(lambda: all(whole.is_ready(one) for one in ("worker-1", "worker-2", *APIS)))
    _wait_until(lambda: _judged(whole))
    with _looking(reader, reader.head(DISTRICT).sequence) as seen:
        began = time.perf_counter()
        whole.set_clock(AFTER_DUE)
        _wait_until(lambda: sum(one.startswith("countersign/due-") for one in tuple(seen)) == DUE_AT_ONCE)
        return _spread([at - began for about, at in seen.items() if about.startswith("countersign/due-")])


def _judged(whole: Province) -> bool:
    """Tell whether the watch and every view have come to the end of the ledger."""
    figures = [
        httpx.get(f"http://127.0.0.1:{whole.ports[one]}/v1/metrics", timeout=60).text
        for one in ("worker-1", "worker-2")
    ]
    lags = [
        line.rpartition(" ")[2]
        for text in figures
        for line in text.splitlines()
        if line.startswith(("taizhang_watch_lag_facts{", "taizhang_view_lag_facts{"))
    ]
    return bool(lags) and all(float(lag) == 0 for lag in lags)


@contextmanager
def _looking(reader: PostgresReader, after: int = 0) -> Iterator[dict[str, float]]:
    """Note when the alert about each thing can first be read, while the block runs."""
    seen: dict[str, float] = {}
    ended = Event()

    def look() -> None:
        position = after
        while not ended.is_set():
            page = reader.read(DISTRICT, position)
            now = time.perf_counter()
            for fact in page:
                if isinstance(fact.data, AlertRaised):
                    seen.setdefault(fact.data.about, now)
            position += len(page)
            if not page:
                ended.wait(0.005)

    thread = Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        ended.set()
        thread.join()


@contextmanager
def _whole(folder: Path) -> Iterator[Province]:
    """Run every part, for callers who are not held back."""
    before = dict(os.environ)
    os.environ["TAIZHANG_REQUESTS_A_SECOND"] = "1000000"
    folder.chmod(0o711)
    try:
        with province(folder, NOW, os.environ.__setitem__) as whole:
            whole.settle()
            yield whole
    finally:
        os.environ.clear()
        os.environ.update(before)


def _line(number: int) -> Line:
    return _cost(f"c-{number}") if number % ONE_IN == 0 else _request(f"cs-{number}")


def _cost(name: str) -> Line:
    """Return a cost of a meeting that was not planned: a breach by itself."""
    data = {"amount_wan": "1.2", "budget_line": None, "kind": "meeting", "planned": False, "unit": "u-justice"}
    return _fact("funds.cost_recorded.v1", "cost", name, "u-justice", data)


def _request(name: str) -> Line:
    data = {
        "kind": "opinion",
        "about": f"matter/{name}",
        "sponsor": "u-housing",
        "departments": ["u-land"],
        "form": "online",
    }
    return _fact("countersign.requested.v1", "countersign", name, "u-housing", data)


def _fact(kind: str, case: str, name: str, unit: str, data: Line) -> Line:
    return {
        "type": kind,
        "subject": {"kind": case, "id": name},
        "occurred_at": NOW.isoformat(),
        "actor": {"unit": unit},
        "data": data,
    }


def _spread(took: list[float]) -> Spread:
    cuts = statistics.quantiles(took, n=100, method="inclusive")
    return Spread(cuts[49], cuts[94], cuts[98])


def _wait_until(comes_true: Callable[[], bool]) -> None:
    until = time.monotonic() + LONGEST
    while not comes_true():
        if time.monotonic() > until:
            raise TimeoutError
        time.sleep(0.05)
