"""The history of the views: every row as it stood after every so many facts, kept apart from the rows that answer."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from events.closing import Closing
from events.printing import from_stored, stored_bytes
from projections.databases.views_database import Layout, ViewsDatabase
from projections.view_rows import tables
from projections.views.description import Description

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from events.fact import AnyFact
    from projections.views.changing import Changed
    from projections.views.view import View

STEP: Final = 1_000
"""Facts after which the rows are kept; those after the last step before a moment are taken when it is asked."""
OPEN: Final = 2**62
"""Until when a row holds that still does."""
LAYOUT: Final = Layout(
    "history",
    1,
    """
CREATE TABLE histories (
    history INTEGER PRIMARY KEY AUTOINCREMENT, view TEXT NOT NULL UNIQUE, sums TEXT, description BLOB NOT NULL,
    step INTEGER NOT NULL, answers BOOLEAN NOT NULL);
CREATE TABLE reached (
    history INTEGER NOT NULL, district TEXT NOT NULL, position INTEGER NOT NULL,
    PRIMARY KEY (history, district)) WITHOUT ROWID;
CREATE TABLE links (
    history INTEGER NOT NULL, district TEXT NOT NULL, source TEXT NOT NULL, target TEXT NOT NULL,
    since INTEGER NOT NULL, PRIMARY KEY (history, district, source, target)) WITHOUT ROWID;
CREATE INDEX links_target ON links (history, district, target, source);
CREATE TABLE corrections (
    history INTEGER NOT NULL, district TEXT NOT NULL, sequence INTEGER NOT NULL, type TEXT NOT NULL,
    fact BLOB NOT NULL, PRIMARY KEY (history, district, sequence)) WITHOUT ROWID;
