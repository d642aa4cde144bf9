"""Several that move the positions of the same views hold them in one order, so that none waits for another for ever."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import psycopg
import pytest

from projections.databases.postgres_views import schema_of
from projections.view_rows.rows import LAYOUT, Build, ViewRows
from projections.view_rows.steps import Changes, Position, PositionMovedError
from projections.views.catalogue import VIEWS
from services.judging_program import edition_of, judging_program
from tests.projections.kept import OneDatabase

DISTRICT = "xinzhou"
NAMES = ("countersigns", "documents", "tasks")
HERE, THERE = Position(3), Position(5)
Writes = Callable[[ViewRows, list[Build]], object]


@contextmanager
def held(conninfo: str, build: Build) -> Iterator[psycopg.Connection]:
    """Hold the position of one build while the block runs, as somebody in the middle of a step does."""
    with psycopg.connect(conninfo) as connection:
        schema = schema_of(LAYOUT, edition_of(judging_program()))
        connection.execute("SELECT set_config('search_path', %s, false)", [schema])
        connection.execute("SELECT 1 FROM positions WHERE build = %s FOR UPDATE", [build.number])
        yield connection
        connection.rollback()


def wait_until_so_many_wait(conninfo: str, expected: int) -> None:
    query = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' "
        "AND wait_event IN ('transactionid', 'tuple')"
    )
    until = time.monotonic() + 30
    with psycopg.connect(conninfo, autocommit=True) as connection:
        while connection.execute(query).fetchone() != (expected,):
            assert time.monotonic() < until, f"not {expected} wait for a row"
            time.sleep(0.01)


def moves(*expected: tuple[int, Position]) -> Writes:
    """Return what moves builds on by one, each from the position at which it is expected."""

    def move(rows: ViewRows, builds: list[Build]) -> None:
        rows.keep(
            [
                rows.laid_out(builds[place], DISTRICT, before, before._replace(facts=before.facts + 1), Changes({}))
                for place, before in expected
            ]
        )

    return move


def finds_anew(rows: ViewRows, _builds: list[Build]) -> None:
    rows.find_anew(DISTRICT)


def outcome(done: Future[object]) -> type[BaseException] | None:
    error = done.exception(timeout=30)
    return None if error is None else type(error)


@pytest.mark.parametrize(
    ("awaited", "first", "then", "expected"),
    [
        # The one awaits the second build, and the other has its first and third by then, and wants the second.
        (1, moves((1, THERE), (2, HERE)), moves((0, HERE), (2, HERE), (1, THERE)), [None, PositionMovedError]),
        # The one awaits the first build; where the other finds the rows in another order it has the rest by then.
        (0, moves((0, HERE), (1, THERE)), finds_anew, [None, None]),
    ],
)
def test_two_that_hold_positions_in_different_orders_do_not_wait_for_each_other(
    postgres_database: str, awaited: int, first: Writes, then: Writes, expected: list[type[BaseException] | None]
) -> None:
    with ExitStack() as opened, ThreadPoolExecutor(2) as beside:
        place = opened.enter_context(OneDatabase(postgres_database).anew())
        one, other = opened.enter_context(place.rows()), opened.enter_context(place.rows())
        builds = [one.begin(VIEWS[name]) for name in NAMES]
        for place_of, at in ((1, THERE), (2, HERE), (0, HERE)):
            one.save(builds[place_of], DISTRICT, Position(), at, Changes({}))
        with held(postgres_database, builds[awaited]):
            done = [beside.submit(first, one, builds)]
            wait_until_so_many_wait(postgres_database, 1)
            done.append(beside.submit(then, other, builds))
            wait_until_so_many_wait(postgres_database, 2)
        assert [outcome(future) for future in done] == expected
