"""Tables, worker, relay and APIs are brought to the next version one after another, while facts are recorded all along.

The next version is a copy of the program with one migration more, a field more in a fact, and another way to judge.
"""

from __future__ import annotations

import datetime as dt
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from threading import Event, Thread
from typing import Any

import httpx
import orjson
import psycopg
import pytest

from events.moment import TIME_ZONE
from tests.bench.served import request_of
from tests.local_broker import LocalBroker
from tests.postgres_server import PostgresServer
from tests.services.streams.chaos import free_ports, token_for
from tests.services.streams.prepared import prepared
from tests.services.streams.system import PROJECT, System, running, wait_until, wait_while_it_runs

DISTRICT = "xinzhou"
DAY = "2025-09-22"
APIS = ("api-1", "api-2")
PARTS = {**dict.fromkeys(APIS, "serve"), "relay": "relay", "worker": "worker"}
REPLY = "xinzhou/28.2-reply"
SAYS = {"serve": "serve.ready", "relay": "relay.began", "worker": "worker.assigned"}
LONGEST = 60.0
NEXT_VERSION = {
    "events/countersign.py": (
        "version: Annotated[Text",
        'urgent: Annotated[bool | UnsetType, says("急件", "Whether urgent.")] = UNSET\n    version: Annotated[Text',
    ),
    "services/judging.py": ('engine = version("taizhang")', 'engine = version("taizhang") + "-next"'),
}
"""What the next version says instead, by file."""


