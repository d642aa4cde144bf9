"""How soon the desk and what is missing of a whole district are shown as known at a moment long ago.

A district is recorded week by week and really judged, with every limit struck when it runs out. Beside it: reading as
many facts from the ledger as are told after the last step. TAIZHANG_BENCH_FACTS sets how many facts it has; what was
kept of the first fifty thousand is then doubled, under other cases, until it is as much as of so many.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from contextlib import ExitStack, closing
from itertools import islice
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

from events.ledger.port import LedgerReader, Proposal
from events.moment import datetime_of, instant_of
from events.sqlite.ledger import SqliteLedger
from events.sqlite.reader import open_reader
from projections.policy.policy import shipped_policy
from projections.replay.as_of import AsOf
from projections.view_rows.findings_feed import FindingsFeed
from projections.view_rows.history import STEP, ViewHistory
from projections.view_rows.history_feeding import HistoryFeeding
from projections.view_rows.past_feeding import PastFeeding
from projections.view_rows.rows import ViewRows
from projections.view_rows.tables import RowWriter
from projections.views.catalogue import VIEWS
from projections.views.query import Query
from services.logs.logging import set_up_logging
from services.processes.collecting import collect_seldom
from services.replay.basis import shipped_basis
from services.replay.indexing import Sources
from services.replay.view_as_of import ViewAsOf
from services.stores.views_places import FolderPlace
from services.views.asking import AskedBy
from services.views.feeding import FeedingViews
from services.watching.district_watch import DistrictWatch
from services.watching.surroundings import Surroundings
from tests.bench.as_known_measured import answered, percentile, timed
from tests.bench.long_histories import FACTS_A_WEEK, endless_facts
from tests.projections.playing import Direct

DISTRICT: Final = "huancui"
FACTS: Final = int(os.environ.get("TAIZHANG_BENCH_FACTS", "10000"))
JUDGED: Final = min(FACTS, 50_000)
LEDGER: Final = "ledger.sqlite"
ASKED: Final = ("desk", "missing")


class Lived(NamedTuple):
    """The moments at which a week was over and everything judged, and what judging took, in seconds."""

    weeks: list[AsOf]
    judging: float


def bench_desk_then() -> list[dict[str, object]]:
    """Let a district live, keep what was told of it, then ask for whole desks at ends of weeks drawn by lot."""
    set_up_logging(sys.stderr, "error")
    collect_seldom()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lived = _lived(folder)
        with ExitStack() as opened:
            place = FolderPlace(folder)
            ledger = opened.enter_context(closing(open_reader(folder / LEDGER)))
            watched = opened.enter_context(closing(place.watch()))
            rows, history = opened.enter_context(place.rows()), opened.enter_context(place.history())
            feed = FindingsFeed(watched)
            FeedingViews(rows, ledger, feed).builds()
            past = PastFeeding(rows, feed, ledger, views=VIEWS)
            began = time.process_time()
            while past.advance():
                pass
            keeping = time.process_time() - began
            beside = {name: VIEWS[name] for name in ("desk", "roster")}
            HistoryFeeding(history, ledger, views=beside).catch_up()
            held = _doubled(rows, history, FACTS // JUDGED)
            choice, basis = Random(5), shipped_basis(DISTRICT)
            sources = Sources(ledger, watched, rows)

            def ask(view: str, order: str) -> None:
                as_of = choice.choice(lived.weeks)
                by = AskedBy(now=datetime_of(as_of.hour), policy=shipped_policy())
                asking = ViewAsOf(ledger, basis, DISTRICT, as_of, history=history, sources=sources)
                assert asking.page_of_history(view, Query(order=order), by) is not None

            bare = timed(lambda: ledger.read(DISTRICT, choice.randrange(JUDGED), STEP))
            found = {
                f"{view}, {order.name}": timed(lambda view=view, order=order.name: ask(view, order))  # type: ignore[misc]  # bound as they are now
                for view in ASKED
                for order in VIEWS[view].description.orders
            }
            length = ledger.head(DISTRICT).sequence
            sizes = {one.name: round(one.stat().st_size / length) for one in folder.glob("*.sqlite")}
    slowest = max(found, key=lambda one: percentile(found[one], 95))
    every = sorted(one for times in found.values() for one in times)
    return [
        _done("desk_then.judged", length, lived.judging) | {"bytes_a_fact": sizes},
        _done("desk_then.kept", length, keeping) | {"rows": held},
        answered(FACTS, "desk_then.as_known", every, bare),
        answered(FACTS, f"desk_then.as_known.slowest ({slowest})", found[slowest], bare),
    ]


def _done(name: str, facts: int, seconds: float) -> dict[str, object]:
    return {"name": name, "n": facts, "rate": round(facts / seconds), "unit": "facts/s of processor time"}


def _doubled(rows: ViewRows, history: ViewHistory, times: int) -> int:
    """Double what is kept of the past under other cases; return how many rows of both views there are then."""
    of_alerts = history.of(VIEWS["desk"])
    assert of_alerts is not None
    kept = [(history.database, of_alerts.table, of_alerts.description)]
    kept += [
        (rows.database, f"past_{build.number}", build.description)
        for build in rows.builds()
        if build.description.name in ASKED
    ]
    held = 0
    for database, table, description in kept:
        names = [*RowWriter(description).columns, "known_from", "known_until"]
        listed = ", ".join(f'"{one}"' for one in names)
        for number in range((times - 1).bit_length()):
            others = {"grp", "key", "about"}
            shown = ", ".join(f"\"{one}\" || '-{number}'" if one in others else f'"{one}"' for one in names)
            with database.writing():
                database.write(f"INSERT INTO {table} ({listed}) SELECT {shown} FROM {table}", [()])  # noqa: S608  our own names
        held += database.read(f"SELECT COUNT(*) FROM {table}")[0][0]  # noqa: S608  the same
    return held


def _lived(folder: Path) -> Lived:
    """Record a district week by week, each judged before the next; what is recorded late is recorded at once here."""
    weeks: list[AsOf] = []
    judging = 0.0
    facts = endless_facts(DISTRICT, JUDGED)
    with SqliteLedger(folder / LEDGER) as ledger, closing(FolderPlace(folder).watch()) as watched:
        reader: LedgerReader = ledger
        direct: Direct | None = None
        watch: DistrictWatch | None = None
        while week := list(islice(facts, FACTS_A_WEEK)):
            now = week[-1].recorded_at
            ledger.record([Proposal(facts=(one,), recorded_at=one.recorded_at) for one in week], now)
            if direct is None or watch is None:
                direct = Direct(ledger, now)
                surroundings = Surroundings(reader, direct, watched, direct.clock)
                watch = DistrictWatch(DISTRICT, shipped_basis(DISTRICT).judging, surroundings)
            direct.now = now
            began = time.process_time()
            watch.catch_up()
            judging += time.process_time() - began
            weeks.append(AsOf(ledger.head(DISTRICT).sequence, instant_of(now)))
            if len(weeks) % 20 == 0:
                sys.stderr.write(f"判定 judged: {weeks[-1].through}\n")
    return Lived(weeks, judging)
