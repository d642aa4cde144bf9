"""A database that goes away between the first connection and the end of the opening is awaited like one that is away.

The window is sure: a proxy lets some connections of a process pass and holds the next one, the server is stopped, and
only then is what was held let go.
"""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from events.postgres.ledger import PostgresLedger
from tests.local_broker import LocalBroker
from tests.postgres_server import own_server
from tests.services.holding_proxy import holding_proxy
from tests.services.streams.chaos import free_ports
from tests.services.streams.prepared import prepared, status
from tests.services.streams.system import running, wait_until


class Part(NamedTuple):
    """A command, and how many of its connections pass: the first only asks whether the database is there."""

    command: str
    passing: int


PARTS = {
    "api": Part("serve", 1),
    "api-with-ledger": Part("serve", 3),
    "relay": Part("relay", 1),
    "relay-with-ledger": Part("relay", 2),
    "worker": Part("worker", 1),
}


def test_every_part_waits_for_a_database_that_goes_while_it_opens_and_then_goes_on(
    tmp_path: Path, kafka: LocalBroker, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ports = dict(zip(PARTS, free_ports(len(PARTS)), strict=True))
    with ExitStack() as opened:
        server = opened.enter_context(own_server())
        settings = prepared(tmp_path, server.url, kafka, topic, monkeypatch.setenv)
        PostgresLedger(server.url).close()  # makes the ledger, which a relay would wait for
        proxies = {part: opened.enter_context(holding_proxy(server.url, one.passing)) for part, one in PARTS.items()}
        system = opened.enter_context(running(tmp_path, settings, ""))
        client = opened.enter_context(httpx.Client(timeout=60))
        for part, one in PARTS.items():
            system.taizhang(
                part,
                one.command,
                TAIZHANG_DATABASE=proxies[part].database,
                TAIZHANG_PORT=str(ports[part]),
                TAIZHANG_ACCESS=str(tmp_path / f"{part}-access"),
            )

        for part, proxy in proxies.items():
            assert proxy.holds.wait(120), part
        server.act("stop")
        for proxy in proxies.values():
            proxy.let_go()
        for part in PARTS:
            wait_until(lambda of=part: status(client, ports[of], "/v1/health") == 200, f"{part} is alive")  # type: ignore[misc]  # bound now
            assert status(client, ports[part], "/v1/ready") == 503
        server.act("start")
        for part in PARTS:
            wait_until(lambda of=part: status(client, ports[of], "/v1/ready") == 200, f"{part} is ready")  # type: ignore[misc]  # bound now
            told = [json.loads(line)["event"] for line in system.log(part).splitlines() if line.startswith("{")]
            said = [event for event in told if event.startswith("database.")]
            assert (set(said[:-1]), said[-1]) == ({"database.away_at_start"}, "database.found"), part
            assert system.stop(part) == 0
