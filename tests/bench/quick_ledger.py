"""A ledger of ten million facts made in minutes: each row as recording makes it, but nothing is decided.

The facts are those of `endless_facts`. What is told once is recorded through the port. Of each act that is told again
the stored text is laid out once, and printed with its cases and days; leaves and roots are computed page by page, and
rows inserted without waiting for the disk, the index by id made at the end. A test compares such a file, row by row,
with one that was recorded.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple
from uuid import UUID

import orjson

from events.fact import case_key
from events.ledger.books import stream
from events.ledger.port import Proposal
from events.moment import Instant, Moment, datetime_of, instant_of
from events.parsing import Defaults, History, read_line
from events.personal import Keys
from events.printing import stored_bytes
from events.sqlite.ledger import SqliteLedger
from events.tree.growing import grown
from events.tree.sealing import LEAF, Frontier, envelope_of, hash_each, hash_start
from services.commands.progress import progress_bar
from tests.bench.long_histories import GIVEN, EndlessHistory, Layout, Told, as_sorted, marked

_PAGE: Final = 4_096
_INDEX: Final = "facts_by_id"
_SEQUENCE: Final = "sequence"


class QuickLedger:
    """A ledger file of one district that grows quickly; nobody else may write to it."""

    def __init__(self, path: Path, district: str, keys: Keys) -> None:
        """Make the file, with what is told once recorded in it."""
        history = EndlessHistory(district)
        opening = list(History(history.opening))
        with SqliteLedger(path, keys=keys) as ledger:
            proposals = [Proposal(facts=(one,), recorded_at=one.recorded_at) for one in opening]
            ledger.record(proposals, opening[-1].recorded_at)
        self._path, self.district, self.length = path, district, len(opening)
        self._next = _printed(history, self.length, instant_of(opening[-1].recorded_at))

    def grow(self, length: int) -> None:
        """Let it grow to a length, which is more than that of the opening."""
        with (
            closing(sqlite3.connect(self._path, isolation_level=None)) as file,
            progress_bar("封存 sealing", length - self.length) as progressed,
        ):
            file.execute("PRAGMA synchronous=OFF")
            file.execute("PRAGMA cache_size=-512000")
            ((index,),) = file.execute("SELECT sql FROM sqlite_master WHERE name = ?", (_INDEX,)).fetchall()
            file.execute(f"DROP INDEX {_INDEX}")
            while page := list(islice(self._next, min(_PAGE, length - self.length))):
                self._insert(file, page)
                self.length += len(page)
                progressed(len(page))
            file.execute(index)

    def _insert(self, file: sqlite3.Connection, page: list[_Printed]) -> None:
        start = hash_start("sha256")
        ((stored,),) = file.execute("SELECT frontier FROM heads WHERE district = ?", (self.district,)).fetchall()
        leaves = hash_each(start(LEAF), [one.envelope + one.state for one in page])
        roots, frontier = grown(start, Frontier.from_bytes(stored), leaves)
        file.execute("BEGIN")
        file.executemany(
            "INSERT INTO stored_events VALUES (?, ?, ?, ?, ?)",
            [(one.sequence, one.stream, one.version, one.type, one.state) for one in page],
        )
        file.executemany(
            "INSERT INTO facts (district, sequence, id, leaf, root, position) VALUES (?, ?, ?, ?, ?, ?)",
            [
                (self.district, one.sequence, one.id.bytes, leaf, root, one.sequence)
                for one, leaf, root in zip(page, leaves, roots, strict=True)
            ],
        )
        file.execute(
            "UPDATE heads SET sequence = ?, recorded_at = ?, frontier = ? WHERE district = ?",
            (page[-1].sequence, page[-1].recorded_at, frontier.to_bytes(), self.district),
        )
        file.execute("COMMIT")


class _Printed(NamedTuple):
    """A fact as it is stored."""

    sequence: int
    id: UUID
    recorded_at: str
    stream: str
    version: int
    type: str
    envelope: bytes
    state: bytes


class _Laid:
    """An act laid out as the ledger stores it."""

    def __init__(self, district: str, told: Told) -> None:
        fact = read_line(orjson.dumps(told.act), 1, Defaults(district=district))
        stored = orjson.loads(stored_bytes(fact))
        again = marked({**stored, "id": GIVEN, "recorded_at": GIVEN, _SEQUENCE: GIVEN}, told.cases)
        quoted, number = (as_sorted({_SEQUENCE: GIVEN}).strip(b"{}"), f'"{_SEQUENCE}":{GIVEN}'.encode())
        self._layout = Layout(as_sorted(again).replace(quoted, number))
        self._told, self._type, self._case, self._district = told, fact.type, case_key(fact.subject), district

    def printed(self, turn: int, week: int, sequence: int, recorded_at: str, versions: Counter[str]) -> _Printed:
        """Return it as the fact of a sequence, in cases of a turn; `versions` says how many facts each case has."""
        fact_id, case = self._told.id_of(turn), f"{self._case}-{turn}"
        versions[case] = version = versions[case] + 1
        name = str(fact_id)
        state = self._layout.printed(turn, week, name.encode(), recorded_at.encode(), b"%d" % sequence)
        envelope = envelope_of(self._district, sequence, recorded_at, case, version, self._type, name)
        return _Printed(
            sequence, fact_id, recorded_at, stream(self._district, case), version, self._type, envelope, state
        )


def _printed(history: EndlessHistory, last: int, before: Instant) -> Iterator[_Printed]:
    """Yield the facts that follow the last of the opening, recorded when they occur, but never before another."""
    laid = {told: _Laid(history.district, told) for told in history.every}
    versions = Counter[str]()
    for sequence, (told, turn, week) in enumerate(history.in_order(), last + 1):
        before = max(before, _latest(told.occurred_at(week)))
        yield laid[told].printed(turn, week, sequence, _written(before), versions)


@lru_cache(maxsize=8_192)
def _latest(occurred_at: str) -> Instant:
    return Moment(occurred_at).latest


@lru_cache(maxsize=8_192)
def _written(instant: Instant) -> str:
    return datetime_of(instant).isoformat()
