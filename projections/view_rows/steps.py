"""One step of a build of a view, laid out as it is stored, and put in place of what it changes with its position."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from events.printing import stored_bytes
from projections.databases.views_database import Rows
from projections.view_rows import tables

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from events.fact import AnyFact
    from projections.databases.views_database import ViewsDatabase
    from projections.view_rows.rows import Build
    from projections.views.view import Row

FINDINGS: Final = "w:"
"""Before the name of a group of rows that follow from what the watch found."""
_AFTER_FINDINGS: Final = FINDINGS[:-1] + chr(ord(FINDINGS[-1]) + 1)
_UNLESS_THERE: Final = "ON CONFLICT DO NOTHING"


class Position(NamedTuple):
    """How far a build has come in a district: in facts, and in the watch's findings under a key of the watch."""

    facts: int = 0
    found: int = 0
    found_by: str = ""


class PositionMovedError(Exception):
    """Somebody else went on with the same build in the meantime; read its position again."""


class Changes(NamedTuple):
    """What one step changes in a build: whole groups of rows, links and corrections; with `all_found` every finding.

    Of the groups that are `first` there are no rows yet, or none any more.
    """

    groups: Mapping[str, Sequence[Row]]
    links: Iterable[tuple[str, str]] = ()
    corrections: Sequence[AnyFact] = ()
    all_found: bool = False
    first: Collection[str] = ()


class Step(NamedTuple):
    """A step that was worked out, but is not saved yet: with `rows` of groups as they are stored.

    `replaced` are the groups that may have rows already.
    """

    build: Build
    district: str
    before: Position
    after: Position
    rows: Sequence[tuple[Any, ...]]
    replaced: list[str]
    links: Sequence[tuple[str, str]]
    corrections: Sequence[AnyFact]
    all_found: bool


def hold_positions(database: ViewsDatabase, district: str, builds: list[int]) -> None:
    """Hold the positions of builds in a district before any is moved, so that all processes hold them in one order."""
    database.hold_rows("positions", f"district = ? AND {database.among('build')}", (district, builds), "build")


class StepWriter:
    """Lays steps out, and saves them within a transaction of the database."""

    def __init__(self, database: ViewsDatabase) -> None:
        self._database = database
        self._layouts: dict[int, tables.RowWriter | tables.SumWriter] = {}

    def laid_out(self, build: Build, district: str, before: Position, after: Position, changes: Changes) -> Step:
        """Return a step as it is stored; nothing is asked of the database."""
        return Step(
            build,
            district,
            before,
            after,
            self._layout(build)(district, changes.groups),
            [one for one in changes.groups if one not in changes.first],
            list(changes.links),
            changes.corrections,
            changes.all_found,
        )

    def _layout(self, build: Build) -> tables.RowWriter | tables.SumWriter:
        known = self._layouts.get(build.number)
        if known is None:
            known = self._layouts[build.number] = tables.writer_of(build.description, build.sums)
        return known

    def save(self, steps: Sequence[Step]) -> None:
        """Put steps in place; raise PositionMovedError when a build is no longer where its step begins."""
        self._move(steps)
        totals = [self._totals(step, step.build.sums) for step in steps if step.build.sums is not None]
        for step in steps:
            if step.all_found:
                self._delete_found(step)
        if any(step.replaced for step in steps):
            self._database.write_together(*map(self._deletion, steps))
        self._database.insert_together(
            *(Rows(f"rows_{step.build.number}", self._layout(step.build).columns, list(step.rows)) for step in steps),
            *totals,
            Rows(
                "links",
                ("build", "district", "source", "target"),
                [(step.build.number, step.district, *one) for step in steps for one in step.links],
                _UNLESS_THERE,
            ),
            Rows(
                "corrections",
                ("build", "district", "sequence", "type", "fact"),
                [
                    (step.build.number, step.district, one.sequence, one.type, stored_bytes(one))
                    for step in steps
                    for one in step.corrections
                ],
                _UNLESS_THERE,
            ),
        )

    def _move(self, steps: Sequence[Step]) -> None:
        """Move the positions on, at once for all builds that go from one to the same other.

        PositionMovedError is raised when one is not where it was, or a build is no more. The rows stay locked until all
        is saved.
        """
        in_order = sorted(steps, key=lambda step: (step.district, step.build.number))
        begun = [(step.build.number, step.district, *step.before) for step in in_order if step.before == Position()]
        self._database.insert("positions", ("build", "district", "position", "found", "found_by"), begun, _UNLESS_THERE)
        for district, own in groupby(in_order, key=lambda step: step.district):
            hold_positions(self._database, district, [step.build.number for step in own])
        statement = (
            f"UPDATE positions SET position = ?, found = ?, found_by = ? WHERE {self._database.among('build')} "  # noqa: S608  our own names
            "AND district = ? AND position = ? AND found = ? AND found_by = ? "
            "AND EXISTS (SELECT 1 FROM builds WHERE builds.build = positions.build)"
        )
        together: dict[tuple[str, Position, Position], list[int]] = {}
        for step in steps:
            together.setdefault((step.district, step.before, step.after), []).append(step.build.number)
        for (district, before, after), builds in together.items():
            self._database.change(statement, (*after, builds, district, *before), PositionMovedError(), len(builds))

    def _delete_found(self, step: Step) -> None:
        """Take out every row that follows from what the watch found."""
        self._database.write(
            f"DELETE FROM rows_{step.build.number} WHERE district = ? AND grp >= ? AND grp < ?",  # noqa: S608  our own names
            [(step.district, FINDINGS, _AFTER_FINDINGS)],
        )

    def _deletion(self, step: Step) -> tuple[str, tuple[object, ...]]:
        table = f"rows_{step.build.number}"
        statement = f"DELETE FROM {table} WHERE district = ? AND {self._database.among('grp')}"  # noqa: S608  the same
        return statement, (step.district, step.replaced)

    def _totals(self, step: Step, sums: str) -> Rows:
        """Return by how much the totals change: what the groups contribute now, less what they did so far."""
        names = tables.summed_by(step.build.description, sums)
        listed = ", ".join(f'"{one}"' for one in names)
        number, district = step.build.number, step.district
        before = (
            f'SELECT {listed}, "{sums}" FROM rows_{number} '  # noqa: S608  our own names
            f"WHERE district = ? AND {self._database.among('grp')}"
        )
        changed: Counter[tuple[object, ...]] = Counter()
        if step.replaced:
            for *key, number_before in self._database.read(before, district, step.replaced):
                changed[tuple(key)] -= number_before
        for row in step.rows:
            changed[row[len(tables.FIRST) : -1]] += row[-1]
        return Rows(
            f"totals_{number}",
            ("district", *names, sums),
            [(district, *key, value) for key, value in changed.items() if value],
            f'ON CONFLICT (district, {listed}) DO UPDATE SET "{sums}" = totals_{number}."{sums}" + excluded."{sums}"',
        )
