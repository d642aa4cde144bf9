"""A file of views that is opened for the first time by several at once."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from threading import Barrier
from time import sleep

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


_RECOVER_THE_LOG = """
import fcntl, sys
with open(sys.argv[1], "r+b", buffering=0) as index:
    fcntl.lockf(index, fcntl.LOCK_EX, 3, 120)  # the locks to write, to checkpoint and to recover
    index.write(bytes(96))  # both copies of the header, as whoever recovers the log leaves them until it is done
    print("recovering", flush=True)
    sys.stdin.read()
"""


def test_whoever_wants_to_write_waits_for_the_one_who_recovers_the_log(tmp_path: Path) -> None:
    path = tmp_path / "views.sqlite"

    def write(views: ViewsFile) -> None:
        with views.writing():
            views.write("INSERT INTO owners VALUES (?, '', 0, 0)", [("xinzhou",)])

    command = [sys.executable, "-c", _RECOVER_THE_LOG, f"{path}-shm"]
    with ViewsFile(path) as views, ThreadPoolExecutor(1) as pool:
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
            assert other.stdout is not None
            assert other.stdout.readline() == "recovering\n"
            waiting = pool.submit(write, views)
            assert wait([waiting], 0.2).not_done == {waiting}
            other.communicate()
        waiting.result()
        assert views.read("SELECT district FROM owners") == [("xinzhou",)]


def test_who_waits_gets_turns_between_long_ones_that_follow_each_other_at_once(tmp_path: Path) -> None:
    turns = 30

    def write_long(views: ViewsFile) -> None:
        for number in range(turns):
            with views.writing():
                views.write("INSERT INTO owners VALUES (?, '', 0, 0)", [(f"district-{number}",)])
                sleep(0.03)

    found: list[int] = []
    path = tmp_path / "views.sqlite"
    with ViewsFile(path) as first, ViewsFile(path) as second, ThreadPoolExecutor(1) as pool:
        long = pool.submit(write_long, first)
        while not long.done():
            with second.writing():
                found.append(second.read("SELECT count(*) FROM owners")[0][0])
    assert len(set(found) - {0, turns}) > turns * 2 // 3


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
