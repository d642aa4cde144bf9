"""The ledger in PostgreSQL, for any number of writing processes at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Lock
from typing import Final

import psycopg
from msgspec.structs import replace

from events.keys import NoKeys
from events.ledger.admission import DEFAULT_TOLERANCE, Circumstances, admit, admit_clock, circumstances
from events.ledger.books import LedgerBooks
from events.ledger.case_cache import CaseCache
from events.ledger.clock import clock_fact
from events.ledger.port import Outcome, Proposal, Recorded, Repeated
from events.personal import Keys
from events.postgres.books import PostgresStored, begin_books
from events.postgres.faults import NOT_OPENED, Awaiting, Patience, faults_of, is_passing, legible, outcome_unknown
from events.postgres.reader import PATIENCE, PostgresReader, connected
from events.postgres.recorder import FactRecorder
from events.questions import Questions, questions_of
from events.tree.sealing import Algorithm

MOST_CACHED_FACTS: Final = 4_096
"""Facts of busy cases that a writer holds in memory."""


class _Attempt:
    """What became of a batch so far: its outcomes stand here from the moment its commit was sent."""

    def __init__(self) -> None:
        self.sent: list[Outcome] | None = None


class PostgresLedger(PostgresReader):
    """A writer of the ledger of a database, and a reader of it; a context manager that closes its connections.

    Writers of one district wait for each other, of different districts do not. After a lost connection, a failover or a
    serialization error the batch is handed in again; what had been committed is recognised and answered as recorded.
    """

    def __init__(
        self,
        database: str,
        algorithm: Algorithm | None = None,
        *,
        algorithm_if_new: Algorithm = "sha256",
        keys: Keys | None = None,
        clock_tolerance: dt.timedelta = DEFAULT_TOLERANCE,
        awaiting: Awaiting = PATIENCE,
        opening: Awaiting | None = None,
    ) -> None:
        """Open the ledger of a migrated database, or make it; `algorithm` is the one it must be sealed with.

        Without `keys` facts with personal texts are refused, since they would be stored as they are.
        `awaiting` says how long a lost database is awaited, `opening` how long while it is opened, where that differs.
        Raise LedgerError with its code when it does not answer, is not migrated, newer than this program, or sealed
        with another algorithm.
        """
        at_first = opening or awaiting
        datastore, found = connected(
            database,
            replace(at_first, connection=awaiting.connection),
            wanted=algorithm,
            new=algorithm or algorithm_if_new,
        )
        super().__init__(database, datastore, found, awaiting)
        self._keys: Keys = NoKeys() if keys is None else keys
        self._tolerance = clock_tolerance
        self._recording = Lock()
        self._cases = CaseCache(MOST_CACHED_FACTS)
        self._districts_made: set[str] = set()
        try:
            with faults_of(database, NOT_OPENED):
                self._recorder = FactRecorder(datastore)
        except BaseException:
            self.close()
            raise

    def record(self, proposals: Sequence[Proposal], now: dt.datetime) -> list[Outcome]:
        """Record many proposals in one transaction; when this returns, what is recorded is on the server's disk."""
        given = circumstances(now, self._tolerance, self._keys)
        asked = questions_of(proposals)
        return self._write(asked, lambda books: [admit(books, proposal, given) for proposal in proposals])

    def record_clock(self, district: str, at: dt.datetime, now: dt.datetime) -> Outcome:
        """Record that a due moment was reached: once a district and moment, however often it is called."""
        given: Circumstances = circumstances(now, self._tolerance, self._keys)
        asked = questions_of([Proposal(facts=(clock_fact(district, at),))])
        return self._write(asked, lambda books: [admit_clock(books, district, at, given)])[0]

    def _write(self, asked: Questions, take: Callable[[LedgerBooks], list[Outcome]]) -> list[Outcome]:
        attempt = _Attempt()
        patience = Patience(self._awaiting)
        with self._recording, faults_of(self._database), legible(self._database):
            while True:
                before = attempt.sent
                try:
                    return _as_first_answered(before, self._try_to_write(asked, take, attempt))
                except Exception as fault:
                    if not patience.is_left_after(fault):
                        if attempt.sent is not None and is_passing(fault):
                            raise outcome_unknown(self._database, str(fault)) from fault
                        raise
                self._datastore.forget_lost_connections()

    def _try_to_write(
        self, asked: Questions, take: Callable[[LedgerBooks], list[Outcome]], attempt: _Attempt
    ) -> list[Outcome]:
        cases, self._cases = self._cases, CaseCache(MOST_CACHED_FACTS)
        with self._datastore.get_connection() as connection:
            try:
                stored = PostgresStored(connection, asked, self._districts_made)
                books = begin_books(stored, asked, self._digest, cases)
                outcomes = take(books)
                attempt.sent = outcomes if books.events else attempt.sent
                stored.write(self._recorder, books)
            except BaseException:
                with suppress(psycopg.Error):  # a lost connection has nothing to undo; the first fault is told
                    connection.rollback()
                raise
        books.committed()
        self._cases = cases
        return outcomes


def _as_first_answered(before: Sequence[Outcome] | None, now: list[Outcome]) -> list[Outcome]:
    """Answer with what was recorded by an attempt whose commit went through but whose answer was lost."""
    if before is None:
        return now
    return [
        first
        if isinstance(first, Recorded)
        and isinstance(again, Repeated)
        and tuple(first.receipts) == tuple(again.receipts)
        else again
        for first, again in zip(before, now, strict=True)
    ]
