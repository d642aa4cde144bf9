"""How fast facts are recorded and read back, each beside what it is measured against."""

from __future__ import annotations

import asyncio
import datetime as dt
import math
import sqlite3
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from threading import Thread
from typing import NamedTuple
from uuid import UUID, uuid4

import orjson
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from events.countersign import CountersignReplied
from events.fact import Actor, AnyFact, Case, Fact
from events.ledger.group_commit import GroupCommit
from events.ledger.port import Histories, Outcome, Proposal, Recorded, Refused
from events.moment import Moment
from events.sqlite.ledger import SqliteLedger

DISTRICT = "xinzhou"
CASES = 2_000
WRITTEN = 8_000
SAVED = 1_000
ROUNDS = 3
READ = 50_000
MANY = 256
FEW = 16


class Timed(NamedTuple):
    """How long each caller waited, and how many were served a second."""

    waits: Sequence[float]
    rate: float

    def milliseconds(self, share: float) -> float:
        """Return the wait that a share of the callers did not exceed."""
        return round(1_000 * sorted(self.waits)[math.ceil(share * len(self.waits)) - 1], 2)


NEVER = Timed((), 0.0)


def _speed(timed: Timed) -> float:
    return timed.rate


def bench_recording() -> list[dict[str, object]]:
    """Record replies through group commit, decided and sealed, beside one save of the library a command.

    All four take turns, since a shared machine is not equally fast all the time; the best of each counts.
    """
    saves, few, threads, many = 0.0, NEVER, NEVER, NEVER
    for _ in range(ROUNDS):
        saves = max(saves, _save_rate())
        few = max(few, asyncio.run(_by_tasks(FEW)), key=_speed)
        threads = max(threads, _by_threads(FEW), key=_speed)
        many = max(many, asyncio.run(_by_tasks(MANY)), key=_speed)
    return [
        _compared("ledger.record.16_callers", few, saves, goal=4),
        _compared("ledger.record.16_threads", threads, saves, goal=4),
        _compared("ledger.record.256_in_flight", many, saves, goal=6),
    ]


def bench_reading() -> dict[str, object]:
    """Read a log as typed facts, beside SQLite rows decoded by orjson alone."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.sqlite"
        with SqliteLedger(path) as ledger:
            for start in range(0, READ, 1_000):
                ledger.record([proposal(number) for number in range(start, start + 1_000)], now())
            rate = baseline = 0.0
            for _ in range(2 * ROUNDS):
                rate = max(rate, _rate(lambda: sum(len(page) for page in _pages(ledger))))
                baseline = max(baseline, _rate(lambda: _read_plainly(path)))
    return {
        "name": "ledger.read",
        "n": READ,
        "rate": round(rate),
        "unit": "facts/s",
        "baseline": "sqlite3 + orjson.loads",
        "baseline_rate": round(baseline),
        "ratio": round(rate / baseline, 2),
        "goal": "100000 facts/s or ratio 0.5",
    }


class Countersign(Aggregate):
    """The same reply as an aggregate of the library, saved one command at a time."""

    @event("Requested")
    def __init__(self) -> None:
        self.replies: list[str] = []

    @event("Replied")
    def reply(self, department: str, stance: str) -> None:
        self.replies.append(f"{department} {stance}")


def _compared(name: str, timed: Timed, baseline: float, *, goal: float) -> dict[str, object]:
    return {
        "name": name,
        "n": len(timed.waits),
        "rate": round(timed.rate),
        "unit": "facts/s",
        "p50_ms": timed.milliseconds(0.50),
        "p99_ms": timed.milliseconds(0.99),
        "baseline": "eventsourcing app.save a command, SQLite",
        "baseline_rate": round(baseline),
        "ratio": round(timed.rate / baseline, 1),
        "goal": goal,
    }


def _save_rate() -> float:
    with tempfile.TemporaryDirectory() as folder:
        app = Application[UUID](
            {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(Path(folder) / "library.sqlite")}
        )
        began = time.perf_counter()
        for _ in range(SAVED):
            app.save(Countersign())
        seconds = time.perf_counter() - began
        app.close()
    return SAVED / seconds


def _by_threads(callers: int) -> Timed:
    with tempfile.TemporaryDirectory() as folder, SqliteLedger(Path(folder) / "ledger.sqlite") as ledger:
        proposals = [proposal(number) for number in range(WRITTEN)]
        waits: list[float] = []
        with GroupCommit(ledger, now) as commit:
            shares = [proposals[caller::callers] for caller in range(callers)]
            threads = [Thread(target=_call, args=(commit.record, share, waits)) for share in shares]
            began = time.perf_counter()
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            return Timed(waits, len(waits) / (time.perf_counter() - began))


def _call(record: Callable[[Proposal], Outcome], proposals: Sequence[Proposal], waits: list[float]) -> None:
    for proposal in proposals:
        began = time.perf_counter()
        _expect_recorded(record(proposal))
        waits.append(time.perf_counter() - began)


async def _by_tasks(in_flight: int) -> Timed:
    with tempfile.TemporaryDirectory() as folder, SqliteLedger(Path(folder) / "ledger.sqlite") as ledger:
        proposals = iter([proposal(number) for number in range(WRITTEN)])
        waits: list[float] = []
        with GroupCommit(ledger, now) as commit:
            began = time.perf_counter()
            await asyncio.gather(*(caller_of(commit.record_soon, proposals, waits) for _ in range(in_flight)))
            return Timed(waits, len(waits) / (time.perf_counter() - began))


async def caller_of(
    record: Callable[[Proposal], Awaitable[Outcome]], proposals: Iterator[Proposal], waits: list[float]
) -> None:
    for proposal in proposals:
        began = time.perf_counter()
        _expect_recorded(await record(proposal))
        waits.append(time.perf_counter() - began)


def _expect_recorded(outcome: Outcome) -> None:
    if not isinstance(outcome, Recorded):
        message = f"not recorded: {outcome}"
        raise TypeError(message)


def proposal(number: int) -> Proposal:
    return Proposal(facts=(reply_of(number),), decide=_not_too_many)


def _not_too_many(histories: Histories) -> Refused | None:
    """Decide as recording does: from the history of the case."""
    if any(len(facts) > WRITTEN for facts in histories.values()):
        message = "more replies than facts"
        raise ValueError(message)
    return None


def reply_of(number: int) -> AnyFact:
    return Fact(
        id=uuid4(),
        district=DISTRICT,
        type="countersign.replied.v1",
        subject=Case(kind="countersign", id=f"cs-{number % CASES}"),
        occurred_at=Moment("2026-09-29"),
        recorded_at=now(),
        origin="recorded",
        actor=Actor(person="p-luo", post="post-land-head", unit="u-land"),
        classification="internal",
        data=CountersignReplied(
            department="u-land", stance="agree_with_changes", opinion="分两年安排", signed_by="p-luo"
        ),
    )


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _pages(ledger: SqliteLedger) -> Iterator[list[AnyFact]]:
    after = 0
    while page := ledger.read(DISTRICT, after, 1_000):
        yield page
        after = page[-1].sequence


def _read_plainly(path: Path) -> int:
    connection = sqlite3.connect(path)
    count = sum(1 for (state,) in connection.execute("SELECT state FROM stored_events") if orjson.loads(state))
    connection.close()
    return count


def _rate(read: Callable[[], int]) -> float:
    began = time.perf_counter()
    count = read()
    return count / (time.perf_counter() - began)
