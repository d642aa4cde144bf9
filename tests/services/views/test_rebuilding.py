"""Views rebuilt by two processes have the rows of those fed all along, whatever becomes of the second."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from events.ledger.port import Ledger, Proposal
from events.postgres.ledger import PostgresLedger
from events.postgres.migrating import migrate_database
from events.sqlite.ledger import SqliteLedger
from projections.view_rows.rows import ViewRows
from projections.views.catalogue import VIEWS
from projections.views.timeline import TIMELINE
from services.stores.migrations import all_migrations
from services.stores.views_places import ViewsPlace, views_place
from services.views.feeding import FeedingViews
from services.views.rebuilding import begun, catch_up
from services.views.rebuilding_beside import LEFT_UNDONE, Share
from tests.bench.long_histories import long_facts
from tests.postgres_server import PostgresServer
from tests.projections.views.view_scene import Stored, stored_rows

XINZHOU = "xinzhou"
FACTS = 600
LATER = 60
OTHERS = tuple(name for name in VIEWS if name != TIMELINE.name)


class Kept(NamedTuple):
    """A ledger with its views, and where another process finds them."""

    ledger: Ledger
    place: ViewsPlace
    share: Share


def record(ledger: Ledger, first: int, last: int) -> None:
    facts = long_facts(XINZHOU, FACTS + LATER)[first:last]
    ledger.record([Proposal(facts=(one,), recorded_at=one.recorded_at) for one in facts], facts[-1].recorded_at)


@pytest.fixture(params=["files", "postgres"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kept]:
    if request.param == "files":
        with SqliteLedger(tmp_path / "ledger.sqlite") as ledger:
            yield kept_in(ledger, tmp_path, None)
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    database = server.new_database()
    migrate_database(database, all_migrations())
    with PostgresLedger(database) as ledger:
        yield kept_in(ledger, tmp_path, database)
    server.drop_database(database)


@pytest.fixture
def in_files(tmp_path: Path) -> Iterator[Kept]:
    with SqliteLedger(tmp_path / "ledger.sqlite") as ledger:
        yield kept_in(ledger, tmp_path, None)


def kept_in(ledger: Ledger, folder: Path, database: str | None) -> Kept:
    record(ledger, 0, FACTS)
    return Kept(ledger, views_place(folder, database), Share(str(folder), database))


def everything(rows: ViewRows) -> Mapping[str, Stored]:
    """Return every row of every live view; there must be no build beside."""
    builds = rows.builds()
    assert {one.state for one in builds} == {"live"}
    return {one.description.name: stored_rows(rows, one, XINZHOU) for one in builds}


@contextmanager
def being_rebuilt(kept: Kept) -> Iterator[tuple[ViewRows, FeedingViews, Mapping[str, Stored]]]:
    """Feed the views step by step, then begin to rebuild them; what they had is given too."""
    with kept.place.rows() as rows:
        FeedingViews(rows, kept.ledger, None, batch=100).catch_up()
        had = everything(rows)
        feeding = FeedingViews(rows, kept.ledger, None, batch=100)
        feeding.rebuild(VIEWS)
        yield rows, feeding, had


def test_two_processes_rebuild_the_rows_that_were_fed_and_tell_of_every_fact(kept: Kept) -> None:
    taken: list[int] = []
    with being_rebuilt(kept) as (rows, feeding, had):
        left = feeding.left()
        catch_up(feeding, list(VIEWS), kept.share, taken.append, worth=1)
        assert everything(rows) == had
    assert (left, sum(taken)) == (FACTS * len(VIEWS), FACTS * len(VIEWS))


def test_the_second_process_builds_and_switches_its_share_alone(in_files: Kept) -> None:
    taken: list[int] = []
    with being_rebuilt(in_files) as (rows, _, _), begun(in_files.share._replace(views=OTHERS), taken.append) as second:
        assert second.wait() == 0
        beside = [one.description.name for one in rows.builds() if one.state == "beside"]
    assert (beside, sum(taken)) == ([TIMELINE.name], FACTS * len(OTHERS))


def test_facts_that_come_meanwhile_are_in_the_rows_too(in_files: Kept) -> None:
    with being_rebuilt(in_files) as (rows, feeding, _):
        came = iter(range(FACTS, FACTS + LATER, 10))

        def more_come(_facts: int) -> None:
            for first in came:
                record(in_files.ledger, first, first + 10)
                return

        catch_up(feeding, list(VIEWS), in_files.share, more_come, worth=1)
        for _ in came:
            more_come(0)
        feeding.catch_up()
        rebuilt = everything(rows)
        feeding.rebuild(VIEWS)
        feeding.catch_up()
        assert everything(rows) == rebuilt


def test_what_a_second_process_that_is_killed_leaves_is_built_by_the_first(in_files: Kept) -> None:
    for after in (0, 1):
        with being_rebuilt(in_files) as (rows, feeding, had):
            taken: list[int] = []
            with begun(in_files.share._replace(views=OTHERS), taken.append) as second:
                while len(taken) < after:
                    second.listen()
                os.kill(second.id, signal.SIGKILL)
                assert second.wait() == -signal.SIGKILL
            catch_up(feeding, list(VIEWS), in_files.share)
            assert everything(rows) == had


def test_two_processes_that_feed_the_same_views_take_each_step_once(in_files: Kept) -> None:
    with being_rebuilt(in_files) as (rows, feeding, had):
        with begun(in_files.share._replace(views=tuple(VIEWS)), lambda _facts: None) as second:
            while any(one.state == "beside" for one in rows.builds()):
                feeding.advance()
            assert second.wait() == 0
        assert everything(rows) == had


def test_a_second_process_that_finds_no_ledger_leaves_all_to_the_first(in_files: Kept, tmp_path: Path) -> None:
    elsewhere = Share(str(tmp_path / "nowhere"), None)
    with begun(elsewhere, lambda _facts: None) as second:
        assert second.wait() == LEFT_UNDONE
    with being_rebuilt(in_files) as (rows, feeding, had):
        catch_up(feeding, list(VIEWS), elsewhere, worth=1)
        assert everything(rows) == had
