"""One history through the embedded system and through PostgreSQL, relay, Kafka and workers: the same, fact for fact.

One worker is killed on the way, another one comes, a third leaves in good order.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import NamedTuple

import psycopg
import pytest

from events.ledger.port import Ledger
from events.postgres.ledger import PostgresLedger
from services.messages.partitions import partition_of
from tests.local_broker import LocalBroker
from tests.postgres_server import PostgresServer
from tests.services.streams.lived import all_facts, facts_of, injected, live_embedded, month, record, standing
from tests.services.streams.prepared import prepared
from tests.services.streams.system import System, running, wait_until

DISTRICTS = ("xinzhou", "huancui")
PARTITIONS = 2
SEED, BREACHES = 1, 8
LONGEST_TAKE_OVER = 30.0
"""Seconds from a kill -9 until what was recorded then is judged by another worker."""


class Bench(NamedTuple):
    """A database, a topic and the processes between them; their clock is a file."""

    database: str
    system: System
    ledger: Ledger

    def set_clock(self, now: dt.datetime) -> None:
        path = self.system.folder / "clock"
        path.with_suffix(".new").write_text(now.isoformat(), encoding="ascii")
        path.with_suffix(".new").rename(path)

    def judged(self) -> dict[str, int]:
        """Return how far the watch of each district was saved."""
        with psycopg.connect(self.database) as connection:
            schemas = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'taizhang_watch_%'")
            for (schema,) in schemas.fetchall():
                connection.execute("SELECT set_config('search_path', %s, false)", [schema])
                return dict(connection.execute("SELECT district, position FROM progress").fetchall())
        return {}

    def wait_for(self, heads: dict[str, int]) -> None:
        """Wait until each district has come so far, and has judged all of it."""
        for district, head in heads.items():
            if head:
                wait_until(
                    lambda name=district, upto=head: self.ledger.head(name).sequence == upto == self.judged().get(name),  # type: ignore[misc]  # bound now
                    f"{district} {head}: {self.ledger.head(district).sequence} {self.judged()}",
                )


@pytest.fixture
def bench(
    tmp_path: Path, kafka: LocalBroker, topic: str, postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Bench]:
    database = postgres_server.new_ledger_database()
    folder = tmp_path / "distributed"
    folder.mkdir()
    settings = prepared(folder, database, kafka, topic, monkeypatch.setenv, PARTITIONS)
    with running(folder, settings, f"at:{folder / 'clock'}") as system, PostgresLedger(database) as ledger:
        yield Bench(database, system, ledger)
    postgres_server.drop_database(database)


def test_embedded_and_distributed_give_the_same_ledger_whatever_becomes_of_workers(
    bench: Bench, tmp_path: Path
) -> None:
    assert {partition_of(one, PARTITIONS) for one in DISTRICTS} == set(range(PARTITIONS))
    years = {district: month(district, SEED, BREACHES) for district in DISTRICTS}
    facts = [fact for district, year in years.items() for fact in facts_of(district, year)]
    steps, embedded = live_embedded(tmp_path / "embedded", facts, max(year.last_day for year in years.values()))
    bench.set_clock(steps[0].at)
    bench.system.taizhang("relay", "relay")
    for name in ("worker-1", "worker-2"):
        bench.system.clocked(name, "worker")
    killed_at, left_at = len(steps) // 3, 2 * len(steps) // 3
    taken_over = 0.0
    for number, step in enumerate(steps):
        bench.set_clock(step.at)
        bench.wait_for(step.before)
        if number == left_at:
            bench.system.clocked("worker-3", "worker")
            wait_until(lambda: "worker.assigned" in bench.system.log("worker-3"), "worker-3 gets its share")
            assert bench.system.stop("worker-2") == 0
        began = monotonic()
        if number == killed_at:
            bench.system.kill("worker-1")
        record(bench.ledger, step.facts)
        bench.wait_for(step.after)
        taken_over = monotonic() - began if number == killed_at else taken_over
    distributed = {district: all_facts(bench.ledger, district) for district in DISTRICTS}
    assert distributed == embedded
    assert {one: standing(found) for one, found in distributed.items()} == {
        one: injected(year) for one, year in years.items()
    }
    assert taken_over < LONGEST_TAKE_OVER
    for name in ("worker-1", "worker-2", "worker-3"):
        assert "watch.began" in bench.system.log(name)
        assert '"level": "error"' not in bench.system.log(name)
