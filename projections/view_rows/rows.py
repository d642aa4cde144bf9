"""The rows of the views: each build of a view has a table of its own, saved together with its position."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import msgspec

from events.closing import Closing
from events.printing import from_stored
from projections.databases.views_database import Layout, ViewsDatabase
from projections.view_rows import tables
from projections.view_rows.pages import RowTable
from projections.view_rows.steps import Position, StepWriter, hold_positions
from projections.views.description import Description

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from contextlib import AbstractContextManager

    from events.fact import AnyFact
    from projections.view_rows.steps import Changes, Step
    from projections.views.view import View

LAYOUT: Final = Layout(
    "views",
    2,
    """
CREATE TABLE builds (
    build INTEGER PRIMARY KEY AUTOINCREMENT, view TEXT NOT NULL, state TEXT NOT NULL, sums TEXT,
    finds BOOLEAN NOT NULL, description BLOB NOT NULL, UNIQUE (view, state));
CREATE TABLE positions (
    build INTEGER NOT NULL, district TEXT NOT NULL, position INTEGER NOT NULL, found INTEGER NOT NULL,
    found_by TEXT NOT NULL, PRIMARY KEY (build, district)) WITHOUT ROWID;
CREATE TABLE past_positions (
    build INTEGER NOT NULL, district TEXT NOT NULL, position INTEGER NOT NULL, found_by TEXT NOT NULL,
    PRIMARY KEY (build, district)) WITHOUT ROWID;
CREATE TABLE links (
    build INTEGER NOT NULL, district TEXT NOT NULL, source TEXT NOT NULL, target TEXT NOT NULL,
    PRIMARY KEY (build, district, source, target)) WITHOUT ROWID;
CREATE INDEX links_target ON links (build, district, target, source);
CREATE TABLE corrections (
    build INTEGER NOT NULL, district TEXT NOT NULL, sequence INTEGER NOT NULL, type TEXT NOT NULL, fact BLOB NOT NULL,
    PRIMARY KEY (build, district, sequence)) WITHOUT ROWID;
