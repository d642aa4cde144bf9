"""The rows of a view that followed from what the watch found, each with the sequences since and until which it stood.

They lie beside those of the build that answers now, and like them belong to what judged: its edition and its key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from projections.view_rows import tables
from projections.view_rows.feeding import group_of, rows_of_findings
from projections.view_rows.history import OPEN
from projections.view_rows.pages import RowTable

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from projections.databases.views_database import ViewsDatabase
    from projections.view_rows.rows import Build
    from projections.views.view import Row, View
    from projections.watch.shelf import Turn


class PastPosition(NamedTuple):
    """How far the rows of the past go in a district, under a key of the watch."""

    position: int = 0
    found_by: str = ""


class PastMovedError(Exception):
    """Somebody else went on with the same rows in the meantime; read their position again."""


Standing = dict[str, list[tuple[int, "Sequence[Row]"]]]
"""Groups of rows, each as it stood since one sequence after another."""


def stood(view: View, turns: Mapping[int, Turn]) -> Standing:
    """Return how groups of rows of a view stood, by what the watch told fact by fact."""
    groups: Standing = {}
    for sequence, turn in turns.items():
        for one in turn.told:
            groups.setdefault(group_of(one.rule, one.subject), []).append(
                (sequence, rows_of_findings(view, one.standing))
            )
    return groups


class PastFindings:
    """Keeps and finds the rows of the past of builds, in the database of their rows; for one thread at a time."""

    def __init__(self, database: ViewsDatabase) -> None:
        self._database = database
        self._writers: dict[int, tables.RowWriter] = {}

    def position(self, build: Build, district: str) -> PastPosition:
        """Return how far the rows of the past go."""
        query = "SELECT position, found_by FROM past_positions WHERE build = ? AND district = ?"
        found = self._database.read(query, build.number, district)
        return PastPosition(*found[0]) if found else PastPosition()

    def at(self, build: Build, sequence: int, without: Collection[str]) -> RowTable:
        """Return where the rows lie that stood after a sequence, but for some groups."""
        condition = " AND known_from <= ? AND known_until > ?"
        values: list[object] = [sequence, sequence]
        if without:
            condition += f" AND NOT {self._database.among('grp')}"
            values.append(list(without))
        return RowTable(self._database, _table(build), condition, values)

    def save(self, build: Build, district: str, before: PastPosition, after: PastPosition, groups: Standing) -> None:
        """Save what stood between two positions, all or nothing; what another key found is thrown away.

        Raise PastMovedError when the rows were not at `before`, or the build is no more.
        """
        with self._database.writing():
            if before == PastPosition():
                self._begin(build, district)
            else:
                self._database.hold_tables(alone=False)
            self._database.change(
                "UPDATE past_positions SET position = ?, found_by = ? WHERE build = ? AND district = ? "
                "AND position = ? AND found_by = ? "
                "AND EXISTS (SELECT 1 FROM builds WHERE builds.build = past_positions.build)",
                (*after, build.number, district, *before),
                PastMovedError(),
            )
            if before.found_by != after.found_by:
                self._database.write(f"DELETE FROM {_table(build)} WHERE district = ?", [(district,)])  # noqa: S608  our own names
            else:
                self._end(build, district, {group: states[0][0] for group, states in groups.items()})
            self._add(build, district, groups)

    def begin_anew(self) -> None:
        """Have the rows of the past made anew, of all builds."""
        with self._database.writing():
            self._database.write("UPDATE past_positions SET found_by = ?", [("",)])

    def _begin(self, build: Build, district: str) -> None:
        query = "SELECT 1 FROM past_positions WHERE build = ?"
        self._database.hold_tables(alone=not self._database.read(query, build.number))
        if not self._database.read(query, build.number):
            self._database.define(f"DROP TABLE IF EXISTS {_table(build)}")
            self._database.define(tables.create_past(build.number, build.description, None))
            self._database.define(tables.past_indexes(build.number, build.description, None))
        self._database.write(
            "INSERT INTO past_positions VALUES (?, ?, 0, '') ON CONFLICT DO NOTHING", [(build.number, district)]
        )

    def _end(self, build: Build, district: str, since: Mapping[str, int]) -> None:
        """Let rows stand no longer that were replaced or are gone since a sequence."""
        statement = (
            f"UPDATE {_table(build)} SET known_until = ? WHERE district = ? AND grp = ? AND known_until = {OPEN}"  # noqa: S608  the same
        )
        self._database.write(statement, [(sequence, district, group) for group, sequence in since.items()])

    def _add(self, build: Build, district: str, groups: Standing) -> None:
        lay_out = self._writers.setdefault(build.number, tables.RowWriter(build.description))
        rows: list[tuple[object, ...]] = []
        for group, states in groups.items():
            ends = [*(sequence for sequence, _ in states[1:]), OPEN]
            for (since, own), until in zip(states, ends, strict=True):
                rows += [(*one, since, until) for one in lay_out(district, {group: own})]
        self._database.insert(_table(build), [*lay_out.columns, "known_from", "known_until"], rows)


def _table(build: Build) -> str:
    return f"past_{build.number}"