@pytest.fixture
def next_version(tmp_path: Path) -> Path:
    """Return the folder of the next version."""
    folder = tmp_path / "next-version"
    for package in ("events", "rulebooks", "projections", "services"):
        shutil.copytree(PROJECT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name, (said, says) in NEXT_VERSION.items():
        text = (folder / name).read_text(encoding="utf-8")
        assert text.count(said) == 1, name
        (folder / name).write_text(text.replace(said, says), encoding="utf-8")
    (folder / "events/postgres/migrations/0002-next.sql").write_text("CREATE TABLE of_the_next_version (number int);")
    return folder


class Office:
    """Hands facts in to one API after the other, again and again until one takes it; `taken` are their cases."""

    def __init__(self, addresses: list[str], client: httpx.Client) -> None:
        self.taken: list[str] = []
        self._addresses = addresses
        self._client = client

    def record(self, address: str, case: str, **more: object) -> bool:
        """Hand a request in that was due long ago; tell whether it was taken."""
        line: dict[str, Any] = request_of(case, DAY)
        line["data"] |= more
        try:
            answer = self._client.post(
                f"{address}/v1/districts/{DISTRICT}/facts", json=line, headers={"Idempotency-Key": case}
            )
        except httpx.TransportError:
            return False
        if answer.is_success:
            self.taken.append(case)
        return answer.is_success

    def asked(self, address: str, case: str) -> httpx.Response:
        """Ask for the facts of a case."""
        return self._client.get(f"{address}/v1/districts/{DISTRICT}/cases/countersign/{case}")

    @contextmanager
    def recording(self) -> Iterator[None]:
        """Record one request after another while the block runs."""
        stopping = Event()

        def record_on() -> None:
            for number in count():
                for attempt in count():
                    if self.record(self._addresses[(number + attempt) % len(self._addresses)], f"cs-{number}"):
                        break
                    stopping.wait(0.1)
                if stopping.wait(0.2):
                    return

        thread = Thread(target=record_on, daemon=True)
        thread.start()
        try:
            yield
        finally:
            stopping.set()
            thread.join(LONGEST)
            assert not thread.is_alive(), f"the last request is not recorded: {self.taken[-3:]}"


@contextmanager
def office_of(addresses: list[str], token: str) -> Iterator[Office]:
    with httpx.Client(headers={"Authorization": f"Bearer {token}"}, timeout=60) as client:
        yield Office(addresses, client)


class Installation:
    """The parts of a distributed system, each of the version that runs or of the next one."""

    def __init__(self, system: System, next_version: Path) -> None:
        self.system = system
        self.ports = dict(zip(APIS, free_ports(len(APIS)), strict=True))
        self._next = next_version

    def address(self, api: str) -> str:
        return f"http://127.0.0.1:{self.ports[api]}"

    def begin(self, part: str, command: str, *, of_next: bool = False) -> None:
        """Start a part; of the next version under a name that says so."""
        port = str(self.ports.get(part, 0))
        own = {"TAIZHANG_PORT": port, "TAIZHANG_ACCESS": str(self.system.folder / f"{part}-access")}
        if of_next:
            program = (sys.executable, "-P", "-m", "services.cli")
            self.system.start(f"{part}-next", *program, command, PYTHONPATH=str(self._next), **own)
        else:
            self.system.taizhang(part, command, **own)

    def wait_for(self, part: str, command: str) -> None:
        """Wait until a part does its work."""
        wait_while_it_runs(self.system, part, lambda: SAYS[command] in self.system.log(part), SAYS[command])

    def exchange(self, part: str, command: str) -> None:
        """Stop a part and start that of the next version."""
        assert self.system.stop(part) == 0
        self.begin(part, command, of_next=True)
        self.wait_for(f"{part}-next", command)

    def run_next(self, command: str) -> int:
        """Run a command of the next version, and return its exit code."""
        self.begin(command, command, of_next=True)
        return self.system.ended(f"{command}-next")


class Recorded:
    """What is on record, read past the program: the version of the test does not know every fact of the next one."""

    def __init__(self, connection: psycopg.Connection[tuple[bytes]]) -> None:
        self._connection = connection

    def requests(self) -> Counter[str]:
        """Count the requests by their case."""
        return Counter(fact["subject"]["id"] for fact in self._facts("countersign.requested.v1"))

    def alerts(self) -> Counter[str]:
        """Count the alerts that no answer came, by the case."""
        raised = (fact["data"] for fact in self._facts("alert.raised.v1"))
        return Counter(one["about"].partition("/")[2] for one in raised if one["rule"] == REPLY)

    def _facts(self, type_: str) -> Iterator[dict[str, Any]]:
        for (state,) in self._connection.execute("SELECT state FROM stored_events WHERE topic = %s", [type_]):
            yield orjson.loads(state)


def test_a_new_version_takes_over_part_by_part_while_facts_are_recorded_and_no_alert_is_lost_or_twice(
    tmp_path: Path,
    kafka: LocalBroker,
    topic: str,
    postgres_server: PostgresServer,
    next_version: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    database = postgres_server.new_ledger_database()
    settings = prepared(tmp_path, database, kafka, topic, monkeypatch.setenv)
    token = token_for(tmp_path, frozenset({DISTRICT}), dt.datetime.now(TIME_ZONE))
    with running(tmp_path, settings, "real") as system, psycopg.connect(database, autocommit=True) as connection:
        whole, recorded = Installation(system, next_version), Recorded(connection)
        for part, command in PARTS.items():
            whole.begin(part, command)
        for part, command in PARTS.items():
            whole.wait_for(part, command)
        with office_of([whole.address(api) for api in APIS], token) as office:

            def goes_on(where: str) -> None:
                """Record a request by the first API, and wait for its alert."""
                assert office.record(whole.address("api-1"), where)
                wait_until(lambda: recorded.alerts()[where] > 0, f"the alert about {where}", nap=0.2)

            with office.recording():
                goes_on("before")
                assert whole.run_next("migrate") == 0, system.log("migrate-next")
                goes_on("with-new-tables")
                for part in ("worker", "relay", "api-1"):
                    whole.exchange(part, PARTS[part])
                    goes_on(f"with-new-{part}")
                assert office.record(whole.address("api-1"), "urgent", urgent=True)
                unknown = office.asked(whole.address("api-2"), "urgent")
                whole.exchange("api-2", "serve")
                known = office.asked(whole.address("api-2"), "urgent")
            wait_until(lambda: len(recorded.alerts()) == len(office.taken), "an alert about each request", nap=0.2)
            assert recorded.requests() == recorded.alerts() == Counter(office.taken)
        assert (unknown.status_code, unknown.json()["code"]) == (503, "ledger.unknown_form")
        assert (known.status_code, known.json()["facts"][0]["data"]["urgent"]) == (200, True)
        whole.begin("too-late", "serve")
        assert system.ended("too-late") == 2
        assert "database.newer_schema" in system.log("too-late")
        assert whole.run_next("verify") == 0, system.log("verify-next")
