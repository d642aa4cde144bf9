"""A file of views that is opened for the first time by several at once."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from projections.databases.views_file import ViewsFile
from projections.saved.watch_tables import WATCH


def test_whoever_comes_second_keeps_the_tables_that_the_first_has_just_made(tmp_path: Path) -> None:
    path = tmp_path / "views.sqlite"
    first = sqlite3.connect(path, isolation_level=None)
    first.execute("PRAGMA journal_mode = WAL")
    first.execute("BEGIN IMMEDIATE")
    with ThreadPoolExecutor(1) as pool:
        second = pool.submit(ViewsFile, path)
        while not second.running():
            pass
        for statement in WATCH.schema.split(";\n"):
            first.execute(statement)
        first.execute("INSERT INTO owners VALUES ('xinzhou', 'worker-1', 1, 0)")
        first.execute(f"PRAGMA user_version = {WATCH.form}")
        first.execute("COMMIT")
        with second.result() as opened:
            assert opened.read("SELECT * FROM owners") == [("xinzhou", "worker-1", 1, 0)]
    first.close()


def test_many_may_open_a_new_file_at_once(tmp_path: Path) -> None:
    together = Barrier(8)

    def opened(number: int) -> int:
        together.wait()
        with ViewsFile(tmp_path / "views.sqlite") as views, views.writing():
            views.write("INSERT INTO owners VALUES (?, '', 0, 0)", [(f"district-{number}",)])
        return number

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(opened, range(8))) == list(range(8))
    with ViewsFile(tmp_path / "views.sqlite", writable=False) as views:
        assert views.read("SELECT count(*) FROM owners") == [(8,)]


def test_whoever_wants_to_write_waits_for_the_one_who_does(tmp_path: Path) -> None:
    with ViewsFile(tmp_path / "views.sqlite") as first, ViewsFile(tmp_path / "views.sqlite") as second:

        def write(views: ViewsFile, district: str) -> None:
            views.write("INSERT INTO owners VALUES (?, '', 0, 0)", [(district,)])

        def write_too() -> None:
            with second.writing():
                write(second, "yuanzhou")

        with ThreadPoolExecutor(1) as pool:
            with first.writing():
                write(first, "xinzhou")
                other = pool.submit(write_too)
                while not other.running():
                    pass
                write(first, "huancui")
            other.result()
        assert first.read("SELECT district FROM owners ORDER BY rowid") == [("xinzhou",), ("huancui",), ("yuanzhou",)]
