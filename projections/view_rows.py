"""The rows of the views: each build of a view has a table of its own, saved together with its position."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, Self

import msgspec

from events.printing import from_stored, stored_bytes
from projections import view_tables
from projections.view_pages import RowTable
from projections.views.description import Description
from projections.views_database import Layout, ViewsDatabase

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from types import TracebackType

    from events.fact import AnyFact
    from projections.views.view import Row, View

LAYOUT: Final = Layout(
    "views",
    1,
    """
CREATE TABLE builds (
    build INTEGER PRIMARY KEY AUTOINCREMENT, view TEXT NOT NULL, state TEXT NOT NULL, sums TEXT,
    finds BOOLEAN NOT NULL, description BLOB NOT NULL, UNIQUE (view, state));
CREATE TABLE positions (
    build INTEGER NOT NULL, district TEXT NOT NULL, position INTEGER NOT NULL, found INTEGER NOT NULL,
    found_by TEXT NOT NULL, PRIMARY KEY (build, district)) WITHOUT ROWID;
CREATE TABLE links (
    build INTEGER NOT NULL, district TEXT NOT NULL, source TEXT NOT NULL, target TEXT NOT NULL,
    PRIMARY KEY (build, district, source, target)) WITHOUT ROWID;
CREATE INDEX links_target ON links (build, district, target, source);
CREATE TABLE corrections (
    build INTEGER NOT NULL, district TEXT NOT NULL, sequence INTEGER NOT NULL, type TEXT NOT NULL, fact BLOB NOT NULL,
    PRIMARY KEY (build, district, sequence)) WITHOUT ROWID;
""",
)
FINDINGS: Final = "w:"
"""Before the name of a group of rows that follow from what the watch found."""
_ENCODE: Final = msgspec.json.Encoder().encode
_DESCRIPTION: Final = msgspec.json.Decoder(Description)
OF_A_BUILD: Final = ("positions", "links", "corrections")
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


class Position(NamedTuple):
    """How far a build has come in a district: in facts, and in the watch's findings under a key of the watch."""

    facts: int = 0
    found: int = 0
    found_by: str = ""


class PositionMovedError(Exception):
    """Somebody else went on with the same build in the meantime; read its position again."""


class Changes(NamedTuple):
    """What one step changes in a build: whole groups of rows, links and corrections; with `all_found` every finding.

    Of the groups that are `first` there are no rows yet.
    """

    groups: Mapping[str, Sequence[Row]]
    links: Iterable[tuple[str, str]] = ()
    corrections: Sequence[AnyFact] = ()
    all_found: bool = False
    first: Collection[str] = ()


