"""What other versions of the program keep in the database is dropped once nobody works with it, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import orjson
import pytest

from events.ledger.memory import MemoryLedger
from projections.databases.views_database import ViewsMissingError
from projections.saved.batch import Progress
from projections.saved.leases import Leases
from projections.saved.snapshot import Snapshot
from projections.saved.watch_tables import WATCH
from projections.view_rows.rows import LAYOUT
from services.cli import main
from services.judging_program import edition_of, judging_program
from services.stores.views_places import ServerPlace
from tests.postgres_server import PostgresServer

OTHER = "0123456789ab"
XINZHOU = "xinzhou"
Discard = Callable[..., tuple[int, str]]


@pytest.fixture
def database(postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    conninfo = postgres_server.new_database()
    monkeypatch.setenv("TAIZHANG_DATABASE", conninfo)
    monkeypatch.setenv("TAIZHANG_DATA", str(tmp_path))
    yield conninfo
    postgres_server.drop_database(conninfo)


@pytest.fixture
def discard(capsys: pytest.CaptureFixture[str]) -> Discard:
    def run(*options: str) -> tuple[int, str]:
        code = main(["views", "discard", *options])
        return code, capsys.readouterr().out

    return run


def begun(place: ServerPlace) -> None:
    """Begin to judge a district, and make the tables of the rows."""
    with closing(place.watch()) as views, place.rows():
        lease = Leases(views).take(XINZHOU, "worker")
        Snapshot(views, MemoryLedger(), XINZHOU, lease=lease).open_for("rules")


def given_back(place: ServerPlace) -> None:
    with closing(place.watch()) as views:
        lease = Leases(views).of(XINZHOU)
        assert lease is not None
        Leases(views).release(lease)


def schemas(edition: str) -> list[str]:
    return sorted(f"taizhang_{layout.name}_{layout.form}_{edition}" for layout in (WATCH, LAYOUT))


def test_what_another_version_keeps_stays_while_a_worker_holds_a_district_and_is_dropped_afterwards(
    database: str, discard: Discard
) -> None:
    own, other = ServerPlace(database), ServerPlace(database, edition=OTHER)
    for place in (own, other):
        begun(place)
    code, said = discard("--json")
    (held,) = orjson.loads(said)["editions"]
    assert held.pop("bytes") > 0
    assert (code, held) == (1, {"edition": OTHER, "schemas": schemas(OTHER), "held": 1, "discarded": False})
    given_back(other)
    code, said = discard()
    assert (code, said.startswith("已丢弃 discarded: ")) == (0, True)
    assert discard() == (0, "没有其他版本所存的 / no other version keeps anything\n")
    with pytest.raises(ViewsMissingError):
        other.watch(writable=False)
    with closing(own.watch(writable=False)) as views:
        assert Snapshot(views, MemoryLedger(), XINZHOU).progress_for("rules") == Progress()


def test_two_versions_judge_beside_each_other_and_neither_undoes_the_work_of_the_other(database: str) -> None:
    own, other = ServerPlace(database), ServerPlace(database, edition=OTHER)
    begun(own)
    with closing(other.watch()) as views:
        assert Leases(views).of(XINZHOU) is None
        assert Snapshot(views, MemoryLedger(), XINZHOU).progress_for("rules") is None


def test_what_was_kept_before_there_were_editions_is_dropped_too(database: str, discard: Discard) -> None:
    with closing(ServerPlace(database).watch()) as views:
        views.define("CREATE SCHEMA taizhang_watch_1")
        views.define("CREATE TABLE taizhang_watch_1.owners (district TEXT, owner TEXT, epoch BIGINT, until BIGINT)")
        views.define("CREATE SCHEMA taizhang_watchers")
    code, said = discard("--json")
    (dropped,) = orjson.loads(said)["editions"]
    assert (code, dropped["edition"], dropped["schemas"]) == (0, None, ["taizhang_watch_1"])
    assert discard() == (0, "没有其他版本所存的 / no other version keeps anything\n")


def test_in_files_there_is_nothing_to_discard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("TAIZHANG_DATABASE", raising=False)
    monkeypatch.setenv("TAIZHANG_DATA", str(tmp_path))
    assert main(["views", "discard"]) == 0
    assert capsys.readouterr() == (
        "",
        "单机的视图只有一份，没有可丢弃的 / views in files are kept once: nothing to discard\n",
    )


def test_the_edition_is_that_of_the_program_text(database: str) -> None:
    edition = edition_of(judging_program())
    with closing(ServerPlace(database).watch()) as views:
        found = views.read("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'taizhang%'")
    assert [name for (name,) in found] == [f"taizhang_{WATCH.name}_{WATCH.form}_{edition}"]
