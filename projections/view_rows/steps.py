"""One step of a build of a view, laid out as it is stored, and put in place of what it changes with its position."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from events.printing import stored_bytes
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


class Step(NamedTuple):
    """A step that was worked out, but is not saved yet: with `rows` of groups as they are stored.

    `replaced` are the groups that may have rows already.
    """

    build: Build
    district: str
    before: Position
    after: Position
    rows: Sequence[tuple[Any, ...]]
    replaced: Sequence[str]
    links: Sequence[tuple[str, str]]
    corrections: Sequence[AnyFact]
    all_found: bool


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

    def save(self, step: Step) -> None:
        """Put a step in place; raise PositionMovedError when its build is no longer where the step begins."""
        number, district = step.build.number, step.district
        self._move(step)
        if step.build.sums is None:
            self._replace(step)
        elif step.replaced or step.rows:
            self._replace_sums(step, step.build.sums)
        self._database.write(
            "INSERT INTO links VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [(number, district, *one) for one in step.links],
        )
        self._database.write(
            "INSERT INTO corrections VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [(number, district, one.sequence, one.type, stored_bytes(one)) for one in step.corrections],
        )

    def _move(self, step: Step) -> None:
        """Move the position on; PositionMovedError is raised when it is not where it was, or the build is no more.

        Its row stays locked until all is saved.
        """
        number, district, before = step.build.number, step.district, step.before
        if before == Position():
            begun = (number, district, *before)
            self._database.write("INSERT INTO positions VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", [begun])
        self._database.change(
            "UPDATE positions SET position = ?, found = ?, found_by = ? "
            "WHERE build = ? AND district = ? AND position = ? AND found = ? AND found_by = ? "
            "AND EXISTS (SELECT 1 FROM builds WHERE builds.build = positions.build)",
            (*step.after, number, district, *before),
            PositionMovedError(),
        )

    def _replace(self, step: Step) -> None:
        table = f"rows_{step.build.number}"
        if step.all_found:
            self._database.write(
                f"DELETE FROM {table} WHERE district = ? AND grp >= ? AND grp < ?",  # noqa: S608  our own names
                [(step.district, FINDINGS, _AFTER_FINDINGS)],
            )
        else:
            self._delete(table, step)
        self._database.insert(table, self._layout(step.build).columns, step.rows)

    def _delete(self, table: str, step: Step) -> None:
        if step.replaced:
            statement = f"DELETE FROM {table} WHERE district = ? AND {self._database.among('grp')}"  # noqa: S608  the same
            self._database.write(statement, [(step.district, step.replaced)])

    def _replace_sums(self, step: Step, sums: str) -> None:
        """Take what the groups contributed so far out of the totals, and put in what they contribute now."""
        names = tables.summed_by(step.build.description, sums)
        listed = ", ".join(f'"{one}"' for one in names)
        number, district = step.build.number, step.district
        before = (
            f'SELECT {listed}, "{sums}" FROM rows_{number} '  # noqa: S608  our own names
            f"WHERE district = ? AND {self._database.among('grp')}"
        )
        changed: Counter[tuple[object, ...]] = Counter()
        for *key, number_before in self._database.read(before, district, step.replaced):
            changed[tuple(key)] -= number_before
        for row in step.rows:
            changed[row[len(tables.FIRST) : -1]] += row[-1]
        self._database.write(
            f'INSERT INTO totals_{number} (district, {listed}, "{sums}") '  # noqa: S608  the same
            f"VALUES (?, {', '.join('?' * len(names))}, ?) ON CONFLICT (district, {listed}) "
            f'DO UPDATE SET "{sums}" = totals_{number}."{sums}" + excluded."{sums}"',
            [(district, *key, value) for key, value in changed.items() if value],
        )
        self._delete(f"rows_{number}", step)
        self._database.insert(f"rows_{number}", self._layout(step.build).columns, step.rows)
