"""A district's ledger taken into PostgreSQL as it was sealed elsewhere: the same bytes, leaves and roots."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final
from uuid import UUID

import psycopg
from eventsourcing.persistence import StoredEvent
from msgspec import Struct
from psycopg import Connection

from events.closing import Closing
from events.ledger.books import DistrictHead, Seal, stream
from events.ledger.errors import LedgerUnusableError, Reason
from events.ledger.port import quietly
from events.ledger.sealed_facts import SealedFact, SealedReader, leaf_of
from events.postgres.books import keep_heads, keep_requests, make_heads, take_heads
from events.postgres.faults import Undone, faults_of
from events.postgres.reader import PATIENCE, connected
from events.postgres.recorder import FactRecorder
from events.tree.sealing import hash_function

TARGET_DIFFERS: Final = "copy.target_differs"
SOURCE_BROKEN: Final = "copy.source_broken"
TARGET_WRITTEN: Final = "copy.target_written"
_NOT_ALL_COPIED: Final = Undone(
    "复制中断，已复制的都在", "copying stopped, what was copied is kept", "重新运行", "run it again"
)
_PAGE: Final = 2_000
_REQUESTS: Final = "SELECT key FROM requests WHERE district = %s"


class Copied(Struct, frozen=True):
    """What became of a copy: how many facts are there now, how many of them are new, and their common root."""

    district: str
    facts: int
    copied: int
    root: bytes


class CopyTarget(Closing):
    """A database that takes districts; a copy that was broken off goes on where it stands."""

    def __init__(self, database: str, source: SealedReader, district: str) -> None:
        """Open the ledger of a migrated database, sealed as the source is; raise LedgerError."""
        self._database = database
        self._source = source
        self._district = district
        algorithm = source.head(district).algorithm
        self._digest = hash_function(algorithm)
        self._datastore, _ = connected(database, PATIENCE, wanted=algorithm, new=algorithm)
        self._recorder = FactRecorder(self._datastore)

    def copy(self, requests: Mapping[str, Sequence[int]], progressed: Callable[[int], None] = quietly) -> Copied:
        """Copy what is missing, with the answered requests by key; raise LedgerUnusableError where the two differ.

        Every leaf and root is computed again before it is stored. `progressed` is told how many facts more are there.
        """
        with faults_of(self._database, _NOT_ALL_COPIED):
            head = self.compared()
            progressed(head.sequence)
            before = head.sequence
            for page in self._pages(head.sequence):
                head = self._append(head, page)
                progressed(len(page))
            self._keep_requests(requests)
        return Copied(self._district, head.sequence, head.sequence - before, head.frontier.root(self._digest))

    def compared(self) -> DistrictHead:
        """Return where the copy stands; raise LedgerUnusableError where it does not hold the first of the source."""
        with faults_of(self._database, _NOT_ALL_COPIED), self._datastore.get_connection() as connection:
            make_heads(connection, [self._district])
            head = take_heads(connection, [self._district])[0]
        if head.sequence:
            last = self._source.sealed(self._district, head.sequence - 1, 1)
            if not last or last[0].root != head.frontier.root(self._digest):
                raise _target_differs(self._district, head.sequence)
        return head

    def close(self) -> None:
        """Close the connections."""
        self._datastore.close()

    def _pages(self, after: int) -> Iterator[list[SealedFact]]:
        while page := list(self._source.sealed(self._district, after, _PAGE)):
            yield page
            after = page[-1].sequence

    def _append(self, head: DistrictHead, page: Sequence[SealedFact]) -> DistrictHead:
        after = self._sealed_after(head, page)
        with self._datastore.get_connection() as connection:
            try:
                connection.execute("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
                self._insert(connection, head, page)
                keep_heads(connection, [after])
                connection.execute("COMMIT")
            except BaseException:
                with suppress(psycopg.Error):
                    connection.rollback()
                raise
        return after

    def _sealed_after(self, head: DistrictHead, page: Sequence[SealedFact]) -> DistrictHead:
        """Return the head that the page leads to; raise LedgerUnusableError for a fact that does not fit its seal."""
        frontier = head.frontier
        for fact in page:
            leaf = leaf_of(self._digest, fact)
            frontier = frontier.extended(self._digest, leaf)
            sealed = (fact.sequence, fact.district, fact.leaf, fact.root)
            if sealed != (frontier.size, self._district, leaf, frontier.root(self._digest)):
                raise _source_broken(self._district, frontier.size)
        last_at = dt.datetime.fromisoformat(page[-1].recorded_at)
        return DistrictHead(self._district, frontier.size, last_at, frontier)

    def _keep_requests(self, requests: Mapping[str, Sequence[int]]) -> None:
        kept = {row[0] for row in self._datastore.rows(_REQUESTS, (self._district,))}
        missing = {key: sequences for key, sequences in requests.items() if key not in kept}
        with self._datastore.get_connection() as connection, connection.transaction():
            keep_requests(connection, self._district, missing)

    def _insert(self, connection: Connection[Any], head: DistrictHead, page: Sequence[SealedFact]) -> None:
        if take_heads(connection, [self._district])[0] != head:
            raise _target_written(self._district)
        self._recorder.insert(
            connection.cursor(),
            [StoredEvent(stream(self._district, fact.case), fact.version, fact.type, fact.payload) for fact in page],
            [Seal(self._district, fact.sequence, UUID(fact.id), fact.leaf, fact.root) for fact in page],
        )


def _target_differs(district: str, sequence: int) -> LedgerUnusableError:
    return LedgerUnusableError(
        Reason(
            TARGET_DIFFERS,
            f"目标数据库已有 {district} 的 {sequence} 个事实，且不是来源账册的前 {sequence} 个，合并会破坏封存，"
            "未作任何改动；请换用空的数据库，或核对来源。",
            f"The target holds {sequence} facts of {district} that are not the first {sequence} of the source, and "
            "joining them would break the seals; nothing was changed. Take an empty database, or check the source.",
        )
    )


def _source_broken(district: str, sequence: int) -> LedgerUnusableError:
    return LedgerUnusableError(
        Reason(
            SOURCE_BROKEN,
            f"来源账册 {district} 第 {sequence} 号事实与封存不符，此前的已复制，此后的没有；"
            "请运行 taizhang verify，并从备份恢复来源后继续。",
            f"Fact {sequence} of {district} in the source does not match its seal; what stands before it was copied, "
            "the rest was not. Run taizhang verify, restore the source from a back-up and go on.",
        )
    )


def _target_written(district: str) -> LedgerUnusableError:
    return LedgerUnusableError(
        Reason(
            TARGET_WRITTEN,
            f"复制期间另有进程写入目标中的 {district}，继续会使两者分岔，已停止；请停止该写入，并换用空的数据库重做。",
            f"Another process wrote {district} in the target while it was copied, so the two part here; the copy "
            "stopped. Stop that writer and begin anew in an empty database.",
        )
    )
