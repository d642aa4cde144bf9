"""The ledger in one SQLite file, for one writing process and any number of readers."""

from __future__ import annotations

import datetime as dt
import fcntl
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock
from typing import Final

from events.closing import Closing
from events.keys import NoKeys
from events.ledger.admission import DEFAULT_TOLERANCE, Circumstances, admit, admit_clock, circumstances
from events.ledger.books import LedgerBooks
from events.ledger.case_cache import CaseCache
from events.ledger.clock import clock_fact
from events.ledger.port import Outcome, Proposal
from events.personal import Keys
from events.questions import Questions, questions_of
from events.sqlite.books import SqliteStored, open_books
from events.sqlite.faults import faults_of, second_writer
from events.sqlite.reader import SqliteReader, legible
from events.sqlite.recorder import FactRecorder, LedgerDatastore, algorithm_of
from events.tree.sealing import Algorithm

LOCK_TIMEOUT: Final = 5
"""Seconds to wait for another program that holds the file."""

MOST_CACHED_FACTS: Final = 4_096
"""Facts of busy cases that the writer holds in memory."""


class WriterLock:
    """The right to write, held on a file beside the ledger; the system gives it back when the process ends, however."""

    def __init__(self, ledger: Path) -> None:
        """Take the right; raise LedgerUnusableError when another writer has it."""
        path = ledger.with_name(f"{ledger.name}.lock")
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            holder = os.read(self._file, 100).decode(errors="replace")
            os.close(self._file)
            raise second_writer(ledger, holder) from held
        os.ftruncate(self._file, 0)
        os.write(self._file, f"process {os.getpid()}".encode())

    def release(self) -> None:
        """Give the right back."""
        os.close(self._file)


class SqliteLedger(SqliteReader, Closing):
    """The writer of a ledger file, and a reader of it; a context manager that gives the file free at the end."""

    def __init__(
        self,
        path: Path,
        algorithm: Algorithm | None = None,
        *,
        keys: Keys | None = None,
        clock_tolerance: dt.timedelta = DEFAULT_TOLERANCE,
        lock_timeout: int = LOCK_TIMEOUT,
        page_limit: int | None = None,
        most_cached: int = MOST_CACHED_FACTS,
    ) -> None:
        """Open a ledger, or create one sealed with `algorithm` (sha256 when none is given).

        Without `keys` facts with personal texts are refused, since they would be stored as they are.
        `lock_timeout` is in whole seconds, at least 1; `page_limit` bounds the file, in pages of 4,096 bytes;
        `most_cached` the facts of busy cases that are held in memory.
        Raise LedgerError with its code for a second writer, a foreign file, another format or algorithm, no room.
        """
        self._keys: Keys = NoKeys() if keys is None else keys
        self._tolerance = clock_tolerance
        self._recording = Lock()
        self._most_cached = most_cached
        self._cases = CaseCache(most_cached)
        with faults_of(path):
            self._right = WriterLock(path)
            try:
                found = algorithm_of(path, algorithm)
                datastore = LedgerDatastore(path, writable=True, lock_timeout=lock_timeout, page_limit=page_limit)
                self._recorder = FactRecorder(datastore)
                super().__init__(path, datastore, found or algorithm or "sha256")
                if found is None:
                    self._recorder.create(self._algorithm)
            except BaseException:
                self._right.release()
                raise

    def record(self, proposals: Sequence[Proposal], now: dt.datetime) -> list[Outcome]:
        """Record many proposals in one transaction; when this returns, what is recorded is on disk."""
        given = circumstances(now, self._tolerance, self._keys)
        return self._write(questions_of(proposals), lambda books: [admit(books, one, given) for one in proposals])

    def record_clock(self, district: str, at: dt.datetime, now: dt.datetime) -> Outcome:
        """Record that a due moment was reached: once a district and moment, however often it is called."""
        given: Circumstances = circumstances(now, self._tolerance, self._keys)
        asked = questions_of([Proposal(facts=(clock_fact(district, at),))])
        return self._write(asked, lambda books: [admit_clock(books, district, at, given)])[0]

    def close(self) -> None:
        """Close the file and give the right to write back."""
        super().close()
        self._right.release()

    def _write(self, asked: Questions, take: Callable[[LedgerBooks], list[Outcome]]) -> list[Outcome]:
        with self._recording, faults_of(self.path), legible(self.path):
            cases, self._cases = self._cases, CaseCache(self._most_cached)
            with self._recorder.file.writing() as cursor:
                stored = SqliteStored(cursor)
                books = open_books(stored, asked, self._digest, cases)
                outcomes = take(books)
                stored.write(self._recorder, books)
            books.committed()
            self._cases = cases
        return outcomes
