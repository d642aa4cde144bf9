"""What stands in the tables of a ledger, changed and put back by somebody who holds the disk and knows the form."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import orjson

from events.tree.sealing import Frontier, envelope_of, hash_function, leaf_hash

SHA256 = hash_function("sha256")


@dataclass(frozen=True)
class Row:
    """One fact as stored, with its seal; `stream` is DISTRICT/KIND/ID."""

    sequence: int
    fact_id: bytes
    leaf: bytes
    root: bytes
    stream: str
    version: int
    topic: str
    state: bytes


@dataclass(frozen=True)
class Tables:
    """All rows of a district, and its head: how many facts, the last recorded_at, the frontier."""

    rows: tuple[Row, ...]
    sequence: int
    recorded_at: str
    frontier: bytes

    def with_row(self, at: int, /, **changes: object) -> Tables:
        """Return the tables with something else in one row, its seal left as it was."""
        rows = (replace(row, **changes) if row.sequence == at else row for row in self.rows)  # type: ignore[arg-type]  # the fields of Row
        return replace(self, rows=tuple(rows))

    def with_payload(self, sequence: int, old: str, new: str) -> Tables:
        """Return the tables with other words in one payload, its seal left as it was."""
        state = self.row(sequence).state
        assert old.encode() in state
        return self.with_row(sequence, state=state.replace(old.encode(), new.encode(), 1))

    def without(self, sequence: int) -> Tables:
        return replace(self, rows=tuple(row for row in self.rows if row.sequence != sequence))

    def swapped(self, one: int, other: int) -> Tables:
        """Return the tables with two facts in each other's place, each with its own seal."""
        moved = {one: other, other: one}
        rows = (replace(row, sequence=moved.get(row.sequence, row.sequence)) for row in self.rows)
        return replace(self, rows=tuple(sorted(rows, key=lambda row: row.sequence)))

    def cut_after(self, sequence: int) -> Tables:
        return replace(self, rows=tuple(row for row in self.rows if row.sequence <= sequence))

    def renumbered(self) -> Tables:
        """Return the tables with each payload saying the number under which it stands, as a careful forger would."""
        rows = (
            replace(row, state=re.sub(rb'"sequence":[0-9]+,', b'"sequence":%d,' % row.sequence, row.state))
            for row in self.rows
        )
        return replace(self, rows=tuple(rows))

    def counted_anew(self) -> Tables:
        """Return the tables with the facts of each case counted again, as a careful forger would."""
        counts, rows = Counter[str](), list[Row]()
        for row in self.rows:
            counts[row.stream] += 1
            rows.append(replace(row, version=counts[row.stream]))
        return replace(self, rows=tuple(rows))

    def row(self, sequence: int) -> Row:
        return next(row for row in self.rows if row.sequence == sequence)

    def sealed_anew(self) -> Tables:
        """Return the tables with every leaf, root and the head computed anew, so that they fit each other again."""
        frontier, rows, recorded_at = Frontier(), list[Row](), ""
        for row in self.rows:
            recorded_at = str(orjson.loads(row.state)["recorded_at"])
            district, _, case = row.stream.partition("/")
            name = str(UUID(bytes=row.fact_id))
            envelope = envelope_of(district, row.sequence, recorded_at, case, row.version, row.topic, name)
            leaf = leaf_hash(SHA256, envelope, row.state)
            frontier = frontier.extended(SHA256, leaf)
            rows.append(replace(row, leaf=leaf, root=frontier.root(SHA256)))
        return Tables(tuple(rows), len(rows), recorded_at, frontier.to_bytes())

    def values(self) -> Sequence[tuple[object, ...]]:
        return [
            (row.sequence, row.fact_id, row.leaf, row.root, row.stream, row.version, row.topic, row.state)
            for row in self.rows
        ]
