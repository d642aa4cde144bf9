"""The whole distributed system with every part in a process of its own that can be killed and comes back."""

from __future__ import annotations

import datetime as dt
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Thread
from time import sleep
from typing import NamedTuple

import httpx

from events.fact import AnyFact
from services.identity.caller import Caller
from services.identity.token_keys import LocalKey
from services.identity.tokens import issue
from services.recording.authorisation import EVERY_ROLE_OF_PEOPLE
from services.simulation.telling import Told
from tests.local_broker import LocalBroker, own_broker
from tests.postgres_server import PostgresServer, own_server
from tests.services.streams.prepared import prepared
from tests.services.streams.system import System, running, wait_until

APIS = ("api-1", "api-2")
PARTS = (*APIS, "relay-1", "relay-2", "worker-1", "worker-2")
SERVERS = ("kafka", "postgres")
PARTITIONS = 2
LONGEST_RESTART = 300.0
"""Seconds in which a part that was killed has to be started again; nothing is measured."""


class Spoken(NamedTuple):
    """A fact as it is handed in over HTTP, and as it then is."""

    told: Told
    fact: AnyFact


class Province:
    """Two APIs, a relay and its standby, two workers, a broker and a database, and a clock that is set."""

    def __init__(self, system: System, broker: LocalBroker, server: PostgresServer, ports: dict[str, int]) -> None:
        self.system = system
        self.broker = broker
        self.server = server
        self.ports = ports
        self._restarts: dict[str, Thread] = {}
        self._next_api = 0

    def set_clock(self, now: dt.datetime) -> None:
        """Let it be a moment, for all processes."""
        path = self.system.folder / "clock"
        path.with_suffix(".new").write_text(now.isoformat(), encoding="ascii")
        path.with_suffix(".new").rename(path)

    def begin(self, part: str) -> None:
        """Start a part."""
        own = {"TAIZHANG_PORT": str(self.ports[part]), "TAIZHANG_ACCESS": str(self.system.folder / f"{part}-access")}
        if part in APIS:
            self.system.clocked(part, "serve", **own)
        elif part.startswith("worker"):
            self.system.clocked(part, "worker", **own)
        else:
            self.system.taizhang(part, "relay", **own)

    def is_ready(self, part: str) -> bool:
        """Tell whether a part says that it keeps up."""
        try:
            return httpx.get(f"http://127.0.0.1:{self.ports[part]}/v1/ready", timeout=10).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    def kill(self, part: str, pause: float) -> None:
        """End a part as a crash would, and let it come back after a pause, while everything else goes on."""
        self._come_back(part)
        self._kill(part)

        def come_back() -> None:
            sleep(pause)
            self._begin(part)

        self._restarts[part] = Thread(target=come_back, daemon=True)
        self._restarts[part].start()

    def settle(self) -> None:
        """Wait until everything that was killed has come back."""
        for part in list(self._restarts):
            self._come_back(part)
        for part in PARTS:
            wait_until(lambda name=part: self.is_ready(name), f"{part}: {self.system.log(part)[-2000:]}", 180)  # type: ignore[misc]  # bound now

    def record(self, spoken: Spoken, token: str) -> str:
        """Hand a fact in until one of the APIs acknowledges it; return its id as acknowledged."""
        body = {**spoken.told.line, "id": str(spoken.fact.id)}
        said = ""
        for _ in range(600):
            part = APIS[self._next_api % len(APIS)]
            address = f"http://127.0.0.1:{self.ports[part]}/v1/districts/{spoken.fact.district}/facts"
            try:
                answer = httpx.post(address, json=body, headers={"Authorization": f"Bearer {token}"}, timeout=60)
            except httpx.TransportError as fault:
                said = repr(fault)
            else:
                if answer.status_code in {httpx.codes.OK, httpx.codes.CREATED}:
                    return str(answer.json()["receipts"][0]["id"])
                said = answer.text
                assert answer.is_server_error or answer.status_code == httpx.codes.TOO_MANY_REQUESTS, said
            self._next_api += 1
            sleep(0.2)
        raise AssertionError(said)

    def _come_back(self, part: str) -> None:
        restart = self._restarts.pop(part, None)
        if restart is not None:
            restart.join(LONGEST_RESTART)
            assert not restart.is_alive(), f"{part} was killed and has not come back"

    def _kill(self, part: str) -> None:
        if part == "kafka":
            self.broker.kill()
        elif part == "postgres":
            self.server.act("kill")
        else:
            self.system.kill(part)

    def _begin(self, part: str) -> None:
        if part == "kafka":
            self.broker.start()
        elif part == "postgres":
            self.server.act("start")
        else:
            self.begin(part)


@contextmanager
def province(folder: Path, first: dt.datetime, set_variable: Callable[[str, str], None]) -> Iterator[Province]:
    """Run all of it while the block runs; `set_variable` sets a variable of this process for so long."""
    with ExitStack() as opened:
        server = opened.enter_context(own_server())
        broker = opened.enter_context(own_broker(folder / "kafka"))
        database = server.new_ledger_database()
        settings = prepared(folder, database, broker, "facts", set_variable, PARTITIONS)
        system = opened.enter_context(running(folder, settings, f"at:{folder / 'clock'}"))
        found = Province(system, broker, server, dict(zip(PARTS, free_ports(len(PARTS)), strict=True)))
        found.set_clock(first)
        for part in PARTS:
            found.begin(part)
        yield found


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on."""
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(one.getsockname()[1]) for one in held]
    for one in held:
        one.close()
    return ports


def token_for(folder: Path, districts: frozenset[str], now: dt.datetime) -> str:
    """Return a token of somebody who may record all that people can."""
    caller = Caller(subject="p-tester", roles=EVERY_ROLE_OF_PEOPLE, districts=districts, unit="u-office")
    return issue(LocalKey(folder).secret, caller, now, dt.timedelta(days=366))
