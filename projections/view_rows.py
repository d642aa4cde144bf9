"""The file of the views' rows: each build of a view has a table of its own, saved together with its position."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, Self

import msgspec

from events.printing import from_stored, stored_bytes
from projections import view_tables
from projections.views.description import Description
from projections.views_file import Layout, ViewsFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from events.fact import AnyFact
    from projections.views.view import Row, View

LAYOUT: Final = Layout(
    1,
    """
CREATE TABLE builds (
    build INTEGER PRIMARY KEY AUTOINCREMENT, view TEXT NOT NULL, state TEXT NOT NULL, sums TEXT,
    finds INTEGER NOT NULL, description BLOB NOT NULL, UNIQUE (view, state));
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
_OF_A_BUILD: Final = ("positions", "links", "corrections")


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
    """What one step changes in a build: whole groups of rows, links and corrections; with `all_found` every finding."""

    groups: Mapping[str, Sequence[Row]]
    links: Iterable[tuple[str, str]] = ()
    corrections: Sequence[AnyFact] = ()
    all_found: bool = False


class ViewRows:
    """The rows of every view; one connection, for one thread at a time. Readers never wait for the writer."""

    def __init__(self, path: Path, *, writable: bool = True) -> None:
        """Open the file, or create it; raise ViewsError when that cannot be done, or there is nothing to read."""
        self.file = ViewsFile(path, writable=writable, layout=LAYOUT)
        self._read: dict[int, Build] = {}

    def builds(self) -> list[Build]:
        """Return every build, by the name of its view, the live one first."""
        return self._builds("SELECT build, state FROM builds ORDER BY view, state DESC")

    def live(self, view: str) -> Build | None:
        """Return the build of a view that answers; None when it has none yet."""
        return next(iter(self._builds("SELECT build, state FROM builds WHERE view = ? AND state = 'live'", view)), None)

    def _builds(self, query: str, *parameters: object) -> list[Build]:
        found = self.file.read(query, *parameters)
        return [self._known(number)._replace(state=state) for number, state in found]

    def _known(self, number: int) -> Build:
        """Return a build; what it is does not change, only whether it is live."""
        known = self._read.get(number)
        if known is None:
            query = "SELECT description, state, sums, finds FROM builds WHERE build = ?"
            ((stored, state, sums, finds),) = self.file.read(query, number)
            known = self._read[number] = Build(number, _DESCRIPTION.decode(stored), state, sums, bool(finds))
        return known

    def begin(self, view: View) -> Build:
        """Begin a build of a view: the live one when there is none yet, else one beside it in place of any other."""
        description, sums, finds = view.description, view.sums, view.of_finding is not None
        with self.file.writing():
            found = self.file.read("SELECT build, state FROM builds WHERE view = ?", description.name)
            for build, state in found:
                if state == "beside":
                    self._drop(build)
            state = "beside" if any(state == "live" for _, state in found) else "live"
            row = (description.name, state, sums, finds, _ENCODE(description))
            self.file.write("INSERT INTO builds (view, state, sums, finds, description) VALUES (?, ?, ?, ?, ?)", [row])
            number: int = self.file.read("SELECT max(build) FROM builds")[0][0]
            for statement in view_tables.create(number, description, sums).split(";\n"):
                self.file.write(statement, [()])
        return Build(number, description, "live" if state == "live" else "beside", sums, finds)

    def switch(self, build: Build) -> None:
        """Let a build that stands beside answer from now on, and drop the one that did."""
        with self.file.writing():
            still = self.file.read("SELECT 1 FROM builds WHERE build = ? AND state = 'beside'", build.number)
            if not still:
                return
            name = build.description.name
            for (live,) in self.file.read("SELECT build FROM builds WHERE view = ? AND state = 'live'", name):
                self._drop(live)
            self.file.write("UPDATE builds SET state = 'live' WHERE build = ?", [(build.number,)])

    def drop(self, build: Build) -> None:
        """Drop a build, such as that of a view that is no more."""
        with self.file.writing():
            self._drop(build.number)

    def position(self, build: Build, district: str) -> Position:
        """Return how far a build has come in a district."""
        query = "SELECT position, found, found_by FROM positions WHERE build = ? AND district = ?"
        rows = self.file.read(query, build.number, district)
        return Position(*rows[0]) if rows else Position()

    def districts(self, build: Build) -> list[str]:
        """Return the districts that a build has taken facts of."""
        query = "SELECT district FROM positions WHERE build = ? ORDER BY district"
        return [row[0] for row in self.file.read(query, build.number)]

    def save(self, build: Build, district: str, before: Position, after: Position, changes: Changes) -> None:
        """Save one step with its position, all or nothing; raise PositionMovedError when it was not at `before`."""
        number = build.number
        with self.file.writing():
            if self.position(build, district) != before or not self._is_there(number):
                raise PositionMovedError
            self._replace(build, district, changes)
            self.file.write(
                "INSERT OR IGNORE INTO links VALUES (?, ?, ?, ?)", [(number, district, *one) for one in changes.links]
            )
            self.file.write(
                "INSERT OR IGNORE INTO corrections VALUES (?, ?, ?, ?, ?)",
                [(number, district, one.sequence, one.type, stored_bytes(one)) for one in changes.corrections],
            )
            self.file.write("INSERT OR REPLACE INTO positions VALUES (?, ?, ?, ?, ?)", [(number, district, *after)])

    def targets(self, build: Build, district: str, sources: Iterable[str]) -> dict[str, list[str]]:
        """Return the cases to which cases lead, those that lead to none left out."""
        return self._linked(build, district, sources, "source", "target")

    def sources(self, build: Build, district: str, targets: Iterable[str]) -> dict[str, list[str]]:
        """Return the cases that lead to cases, those to which none leads left out."""
        return self._linked(build, district, targets, "target", "source")

    def corrections(self, build: Build, district: str) -> list[AnyFact]:
        """Return the corrections and annulments taken so far, in order."""
        query = "SELECT type, fact FROM corrections WHERE build = ? AND district = ? ORDER BY sequence"
        return [from_stored(name, stored) for name, stored in self.file.read(query, build.number, district)]

    def close(self) -> None:
        """Close the connection."""
        self.file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _linked(self, build: Build, district: str, cases: Iterable[str], by: str, to: str) -> dict[str, list[str]]:
        query = (
            f"SELECT {by}, {to} FROM links WHERE build = ? AND district = ? "  # noqa: S608  our own names
            f"AND {by} IN (SELECT value FROM json_each(?)) ORDER BY {by}, {to}"
        )
        found: dict[str, list[str]] = {}
        wanted = msgspec.json.encode(list(cases)).decode()
        for case, other in self.file.read(query, build.number, district, wanted):
            found.setdefault(case, []).append(other)
        return found

    def _is_there(self, build: int) -> bool:
        return bool(self.file.read("SELECT 1 FROM builds WHERE build = ?", build))

    def _drop(self, build: int) -> None:
        self.file.write("DELETE FROM builds WHERE build = ?", [(build,)])
        for table in _OF_A_BUILD:
            self.file.write(f"DELETE FROM {table} WHERE build = ?", [(build,)])  # noqa: S608  our own names
        for table in ("rows", "totals"):
            self.file.write(f"DROP TABLE IF EXISTS {table}_{build}", [()])

    def _replace(self, build: Build, district: str, changes: Changes) -> None:
        if build.sums is not None:
            self._replace_sums(build, build.sums, district, changes.groups)
            return
        table = f"rows_{build.number}"
        if changes.all_found:
            last = FINDINGS[:-1] + chr(ord(FINDINGS[-1]) + 1)
            self.file.write(
                f"DELETE FROM {table} WHERE district = ? AND grp >= ? AND grp < ?",  # noqa: S608  our own names
                [(district, FINDINGS, last)],
            )
        else:
            self.file.write(
                f"DELETE FROM {table} WHERE district = ? AND grp = ?",  # noqa: S608  our own names
                [(district, group) for group in changes.groups],
            )
        statement = view_tables.insert(build.number, build.description)
        for group, rows in changes.groups.items():
            self.file.write(statement, view_tables.laid_out(build.description, district, group, rows))

    def _replace_sums(self, build: Build, sums: str, district: str, groups: Mapping[str, Sequence[Row]]) -> None:
        """Take what a group contributed so far out of the totals, and put in what it contributes now."""
        names = [one.name for one in view_tables.stored_columns(build.description) if one.name != sums]
        names.append("classification")
        listed = ", ".join(f'"{one}"' for one in names)
        marks = ", ".join("?" * len(names))
        number, of_group = build.number, [(district, group) for group in groups]
        added = (
            f'INSERT INTO totals_{number} (district, {listed}, "{sums}") VALUES (?, {marks}, ?) '  # noqa: S608
            f'ON CONFLICT DO UPDATE SET "{sums}" = "{sums}" + excluded."{sums}"'
        )
        before = f'SELECT {listed}, -"{sums}" FROM rows_{number} WHERE district = ? AND grp = ?'  # noqa: S608
        for one in of_group:
            self.file.write(added, [(district, *row) for row in self.file.read(before, *one)])
        self.file.write(f"DELETE FROM rows_{number} WHERE district = ? AND grp = ?", of_group)  # noqa: S608
        for group, rows in groups.items():
            given = [tuple(row.values[name] for name in (*names, sums)) for row in rows]
            self.file.write(added, [(district, *one) for one in given])
            self.file.write(
                f'INSERT INTO rows_{number} (district, grp, key, {listed}, "{sums}") VALUES (?, ?, ?, {marks}, ?)',  # noqa: S608
                [(district, group, row.key, *one) for row, one in zip(rows, given, strict=True)],
            )


@contextmanager
def open_view_rows(path: Path) -> Iterator[ViewRows]:
    """Open the rows for reading, also while the service runs; raise ViewsError when there are none."""
    with ViewRows(path, writable=False) as rows:
        yield rows