class ViewRows:
    """The rows of every view; one connection, for one thread at a time. Readers never wait for the writer."""

    def __init__(self, database: ViewsDatabase) -> None:
        """Use a database that was opened with `LAYOUT`."""
        self.database = database
        self._read: dict[int, Build] = {}
        self._together = False
        self._writers: dict[int, view_tables.RowWriter] = {}

    def builds(self) -> list[Build]:
        """Return every build, by the name of its view, the live one first."""
        return self._builds("SELECT build, state FROM builds ORDER BY view, state DESC")

    def live(self, view: str) -> Build | None:
        """Return the build of a view that answers; None when it has none yet."""
        return next(iter(self._builds("SELECT build, state FROM builds WHERE view = ? AND state = 'live'", view)), None)

    def _builds(self, query: str, *parameters: object) -> list[Build]:
        found = self.database.read(query, *parameters)
        return [self._known(number)._replace(state=state) for number, state in found]

    def _known(self, number: int) -> Build:
        """Return a build; what it is does not change, only whether it is live."""
        known = self._read.get(number)
        if known is None:
            query = "SELECT description, state, sums, finds FROM builds WHERE build = ?"
            ((stored, state, sums, finds),) = self.database.read(query, number)
            known = self._read[number] = Build(number, _DESCRIPTION.decode(stored), state, sums, bool(finds))
        return known

    def begin(self, view: View, *, again: bool = True) -> Build:
        """Begin a build of a view: the live one when there is none yet, else one beside it in place of any other.

        Without `again`, one that would have the same rows is returned, such as another process began a moment before.
        """
        description, sums, finds = view.description, view.sums, view.of_finding is not None
        with self.database.writing():
            self.database.hold_tables(alone=True)
            found = self.database.read("SELECT build, state FROM builds WHERE view = ?", description.name)
            known = (self._known(number)._replace(state=state) for number, state in found)
            same = next((one for one in known if one.is_of(view)), None)
            if same is not None and not again:
                return same
            for build, state in found:
                if state == "beside":
                    self._drop(build)
            state = "beside" if any(state == "live" for _, state in found) else "live"
            number: int = self.database.read(
                "INSERT INTO builds (view, state, sums, finds, description) VALUES (?, ?, ?, ?, ?) RETURNING build",
                *(description.name, state, sums, finds, _ENCODE(description)),
            )[0][0]
            self.database.define(view_tables.create(number, description, sums))
            if state == "live":
                self.database.define(view_tables.indexes(number, description, sums))
        return Build(number, description, "live" if state == "live" else "beside", sums, finds)

    def complete(self, build: Build) -> None:
        """Make the indexes by which a build beside is to answer: at the end, since it is filled faster without them."""
        with self.database.writing():
            self.database.hold_tables(alone=False)
            if self._is_there(build.number):
                self.database.define(view_tables.indexes(build.number, build.description, build.sums))
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
            self.database.write("UPDATE positions SET found_by = '' WHERE district = ?", [(district,)])

    def districts(self, build: Build) -> list[str]:
        """Return the districts that a build has taken facts of."""
        query = "SELECT district FROM positions WHERE build = ? ORDER BY district"
        return [row[0] for row in self.database.read(query, build.number)]

    def save(self, build: Build, district: str, before: Position, after: Position, changes: Changes) -> None:
        """Save one step with its position, all or nothing; raise PositionMovedError when it was not at `before`."""
        if self._together:
            self._save(build, district, before, after, changes)
            return
        with self.together():
            self._save(build, district, before, after, changes)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Let every `save` of the block be of one transaction: all of them are kept, or none."""
        with self.database.writing():
            self.database.hold_tables(alone=False)
            self._together = True
            try:
                yield
            finally:
                self._together = False

    def _save(self, build: Build, district: str, before: Position, after: Position, changes: Changes) -> None:
        number = build.number
        self._move(number, district, before, after)
        self._replace(build, district, changes)
        self.database.write(
            "INSERT INTO links VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [(number, district, *one) for one in changes.links],
        )
        self.database.write(
            "INSERT INTO corrections VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [(number, district, one.sequence, one.type, stored_bytes(one)) for one in changes.corrections],
        )

    def _move(self, build: int, district: str, before: Position, after: Position) -> None:
        """Move a position on; PositionMovedError is raised when it is not where it was, or the build is no more.

        Its row stays locked until all is saved.
        """
        if before == Position():
            begun = (build, district, *before)
            self.database.write("INSERT INTO positions VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", [begun])
        self.database.change(
            "UPDATE positions SET position = ?, found = ?, found_by = ? "
            "WHERE build = ? AND district = ? AND position = ? AND found = ? AND found_by = ? "
            "AND EXISTS (SELECT 1 FROM builds WHERE builds.build = positions.build)",
            (*after, build, district, *before),
            PositionMovedError(),
        )

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

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _linked(self, build: Build, district: str, cases: Iterable[str], by: str, to: str) -> dict[str, list[str]]:
        query = (
            f"SELECT {by}, {to} FROM links WHERE build = ? AND district = ? "  # noqa: S608  our own names
            f"AND {self.database.among(by)} ORDER BY {by}, {to}"
        )
        found: dict[str, list[str]] = {}
        for case, other in self.database.read(query, build.number, district, list(cases)):
            found.setdefault(case, []).append(other)
        return found

    def _is_there(self, build: int) -> bool:
        return bool(self.database.read("SELECT 1 FROM builds WHERE build = ?", build))

    def _drop(self, build: int) -> None:
        self.database.write("DELETE FROM builds WHERE build = ?", [(build,)])
        for table in OF_A_BUILD:
            self.database.write(f"DELETE FROM {table} WHERE build = ?", [(build,)])  # noqa: S608  our own names
        for table in ("rows", "totals"):
            self.database.define(f"DROP TABLE IF EXISTS {table}_{build}")

    def _replace(self, build: Build, district: str, changes: Changes) -> None:
        if build.sums is not None:
            if changes.groups:
                self._replace_sums(build, build.sums, district, changes.groups)
            return
        table = f"rows_{build.number}"
        if changes.all_found:
            last = FINDINGS[:-1] + chr(ord(FINDINGS[-1]) + 1)
            self.database.write(
                f"DELETE FROM {table} WHERE district = ? AND grp >= ? AND grp < ?",  # noqa: S608  our own names
                [(district, FINDINGS, last)],
            )
        else:
            self._delete(table, district, [one for one in changes.groups if one not in changes.first])
        lay_out = self._writers.get(build.number)
        if lay_out is None:
            lay_out = self._writers[build.number] = view_tables.RowWriter(build.description)
        self.database.insert(table, lay_out.columns, lay_out(district, changes.groups))

    def _delete(self, table: str, district: str, groups: Collection[str]) -> None:
        if not groups:
            return
        statement = f"DELETE FROM {table} WHERE district = ? AND {self.database.among('grp')}"  # noqa: S608  the same
        self.database.write(statement, [(district, list(groups))])

    def _replace_sums(self, build: Build, sums: str, district: str, groups: Mapping[str, Sequence[Row]]) -> None:
        """Take what the groups contributed so far out of the totals, and put in what they contribute now."""
        names = view_tables.summed_by(build.description, sums)
        listed = ", ".join(f'"{one}"' for one in names)
        number = build.number
        given: list[tuple[Any, ...]] = [
            (group, row.key, *(row.values[name] for name in (*names, sums)))
            for group, rows in groups.items()
            for row in rows
        ]
        before = (
            f'SELECT {listed}, "{sums}" FROM rows_{number} '  # noqa: S608  our own names
            f"WHERE district = ? AND {self.database.among('grp')}"
        )
        changed: Counter[tuple[object, ...]] = Counter()
        for *key, number_before in self.database.read(before, district, list(groups)):
            changed[tuple(key)] -= number_before
        for _, _, *key, number_now in given:
            changed[tuple(key)] += number_now
        self.database.write(
            f'INSERT INTO totals_{number} (district, {listed}, "{sums}") '  # noqa: S608  the same
            f"VALUES (?, {', '.join('?' * len(names))}, ?) ON CONFLICT (district, {listed}) "
            f'DO UPDATE SET "{sums}" = totals_{number}."{sums}" + excluded."{sums}"',
            [(district, *key, value) for key, value in changed.items() if value],
        )
        self._delete(f"rows_{number}", district, groups)
        self.database.insert(
            f"rows_{number}", ("district", "grp", "key", *names, sums), [(district, *one) for one in given]
        )
