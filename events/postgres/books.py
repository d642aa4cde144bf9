"""What PostgreSQL is asked inside one writing transaction, all at once at its begin; and how its books are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from psycopg import Connection
from psycopg.rows import tuple_row

from events.fact import AnyFact
from events.ledger.books import DistrictHead, LedgerBooks, stream
from events.ledger.case_cache import CaseCache
from events.ledger.port import Histories, Receipt
from events.ledger.stored_histories import histories
from events.moment import TIME_ZONE
from events.postgres.reader import AT, CASES, FIND, RECEIPTS, receipts_of
from events.postgres.recorder import FactRecorder
from events.printing import from_stored
from events.questions import Questions
from events.tree.sealing import Frontier, HashFunction

_MAKE_HEADS: Final = (
    "INSERT INTO heads (district, sequence, frontier) SELECT district, 0, %b FROM unnest(%b::text[]) district "
    "ORDER BY district ON CONFLICT DO NOTHING"
)
# Taken in one order by all, so that two writers never wait for each other.
_TAKE_HEADS: Final = (
    "SELECT district, sequence, recorded_at, frontier FROM heads WHERE district = ANY(%b) ORDER BY district FOR UPDATE"
)
_KNOWN: Final = (
    "SELECT e.district, e.id FROM unnest(%b::text[], %b::uuid[]) wanted (district, id) "
    "JOIN stored_events e ON e.district = wanted.district AND e.id = wanted.id"
)
_VERSIONS: Final = (
    "SELECT name, (SELECT max(originator_version) FROM stored_events WHERE originator_id = name) "
    "FROM unnest(%b::text[]) name"
)
_REQUESTS: Final = (
    "SELECT r.district, r.key, r.sequences FROM unnest(%b::text[], %b::text[]) wanted (district, key) "
    "JOIN requests r ON r.district = wanted.district AND r.key = wanted.key"
)
_KEEP_HEADS: Final = (
    "UPDATE heads SET sequence = new.sequence, recorded_at = new.recorded_at, frontier = new.frontier "
    "FROM unnest(%b::text[], %b::bigint[], %b::timestamptz[], %b::bytea[]) "
    "new (district, sequence, recorded_at, frontier) WHERE heads.district = new.district"
)
_KEEP_REQUEST: Final = "INSERT INTO requests (district, key, sequences) VALUES (%b, %b, %b::bigint[])"


class PostgresStored:
    """The answers of the database to the books of one transaction."""

    def __init__(self, connection: Connection[Any], asked: Questions, made: set[str]) -> None:
        """Ask through the transaction's connection; `made` are the districts that are known to have a head."""
        self._connection = connection
        self._asked = asked
        self._made = made
        self._known: set[tuple[str, UUID]] = set()
        self._versions: dict[tuple[str, str], int] = {}
        self._requests: dict[tuple[str, str], Sequence[int]] = {}

    def begin(self) -> list[DistrictHead]:
        """Begin the transaction, take the districts from other writers, and ask all that is known to be needed."""
        asked = self._asked
        new = [district for district in asked.districts if district not in self._made]
        cases = sorted(asked.cases | {(name, case) for name, cases in asked.decided.items() for case in cases})
        ids, keys = sorted(asked.ids), sorted(asked.keys)
        if new:  # apart from the transaction: a row that is made holds its lock before those that come first in order
            make_heads(self._connection, new)
        with self._connection.pipeline():
            self._connection.execute("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
            heads = self._ask(_TAKE_HEADS, asked.districts)
            known = self._ask(_KNOWN, *_columns(ids)) if ids else None
            versions = self._ask(_VERSIONS, [stream(*case) for case in cases]) if cases else None
            requests = self._ask(_REQUESTS, *_columns(keys)) if keys else None
        # Only now: asked for inside the pipeline, each answer would be waited for by itself.
        self._known.update(known or ())
        counts = [row[1] or 0 for row in versions or ()]
        self._versions.update(zip(cases, counts, strict=True))
        self._requests.update(((district, key), sequences) for district, key, sequences in requests or ())
        self._made.update(asked.districts)
        return _heads(heads)

    def drop_stale(self, cases: CaseCache) -> None:
        """Forget cached histories to which another process has added."""
        for (district, case), version in self._versions.items():
            name = stream(district, case)
            held = cases.find(name)
            if held is not None and len(held) != version:
                cases.forget(name)

    def known(self, district: str, ids: Sequence[UUID]) -> Iterable[UUID]:
        """Return those ids that are recorded."""
        unasked = [(district, fact_id) for fact_id in ids if (district, fact_id) not in self._asked.ids]
        if unasked:
            self._known.update(self._ask(_KNOWN, *_columns(unasked)))
        return [fact_id for fact_id in ids if (district, fact_id) in self._known]

    def find(self, district: str, fact_id: UUID) -> AnyFact:
        """Return a recorded fact."""
        return from_stored(*self._ask(FIND, district, fact_id).fetchall()[0])

    def facts(self, district: str, sequences: Sequence[int]) -> Sequence[AnyFact]:
        """Return recorded facts."""
        return [from_stored(topic, state) for topic, state in self._ask(AT, district, list(sequences))]

    def receipts(self, district: str, sequences: Sequence[int]) -> Sequence[Receipt]:
        """Return the receipts of recorded facts."""
        return receipts_of(sequences, self._ask(RECEIPTS, district, list(sequences)))

    def request(self, district: str, key: str) -> Sequence[int] | None:
        """Return the sequences that answered a request; every key of the batch was asked for."""
        return self._requests.get((district, key))

    def version(self, district: str, case: str) -> int:
        """Return how many facts a case has."""
        found = self._versions.get((district, case))
        if found is None:
            found = self._ask(_VERSIONS, [stream(district, case)]).fetchall()[0][1] or 0
        return found

    def read_cases(self, district: str, cases: Sequence[str]) -> Histories:
        """Return the facts of cases."""
        return histories(district, cases, self._ask(CASES, [stream(district, case) for case in cases]))

    def write(self, recorder: FactRecorder, books: LedgerBooks) -> None:
        """Insert all that was taken and commit, in one round trip."""
        additions = books.additions()
        with self._connection.pipeline():
            if additions:
                recorder.insert(self._connection.cursor(), books.events, books.seals)
                keep_heads(self._connection, [addition.head for addition in additions])
            for addition in additions:
                keep_requests(self._connection, addition.head.district, addition.requests)
            self._connection.execute("COMMIT")

    def _ask(self, statement: str, *parameters: object) -> Any:  # noqa: ANN401  a cursor of rows of any shape
        return _ask(self._connection, statement, *parameters)


def begin_books(stored: PostgresStored, asked: Questions, digest: HashFunction, cases: CaseCache) -> LedgerBooks:
    """Begin the books of a transaction, with what its decisions will read at hand."""
    heads = stored.begin()
    stored.drop_stale(cases)
    books = LedgerBooks(stored, heads, digest, cases)
    for district, ids in asked.ids_by_district().items():
        books.ask_for(district, ids)
    for district, decided in asked.decided.items():
        books.read_cases(district, decided)
    return books


def make_heads(connection: Connection[Any], districts: Sequence[str]) -> None:
    """Make the rows that are the locks of districts, where they are missing."""
    _ask(connection, _MAKE_HEADS, Frontier().to_bytes(), list(districts))


def take_heads(connection: Connection[Any], districts: Sequence[str]) -> list[DistrictHead]:
    """Keep other writers of some districts out until the transaction ends, and read where these stand."""
    return _heads(_ask(connection, _TAKE_HEADS, list(districts)))


def keep_heads(connection: Connection[Any], heads: Sequence[DistrictHead]) -> None:
    """Write where districts stand now."""
    _ask(
        connection,
        _KEEP_HEADS,
        [head.district for head in heads],
        [head.sequence for head in heads],
        [head.recorded_at for head in heads],
        [head.frontier.to_bytes() for head in heads],
    )


def keep_requests(connection: Connection[Any], district: str, requests: Mapping[str, Sequence[int]]) -> None:
    """Write which facts answered requests, by key."""
    for key, sequences in requests.items():
        _ask(connection, _KEEP_REQUEST, district, key, list(sequences))


def _heads(rows: Iterable[Any]) -> list[DistrictHead]:
    return [
        DistrictHead(
            district,
            sequence,
            None if recorded_at is None else recorded_at.astimezone(TIME_ZONE),
            Frontier.from_bytes(frontier),
        )
        for district, sequence, recorded_at, frontier in rows
    ]


def _ask(connection: Connection[Any], statement: str, *parameters: object) -> Any:  # noqa: ANN401  as above
    cursor = connection.cursor(binary=True, row_factory=tuple_row)
    return cursor.execute(statement, parameters)


def _columns(rows: Iterable[tuple[str, Any]]) -> tuple[list[str], list[Any]]:
    pairs = list(rows)
    return [first for first, _ in pairs], [second for _, second in pairs]
