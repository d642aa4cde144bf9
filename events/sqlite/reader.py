"""Reading a ledger file: typed facts in order, from any process, never waiting for the writer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import msgspec
import orjson

from events.fact import AnyFact
from events.ledger.books import stream
from events.ledger.dense_rows import dense_facts, dense_leaves, dense_states, facts_at, without
from events.ledger.port import Anchor, Head, Histories, Receipt, Verification, quietly
from events.ledger.sealed_facts import SealedFact, sealed_fact
from events.ledger.stored_histories import histories
from events.printing import from_stored
from events.sqlite.faults import damaged, faults_of
from events.sqlite.recorder import LedgerDatastore, existing_algorithm
from events.sqlite.verification import adds_up, leads_true, named_districts, stored_rows, verify_rows
from events.tree.sealing import Algorithm, Frontier, hash_function

_LOCK_TIMEOUT: Final = 5
READ: Final = """
SELECT e.topic, e.state FROM facts f JOIN stored_events e ON e.position = f.position
WHERE f.district = ? AND f.sequence > ? ORDER BY f.sequence LIMIT ?
"""
FIND: Final = """
SELECT e.topic, e.state FROM facts f JOIN stored_events e ON e.position = f.position
WHERE f.district = ? AND f.id = ?
"""
AT: Final = """
SELECT e.topic, e.state FROM facts f JOIN stored_events e ON e.position = f.position
WHERE f.district = ? AND f.sequence IN (SELECT value FROM json_each(?))
"""
RECEIPTS: Final = """
SELECT f.sequence, f.id, f.leaf, f.root, e.state FROM facts f JOIN stored_events e ON e.position = f.position
WHERE f.district = ? AND f.sequence IN (SELECT value FROM json_each(?))
"""
CASES: Final = (
    "SELECT e.originator_id, e.topic, e.state FROM json_each(?) wanted JOIN stored_events e "
    "ON e.originator_id = wanted.value ORDER BY e.originator_id, e.originator_version"
)
LEAVES: Final = "SELECT sequence, leaf FROM facts WHERE district = ? AND sequence > ? ORDER BY sequence LIMIT ?"
_REQUESTS: Final = "SELECT key, sequences FROM requests WHERE district = ?"
HEAD: Final = "SELECT sequence, recorded_at, frontier FROM heads WHERE district = ?"


@contextmanager
def legible(path: Path) -> Iterator[None]:
    """Turn a stored fact that cannot be read into a LedgerUnusableError."""
    try:
        yield
    except (msgspec.DecodeError, orjson.JSONDecodeError, KeyError, TypeError, ValueError) as fault:
        raise damaged(path, str(fault)) from fault


def receipts_of(sequences: Sequence[int], rows: Iterable[Any]) -> list[Receipt]:
    """Read the rows of RECEIPTS into the order asked for."""
    found = {
        row[0]: Receipt(UUID(bytes=row[1]), row[0], dt.datetime.fromisoformat(_recorded_at(row[4])), row[2], row[3])
        for row in rows
    }
    return [found[sequence] for sequence in sequences if sequence in found]


def _recorded_at(state: bytes) -> str:
    return str(orjson.loads(state)["recorded_at"])


class SqliteReader:
    """The readers of a ledger file."""

    def __init__(self, path: Path, datastore: LedgerDatastore, algorithm: Algorithm) -> None:
        """Read through connections that are given; `open_reader` makes them."""
        self.path = path
        self._datastore = datastore
        self._algorithm: Algorithm = algorithm
        self._digest = hash_function(algorithm)
        self._damaged = partial(damaged, path)

    def districts(self) -> list[str]:
        """Return the districts that have facts, sorted."""
        return [row[0] for row in self._rows("SELECT district FROM heads WHERE sequence > 0 ORDER BY district")]

    def head(self, district: str) -> Head:
        """Return how far a district has come."""
        rows = self._rows(HEAD, district)
        if not rows:
            return Head(district, 0, None, Frontier().root(self._digest), self._algorithm)
        sequence, recorded_at, frontier = rows[0]
        with legible(self.path):
            root = Frontier.from_bytes(frontier).root(self._digest)
            return Head(district, sequence, dt.datetime.fromisoformat(recorded_at), root, self._algorithm)

    def sequences(self) -> dict[str, int]:
        """Return the last sequence of each district that has facts."""
        return dict(self._rows("SELECT district, sequence FROM heads WHERE sequence > 0"))

    def read(
        self, district: str, after: int = 0, limit: int = 1_000, passing_over: Collection[str] = ()
    ) -> list[AnyFact]:
        """Return the next facts after a sequence, at most `limit`; raise LedgerUnusableError rather than lose one."""
        rows = self._rows(READ, district, after, limit)
        facts = self._facts(without(passing_over, rows))
        return dense_facts(district, after, len(rows), facts, self._damaged)

    def stored_facts(self, district: str, after: int, limit: int) -> list[bytes]:
        """Return the next facts after a sequence as they are stored; raise LedgerUnusableError rather than skip one."""
        rows = self._rows(READ, district, after, limit)
        with legible(self.path):
            return dense_states(district, after, rows, self._damaged)

    def read_case(self, district: str, case: str) -> list[AnyFact]:
        """Return the facts of a case in order of recording."""
        return list(self.read_cases(district, [case])[case])

    def read_cases(self, district: str, cases: Iterable[str]) -> Histories:
        """Return the facts of many cases in one read."""
        wanted = list(cases)
        rows = self._rows(CASES, orjson.dumps([stream(district, case) for case in wanted]).decode())
        with legible(self.path):
            return histories(district, wanted, rows)

    def read_at(self, district: str, sequences: Collection[int]) -> Mapping[int, AnyFact]:
        """Return facts by their sequences; raise LedgerUnusableError rather than skip one."""
        rows = self._rows(AT, district, orjson.dumps(list(sequences)).decode())
        return facts_at(district, sequences, self._facts(rows), self._damaged)

    def find(self, district: str, fact_id: UUID) -> AnyFact | None:
        """Return the fact with an id, or None."""
        return next(iter(self._facts(self._rows(FIND, district, fact_id.bytes))), None)

    def receipts(self, district: str, sequences: Sequence[int]) -> Sequence[Receipt]:
        """Return the first receipts of facts, in the order asked for."""
        rows = self._rows(RECEIPTS, district, orjson.dumps(list(sequences)).decode())
        with legible(self.path):
            return receipts_of(sequences, rows)

    def leaves(self, district: str, after: int, limit: int) -> list[bytes]:
        """Return the leaves of the next facts after a sequence; raise LedgerUnusableError rather than skip one."""
        return dense_leaves(district, after, self._rows(LEAVES, district, after, limit), self._damaged)

    def sealed(self, district: str, after: int = 0, limit: int = 1_000) -> list[SealedFact]:
        """Return the next facts after a sequence as they are stored, at most `limit`."""
        with faults_of(self.path), legible(self.path):
            return [sealed_fact(row) for row in stored_rows(self._datastore, district, after, limit)]

    def named_districts(self) -> list[str]:
        """Return the districts that heads or facts name, whatever the heads say."""
        with faults_of(self.path):
            return named_districts(self._datastore)

    def adds_up(self) -> bool:
        """Tell whether each fact and each stored row is counted by a head, all seen at once."""
        with faults_of(self.path):
            return adds_up(self._datastore)

    def leads_true(self) -> bool:
        """Tell whether tables and indexes are those of a ledger, and the indexes lead to the stored rows."""
        with faults_of(self.path):
            return leads_true(self._datastore)

    def requests(self, district: str) -> dict[str, list[int]]:
        """Return the sequences that answered each request with an idempotency key."""
        return {key: orjson.loads(sequences) for key, sequences in self._rows(_REQUESTS, district)}

    def verify(
        self, district: str, anchors: Sequence[Anchor] = (), progressed: Callable[[int], None] = quietly
    ) -> Verification:
        """Recompute every leaf and root from the stored rows, and compare them with what is held outside."""
        with faults_of(self.path):
            return verify_rows(self._datastore, district, self._algorithm, anchors, progressed)

    def close(self) -> None:
        """Close all connections."""
        self._datastore.close()

    def _rows(self, statement: str, *parameters: object) -> list[Any]:
        with faults_of(self.path):
            return self._datastore.rows(statement, parameters)

    def _facts(self, rows: Iterable[Any]) -> list[AnyFact]:
        with legible(self.path):
            return [from_stored(topic, state) for topic, state in rows]


def open_reader(path: Path) -> SqliteReader:
    """Open a ledger for reading; raise LedgerUnusableError when there is none or the file is something else."""
    with faults_of(path):
        algorithm = existing_algorithm(path)
        return SqliteReader(path, LedgerDatastore(path, writable=False, lock_timeout=_LOCK_TIMEOUT), algorithm)
