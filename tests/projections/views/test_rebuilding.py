"""Rebuilt beside the live rows and switched; a new version by itself; killed at any point nothing lost or repeated."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from msgspec.structs import replace

from events.fact import AnyFact
from events.ledger.memory import MemoryLedger
from events.ledger.port import Proposal
from events.sqlite.ledger import SqliteLedger
from events.sqlite.reader import open_reader
from projections.policy.policy import shipped_policy
from projections.view_rows.steps import Changes, Position
from projections.views.catalogue import VIEWS
from projections.views.countersigns import COUNTERSIGNS
from projections.views.documents import DOCUMENTS
from projections.views.query import Query
from projections.views.roster import ROSTER
from projections.views.view import OfCase, Row
from services.backlog import Backlog
from services.stores.views_places import FolderPlace, ViewsPlace, views_place
from services.views.asking import AskedBy, ask
from services.views.feeding import FeedingViews, lags
from tests.bench.long_histories import long_facts
from tests.postgres_server import PostgresServer
from tests.projections.views.view_scene import ViewScene, stored_rows
from tests.rulebooks.kinds.histories import fact

ROUNDS = int(os.environ.get("TAIZHANG_ROUNDS", "3"))
PROJECT = Path(__file__).parents[3]
FACTS = 800
FED = """
import sys, structlog
from pathlib import Path
from events.sqlite.reader import open_reader
from services.views.feeding import FeedingViews
from services.stores.views_places import views_place
structlog.configure(processors=[structlog.processors.JSONRenderer()], logger_factory=structlog.ReturnLoggerFactory())
folder = Path(sys.argv[1])
place = views_place(folder, sys.argv[2] if len(sys.argv) > 2 else None)
feeding = FeedingViews(place.rows(), open_reader(folder / "ledger.sqlite"), None, batch=30)
print("open", flush=True)
while feeding.advance():
    pass
