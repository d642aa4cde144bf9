"""What a ledger file knows inside one writing transaction, and how proposals are written into it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import orjson
from eventsourcing.persistence import StoredEvent
from eventsourcing.sqlite import SQLiteCursor

from events.fact import AnyFact, case_key
from events.ledger import Histories, Receipt
from events.ledger_admission import UnstorableError
from events.printing import from_stored, stored_bytes
from events.sealing import Frontier, HashFunction, envelope_bytes, leaf_hash
from events.sqlite_reader import AT, CASES, FIND, RECEIPTS, histories, receipts_of, stream
from events.sqlite_recorder import FactRecorder

_TAKE_HEADS = (
    "UPDATE heads SET sequence = sequence WHERE district IN (SELECT value FROM json_each(?)) "
    "RETURNING district, sequence, recorded_at, frontier"
)
_VERSION = "SELECT coalesce(max(originator_version), 0) FROM stored_events WHERE originator_id = ?"
_ADD_FACT = "INSERT INTO facts (district, sequence, id, position, leaf, root) VALUES (?, ?, ?, ?, ?, ?)"
_KEEP_HEAD = "INSERT OR REPLACE INTO heads (district, sequence, recorded_at, frontier) VALUES (?, ?, ?, ?)"
_KEEP_REQUEST = "INSERT INTO requests (district, key, sequences) VALUES (?, ?, ?)"
_REQUEST = "SELECT sequences FROM requests WHERE district = ? AND key = ?"


class _Head:
    """Where a district stands in this transaction."""

    __slots__ = ("changed", "frontier", "recorded_at", "sequence")

    def __init__(self, sequence: int, recorded_at: dt.datetime | None, frontier: Frontier) -> None:
        self.sequence = sequence
        self.recorded_at = recorded_at
        self.frontier = frontier
        self.changed = False


class SqliteBooks:
    """The books of one transaction; what is appended is inserted at once, so that later proposals see it."""

    def __init__(
        self, recorder: FactRecorder, cursor: SQLiteCursor, digest: HashFunction, districts: Iterable[str]
    ) -> None:
        """Take the write lock, which the first statement of a transaction has to do, and read the heads."""
        self._recorder = recorder
        self._cursor = cursor
        self._digest = digest
        self._receipts: dict[tuple[str, int], Receipt] = {}
        self._heads: dict[str, _Head] = {}
        for district, sequence, recorded_at, frontier in self._rows(_TAKE_HEADS, _json(sorted(set(districts)))):
            last = dt.datetime.fromisoformat(recorded_at)
            self._heads[district] = _Head(sequence, last, Frontier.from_bytes(frontier))

    def last(self, district: str) -> tuple[int, dt.datetime | None]:
        """Return the last sequence and its recorded_at."""
        head = self._heads.get(district)
        return (0, None) if head is None else (head.sequence, head.recorded_at)

    def version(self, district: str, case: str) -> int:
        """Return how many facts a case has."""
        version: int = self._rows(_VERSION, stream(district, case))[0][0]
        return version

    def stored(self, district: str, fact_id: UUID) -> AnyFact | None:
        """Return the stored fact with an id."""
        rows = self._rows(FIND, district, fact_id.bytes)
        return from_stored(*rows[0]) if rows else None

    def request(self, district: str, key: str) -> Sequence[int] | None:
        """Return the sequences that answered the request with an idempotency key."""
        rows = self._rows(_REQUEST, district, key)
        return orjson.loads(rows[0][0]) if rows else None

    def facts(self, district: str, sequences: Sequence[int]) -> Sequence[AnyFact]:
        """Return stored facts by sequence."""
        found = [from_stored(topic, state) for topic, state in self._rows(AT, district, _json(sequences))]
        by_sequence = {fact.sequence: fact for fact in found}
        return [by_sequence[sequence] for sequence in sequences]

    def receipts(self, district: str, sequences: Sequence[int]) -> Sequence[Receipt]:
        """Return the receipts of stored facts."""
        fresh = [self._receipts.get((district, sequence)) for sequence in sequences]
        if None not in fresh:
            return tuple(receipt for receipt in fresh if receipt is not None)
        return tuple(receipts_of(sequences, self._rows(RECEIPTS, district, _json(sequences))))

    def read_cases(self, district: str, cases: Iterable[str]) -> Histories:
        """Return the facts of cases."""
        wanted = list(cases)
        return histories(district, wanted, self._rows(CASES, _json([stream(district, case) for case in wanted])))

    def append(self, district: str, facts: Sequence[AnyFact]) -> None:
        """Insert numbered facts, all or none; raise UnstorableError when one cannot be written."""
        payloads = [_payload(fact) for fact in facts]
        head = self._heads.setdefault(district, _Head(0, None, Frontier()))
        events = self._stored_events(district, facts, payloads)
        rows = []
        for fact, event, position in zip(facts, events, self._recorder.insert(self._cursor, events), strict=True):
            leaf = leaf_hash(self._digest, envelope_bytes(fact, event.originator_version), event.state)
            head.frontier = head.frontier.extended(self._digest, leaf)
            root = head.frontier.root(self._digest)
            rows.append((district, fact.sequence, fact.id.bytes, position, leaf, root))
            self._receipts[district, fact.sequence] = Receipt(fact.id, fact.sequence, fact.recorded_at, leaf, root)
        self._cursor.executemany(_ADD_FACT, rows)
        head.sequence, head.recorded_at, head.changed = facts[-1].sequence, facts[-1].recorded_at, True

    def remember(self, district: str, key: str, sequences: Sequence[int]) -> None:
        """Keep which facts answered the request with an idempotency key."""
        self._cursor.execute(_KEEP_REQUEST, (district, key, _json(sequences)))

    def keep_heads(self) -> None:
        """Write the heads that moved; the last statement before the commit."""
        for district, head in self._heads.items():
            if head.changed and head.recorded_at is not None:
                recorded_at = head.recorded_at.isoformat()
                self._cursor.execute(_KEEP_HEAD, (district, head.sequence, recorded_at, head.frontier.to_bytes()))

    def _stored_events(self, district: str, facts: Sequence[AnyFact], payloads: Sequence[bytes]) -> list[StoredEvent]:
        versions: dict[str, int] = {}
        events = []
        for fact, payload in zip(facts, payloads, strict=True):
            case = case_key(fact.subject)
            version = versions.get(case)
            versions[case] = version = (self.version(district, case) if version is None else version) + 1
            events.append(StoredEvent(stream(district, case), version, fact.type, payload))
        return events

    def _rows(self, statement: str, *parameters: object) -> list[Any]:
        self._cursor.execute(statement, parameters)
        found: list[Any] = self._cursor.fetchall()
        return found


def _json(values: Sequence[object]) -> str:
    return orjson.dumps(values).decode()


def _payload(fact: AnyFact) -> bytes:
    try:
        return stored_bytes(fact)
    except (TypeError, ValueError) as fault:
        raise UnstorableError(fact.id, str(fault)) from fault
