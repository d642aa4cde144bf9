"""What goes wrong around a ledger file: each a code, nothing half written, nothing lost."""

from __future__ import annotations

import resource
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

import pytest

from events.ledger.errors import LedgerError
from events.sqlite.ledger import SqliteLedger
from events.sqlite.reader import open_reader
from tests.events.ledger.examples import MINUTE, NINE, XINZHOU, alone, sequences, withdrawn

HOLD = """
import sys
from pathlib import Path
from events.sqlite.ledger import SqliteLedger
ledger = SqliteLedger(Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


def code_of_opening(path: Path) -> str:
    with pytest.raises(LedgerError) as caught:
        SqliteLedger(path, lock_timeout=1)
    return caught.value.code


def test_a_second_writer_in_another_process_is_told_so_and_readers_are_not_touched(path: Path) -> None:
    with SqliteLedger(path) as ledger:
        ledger.record(alone(withdrawn(1)), NINE)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(LedgerError) as caught:
            SqliteLedger(path)
        reader = open_reader(path)
        assert (caught.value.code, str(holder.pid) in str(caught.value)) == ("ledger.second_writer", True)
        assert [fact.sequence for fact in reader.read(XINZHOU)] == [1]
        reader.close()
        holder.kill()
    with SqliteLedger(path) as ledger:
        assert sequences(ledger.record(alone(withdrawn(2)), NINE)) == [2]


def test_a_second_writer_in_the_same_process_is_told_so(path: Path) -> None:
    with SqliteLedger(path):
        assert code_of_opening(path) == "ledger.second_writer"


@pytest.mark.parametrize("content", [b"this is a letter, and a long one, not a ledger" * 30, b"x"])
def test_a_file_that_is_no_database_is_left_alone(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert code_of_opening(path) == "ledger.foreign_file"
    assert path.read_bytes() == content


def test_a_database_of_another_program_is_left_alone(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE letters (text)")
    connection.close()
    before = path.read_bytes()
    assert code_of_opening(path) == "ledger.foreign_file"
    assert path.read_bytes() == before


def test_a_ledger_of_another_format_is_left_alone(path: Path) -> None:
    SqliteLedger(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version=2")
    connection.close()
    assert code_of_opening(path) == "ledger.other_format"
    with pytest.raises(LedgerError) as caught:
        open_reader(path)
    assert caught.value.code == "ledger.other_format"


def test_a_ledger_keeps_the_algorithm_it_was_created_with(path: Path) -> None:
    SqliteLedger(path, "sm3").close()
    with pytest.raises(LedgerError) as caught:
        SqliteLedger(path, "sha256")
    assert caught.value.code == "ledger.other_algorithm"


def test_a_reader_says_when_there_is_no_ledger(path: Path) -> None:
    with pytest.raises(LedgerError) as caught:
        open_reader(path)
    assert (caught.value.code, path.exists()) == ("ledger.missing", False)


@pytest.mark.parametrize("place", ["a file/ledger.sqlite", "no such folder/ledger.sqlite"])
def test_a_place_that_cannot_be_written_is_told_so(tmp_path: Path, place: str) -> None:
    (tmp_path / "a file").write_text("x")
    assert code_of_opening(tmp_path / place) == "ledger.read_only"


def record_without_end(ledger: SqliteLedger) -> None:
    for number in count():
        assert sequences(ledger.record(alone(withdrawn(number, reason="研究" * 200)), NINE)) == [number + 1]


def test_a_full_disk_loses_nothing_and_recording_goes_on_when_there_is_room(path: Path) -> None:
    with SqliteLedger(path, page_limit=40) as ledger:
        with pytest.raises(LedgerError) as caught:
            record_without_end(ledger)
        kept = ledger.head(XINZHOU).sequence
        assert caught.value.code == "ledger.disk_full"
        assert kept > 10
        assert (len(ledger.read(XINZHOU)), ledger.verify(XINZHOU).ok) == (kept, True)
        with pytest.raises(LedgerError):
            ledger.record(alone(*(withdrawn(n, matter="m-15", reason="研究" * 200) for n in range(20))), NINE)
        assert ledger.head(XINZHOU).sequence == kept
    with SqliteLedger(path) as ledger:
        assert sequences(ledger.record(alone(withdrawn(kept)), NINE)) == [kept + 1]
        assert ledger.verify(XINZHOU).ok


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """Let the system refuse to write beyond a size, as a failing disk does."""
    usual, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (usual, most))


def test_a_commit_that_the_disk_fails_loses_nothing_and_recording_goes_on_afterwards(path: Path) -> None:
    with SqliteLedger(path) as ledger:
        with no_file_larger_than(300_000), pytest.raises(LedgerError) as caught:
            record_without_end(ledger)
        kept = ledger.head(XINZHOU).sequence
        assert (caught.value.code, len(ledger.read(XINZHOU)), ledger.verify(XINZHOU).ok) == (
            "ledger.disk_fault",
            kept,
            True,
        )
        assert sequences(ledger.record(alone(withdrawn(kept)), NINE)) == [kept + 1]


def test_a_file_that_another_program_holds_takes_nothing_and_recovers(path: Path) -> None:
    with SqliteLedger(path, lock_timeout=1) as ledger:
        ledger.record(alone(withdrawn(1)), NINE)
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerError) as caught:
            ledger.record(alone(withdrawn(2)), NINE)
        assert (caught.value.code, len(ledger.read(XINZHOU))) == ("ledger.locked", 1)
        other.execute("ROLLBACK")
        other.close()
        assert sequences(ledger.record(alone(withdrawn(2)), NINE + MINUTE)) == [2]


def test_a_gap_in_the_file_is_an_error_for_readers_not_a_skip(path: Path) -> None:
    with SqliteLedger(path) as ledger:
        ledger.record(alone(withdrawn(1), withdrawn(2), withdrawn(3)), NINE)
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("DELETE FROM facts WHERE sequence = 2")
    connection.close()
    codes = []
    with closing(open_reader(path)) as reader:
        for read in (lambda: reader.read(XINZHOU), lambda: reader.read_at(XINZHOU, [1, 2])):
            with pytest.raises(LedgerError) as caught:
                read()
            codes.append(caught.value.code)
    assert codes == ["ledger.damaged"] * 2


def test_a_fact_that_cannot_be_read_is_an_error_with_a_code(path: Path) -> None:
    with SqliteLedger(path) as ledger:
        ledger.record(alone(withdrawn(1)), NINE)
        connection = sqlite3.connect(path)
        with connection:
            connection.execute("UPDATE stored_events SET state = x'7b'")
        connection.close()
        codes = []
        for read in (
            lambda: ledger.read(XINZHOU),
            lambda: ledger.read_case(XINZHOU, "matter/m-14"),
            lambda: ledger.find(XINZHOU, withdrawn(1).id),
            lambda: ledger.receipts(XINZHOU, [1]),
            lambda: ledger.record(alone(withdrawn(1)), NINE),
        ):
            with pytest.raises(LedgerError) as caught:
                read()
            codes.append(caught.value.code)
    assert codes == ["ledger.damaged"] * 5
