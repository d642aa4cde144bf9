"""How fast the views take facts and answer, measured alike wherever they are kept.

TAIZHANG_BENCH_FACTS sets how many facts are fed, TAIZHANG_BENCH_LENGTH how long the ledger is for whose rows the
questions are asked: where it is longer, the rows that were fed are copied under other cases until there are as many as
it would have. `make bench ARGS="views --large"` feeds a million and copies none.

Views are rebuilt as `taizhang views rebuild` does it: from 50,000 facts on by two processes, for fewer by one. Where
two did, `rebuilt.alone` tells how fast one is, as the service is when it rebuilds. Reading is measured anew before each
round, and the best of the rounds counts for each.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from random import Random
from typing import Final
from uuid import UUID, uuid5

from events.fact import AnyFact
from events.keys import MemoryKeys
from events.ledger.port import Ledger, Proposal
from events.moment import MICROSECONDS_A_DAY, instant_of
from projections.databases.views_database import ViewsDatabase
from projections.policy.policy import shipped_policy
from projections.saved.batch import Batch, Progress
from projections.saved.snapshot import Snapshot
from projections.view_rows.findings_feed import FindingsFeed
from projections.view_rows.history import keeps_history
from projections.view_rows.history_feeding import HistoryFeeding
from projections.view_rows.pages import page
from projections.view_rows.rows import ViewRows
from projections.view_rows.tables import RowWriter
from projections.views.catalogue import VIEWS
from projections.views.query import Query
from projections.views.view import Value
from projections.watch.shelf import Kept, Saved
from services.logs.logging import set_up_logging
from services.processes.collecting import collect_seldom
from services.stores.views_places import ViewsPlace
from services.views.asking import AskedBy, ask
from services.views.feeding import FeedingViews
from services.views.rebuilding import WORTH_SHARING, catch_up
from services.views.rebuilding_beside import Share
from tests.bench.as_known_measured import NOW, as_known, needed, percentile, timed
from tests.bench.long_histories import endless_facts, long_facts

DISTRICT: Final = "huancui"
FACTS: Final = int(os.environ.get("TAIZHANG_BENCH_FACTS", "10000"))
LENGTH: Final = int(os.environ.get("TAIZHANG_BENCH_LENGTH", "100000"))
HELD_IN_MEMORY: Final = 100_000
BATCH: Final = 1_000
MOST_OPEN: Final = 50_000
"""Obligations that run at the same time; more years do not mean more of them."""
QUESTIONS: Final = 400
GOAL_MS: Final = 50.0
GOAL_AS_KNOWN_MS: Final = 1_000.0
GOAL_OF_REBUILDING: Final = 1 / 3
ROUNDS: Final = 3
READING: Final = "reading the facts alone"
Result = dict[str, object]


def measured(name: str, ledger: Ledger, place: ViewsPlace, share: Share) -> list[Result]:
    """Feed all views from a long ledger, rebuild them beside, then ask them in many ways.

    `share` says where a second process finds ledger and views.
    """
    set_up_logging(sys.stderr, "error")
    collect_seldom()
    _recorded(ledger)
    read_alone = _rate(lambda: _read(ledger))
    with closing(place.watch()) as watch, place.rows() as rows:
        _find(watch, ledger)
        fed = _rate(FeedingViews(rows, ledger, FindingsFeed(watch)).catch_up)
        speeds = [
            _result(f"{name}.fed", fed, read_alone, "facts/s", READING, None),
            *_rebuilt(name, ledger, rows, FindingsFeed(watch), share),
        ]
        past = _as_known(name, ledger, place, read_alone, timed(_bare(rows)))
        _copy(rows, LENGTH // FACTS)
        return [*speeds, *past, *_asked(name, rows, ledger)]


def _rebuilt(name: str, ledger: Ledger, rows: ViewRows, findings: FindingsFeed, share: Share) -> list[Result]:
    """Rebuild all views, by turns as the command does and by one process, each time after reading the facts alone."""
    read_alone, rates = 0.0, {f"{name}.rebuilt": 0.0}
    if FACTS >= WORTH_SHARING:
        rates[f"{name}.rebuilt.alone"] = 0.0
    for _ in range(ROUNDS if FACTS <= HELD_IN_MEMORY else 1):
        read_alone = max(read_alone, _rate(lambda: _read(ledger)))
        for way, best in rates.items():
            feeding = FeedingViews(rows, ledger, findings)
            feeding.rebuild(VIEWS)
            command = partial(catch_up, feeding, list(VIEWS), share)
            rates[way] = max(best, _rate(feeding.catch_up if way.endswith("alone") else command))
    return [
        _result(way, rate, read_alone, "facts/s", READING, GOAL_OF_REBUILDING if way.endswith("rebuilt") else None)
        for way, rate in rates.items()
    ]


def _as_known(name: str, ledger: Ledger, place: ViewsPlace, read_alone: float, bare: list[float]) -> list[Result]:
    """Keep the history of the views, then ask each view as known on days drawn by lot; the slowest view decides."""
    with place.history() as history:
        kept = _rate(HistoryFeeding(history, ledger, views=VIEWS).catch_up)
        found = as_known(ledger, DISTRICT, {view: history for view, of in VIEWS.items() if keeps_history(of)})
    slowest = max(found, key=lambda one: percentile(found[one], 95))
    every = sorted(one for times in found.values() for one in times)
    return [
        _result(f"{name}.history", kept, read_alone, "facts/s", READING, None),
        _answered(f"{name}.as_known", every, bare, GOAL_AS_KNOWN_MS, FACTS),
        _answered(f"{name}.as_known.slowest ({slowest})", found[slowest], bare, GOAL_AS_KNOWN_MS, FACTS),
    ]


def _rate(does: Callable[[], object]) -> float:
    began = time.perf_counter()
    does()
    return FACTS / (time.perf_counter() - began)


def _read(ledger: Ledger) -> None:
    position = 0
    while facts := ledger.read(DISTRICT, position, BATCH):
        position = facts[-1].sequence


def _recorded(ledger: Ledger) -> None:
    batch: list[AnyFact] = []
    facts = long_facts(DISTRICT, FACTS) if FACTS <= HELD_IN_MEMORY else endless_facts(DISTRICT, FACTS)
    for fact in facts:
        batch.append(fact)
        if len(batch) == BATCH:
            _record(ledger, batch)
            batch = []
    _record(ledger, batch)


def _record(ledger: Ledger, batch: list[AnyFact]) -> None:
    proposals = [Proposal(facts=(fact,), recorded_at=fact.recorded_at) for fact in batch]
    if proposals:
        ledger.record(proposals, batch[-1].recorded_at)


def _find(watched: ViewsDatabase, ledger: Ledger) -> None:
    """Save open obligations as the watch would: one for every twenty facts up to a limit, over fifty units."""
    choice = Random(1)
    shelf = Snapshot(watched, ledger, DISTRICT)
    shelf.open_for("benchmark")
    space = UUID(int=7)
    standing: dict[tuple[str, str], tuple[Kept, ...]] = {
        ("huancui/28.2-reply", f"countersign/bench-{number}"): (
            Kept(
                rule="huancui/28.2-reply",
                subject=f"countersign/bench-{number}",
                trigger=uuid5(space, str(number)),
                state="open" if number % 10 else "not_determinable",
                party=f"u-{choice.randrange(50)}",
                due=instant_of(NOW) + choice.randrange(60) * MICROSECONDS_A_DAY,
                missing=() if number % 10 else ("received_at",),
            ),
        )
        for number in range(min(FACTS // 20, MOST_OPEN))
    }
    saved = Saved(standing=standing, links=(), extents={}, counts={})
    shelf.save(Batch(progress=Progress(FACTS, 0, reconciled=True), saved=saved))


def _copy(rows: ViewRows, times: int) -> None:
    """Double the rows under other cases until tables and indexes are as large as for a longer ledger, or larger.

    A roster does not grow with the facts.
    """
    for build in rows.builds():
        if build.sums is not None or build.description.name == "roster":
            continue
        cases = {one.name for one in build.description.columns if one.kind == "case" and not one.many}
        table, names = f"rows_{build.number}", RowWriter(build.description).columns
        listed = ", ".join(f'"{one}"' for one in names)
        for number in range((times - 1).bit_length()):
            shown = ", ".join(
                f"\"{one}\" || '-copy{number}'" if one in {"grp", "key"} | cases else f'"{one}"' for one in names
            )
            with rows.database.writing():
                copied = f"SELECT {shown} FROM {table}"  # noqa: S608  our own names
                rows.database.write(f"INSERT INTO {table} ({listed}) {copied}", [()])
        with rows.database.writing():
            rows.database.gauge(table)


def _asked(name: str, rows: ViewRows, ledger: Ledger) -> list[Result]:
    """Ask every view; the slowest kind of question decides."""
    by = AskedBy(now=NOW, policy=shipped_policy(), keys=MemoryKeys())
    questions = list(_questions(rows))
    for view, query in questions:
        ask(rows, ledger, view, DISTRICT, query, by)  # reads what is read once a process: rulebooks, descriptions
    each = [
        (f"{view} {' '.join(query.filters)}", timed(_asker(rows, ledger, view, query, by))) for view, query in questions
    ]
    bare = timed(_bare(rows))
    slowest = max(each, key=lambda one: percentile(one[1], 95))
    every = sorted(one for _, times in each for one in times)
    return [
        _answered(f"{name}.answer", every, bare),
        _answered(f"{name}.answer.slowest ({slowest[0].strip()})", slowest[1], bare),
    ]


def _asker(rows: ViewRows, ledger: Ledger, name: str, query: Query, by: AskedBy) -> Callable[[], object]:
    return lambda: ask(rows, ledger, name, DISTRICT, query, by)


def _questions(rows: ViewRows) -> Iterator[tuple[str, Query]]:
    """Yield for every view: its first page, one deep within, and one for each filter by a value that occurs."""
    choice = Random(2)
    for build in rows.builds():
        description = build.description
        by_need = needed(description)
        for order in description.orders:
            yield description.name, Query(filters=by_need, order=order.name)
        after = None
        some: list[dict[str, Value]] = []
        for _ in range(30):
            found = page(rows, build, DISTRICT, Query(filters=by_need, after=after))
            some += found.rows
            if (after := found.next) is None:
                break
        if after is not None:
            yield description.name, Query(filters=by_need, after=after)
        for one in description.filters:
            given = [row[one.column] for row in some if isinstance(row[one.column], str)]
            if given:
                yield description.name, Query(filters={**by_need, one.name: (str(choice.choice(given)),)})


def _bare(rows: ViewRows) -> Callable[[], object]:
    build = rows.live("countersigns")
    assert build is not None
    statement = (
        f"SELECT * FROM rows_{build.number} WHERE district = ? AND party = ? "  # noqa: S608  our own names
        "ORDER BY asked_at_at DESC, key DESC LIMIT 50"
    )
    return lambda: rows.database.read(statement, DISTRICT, "u-finance")


def _answered(name: str, times: list[float], bare: list[float], goal: float = GOAL_MS, length: int = LENGTH) -> Result:
    rate, baseline = 1000 * len(times) / sum(times), 1000 * len(bare) / sum(bare)
    shown = _result(name, rate, baseline, "pages/s", "a bare indexed select", goal, length)
    return {**shown, "p50_ms": round(percentile(times, 50), 2), "p99_ms": round(percentile(times, 99), 2)}


def _result(
    name: str, rate: float, baseline: float, unit: str, against: str, goal: float | None, length: int = FACTS
) -> Result:
    return {
        "name": name,
        "n": length,
        "rate": round(rate, 1),
        "unit": unit,
        "baseline": against,
        "baseline_rate": round(baseline, 1),
        "ratio": round(rate / baseline, 3),
        "goal": goal,
    }
