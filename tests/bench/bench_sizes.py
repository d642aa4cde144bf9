"""How many bytes a fact takes: in the ledger's tables, in the write-ahead log, in state and views, in a message."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final, LiteralString

import psycopg

from events.fact import AnyFact
from services.logs.logging import set_up_logging
from services.messages.cloud_event import message_of
from tests.bench import bench_worker
from tests.bench.long_histories import long_facts

BEFORE: Final = 4_000
"""Facts that are there before anything is counted: empty tables and indexes take room as well."""
MORE: Final = 12_000
QUESTIONS: Final[dict[str, LiteralString]] = {
    "facts": "SELECT count(*) FROM stored_events",
    "ledger": "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relname = 'stored_events'",
    "ledger.without_indexes": "SELECT sum(pg_table_size(oid)) FROM pg_class WHERE relname = 'stored_events'",
    "watch": (
        "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE c.relkind = 'r' AND n.nspname LIKE 'taizhang_watch%'"
    ),
    "views": (
        "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE c.relkind = 'r' AND n.nspname LIKE 'taizhang_views%'"
    ),
    "written_ahead": "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')",
}


def bench_sizes() -> list[dict[str, object]]:
    """Record and judge a district, then more of it, and ask the server by how much its tables grew in between."""
    set_up_logging(sys.stderr, "error")
    facts = long_facts(bench_worker.DISTRICT, BEFORE + MORE)
    server = bench_worker.DEPLOY / "postgres" / "server"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        its = Path(folder) / "postgres"
        started = subprocess.run([server, "start", its], check=True, capture_output=True, text=True)
        try:
            return _measured(bench_worker.Servers(started.stdout.strip().splitlines()[-1], ""), facts)
        finally:
            subprocess.run([server, "clean", its], check=False, capture_output=True)


def _measured(servers: bench_worker.Servers, facts: list[AnyFact]) -> list[dict[str, object]]:
    database = bench_worker.database_of(servers)
    bench_worker.caught_up(database, facts[:BEFORE])
    before = {name: _asked(database, question) for name, question in QUESTIONS.items()}
    rate = bench_worker.caught_up(database, facts[BEFORE:])
    grown = {name: _asked(database, question) - before[name] for name, question in QUESTIONS.items()}
    recorded = grown.pop("facts")
    messages = [message_of(fact) for fact in facts[BEFORE:]]
    length = sum(len(one.value) + sum(len(name) + len(value) for name, value in one.headers) for one in messages)
    sizes = {f"sizes.{name}": size / recorded for name, size in grown.items()} | {"sizes.message": length / MORE}
    return [
        {"name": name, "n": recorded, "rate": round(size), "unit": "bytes a fact"} for name, size in sizes.items()
    ] + [
        {"name": "sizes.alert_facts", "n": MORE, "rate": round(1_000 * (recorded - MORE) / MORE), "unit": "for 1,000"},
        {"name": "sizes.judged_and_fed", "n": MORE, "rate": round(rate), "unit": "facts/s"},
    ]


def _asked(database: str, question: LiteralString) -> int:
    with psycopg.connect(database, autocommit=True) as connection:
        row = connection.execute(question).fetchone()
    assert row is not None
    return int(row[0])
