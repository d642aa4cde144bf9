"""What only a database of views has to hold: a lost connection, several processes, two forms beside each other."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing

import psycopg
import pytest

from events.ledger.memory import MemoryLedger
from projections.databases.postgres_views import PostgresViews
from projections.databases.views_database import Layout, ViewsDatabase, ViewsError, ViewsMissingError
from projections.saved.batch import Batch, Progress
from projections.saved.snapshot import Snapshot
from projections.saved.watch_tables import WATCH
from projections.view_rows.rows import LAYOUT
from projections.views.catalogue import VIEWS
from services.stores.views_places import ServerPlace
from services.watching.district_watch import DistrictWatch
from services.watching.surroundings import Surroundings
from tests.postgres_server import PostgresServer
from tests.projections.kept import OneDatabase, Places
from tests.projections.playing import Direct, judging

XINZHOU = "xinzhou"


@pytest.fixture
def conninfo(postgres_database: str) -> str:
    with OneDatabase(postgres_database).anew():
        return postgres_database


def end_others(conninfo: str) -> None:
    """End every other connection to a database, as a failover does."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )


def write_and_lose_the_connection(views: PostgresViews, conninfo: str) -> None:
    with views.writing():
        views.write("UPDATE progress SET position = ?", [(7,)])
        end_others(conninfo)
        views.write("UPDATE progress SET hour = ?", [(7,)])


def test_a_connection_lost_in_a_transaction_keeps_nothing_of_it_and_the_next_call_has_a_new_one(conninfo: str) -> None:
    with closing(PostgresViews(conninfo)) as views:
        shelf = Snapshot(views, MemoryLedger(), XINZHOU)
        shelf.open_for("rules")
        with pytest.raises(ViewsError, match=r"views\.unusable"):
            write_and_lose_the_connection(views, conninfo)
        assert shelf.open_for("rules") == Progress()
        shelf.save(Batch(progress=Progress(8)))
        end_others(conninfo)
        with pytest.raises(ViewsError):
            shelf.open_for("rules")
        assert shelf.open_for("rules") == Progress(8)


def test_a_watch_whose_database_went_away_goes_on_from_what_was_saved(conninfo: str) -> None:
    ledger = MemoryLedger()
    direct = Direct(ledger, dt.datetime(2026, 9, 29, tzinfo=dt.UTC))
    with closing(PostgresViews(conninfo)) as views:
        watch = DistrictWatch(XINZHOU, judging(XINZHOU), Surroundings(ledger, direct, views, direct.clock))
        end_others(conninfo)
        ledger.record_clock(XINZHOU, direct.now, direct.now)
        with pytest.raises(ViewsError):
            watch.catch_up()
        watch.catch_up()
        assert watch.position == 1


def test_one_who_only_reads_is_answered_by_a_new_connection(conninfo: str) -> None:
    place = ServerPlace(conninfo)
    with closing(place.watch(writable=False)) as views:
        end_others(conninfo)
        assert views.read("SELECT count(*) FROM progress") == [(0,)]
        end_others(conninfo)
        with views.reading():
            assert views.read("SELECT count(*) FROM alerts") == [(0,)]


def test_many_that_open_it_at_once_make_the_tables_once(postgres_server: PostgresServer) -> None:
    database = postgres_server.new_database()
    place = ServerPlace(database)
    with pytest.raises(ViewsMissingError, match="taizhang serve"):
        place.watch(writable=False)
    with ThreadPoolExecutor(6) as beside, ExitStack() as opened:
        for views in beside.map(lambda _: place.watch(), range(6)):
            opened.callback(views.close)
            assert views.read("SELECT count(*) FROM progress") == [(0,)]
    postgres_server.drop_database(database)


def test_processes_of_two_forms_work_beside_each_other(conninfo: str) -> None:
    newer = Layout(WATCH.name, WATCH.form + 1, WATCH.schema)
    with closing(PostgresViews(conninfo)) as now, closing(PostgresViews(conninfo, layout=newer)) as then:
        for views, position in ((now, 3), (then, 1)):
            shelf = Snapshot(views, MemoryLedger(), XINZHOU)
            shelf.open_for("rules")
            shelf.save(Batch(progress=Progress(position)))
        found = [views.read("SELECT position FROM progress") for views in (now, then)]
        then.define(f"DROP SCHEMA taizhang_{newer.name}_{newer.form} CASCADE")
    assert found == [[(3,)], [(1,)]]


class NotThereError(Exception):
    """What a step was to follow is not there."""


def follow_nothing(views: ViewsDatabase, *statements: str) -> None:
    with views.writing():
        views.insert("extents", ("district", "subject", "until"), [(XINZHOU, "matter/m-1", 1)])
        views.change("UPDATE progress SET position = ? WHERE district = ?", (7, "nowhere"), NotThereError())
        for one in statements:
            views.write(one, [(7,)])


@pytest.mark.parametrize("statements", [(), ("UPDATE progress SET hour = ?",), ("UPDATE gone SET hour = ?",)])
def test_a_step_that_follows_nothing_says_so_whatever_comes_of_the_rest_and_keeps_nothing(
    places: Places, statements: tuple[str, ...]
) -> None:
    with places.anew() as place, closing(place.watch()) as views:
        with pytest.raises(NotThereError):
            follow_nothing(views, *statements)
        assert views.read("SELECT count(*) FROM extents") == [(0,)]
        with views.writing():
            views.insert("extents", ("district", "subject", "until"), [(XINZHOU, "matter/m-1", 1)])
        assert views.read("SELECT count(*) FROM extents") == [(1,)]


def test_no_password_stands_in_an_error(conninfo: str) -> None:
    wrong = psycopg.conninfo.make_conninfo(conninfo, dbname="nowhere", password="open-sesame")  # noqa: S106  an example
    with pytest.raises(ViewsError, match="nowhere") as refused:
        PostgresViews(wrong, layout=LAYOUT)
    assert "open-sesame" not in str(refused.value)


def test_texts_are_in_the_order_of_their_code_points_wherever_they_are_kept(places: Places) -> None:
    with places.anew() as place, closing(place.watch()) as views:
        subjects = ["a", "B", "é", "中", "-", "〔", "10", "9", "𠀀"]
        with views.writing():
            views.insert("extents", ("district", "subject", "until"), [(XINZHOU, one, 1) for one in subjects])
        found = [row[0] for row in views.read("SELECT subject FROM extents ORDER BY subject")]
        some = views.read(f"SELECT subject FROM extents WHERE {views.among('subject')} ORDER BY subject", ["中", "B"])  # noqa: S608  our own names
    assert (found, some) == (sorted(subjects), [("B",), ("中",)])


def test_several_who_complete_a_build_at_once_make_each_of_its_indexes_once(conninfo: str) -> None:
    place, together = ServerPlace(conninfo), 4
    with ExitStack() as opened, ThreadPoolExecutor(together) as threads:
        several = [opened.enter_context(place.rows()) for _ in range(together)]
        for view in VIEWS.values():
            several[0].begin(view)
            build = several[0].begin(view)
            assert build.state == "beside"
            list(threads.map(lambda rows: rows.complete(build), several))  # noqa: B023  all have come back here