""",
)
_ENCODE: Final = msgspec.json.Encoder().encode
_DESCRIPTION: Final = msgspec.json.Decoder(Description)
_MANY: Final = 2_000
"""Rows of a build whose indexes together take so long that others who write would notice: a tenth of a second."""
OF_A_BUILD: Final = ("positions", "past_positions", "links", "corrections")
"""The tables that hold something of every build, beside the rows."""


class Build(NamedTuple):
    """One build of a view: the live one answers, the one beside it is on its way.

    `sums` names the column that is added up, `finds` tells whether rows follow from what the watch found too.
    """

    number: int
    description: Description
    state: Literal["live", "beside"]
    sums: str | None
    finds: bool

    def is_of(self, view: View) -> bool:
        """Tell whether a view, as it is now, would make the same rows."""
        as_now = (view.description, view.sums, view.of_finding is not None)
        return (self.description, self.sums, self.finds) == as_now


class ViewRows(Closing):
    """The rows of every view; one connection, for one thread at a time. Readers never wait for the writer."""

    def __init__(self, database: ViewsDatabase) -> None:
        """Use a database that was opened with `LAYOUT`."""
        self.database = database
        self._read: dict[int, Build] = {}
        self._writer = StepWriter(database)

    def builds(self) -> list[Build]:
        """Return every build, by the name of its view, the live one first."""
        return self._builds("ORDER BY view, state DESC")

    def live(self, view: str) -> Build | None:
        """Return the build of a view that answers; None when it has none yet."""
        return next(iter(self._builds("WHERE view = ? AND state = 'live'", view)), None)

    def _builds(self, which: str, *parameters: object) -> list[Build]:
        """Return builds; what one is does not change, only whether it is live, so that it is read once.

        What is not known is read by one statement with which there are: another process may drop one at any moment.
        """
        found = self.database.read(f"SELECT build, state FROM builds {which}", *parameters)  # noqa: S608  conditions of our own
        if not self._read.keys() >= {number for number, _ in found}:
            query = f"SELECT build, state, description, sums, finds FROM builds {which}"  # noqa: S608  the same
            rows = self.database.read(query, *parameters)
            for number, state, stored, sums, finds in rows:
                self._read[number] = Build(number, _DESCRIPTION.decode(stored), state, sums, bool(finds))
            found = [(number, state) for number, state, *_ in rows]
        return [self._read[number]._replace(state=state) for number, state in found]

    def begin(self, view: View, *, again: bool = True) -> Build:
        """Begin a build of a view: the live one when there is none yet, else one beside it in place of any other.

        Without `again`, one that would have the same rows is returned, such as another process began a moment before.
        """
        description, sums, finds = view.description, view.sums, view.of_finding is not None
        with self.database.writing():
            self.database.hold_tables(alone=True)
            found = self._builds("WHERE view = ?", description.name)
            same = next((one for one in found if one.is_of(view)), None)
            if same is not None and not again:
                return same
            for build in found:
                if build.state == "beside":
                    self._drop(build.number)
            state: Literal["live", "beside"] = "beside" if any(one.state == "live" for one in found) else "live"
            number: int = self.database.read(
                "INSERT INTO builds (view, state, sums, finds, description) VALUES (?, ?, ?, ?, ?) RETURNING build",
                *(description.name, state, sums, finds, _ENCODE(description)),
            )[0][0]
            self.database.define(tables.create(number, description, sums))
            if state == "live":
                self.database.define(tables.indexes(number, description, sums))
        return Build(number, description, state, sums, finds)

    def complete(self, build: Build) -> None:
        """Make the indexes by which a build beside is to answer: at the end, since it is filled faster without them.

        Those of many rows are a transaction each, so that others who write need not wait for all of them. Of several
        who come to it at once one makes an index and the others wait.
        """
        left = tables.indexes(build.number, build.description, build.sums).splitlines()
        while left:
            with self.database.writing():
                self.database.hold_tables(alone=False)
                # PostgreSQL does not wait at IF NOT EXISTS, so that two would make the same; they wait for this row.
                self.database.write("UPDATE builds SET state = state WHERE build = ?", [(build.number,)])
                if not self._is_there(build.number):
                    return
                some = left[:1] if self._has_many(build.number) else left
                self.database.define("\n".join(some))
            left = left[len(some) :]
        with self.database.writing():
            self.database.hold_tables(alone=False)
            if self._is_there(build.number):
                self.database.gauge(f"rows_{build.number}")

    def switch(self, build: Build) -> None:
        """Let a build that stands beside, and is complete, answer from now on, and drop the one that did."""
        with self.database.writing():
            self.database.hold_tables(alone=True)
            still = self.database.read("SELECT 1 FROM builds WHERE build = ? AND state = 'beside'", build.number)
            if not still:
                return
            name = build.description.name
            for (live,) in self.database.read("SELECT build FROM builds WHERE view = ? AND state = 'live'", name):
                self._drop(live)
            self.database.write("UPDATE builds SET state = 'live' WHERE build = ?", [(build.number,)])

    def drop(self, build: Build) -> None:
        """Drop a build, such as that of a view that is no more."""
        with self.database.writing():
            self.database.hold_tables(alone=True)
            self._drop(build.number)

    def position(self, build: Build, district: str) -> Position:
        """Return how far a build has come in a district."""
        query = "SELECT position, found, found_by FROM positions WHERE build = ? AND district = ?"
        rows = self.database.read(query, build.number, district)
        return Position(*rows[0]) if rows else Position()

    def find_anew(self, district: str) -> None:
        """Have every finding of a district told again, once its watch is where it was, because it judges anew."""
        with self.database.writing():
            hold_positions(self.database, district, [build.number for build in self.builds()])
            self.database.write("UPDATE positions SET found_by = '' WHERE district = ?", [(district,)])
            self.database.write("UPDATE past_positions SET found_by = '' WHERE district = ?", [(district,)])

    def districts(self, build: Build) -> list[str]:
        """Return the districts that a build has taken facts of."""
        query = "SELECT district FROM positions WHERE build = ? ORDER BY district"
        return [row[0] for row in self.database.read(query, build.number)]

    def save(self, build: Build, district: str, before: Position, after: Position, changes: Changes) -> None:
        """Save one step with its position, all or nothing; raise PositionMovedError when it was not at `before`."""
        self.keep([self.laid_out(build, district, before, after, changes)])

    def laid_out(self, build: Build, district: str, before: Position, after: Position, changes: Changes) -> Step:
        """Return a step as it is stored, so that less is left to do while others wait to write."""
        return self._writer.laid_out(build, district, before, after, changes)

    def keep(self, steps: Sequence[Step]) -> None:
        """Save steps with their positions, all or nothing; raise PositionMovedError when a build was moved on."""
        with self.database.writing():
            self.database.hold_tables(alone=False)
            self._writer.save(steps)

    def targets(self, build: Build, district: str, sources: Iterable[str]) -> dict[str, list[str]]:
        """Return the cases to which cases lead, those that lead to none left out."""
        return self._linked(build, district, sources, "source", "target")

    def sources(self, build: Build, district: str, targets: Iterable[str]) -> dict[str, list[str]]:
        """Return the cases that lead to cases, those to which none leads left out."""
        return self._linked(build, district, targets, "target", "source")

    def corrections(self, build: Build, district: str) -> list[AnyFact]:
        """Return the corrections and annulments taken so far, in order."""
        query = "SELECT type, fact FROM corrections WHERE build = ? AND district = ? ORDER BY sequence"
        return [from_stored(name, stored) for name, stored in self.database.read(query, build.number, district)]

    def tables(self, build: Build, district: str) -> Sequence[RowTable]:
        """Return the one table in which the rows of a build lie."""
        del district  # every row says of which it is
        return (RowTable(self.database, f"rows_{build.number}"),)

    def reading(self) -> AbstractContextManager[None]:
        """Let every question of the block see the same rows."""
        return self.database.reading()

    def close(self) -> None:
        """Close the connection."""
        self.database.close()

    def _linked(self, build: Build, district: str, cases: Iterable[str], by: str, to: str) -> dict[str, list[str]]:
        query = (
            f"SELECT {by}, {to} FROM links WHERE build = ? AND district = ? "  # noqa: S608  our own names
            f"AND {self.database.among(by)} ORDER BY {by}, {to}"
        )
        found: dict[str, list[str]] = {}
        for case, other in self.database.read(query, build.number, district, list(cases)):
            found.setdefault(case, []).append(other)
        return found

    def _has_many(self, build: int) -> bool:
        return bool(self.database.read(f"SELECT 1 FROM rows_{build} LIMIT 1 OFFSET {_MANY}"))  # noqa: S608  our own names

    def _is_there(self, build: int) -> bool:
        return bool(self.database.read("SELECT 1 FROM builds WHERE build = ?", build))

    def _drop(self, build: int) -> None:
        self.database.write("DELETE FROM builds WHERE build = ?", [(build,)])
        for table in OF_A_BUILD:
            self.database.write(f"DELETE FROM {table} WHERE build = ?", [(build,)])  # noqa: S608  our own names
        for table in ("rows", "totals", "past"):
            self.database.define(f"DROP TABLE IF EXISTS {table}_{build}")