"""


def asked(number: int) -> AnyFact:
    given = {"kind": "opinion", "about": "matter/m-1", "sponsor": "u-housing", "form": "online"}
    return fact("countersign.requested", f"countersign/cs-{number}", "2026-09-28", departments=["u-land"], **given)


def test_the_live_rows_answer_until_the_rebuilt_ones_have_caught_up_and_are_the_same(scene: ViewScene) -> None:
    scene.views = {COUNTERSIGNS.name: COUNTERSIGNS}
    scene.record(*[asked(number) for number in range(9)])
    scene.feeding = scene.fed_by(4)
    scene.feeding.catch_up()
    before, rows = scene.rows.live("countersigns"), scene.stored("countersigns")
    scene.feeding.rebuild(["countersigns"])
    scene.feeding.advance()
    assert scene.rows.live("countersigns") == before
    assert [build.state for build in scene.rows.builds()] == ["live", "beside"]
    scene.feeding.catch_up()
    after = scene.rows.live("countersigns")
    assert before is not None
    assert after is not None
    assert (after.number > before.number, scene.stored("countersigns")) == (True, rows)
    assert [build.state for build in scene.rows.builds()] == ["live"]


def test_a_view_of_another_version_is_rebuilt_by_itself_and_the_old_one_answers_meanwhile(scene: ViewScene) -> None:
    scene.views = {COUNTERSIGNS.name: COUNTERSIGNS}
    scene.record(*[asked(number) for number in range(9)])
    scene.fed_by(100).catch_up()
    described = replace(COUNTERSIGNS.description, version=2, columns=COUNTERSIGNS.description.columns[1:])
    kept = tuple(one for one in described.filters if one.column != "countersign")
    newer = dataclasses.replace(COUNTERSIGNS, description=replace(described, filters=kept))
    scene.views = {newer.name: newer}
    feeding = scene.fed_by(4)
    scene.record(asked(9))
    feeding.advance()
    meanwhile = scene.ask("countersigns", Query(filters={"countersign": ("countersign/cs-3",)}))
    assert (meanwhile.version, meanwhile.as_of, len(meanwhile.rows)) == (1, 9, 1)
    feeding.catch_up()
    switched = scene.ask("countersigns", Query())
    assert (switched.version, switched.as_of, len(switched.rows)) == (2, 10, 10)
    assert "countersign" not in switched.rows[0]


def test_a_view_that_is_no_more_is_dropped(scene: ViewScene) -> None:
    scene.record(asked(1))
    scene.feeding.catch_up()
    scene.views = {COUNTERSIGNS.name: COUNTERSIGNS}
    scene.fed_by(100).catch_up()
    assert [build.description.name for build in scene.rows.builds()] == ["countersigns"]


def test_two_that_feed_the_same_rows_take_each_step_once(scene: ViewScene) -> None:
    scene.record(*[asked(number) for number in range(40)])
    one, other = scene.fed_by(3), scene.fed_by(5)
    while one.advance() + other.advance():
        pass
    assert len(scene.stored("countersigns")) == 40
    assert scene.ask("overview", Query(filters={"measure": ("opinions_asked",)})).rows[0]["number"] == 40


class InterruptedLedger(MemoryLedger):
    """Lets somebody else do something before a district is read from its beginning."""

    meanwhile: Callable[[], object] = staticmethod(lambda: None)

    def read(
        self, district: str, after: int = 0, limit: int = 1_000, passing_over: Collection[str] = ()
    ) -> list[AnyFact]:
        if after == 0:
            self.meanwhile()
        return super().read(district, after, limit, passing_over)


def test_the_live_rows_go_on_though_another_process_takes_the_step_of_a_build_beside(place: ViewsPlace) -> None:
    ledger = InterruptedLedger()
    scene = ViewScene(place, views={COUNTERSIGNS.name: COUNTERSIGNS}, ledger=ledger)
    scene.record(*[asked(number) for number in range(9)])
    scene.feeding.catch_up()
    scene.feeding.rebuild(["countersigns"])
    (beside,) = [one for one in scene.rows.builds() if one.state == "beside"]
    other = place.rows()
    ledger.meanwhile = lambda: other.save(beside, "xinzhou", Position(), Position(1), Changes({}))
    scene.record(asked(9))
    scene.fed_by(100).advance()
    assert scene.ask("countersigns", Query()).as_of == 10
    assert scene.rows.position(beside, "xinzhou") == Position(1)
    other.close()
    scene.rows.close()


def test_a_view_that_fails_keeps_none_of_the_others_from_going_on(scene: ViewScene) -> None:
    def fails(_case: str, _facts: object) -> list[Row]:
        raise ZeroDivisionError

    broken = dataclasses.replace(DOCUMENTS, of_case=OfCase(frozenset({"countersign"}), fails))
    scene.views = {view.name: view for view in (broken, COUNTERSIGNS)}
    scene.record(asked(1))
    feeding = scene.fed_by(100)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            feeding.advance()
    assert [scene.ask(name, Query()).as_of for name in ("countersigns", "documents")] == [1, 0]


def test_the_lag_of_each_view_is_told_in_facts_and_seconds(scene: ViewScene) -> None:
    scene.views = {COUNTERSIGNS.name: COUNTERSIGNS}
    scene.record(asked(1))
    feeding = scene.fed_by(100)
    feeding.catch_up()
    scene.record(asked(2), asked(3))
    recorded = scene.ledger.head("xinzhou").recorded_at
    assert recorded is not None
    backlog, now = Backlog(recorded), recorded.replace(minute=recorded.minute + 1)
    assert lags(scene.rows, scene.ledger, backlog, now) == [("countersigns", "xinzhou", 2, 60.0)]
    feeding.catch_up()
    assert lags(scene.rows, scene.ledger, backlog, now) == [("countersigns", "xinzhou", 0, 0.0)]


def test_killed_at_any_point_the_views_go_on_without_loss_or_repeat(tmp_path: Path) -> None:
    fed_though_killed(tmp_path, None)


def test_killed_at_any_point_the_views_in_postgres_go_on_without_loss_or_repeat(
    tmp_path: Path, postgres_server: PostgresServer
) -> None:
    database = postgres_server.new_database()
    fed_though_killed(tmp_path, database)
    postgres_server.drop_database(database)


def fed_though_killed(tmp_path: Path, database: str | None) -> None:
    seed = os.environ.get("TAIZHANG_SEED") or str(random.randrange(10**9))
    sys.stdout.write(f"TAIZHANG_SEED={seed} TAIZHANG_ROUNDS={ROUNDS}\n")
    choice = random.Random(seed)
    facts = long_facts("xinzhou", FACTS)
    with SqliteLedger(tmp_path / "ledger.sqlite") as ledger:
        ledger.record([Proposal(facts=(one,), recorded_at=one.recorded_at) for one in facts], facts[-1].recorded_at)
    for _ in range(ROUNDS):
        command = [sys.executable, "-c", FED, str(tmp_path), *([database] if database else [])]
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=PROJECT) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"open\n"
            time.sleep(choice.uniform(0.02, 0.6))
            process.kill()
    (tmp_path / "anew").mkdir()
    reader = open_reader(tmp_path / "ledger.sqlite")
    with views_place(tmp_path, database).rows() as rows, FolderPlace(tmp_path / "anew").rows() as anew:
        FeedingViews(rows, reader, None).catch_up()
        FeedingViews(anew, reader, None).catch_up()
        live = {build.description.name: build for build in rows.builds()}
        fresh = {build.description.name: build for build in anew.builds()}
        assert live.keys() == fresh.keys() == VIEWS.keys()
        for name, build in live.items():
            assert stored_rows(rows, build, "xinzhou") == stored_rows(anew, fresh[name], "xinzhou")
    reader.close()


def test_a_process_of_an_older_version_leaves_the_view_to_the_newer(scene: ViewScene) -> None:
    newer = dataclasses.replace(COUNTERSIGNS, description=replace(COUNTERSIGNS.description, version=2))
    scene.views = {newer.name: newer}
    scene.record(asked(1))
    scene.fed_by(100).catch_up()
    scene.views = {COUNTERSIGNS.name: COUNTERSIGNS}
    older = scene.fed_by(100)
    scene.record(asked(2))
    older.catch_up()
    assert [(build.description.version, build.state) for build in scene.rows.builds()] == [(2, "live")]
    assert scene.ask("countersigns", Query()).as_of == 1


def test_a_view_switched_between_two_looks_at_which_build_answers_is_found_all_the_same(
    scene: ViewScene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.views = {COUNTERSIGNS.name: COUNTERSIGNS}
    scene.record(asked(1))
    scene.feeding.catch_up()
    with scene.place.rows(writable=False) as reading:
        read = reading.database.read

        def read_and_switch(statement: str, *parameters: object) -> list[Any]:
            monkeypatch.undo()
            found = read(statement, *parameters)
            feeding = scene.fed_by(10)
            feeding.rebuild(scene.views)
            feeding.catch_up()
            return found

        monkeypatch.setattr(reading.database, "read", read_and_switch)
        found = reading.live("countersigns")
    assert found is not None
    assert found == scene.rows.live("countersigns")


def test_whoever_asks_while_views_are_rebuilt_and_switched_is_answered_each_time(scene: ViewScene) -> None:
    scene.views = {view.name: view for view in (COUNTERSIGNS, ROSTER)}
    scene.record(*[asked(number) for number in range(20)])
    feeding = scene.fed_by(100)
    feeding.catch_up()
    switching = Event()

    def switch() -> None:
        for _ in range(8):
            feeding.rebuild(scene.views)
            feeding.catch_up()
        switching.set()

    answered = 0
    with ThreadPoolExecutor() as beside, scene.place.rows(writable=False) as read:
        switched = beside.submit(switch)
        by = AskedBy(now=dt.datetime(2026, 10, 1, tzinfo=dt.UTC), policy=shipped_policy())
        while not switching.is_set() or not answered:
            found = ask(read, scene.ledger, "countersigns", "xinzhou", Query(limit=20), by)
            assert (found.as_of, len(found.rows)) == (20, 20)
            answered += 1
        switched.result()
