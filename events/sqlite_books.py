"""What a ledger file knows inside one writing transaction, and how proposals are written into it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import Any, Final
from uuid import UUID

import orjson
from eventsourcing.persistence import StoredEvent
from eventsourcing.sqlite import SQLiteCursor

from events.case_cache import CaseCache
from events.fact import AnyFact, case_key
from events.ledger import Histories, Receipt
from events.ledger_admission import UnstorableError
from events.printing import from_stored, stored_bytes
from events.sealing import Frontier, HashFunction, envelope_bytes, leaf_hash
from events.sqlite_reader import AT, CASES, FIND, RECEIPTS, histories, receipts_of, stream
from events.sqlite_recorder import FactRecorder

_TAKE_HEADS: Final = (
    "UPDATE heads SET sequence = sequence WHERE district IN (SELECT value FROM json_each(?)) "
    "RETURNING district, sequence, recorded_at, frontier"
)
_KNOWN: Final = "SELECT id FROM facts WHERE district = ? AND id IN ({})"
_MOST_ASKED: Final = 256
_VERSION: Final = "SELECT coalesce(max(originator_version), 0) FROM stored_events WHERE originator_id = ?"
_LAST_POSITION: Final = "SELECT coalesce(max(position), 0) FROM stored_events"
_ADD_FACT: Final = "INSERT INTO facts (district, sequence, id, leaf, root, position) VALUES (?, ?, ?, ?, ?, ?)"
_KEEP_HEAD: Final = "INSERT OR REPLACE INTO heads (district, sequence, recorded_at, frontier) VALUES (?, ?, ?, ?)"
_KEEP_REQUEST: Final = "INSERT INTO requests (district, key, sequences) VALUES (?, ?, ?)"
_REQUEST: Final = "SELECT sequences FROM requests WHERE district = ? AND key = ?"


class _District:
    """Where a district stands in this transaction, and what was added to it."""

    __slots__ = ("asked", "by_id", "facts", "frontier", "known", "receipts", "recorded_at", "requests", "sequence")

    def __init__(self, sequence: int, recorded_at: dt.datetime | None, frontier: Frontier) -> None:
        self.sequence = sequence
        self.recorded_at = recorded_at
        self.frontier = frontier
        self.asked: set[UUID] = set()
        self.known: set[bytes] = set()
        self.by_id: dict[UUID, AnyFact] = {}
        self.facts: dict[int, AnyFact] = {}
        self.receipts: dict[int, Receipt] = {}
        self.requests: dict[str, Sequence[int]] = {}


class SqliteBooks:
    """The books of one transaction; what is appended is seen by later proposals at once and inserted by `write`."""

    def __init__(self, recorder: FactRecorder, cursor: SQLiteCursor, digest: HashFunction, cases: CaseCache) -> None:
        """Prepare the books; `open` has to come first."""
        self._recorder = recorder
        self._cursor = cursor
        self._digest = digest
        self._cases = cases
        self._districts: dict[str, _District] = {}
        self._histories: dict[str, Sequence[AnyFact]] = {}
        self._added: dict[str, list[AnyFact]] = {}
        self._versions: dict[str, int] = {}
        self._events: list[StoredEvent] = []
        self._rows: list[tuple[object, ...]] = []

    def open(self, ids: Mapping[str, Sequence[UUID]]) -> None:
        """Take the write lock, which the first statement of a transaction has to do, and read heads and known ids."""
        for district, sequence, recorded_at, frontier in self._query(_TAKE_HEADS, _json(sorted(ids))):
            last = dt.datetime.fromisoformat(recorded_at)
            self._districts[district] = _District(sequence, last, Frontier.from_bytes(frontier))
        for district, asked in ids.items():
            for some in (asked[start : start + _MOST_ASKED] for start in range(0, len(asked), _MOST_ASKED)):
                self._ask_for(district, some)

    def last(self, district: str) -> tuple[int, dt.datetime | None]:
        """Return the last sequence and its recorded_at."""
        added = self._district(district)
        return added.sequence, added.recorded_at

    def version(self, district: str, case: str) -> int:
        """Return how many facts a case has."""
        name = stream(district, case)
        version = self._versions.get(name)
        if version is None:
            held = self._cases.find(name)
            version = self._query(_VERSION, name)[0][0] if held is None else len(held)
            self._versions[name] = version
            if held is not None or version == 0:
                self._histories[name] = held or ()
        return version

    def stored(self, district: str, fact_id: UUID) -> AnyFact | None:
        """Return the stored fact with an id."""
        added = self._district(district).by_id.get(fact_id)
        if added is not None:
            return added
        if fact_id not in self._district(district).asked:
            self._ask_for(district, [fact_id])
        if fact_id.bytes not in self._district(district).known:
            return None
        return from_stored(*self._query(FIND, district, fact_id.bytes)[0])

    def request(self, district: str, key: str) -> Sequence[int] | None:
        """Return the sequences that answered the request with an idempotency key."""
        added = self._district(district).requests.get(key)
        if added is not None:
            return added
        rows = self._query(_REQUEST, district, key)
        return orjson.loads(rows[0][0]) if rows else None

    def facts(self, district: str, sequences: Sequence[int]) -> Sequence[AnyFact]:
        """Return stored facts by sequence."""
        rows = self._query(AT, district, _json(sequences))
        found = {fact.sequence: fact for fact in (from_stored(topic, state) for topic, state in rows)}
        found |= self._district(district).facts
        return [found[sequence] for sequence in sequences]

    def receipts(self, district: str, sequences: Sequence[int]) -> Sequence[Receipt]:
        """Return the receipts of stored facts."""
        added = self._district(district).receipts
        before = [sequence for sequence in sequences if sequence not in added]
        if not before:
            return tuple(added[sequence] for sequence in sequences)
        rows = self._query(RECEIPTS, district, _json(before))
        found = added | {receipt.sequence: receipt for receipt in receipts_of(before, rows)}
        return tuple(found[sequence] for sequence in sequences)

    def read_cases(self, district: str, cases: Iterable[str]) -> Histories:
        """Return the facts of cases."""
        wanted = list(cases)
        names = [stream(district, case) for case in wanted]
        self._load(district, [case for case, name in zip(wanted, names, strict=True) if not self._is_held(name)])
        return {case: self._histories[name] for case, name in zip(wanted, names, strict=True)}

    def append(self, district: str, facts: Sequence[AnyFact]) -> None:
        """Take numbered facts, all or none; raise UnstorableError when one cannot be written."""
        payloads = [_payload(fact) for fact in facts]
        added = self._district(district)
        for fact, payload in zip(facts, payloads, strict=True):
            version = self._next_version(district, fact)
            leaf = leaf_hash(self._digest, envelope_bytes(fact, version), payload)
            added.frontier = added.frontier.extended(self._digest, leaf)
            root = added.frontier.root(self._digest)
            added.by_id[fact.id] = added.facts[fact.sequence] = fact
            added.receipts[fact.sequence] = Receipt(fact.id, fact.sequence, fact.recorded_at, leaf, root)
            self._events.append(StoredEvent(stream(district, case_key(fact.subject)), version, fact.type, payload))
            self._rows.append((district, fact.sequence, fact.id.bytes, leaf, root))
        added.sequence, added.recorded_at = facts[-1].sequence, facts[-1].recorded_at

    def remember(self, district: str, key: str, sequences: Sequence[int]) -> None:
        """Keep which facts answered the request with an idempotency key."""
        self._district(district).requests[key] = sequences

    def write(self) -> None:
        """Insert all that was taken; the last thing before the commit."""
        if not self._events:
            return
        positions = count(self._query(_LAST_POSITION)[0][0] + 1)
        self._recorder.insert(self._cursor, self._events)
        self._cursor.executemany(
            _ADD_FACT, [(*row, position) for row, position in zip(self._rows, positions, strict=False)]
        )
        for district, added in self._districts.items():
            if added.receipts and added.recorded_at is not None:
                head = (district, added.sequence, added.recorded_at.isoformat(), added.frontier.to_bytes())
                self._cursor.execute(_KEEP_HEAD, head)
                requests = [(district, key, _json(sequences)) for key, sequences in added.requests.items()]
                self._cursor.executemany(_KEEP_REQUEST, requests)

    def committed(self) -> None:
        """Let later transactions find the histories of this one; only to be called after the commit."""
        for name, history in self._histories.items():
            self._cases.keep(name, history)

    def _ask_for(self, district: str, ids: Sequence[UUID]) -> None:
        """Find out which ids are known; padded to a power of two, so that few statements have to be compiled."""
        width = 1 << (len(ids) - 1).bit_length()
        padded = [fact_id.bytes for fact_id in ids] + [None] * (width - len(ids))
        found = self._district(district)
        found.asked.update(ids)
        found.known.update(row[0] for row in self._query(_KNOWN.format(",".join("?" * width)), district, *padded))

    def _next_version(self, district: str, fact: AnyFact) -> int:
        case = case_key(fact.subject)
        version = self.version(district, case) + 1
        name = stream(district, case)
        self._versions[name] = version
        history = self._histories.get(name)
        if history is None:
            self._added.setdefault(name, []).append(fact)
        else:
            self._histories[name] = (*history, fact)
        return version

    def _is_held(self, name: str) -> bool:
        """Tell whether a case's history is at hand; one of the cache is taken into this transaction."""
        if name not in self._histories:
            held = self._cases.find(name)
            if held is None or self._versions.get(name, len(held)) != len(held):
                return False
            self._histories[name] = held
        return True

    def _load(self, district: str, cases: Sequence[str]) -> None:
        if not cases:
            return
        rows = self._query(CASES, _json([stream(district, case) for case in cases]))
        for case, stored in histories(district, cases, rows).items():
            name = stream(district, case)
            self._histories[name] = (*stored, *self._added.get(name, ()))

    def _district(self, district: str) -> _District:
        found = self._districts.get(district)
        if found is None:
            found = self._districts[district] = _District(0, None, Frontier())
        return found

    def _query(self, statement: str, *parameters: object) -> list[Any]:
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