""",
)
_ENCODE: Final = msgspec.json.Encoder().encode
_DESCRIPTION: Final = msgspec.json.Decoder(Description)
OF_A_HISTORY: Final = ("reached", "links", "corrections")


class History(NamedTuple):
    """The history of one view; it `answers` once it has caught up for the first time and has its indexes."""

    number: int
    description: Description
    sums: str | None
    step: int
    answers: bool

    @property
    def table(self) -> str:
        """The table of its rows."""
        return f"past_{self.number}"


class HistoryMovedError(Exception):
    """Somebody else went on with the same history in the meantime."""


def keeps_history(view: View) -> bool:
    """Tell whether a view has rows of which the history can be kept: those that follow from facts, not the watch."""
    return view.of_case is not None or view.of_fact is not None


class ViewHistory(Closing):
    """The rows of views over time, with the sequences since and until which each holds; for one thread at a time."""

    def __init__(self, database: ViewsDatabase) -> None:
        """Use a database that was opened with `LAYOUT`."""
        self.database = database
        self._writers: dict[int, tables.RowWriter | tables.SumWriter] = {}

    def of(self, view: View) -> History | None:
        """Return the history of a view as it is now; None when there is none, or one of an older description."""
        query = "SELECT history, description, sums, step, answers FROM histories WHERE view = ?"
        for number, described, sums, step, answers in self.database.read(query, view.name):
            found = History(number, _DESCRIPTION.decode(described), sums, step, bool(answers))
            if (found.description, found.sums) == (view.description, view.sums):
                return found
        return None

    def is_newer(self, view: View) -> bool:
        """Tell whether what is kept is of a newer version of a view, which is left to whoever runs that."""
        kept = self.database.read("SELECT description FROM histories WHERE view = ?", view.name)
        return any(_DESCRIPTION.decode(described).version > view.description.version for (described,) in kept)

    def begin(self, view: View, step: int = STEP, *, again: bool = True) -> History:
        """Begin the history of a view in place of any other; without `again` leave one that somebody just began."""
        with self.database.writing():
            self.database.hold_tables(alone=True)
            if not again and (begun := self.of(view)) is not None:
                return begun
            for (number,) in self.database.read("SELECT history FROM histories WHERE view = ?", view.name):
                self._drop(number)
            number = self.database.read(
                "INSERT INTO histories (view, sums, description, step, answers) VALUES (?, ?, ?, ?, ?) "
                "RETURNING history",
                *(view.name, view.sums, _ENCODE(view.description), step, False),
            )[0][0]
            self.database.define(tables.create_past(number, view.description, view.sums))
        return History(number, view.description, view.sums, step, answers=False)

    def complete(self, history: History) -> History:
        """Let a history answer that has caught up: make the indexes by which it does, unless somebody else just did.

        Raise HistoryMovedError when it was begun anew in the meantime.
        """
        with self.database.writing():
            self.database.hold_tables(alone=True)
            found = self.database.read("SELECT answers FROM histories WHERE history = ?", history.number)
            if not found:
                raise HistoryMovedError
            if found[0][0]:
                return history._replace(answers=True)
            self.database.define(tables.past_indexes(history.number, history.description, history.sums))
            self.database.gauge(history.table)
            self.database.write("UPDATE histories SET answers = ? WHERE history = ?", [(True, history.number)])
        return history._replace(answers=True)

    def position(self, history: History, district: str) -> int:
        """Return how far a history has come in a district."""
        query = "SELECT position FROM reached WHERE history = ? AND district = ?"
        rows = self.database.read(query, history.number, district)
        return int(rows[0][0]) if rows else 0

    def positions(self, history: History) -> dict[str, int]:
        """Return how far a history has come in every district in which it was begun."""
        query = "SELECT district, position FROM reached WHERE history = ?"
        return {district: int(position) for district, position in self.database.read(query, history.number)}

    def corrections(self, history: History, district: str, through: int = OPEN) -> list[AnyFact]:
        """Return the corrections and annulments up to a sequence, in order."""
        query = (
            "SELECT type, fact FROM corrections WHERE history = ? AND district = ? AND sequence <= ? ORDER BY sequence"
        )
        return [from_stored(name, fact) for name, fact in self.database.read(query, history.number, district, through)]

    def linked(
        self, history: History, district: str, cases: Iterable[str], *, by: str, to: str, through: int = OPEN
    ) -> dict[str, list[str]]:
        """Return the cases linked with others up to a sequence: `by` and `to` are `source` and `target`."""
        query = (
            f"SELECT {by}, {to} FROM links WHERE history = ? AND district = ? "  # noqa: S608  our own names
            f"AND {self.database.among(by)} AND since <= ? ORDER BY {by}, {to}"
        )
        found: dict[str, list[str]] = {}
        for case, other in self.database.read(query, history.number, district, list(cases), through):
            found.setdefault(case, []).append(other)
        return found

    def save(
        self, history: History, district: str, step: tuple[int, int], changed: Changed, corrections: Iterable[AnyFact]
    ) -> None:
        """Save one step, from a position to another, all or nothing; raise HistoryMovedError when it was not there."""
        number, (before, after) = history.number, step
        with self.database.writing():
            self.database.hold_tables(alone=False)
            self._move(number, district, before, after)
            self._end(history, district, [one for one in changed.groups if one not in changed.first], after)
            self._add(history, district, changed, after)
            self.database.insert(
                "links",
                ("history", "district", "source", "target", "since"),
                [(number, district, *one, after) for one in sorted(changed.links)],
                "ON CONFLICT DO NOTHING",
            )
            self.database.write(
                "INSERT INTO corrections VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                [(number, district, one.sequence, one.type, stored_bytes(one)) for one in corrections],
            )

    def _move(self, number: int, district: str, before: int, after: int) -> None:
        if before == 0:
            self.database.write("INSERT INTO reached VALUES (?, ?, 0) ON CONFLICT DO NOTHING", [(number, district)])
        self.database.change(
            "UPDATE reached SET position = ? WHERE history = ? AND district = ? AND position = ? "
            "AND EXISTS (SELECT 1 FROM histories WHERE histories.history = reached.history)",
            (after, number, district, before),
            HistoryMovedError(),
        )

    def _end(self, history: History, district: str, groups: Collection[str], after: int) -> None:
        """Let rows that are made anew hold no longer; take what they contributed out of the sums."""
        if not groups:
            return
        if history.sums is not None:
            self._sum(history, district, self.contributions(history, district, groups, OPEN - 1), -1, after)
        statement = (
            f"UPDATE {history.table} SET known_until = ? "  # noqa: S608  our own names
            f"WHERE district = ? AND known_until = {OPEN} AND {self.database.among('grp')}"
        )
        self.database.write(statement, [(after, district, list(groups))])

    def _add(self, history: History, district: str, changed: Changed, after: int) -> None:
        lay_out = self._writers.get(history.number)
        if lay_out is None:
            lay_out = self._writers[history.number] = tables.writer_of(history.description, history.sums)
        rows = lay_out(district, changed.groups)
        if history.sums is not None:
            self._sum(history, district, [one[len(tables.FIRST) :] for one in rows], 1, after)
        columns = [*lay_out.columns, "known_from", "known_until"]
        self.database.insert(history.table, columns, [(*one, after, OPEN) for one in rows])

    def contributions(self, history: History, district: str, groups: Collection[str], at: int) -> list[Any]:
        """Return what groups of rows contributed to the sums of a view after a step."""
        assert history.sums is not None  # noqa: S101  asked of sums alone
        listed = ", ".join(f'"{one}"' for one in (*tables.summed_by(history.description, history.sums), history.sums))
        query = (
            f"SELECT {listed} FROM {history.table} WHERE district = ? AND known_from <= ? AND known_until > ? "  # noqa: S608  our own names
            f"AND {self.database.among('grp')}"
        )
        return self.database.read(query, district, at, at, list(groups))

    def _sum(self, history: History, district: str, found: Sequence[Any], sign: int, after: int) -> None:
        """Note by how much the sums changed at a step."""
        assert history.sums is not None  # noqa: S101  asked of sums alone
        changed: Counter[tuple[object, ...]] = Counter()
        for *key, number in found:
            changed[tuple(key)] += sign * number
        names = tables.summed_by(history.description, history.sums)
        self.database.insert(
            f"sums_{history.number}",
            ["district", "since", *names, history.sums],
            [(district, after, *key, number) for key, number in changed.items() if number],
        )

    def sums(self, history: History, district: str, at: int) -> Counter[tuple[object, ...]]:
        """Return the sums of a view after a step, by all columns but the one that is added up."""
        assert history.sums is not None  # noqa: S101  asked of sums alone
        listed = ", ".join(f'"{one}"' for one in tables.summed_by(history.description, history.sums))
        query = (
            f'SELECT {listed}, CAST(SUM("{history.sums}") AS BIGINT) FROM sums_{history.number} '  # noqa: S608  our own names
            f"WHERE district = ? AND since <= ? GROUP BY {listed}"
        )
        return Counter({tuple(key): number for *key, number in self.database.read(query, district, at)})

    def _drop(self, number: int) -> None:
        self.database.write("DELETE FROM histories WHERE history = ?", [(number,)])
        for table in OF_A_HISTORY:
            self.database.write(f"DELETE FROM {table} WHERE history = ?", [(number,)])  # noqa: S608  our own names
        for table in ("past", "sums"):
            self.database.define(f"DROP TABLE IF EXISTS {table}_{number}")

    def close(self) -> None:
        """Close the connection."""
        self.database.close()
