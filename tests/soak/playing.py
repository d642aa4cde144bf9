"""A simulated year of every district lived by the real `taizhang serve`, a day in some seconds, while people read."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Final, NamedTuple

import httpx

from services.identity.caller import Caller
from services.identity.token_keys import LocalKey
from services.identity.tokens import issue
from services.recording.authorisation import EVERY_ROLE_OF_PEOPLE
from services.simulation.districts import DISTRICTS
from services.simulation.planning import plan
from services.simulation.telling import Told
from tests.services.process_tree import children_of
from tests.services.streams.system import System, running, wait_until
from tests.soak.flatness import Sample

SECONDS_A_DAY: Final = 10.0
"""A year lasts an hour."""
DAYS_A_BREACH: Final = 8
FEWEST_DAYS: Final = 31
READERS: Final = 2
PAUSE: Final = 0.1
"""Seconds a reader takes to look at what he asked for."""
ASKED: Final = {
    "desk": "/v1/districts/{0}/views/desk",
    "inbox": "/v1/districts/{0}/views/alerts?standing=raised",
    "overview": "/v1/districts/{0}/views/overview",
    "countersigns": "/v1/districts/{0}/views/countersigns",
    "page": "/pages/{0}/alerts",
    "ready": "/v1/ready",
}
_SERVE: Final = "serve"


class Spoken(NamedTuple):
    """A fact as somebody hands it in, and where."""

    district: str
    told: Told


class Waits:
    """How long requests took since it was looked last, by sort, in milliseconds."""

    def __init__(self) -> None:
        self._waits: dict[str, list[float]] = defaultdict(list)
        self._lock = Lock()
        self.faults: list[str] = []

    def ask(self, client: httpx.Client, sort: str, method: str, path: str, body: object = None) -> None:
        """Make a request; whatever the service cannot do is a fault, and so is what it refuses."""
        began = time.perf_counter()
        try:
            answer = client.request(method, path, json=body)
            said = "" if answer.is_success or sort == "ready" else answer.text
        except httpx.TransportError as fault:
            said = repr(fault)
        with self._lock:
            self._waits[sort].append(1_000 * (time.perf_counter() - began))
            if said:
                self.faults.append(f"{method} {path}: {said[:500]}")

    def taken(self) -> dict[str, Sequence[float]]:
        """Return the waits, and begin anew."""
        with self._lock:
            found, self._waits = self._waits, defaultdict(list)
        return dict(found)


def year_of(days: int, seed: int) -> list[Spoken]:
    """Return what is recorded in so many days of every district, in order."""
    told = [
        Spoken(name, one)
        for name, district in DISTRICTS.items()
        for one in plan(district, days, seed, days // DAYS_A_BREACH).told
    ]
    return sorted(told, key=lambda one: one.told.moment)


def played(folder: Path, seconds: float, between: float, seed: int) -> Iterator[Sample | str]:
    """Play for so long; give a sample every so many seconds, and each fault of the service as a text."""
    spoken = year_of(max(FEWEST_DAYS, int(seconds / SECONDS_A_DAY) + 1), seed)
    first = spoken[0].told.moment.replace(hour=0, minute=0, second=0, microsecond=0)
    began = time.time()
    clock = f"from:{first.date().isoformat()}:{began}:{86_400 / SECONDS_A_DAY}"
    with running(folder, {"TAIZHANG_LOG_LEVEL": "info", "TAIZHANG_REQUESTS_A_SECOND": "100000"}, clock) as system:
        process, address = _started(system)
        waits, stopping = Waits(), Event()
        headers = {"authorization": f"Bearer {_token(folder, first)}"}
        with httpx.Client(base_url=address, headers=headers, timeout=60) as client, _read(waits, client, stopping):
            clerk = Thread(target=_record, args=(waits, client, spoken, began, first, stopping))
            clerk.start()
            try:
                until, start = time.monotonic() + seconds, time.monotonic()
                while time.monotonic() < until:
                    time.sleep(between)
                    yield from waits.faults
                    waits.faults.clear()
                    yield _sample(process, time.monotonic() - start, waits)
            finally:
                stopping.set()
                clerk.join()


@contextmanager
def _read(waits: Waits, client: httpx.Client, stopping: Event) -> Iterator[None]:
    readers = [Thread(target=_read_on, args=(waits, client, stopping)) for _ in range(READERS)]
    for one in readers:
        one.start()
    try:
        yield
    finally:
        stopping.set()
        for one in readers:
            one.join()


def _read_on(waits: Waits, client: httpx.Client, stopping: Event) -> None:
    asked = cycle((sort, path.format(district)) for district in DISTRICTS for sort, path in ASKED.items())
    while not stopping.wait(PAUSE):
        waits.ask(client, *_get(*next(asked)))


def _get(sort: str, path: str) -> tuple[str, str, str]:
    return sort, "GET", path


def _record(
    waits: Waits, client: httpx.Client, spoken: Sequence[Spoken], began: float, first: dt.datetime, stopping: Event
) -> None:
    """Record each fact at its moment, or at once when it is late; every tenth is previewed first."""
    for number, (district, told) in enumerate(spoken):
        due = began + (told.moment - first).total_seconds() / 86_400 * SECONDS_A_DAY
        if stopping.wait(max(0.0, due - time.time())):
            return
        body = dict(told.line)
        if number % 10 == 0:
            waits.ask(client, "preview", "POST", f"/v1/districts/{district}/previews", body)
        waits.ask(client, "record", "POST", f"/v1/districts/{district}/facts", body)


def _started(system: System) -> tuple[int, str]:
    process = system.clocked(_SERVE, _SERVE)
    wait_until(lambda: "serve.ready" in system.log(_SERVE), "the service is ready")
    ready = next(line for line in system.log(_SERVE).splitlines() if "serve.ready" in line)
    return process, str(json.loads(ready)["address"])


def _token(folder: Path, now: dt.datetime) -> str:
    caller = Caller(subject="p-tester", roles=EVERY_ROLE_OF_PEOPLE, districts=frozenset(DISTRICTS), unit="u-office")
    return issue(LocalKey(folder).secret, caller, now - dt.timedelta(days=1), dt.timedelta(days=3_000))


def _sample(process: int, seconds: float, waits: Waits) -> Sample:
    """Return what the service holds, with the process that judges for it."""
    homes = [Path(f"/proc/{one}") for one in (process, *children_of(process))]
    held = [dict(line.split(":", 1) for line in _lines(home / "status")) for home in homes]
    return Sample(
        seconds=round(seconds, 1),
        memory_mb=round(sum(int(status["VmRSS"].split()[0]) for status in held) / 1024, 1),
        handles=sum(len(list((home / "fd").iterdir())) for home in homes),
        threads=sum(int(status["Threads"]) for status in held),
        waits=waits.taken(),
    )


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines()
