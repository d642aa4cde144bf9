"""How fast facts are recorded into PostgreSQL and verified there, each beside what it is measured against.

The server is one of deploy/postgres, fsync on; client and server share the cores of this machine.
"""

from __future__ import annotations

import asyncio
import re
import subprocess
import tempfile
import time
from pathlib import Path
from uuid import UUID

import psycopg
from eventsourcing.application import Application
from psycopg.conninfo import conninfo_to_dict

from events.ledger.group_commit import GroupCommit
from events.postgres.ledger import PostgresLedger
from events.postgres.reader import open_postgres_reader
from events.printing import stored_bytes
from tests.bench import bench_ledger as embedded
from tests.postgres_server import SCRIPTS, PostgresServer, own_server

WRITTEN = 6_000
SAVED = 300
ROUNDS = 3
VERIFIED = 60_000
PGBENCH_SECONDS = 4
PGBENCH_CLIENTS = 16


def bench_recording() -> list[dict[str, object]]:
    """Record replies through group commit, decided and sealed, beside one save a command and bare single-row inserts.

    All take turns, since a shared machine is not equally fast all the time; the best of each counts.
    """
    saves, rows, few, many = 0.0, 0.0, embedded.NEVER, embedded.NEVER
    with own_server() as server:
        for _ in range(ROUNDS):
            saves = max(saves, _save_rate(server))
            rows = max(rows, _row_rate(server))
            few = max(few, asyncio.run(_by_tasks(server, embedded.FEW)), key=_speed)
            many = max(many, asyncio.run(_by_tasks(server, embedded.MANY)), key=_speed)
    save, row = "eventsourcing app.save a command, PostgreSQL", f"pgbench single rows, {PGBENCH_CLIENTS} clients"
    return [
        _compared("postgres.record.16_callers", few, save, saves, goal=3),
        _compared("postgres.record.256_in_flight", many, save, saves, goal=8),
        _compared("postgres.record.16_callers.of_bare_rows", few, row, rows, goal=0.15),
        _compared("postgres.record.256_in_flight.of_bare_rows", many, row, rows, goal=0.45),
    ]


def bench_verifying() -> dict[str, object]:
    """Verify a district in PostgreSQL: every row fetched, every leaf and root computed again."""
    with own_server() as server:
        database = server.new_ledger_database()
        with PostgresLedger(database) as ledger:
            for start in range(0, VERIFIED, 1_000):
                ledger.record([embedded.proposal(number) for number in range(start, start + 1_000)], embedded.now())
        rate = 0.0
        with open_postgres_reader(database) as reader:
            for _ in range(ROUNDS):
                began = time.perf_counter()
                found = reader.verify(embedded.DISTRICT)
                rate = max(rate, found.facts / (time.perf_counter() - began))
    return {
        "name": "postgres.verify",
        "n": VERIFIED,
        "rate": round(rate),
        "unit": "facts/s",
        "goal": "40000 facts/s",
    }


def _compared(name: str, timed: embedded.Timed, what: str, baseline: float, *, goal: float) -> dict[str, object]:
    return {
        "name": name,
        "n": len(timed.waits),
        "rate": round(timed.rate),
        "unit": "facts/s",
        "p50_ms": timed.milliseconds(0.50),
        "p99_ms": timed.milliseconds(0.99),
        "baseline": what,
        "baseline_rate": round(baseline),
        "ratio": round(timed.rate / baseline, 2),
        "goal": goal,
    }


def _speed(timed: embedded.Timed) -> float:
    return timed.rate


def _save_rate(server: PostgresServer) -> float:
    given = conninfo_to_dict(server.new_database())
    names = {"DBNAME": "dbname", "HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password"}
    settings = {f"POSTGRES_{name}": str(given[key]) for name, key in names.items()}
    app = Application[UUID]({"PERSISTENCE_MODULE": "eventsourcing.postgres", **settings})
    began = time.perf_counter()
    for _ in range(SAVED):
        app.save(embedded.Countersign())
    seconds = time.perf_counter() - began
    app.close()
    return SAVED / seconds


def _row_rate(server: PostgresServer) -> float:
    """Insert rows of a fact's size, one a transaction, by the server's own tool."""
    database = server.new_database()
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("CREATE TABLE facts (id bigserial PRIMARY KEY, state bytea)")
    address = "postgresql://{user}:{password}@{host}:{port}/{dbname}".format(**conninfo_to_dict(database))
    programs = subprocess.run([SCRIPTS / "programs"], check=True, capture_output=True, text=True).stdout.strip()
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "insert.sql"
        script.write_text("INSERT INTO facts (state) VALUES (decode(repeat('5a', :size), 'hex'));\n", encoding="utf-8")
        size = len(stored_bytes(embedded.reply_of(0)))
        command: list[str | Path] = [
            Path(programs) / "pgbench",
            "-n",
            "-M",
            "prepared",
            "-D",
            f"size={size}",
            "-f",
            script,
        ]
        load = ["-c", str(PGBENCH_CLIENTS), "-j", "2", "-T", str(PGBENCH_SECONDS), address]
        said = subprocess.run([*command, *load], check=True, capture_output=True, text=True).stdout
    found = re.search(r"tps = ([\d.]+)", said)
    if found is None:
        raise ValueError(said)
    return float(found[1])


async def _by_tasks(server: PostgresServer, in_flight: int) -> embedded.Timed:
    with PostgresLedger(server.new_ledger_database()) as ledger:
        proposals = iter([embedded.proposal(number) for number in range(WRITTEN)])
        waits: list[float] = []
        with GroupCommit(ledger, embedded.now) as commit:
            began = time.perf_counter()
            await asyncio.gather(*(embedded.caller_of(commit.record_soon, proposals, waits) for _ in range(in_flight)))
            return embedded.Timed(waits, len(waits) / (time.perf_counter() - began))
