"""What a ledger file is asked inside one writing transaction, and how the books of it are written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import count
from typing import Any, Final
from uuid import UUID

import orjson
from eventsourcing.sqlite import SQLiteCursor

from events.fact import AnyFact
from events.ledger.books import DistrictHead, LedgerBooks, stream
from events.ledger.case_cache import CaseCache
from events.ledger.port import Histories, Receipt
from events.ledger.stored_histories import histories
from events.printing import from_stored
from events.questions import Questions
from events.sqlite.reader import AT, CASES, FIND, RECEIPTS, receipts_of
from events.sqlite.recorder import FactRecorder
from events.tree.sealing import Frontier, HashFunction

_TAKE_HEADS: Final = (
    "UPDATE heads SET sequence = sequence WHERE district IN (SELECT value FROM json_each(?)) "
    "RETURNING district, sequence, recorded_at, frontier"
)
_KNOWN: Final = "SELECT id FROM facts WHERE district = ? AND id IN ({})"
_MOST_ASKED: Final = 256
_VERSION: Final = "SELECT coalesce(max(originator_version), 0) FROM stored_events WHERE originator_id = ?"
_VERSIONS: Final = (
    "SELECT value, (SELECT max(originator_version) FROM stored_events WHERE originator_id = value) FROM json_each(?)"
)
_LAST_POSITION: Final = "SELECT coalesce(max(position), 0) FROM stored_events"
_ADD_FACT: Final = "INSERT INTO facts (district, sequence, id, leaf, root, position) VALUES (?, ?, ?, ?, ?, ?)"
_KEEP_HEAD: Final = "INSERT OR REPLACE INTO heads (district, sequence, recorded_at, frontier) VALUES (?, ?, ?, ?)"
_KEEP_REQUEST: Final = "INSERT INTO requests (district, key, sequences) VALUES (?, ?, ?)"
_REQUEST: Final = "SELECT sequences FROM requests WHERE district = ? AND key = ?"


class SqliteStored:
    """The answers of a ledger file to the books of one transaction."""

    def __init__(self, cursor: SQLiteCursor) -> None:
        """Ask through the transaction's cursor."""
        self._cursor = cursor
        self._versions: dict[str, int] = {}

    def take_heads(self, districts: Iterable[str]) -> list[DistrictHead]:
        """Take the write lock, which the first statement of a transaction has to do, and read where districts stand."""
        return [
            DistrictHead(district, sequence, dt.datetime.fromisoformat(recorded_at), Frontier.from_bytes(frontier))
            for district, sequence, recorded_at, frontier in self._query(_TAKE_HEADS, _json(sorted(districts)))
        ]

    def known(self, district: str, ids: Sequence[UUID]) -> Iterable[UUID]:
        """Return those ids that are recorded."""
        for start in range(0, len(ids), _MOST_ASKED):
            yield from self._known(district, ids[start : start + _MOST_ASKED])

    def find(self, district: str, fact_id: UUID) -> AnyFact:
        """Return a recorded fact."""
        return from_stored(*self._query(FIND, district, fact_id.bytes)[0])

    def facts(self, district: str, sequences: Sequence[int]) -> Sequence[AnyFact]:
        """Return recorded facts."""
        return [from_stored(topic, state) for topic, state in self._query(AT, district, _json(sequences))]

    def receipts(self, district: str, sequences: Sequence[int]) -> Sequence[Receipt]:
        """Return the receipts of recorded facts."""
        return receipts_of(sequences, self._query(RECEIPTS, district, _json(sequences)))

    def request(self, district: str, key: str) -> Sequence[int] | None:
        """Return the sequences that answered a request."""
        rows = self._query(_REQUEST, district, key)
        return orjson.loads(rows[0][0]) if rows else None

    def version(self, district: str, case: str) -> int:
        """Return how many facts a case has."""
        name = stream(district, case)
        found = self._versions.get(name)
        return self._query(_VERSION, name)[0][0] if found is None else found

    def ask_versions(self, cases: Iterable[tuple[str, str]]) -> None:
        """Find out at once how many facts cases have, by district, so that `version` does not ask for each."""
        rows = self._query(_VERSIONS, _json([stream(district, case) for district, case in cases]))
        self._versions.update((name, version or 0) for name, version in rows)

    def read_cases(self, district: str, cases: Sequence[str]) -> Histories:
        """Return the facts of cases."""
        rows = self._query(CASES, _json([stream(district, case) for case in cases]))
        return histories(district, cases, rows)

    def write(self, recorder: FactRecorder, books: LedgerBooks) -> None:
        """Insert all that was taken; the last thing before the commit."""
        if not books.events:
            return
        positions = count(self._query(_LAST_POSITION)[0][0] + 1)
        recorder.insert(self._cursor, books.events)
        self._cursor.executemany(
            _ADD_FACT,
            [
                (seal.district, seal.sequence, seal.fact_id.bytes, seal.leaf, seal.root, position)
                for seal, position in zip(books.seals, positions, strict=False)
            ],
        )
        for addition in books.additions():
            head = addition.head
            last_at = "" if head.recorded_at is None else head.recorded_at.isoformat()
            self._cursor.execute(_KEEP_HEAD, (head.district, head.sequence, last_at, head.frontier.to_bytes()))
            requests = [(head.district, key, _json(sequences)) for key, sequences in addition.requests.items()]
            self._cursor.executemany(_KEEP_REQUEST, requests)

    def _known(self, district: str, ids: Sequence[UUID]) -> list[UUID]:
        """Ask for some ids; padded to a power of two, so that few statements have to be compiled."""
        width = 1 << (len(ids) - 1).bit_length()
        padded = [fact_id.bytes for fact_id in ids] + [None] * (width - len(ids))
        rows = self._query(_KNOWN.format(",".join("?" * width)), district, *padded)
        return [UUID(bytes=row[0]) for row in rows]

    def _query(self, statement: str, *parameters: object) -> list[Any]:
        self._cursor.execute(statement, parameters)
        found: list[Any] = self._cursor.fetchall()
        return found


def open_books(stored: SqliteStored, asked: Questions, digest: HashFunction, cases: CaseCache) -> LedgerBooks:
    """Begin the books of a transaction, with what its decisions will read at hand."""
    books = LedgerBooks(stored, stored.take_heads(asked.districts), digest, cases)
    for district, ids in asked.ids_by_district().items():
        books.ask_for(district, ids)
    for district, decided in asked.decided.items():
        books.read_cases(district, decided)
    uncounted = [
        (district, case)
        for district, case in asked.cases
        if case not in asked.decided.get(district, ()) and cases.find(stream(district, case)) is None
    ]
    if uncounted:
        stored.ask_versions(uncounted)
    return books


def _json(values: Sequence[object]) -> str:
    return orjson.dumps(values).decode()
