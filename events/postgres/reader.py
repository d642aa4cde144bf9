"""Reading a ledger in PostgreSQL: typed facts in order, from any process, never waiting for a writer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Final
from uuid import UUID

import msgspec
import orjson

from events.closing import Closing
from events.fact import AnyFact
from events.ledger.books import stream
from events.ledger.dense_rows import dense_facts, dense_leaves, dense_states, facts_at, without
from events.ledger.port import Anchor, Head, Histories, Receipt, Verification, quietly
from events.ledger.sealed_facts import SealedFact, sealed_fact
from events.ledger.stored_histories import histories
from events.ledger.verification import PAGE, StoredHead, verify_stored
from events.moment import TIME_ZONE
from events.postgres.arrival import why_away
from events.postgres.faults import (
    DEFAULT_AWAITING,
    NOT_OPENED,
    NOT_READ,
    Awaiting,
    Patience,
    damaged,
    faults_of,
    is_passing,
    legible,
    no_ledger,
    other_algorithm,
)
from events.postgres.migrating import check_migrated, ledger_migrations
from events.postgres.recorder import LedgerDatabase
from events.printing import from_stored
from events.tree.sealing import Algorithm, Frontier, hash_function

PATIENCE: Final = DEFAULT_AWAITING
"""How a lost database is awaited where nobody says otherwise; a standby takes over meanwhile."""

READ: Final = "SELECT topic, state FROM stored_events WHERE district = %s AND sequence > %s ORDER BY sequence LIMIT %s"
FIND: Final = "SELECT topic, state FROM stored_events WHERE district = %s AND id = %s"
AT: Final = "SELECT topic, state FROM stored_events WHERE district = %s AND sequence = ANY(%s)"
RECEIPTS: Final = "SELECT sequence, id, leaf, root, state FROM stored_events WHERE district = %s AND sequence = ANY(%s)"
CASES: Final = (
    "SELECT originator_id, topic, state FROM stored_events WHERE originator_id = ANY(%s) "
    "ORDER BY originator_id, originator_version"
)
HEAD: Final = "SELECT sequence, recorded_at, frontier FROM heads WHERE district = %s"
_SEQUENCES: Final = "SELECT district, sequence FROM heads WHERE sequence > 0"
_DISTRICTS: Final = "SELECT district FROM heads WHERE sequence > 0 ORDER BY district"
_SEALED: Final = (
    "SELECT sequence, uuid_send(id), leaf, root, originator_id, originator_version, topic, state FROM stored_events "
    "WHERE district = %s AND sequence > %s AND sequence <= %s ORDER BY sequence LIMIT %s"
)
_LEAVES: Final = (
    "SELECT sequence, leaf FROM stored_events WHERE district = %s AND sequence > %s ORDER BY sequence LIMIT %s"
)
_COUNTS: Final = (
    "SELECT (SELECT count(*) FROM stored_events WHERE district = %s), "
    "(SELECT count(*) FROM stored_events WHERE originator_id >= %s AND originator_id < %s), "
    "(SELECT coalesce(max(sequence), 0) FROM heads WHERE district = %s)"
)
_NAMES: Final = (
    "WITH RECURSIVE named(name) AS (SELECT min(district) FROM stored_events UNION ALL SELECT (SELECT min(district) "
    "FROM stored_events WHERE district > named.name) FROM named WHERE named.name IS NOT NULL) "
    "SELECT name FROM named WHERE name IS NOT NULL UNION SELECT district FROM heads WHERE sequence <> 0"
)
_IN_FRONT: Final = (
    "SELECT count(*) FROM pg_class WHERE oid IN ('stored_events'::regclass, 'heads'::regclass) "
    "AND (relkind <> 'r' OR relrowsecurity OR EXISTS (SELECT 1 FROM pg_rewrite WHERE ev_class = pg_class.oid) "
    "OR EXISTS (SELECT 1 FROM pg_trigger WHERE tgrelid = pg_class.oid) "
    "OR EXISTS (SELECT 1 FROM pg_inherits WHERE pg_class.oid IN (inhparent, inhrelid)))"
)
# Under another collation a case would be found by names like its own.
_COLUMNS: Final = (
    "SELECT relname, string_agg(concat_ws(' ', attname, format_type(atttypid, atttypmod), collname, attgenerated), ',' "
    "ORDER BY attnum) FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped "
    "LEFT JOIN pg_collation ON pg_collation.oid = attcollation "
    "WHERE pg_class.oid IN ('stored_events'::regclass, 'heads'::regclass) GROUP BY relname"
)
_MADE: Final = {
    "heads": "district text C ,sequence bigint ,recorded_at timestamp with time zone ,frontier bytea ",
    "stored_events": "originator_id text C ,originator_version bigint ,topic text default ,state bytea ,"
    "district text C ,sequence bigint ,id uuid ,leaf bytea ,root bytea ",
}
"""The columns as the migrations make them: name, type, collation, and how it is generated."""
_TOTALS: Final = "SELECT (SELECT count(*) FROM stored_events), (SELECT coalesce(sum(sequence), 0) FROM heads)"
_PAGE: Final = 4 * PAGE
"""How many rows are asked for at once: more than of a file, since each question waits for the server."""
_NAME_ALGORITHM: Final = "INSERT INTO ledger (algorithm) VALUES (%s) ON CONFLICT DO NOTHING"


class PostgresReader(Closing):
    """The readers of a ledger in PostgreSQL; a lost connection is made anew and the question asked again."""

    def __init__(self, database: str, datastore: LedgerDatabase, algorithm: Algorithm, awaiting: Awaiting) -> None:
        """Read through connections that are given; `open_postgres_reader` makes them."""
        self._database = database
        self._datastore = datastore
        self._algorithm: Algorithm = algorithm
        self._digest = hash_function(algorithm)
        self._damaged = partial(damaged, database)
        self._awaiting = awaiting

    def districts(self) -> list[str]:
        """Return the districts that have facts, sorted."""
        return [row[0] for row in self._rows(_DISTRICTS)]

    def head(self, district: str) -> Head:
        """Return how far a district has come."""
        rows = self._rows(HEAD, district)
        if not rows or rows[0][0] == 0:
            return Head(district, 0, None, Frontier().root(self._digest), self._algorithm)
        sequence, recorded_at, frontier = rows[0]
        with legible(self._database):
            root = Frontier.from_bytes(frontier).root(self._digest)
            return Head(district, sequence, recorded_at.astimezone(TIME_ZONE), root, self._algorithm)

    def sequences(self) -> dict[str, int]:
        """Return the last sequence of each district that has facts."""
        return dict(self._rows(_SEQUENCES))

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
        with legible(self._database):
            return dense_states(district, after, rows, self._damaged)

    def read_case(self, district: str, case: str) -> list[AnyFact]:
        """Return the facts of a case in order of recording."""
        return list(self.read_cases(district, [case])[case])

    def read_cases(self, district: str, cases: Iterable[str]) -> Histories:
        """Return the facts of many cases in one read."""
        wanted = list(cases)
        rows = self._rows(CASES, [stream(district, case) for case in wanted])
        with legible(self._database):
            return histories(district, wanted, rows)

    def read_at(self, district: str, sequences: Collection[int]) -> Mapping[int, AnyFact]:
        """Return facts by their sequences; raise LedgerUnusableError rather than skip one."""
        rows = self._rows(AT, district, list(sequences))
        return facts_at(district, sequences, self._facts(rows), self._damaged)

    def find(self, district: str, fact_id: UUID) -> AnyFact | None:
        """Return the fact with an id, or None."""
        return next(iter(self._facts(self._rows(FIND, district, fact_id))), None)

    def receipts(self, district: str, sequences: Sequence[int]) -> Sequence[Receipt]:
        """Return the first receipts of facts, in the order asked for."""
        rows = self._rows(RECEIPTS, district, list(sequences))
        with legible(self._database):
            return receipts_of(sequences, rows)

    def leaves(self, district: str, after: int, limit: int) -> list[bytes]:
        """Return the leaves of the next facts after a sequence; raise LedgerUnusableError rather than skip one."""
        return dense_leaves(district, after, self._rows(_LEAVES, district, after, limit), self._damaged)

    def sealed(self, district: str, after: int = 0, limit: int = 1_000) -> list[SealedFact]:
        """Return the next facts after a sequence as they are stored, at most `limit`."""
        rows = self._rows(_SEALED, district, after, after + limit, limit)
        with legible(self._database):
            return [sealed_fact(row) for row in rows]

    def verify(
        self, district: str, anchors: Sequence[Anchor] = (), progressed: Callable[[int], None] = quietly
    ) -> Verification:
        """Recompute every leaf and root from the stored rows; facts recorded meanwhile are left for the next time."""
        heads = self._rows(HEAD, district)
        head = StoredHead()
        if heads:
            sequence, recorded_at, frontier = heads[0]
            last_at = "" if recorded_at is None else recorded_at.astimezone(TIME_ZONE).isoformat()
            head = StoredHead(sequence, last_at, frontier)
        pages = self._sealed_pages(district, head.sequence, progressed)
        return verify_stored(district, self._algorithm, head, pages, lambda: self._counts_agree(district), anchors)

    def named_districts(self) -> list[str]:
        """Return the districts that heads or facts name, whatever the heads say."""
        return sorted({str(row[0]) for row in self._rows(_NAMES)})

    def adds_up(self) -> bool:
        """Tell whether each stored row is counted by a head, all seen at once."""
        stored, heads = self._rows(_TOTALS)[0]
        return bool(stored == heads)

    def leads_true(self) -> bool:
        """Tell whether the tables are those of a ledger, without a rule, a trigger, a policy or heirs."""
        return bool(self._rows(_IN_FRONT)[0][0] == 0 and dict(self._rows(_COLUMNS)) == _MADE)

    def close(self) -> None:
        """Close all connections."""
        self._datastore.close()

    def _sealed_pages(self, district: str, last: int, progressed: Callable[[int], None]) -> Iterator[list[Any]]:
        with ThreadPoolExecutor(1) as ahead:  # the server reads the next page while this one is hashed
            coming = ahead.submit(self._rows, _SEALED, district, 0, last, _PAGE)
            while page := coming.result():
                coming = ahead.submit(self._rows, _SEALED, district, page[-1][0], last, _PAGE)
                yield page
                progressed(len(page))

    def _counts_agree(self, district: str) -> bool:
        """Tell whether there are as many facts of the district as of its cases and as the head says, seen at once."""
        by_district, by_case, head = self._rows(_COUNTS, district, f"{district}/", f"{district}0", district)[0]
        return bool(by_district == by_case == head)

    def _rows(self, statement: str, *parameters: object) -> list[Any]:
        with faults_of(self._database, NOT_READ):
            patience = Patience(self._awaiting)
            while True:
                try:
                    return self._datastore.rows(statement, parameters)
                except Exception as fault:
                    if not patience.is_left_after(fault):
                        raise
                self._datastore.forget_lost_connections()

    def _facts(self, rows: Iterable[Any]) -> list[AnyFact]:
        with legible(self._database):
            return [from_stored(topic, state) for topic, state in rows]


def open_postgres_reader(
    database: str, *, awaiting: Awaiting = PATIENCE, reading: Awaiting | None = None
) -> PostgresReader:
    """Open the ledger of a database for reading; `database` is an address or keys and values of libpq.

    `reading` says how long a lost database is awaited later on, where that differs from opening.

    Raise LedgerError when it does not answer while it is awaited, is not migrated, newer than this program, or
    nothing was ever recorded in it.
    """
    later = reading or awaiting
    datastore, algorithm = connected(database, msgspec.structs.replace(awaiting, connection=later.connection))
    return PostgresReader(database, datastore, algorithm, later)


def connected(
    database: str, awaiting: Awaiting, *, wanted: Algorithm | None = None, new: Algorithm | None = None
) -> tuple[LedgerDatabase, Algorithm]:
    """Connect to a migrated database and return the algorithm of its ledger; with `new` a missing one is made so.

    Of two processes that make it at once the first decides how it is sealed.
    """
    datastore = LedgerDatabase(database, awaiting.connection)
    try:
        with faults_of(database, NOT_OPENED):
            found = _algorithm(database, datastore, Patience(awaiting), new)
    except BaseException:
        datastore.close()
        raise
    if found is not None and wanted in {None, found}:
        return datastore, found
    datastore.close()
    raise no_ledger(database) if found is None else other_algorithm(database, found, str(wanted))


def _algorithm(database: str, datastore: LedgerDatabase, patience: Patience, new: Algorithm | None) -> Algorithm | None:
    looked = False
    while True:
        try:
            with datastore.get_connection() as connection:
                check_migrated(connection, ledger_migrations())
                if new is not None:
                    connection.execute(_NAME_ALGORITHM, [new])
            rows = datastore.rows("SELECT algorithm FROM ledger")
        except Exception as fault:
            if not looked and is_passing(fault):
                looked = True
                why_away(database)  # what does not admit us now never will: nobody waits for it
            if not patience.is_left_after(fault):
                raise
        else:
            found: Algorithm | None = rows[0][0] if rows else None
            if found is None and new is None and datastore.rows("SELECT 1 FROM heads WHERE sequence <> 0 LIMIT 1"):
                raise damaged(database, "散列算法 no hash algorithm")
            return found


def receipts_of(sequences: Sequence[int], rows: Iterable[Any]) -> list[Receipt]:
    """Read the rows of RECEIPTS into the order asked for."""
    found = {
        sequence: Receipt(fact_id, sequence, dt.datetime.fromisoformat(orjson.loads(state)["recorded_at"]), leaf, root)
        for sequence, fact_id, leaf, root, state in rows
    }
    return [found[sequence] for sequence in sequences if sequence in found]
