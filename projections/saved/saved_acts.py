"""Whom absences and entrustments concern and how far they reach, saved so that a replay reads only what it asks about.

A long ledger has hundreds of thousands of them; a question about a few persons on some days touches a handful.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from events.printing import from_stored, stored_bytes
from events.vocabulary import FACTS, subject_kind
from projections.databases.views_database import ViewsError
from projections.replay.as_of import bears_on_all
from projections.replay.spans import glance

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from events.fact import AnyFact
    from events.moment import Instant
    from projections.databases.views_database import ViewsDatabase

_KEEP: Final = (
    "INSERT INTO reaches VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (district, kind, concerned, subject) DO UPDATE SET "
    "since = CASE WHEN excluded.since < reaches.since THEN excluded.since ELSE reaches.since END, "
    "until = CASE WHEN excluded.until > reaches.until THEN excluded.until ELSE reaches.until END"
)
_BEARING: Final = [one for one in FACTS if bears_on_all(subject_kind(one), one)]


class SavedActs:
    """What was saved of one district, as far as the watch has come."""

    def __init__(self, views: ViewsDatabase, district: str) -> None:
        self._views = views
        self._district = district

    def save(self, taken: Sequence[AnyFact], background: Sequence[AnyFact]) -> None:
        """Save whom the acts concern that a watch took, and which of all facts came first; within `writing`."""
        acts = [glance(stored_bytes(one)) for one in taken]
        district = self._district
        self._views.write(
            _KEEP,
            [
                (district, act.kind, concerned, act.case, act.since, act.until)
                for act in acts
                for concerned in act.concerned
            ],
        )
        # A later fact of a case may reach further and name nobody: all whom the case concerns are reached as far.
        cases = dict.fromkeys(act.case for act in acts)
        # By name, since SQLite would look for the least of one case through all of the district.
        own = f"FROM reaches one {self._views.by_index('reaches_subject')} WHERE one.district = ? AND one.subject = ?"
        self._views.write(
            f"UPDATE reaches SET since = (SELECT MIN(one.since) {own}), until = (SELECT MAX(one.until) {own}) "  # noqa: S608  our own names
            "WHERE district = ? AND subject = ?",
            [(district, case, district, case, district, case) for case in cases],
        )
        self._save_firsts([*taken, *(one for one in background if bears_on_all(one.subject.kind, one.type))])

    def _save_firsts(self, bearing: Iterable[AnyFact]) -> None:
        """Note each fact that occurred before all that were known until then."""
        bearing = sorted(bearing, key=lambda one: one.sequence)
        if not bearing:
            return
        query = "SELECT MIN(earliest) FROM firsts WHERE district = ?"
        first: Instant | None = self._views.read(query, self._district)[0][0]
        rows, kept = [], []
        for fact in bearing:
            earliest = fact.occurred_at.earliest
            if first is None or earliest < first:
                first = earliest
                rows.append((self._district, fact.sequence, earliest))
                kept.append((self._district, fact.sequence, fact.type, stored_bytes(fact)))
        if not rows:
            return
        self._views.write("INSERT INTO firsts VALUES (?, ?, ?) ON CONFLICT DO NOTHING", rows)
        self._views.write("INSERT INTO background VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", kept)

    def background(self) -> list[AnyFact]:
        """Return what bears on every case, and each fact that occurred before all that were known until then."""
        columns, index = "SELECT one.sequence, one.type, one.fact FROM", self._views.by_index("background_type")
        held = f"{columns} background one {index} WHERE one.district = ? AND {self._views.among('one.type')}"
        firsts = (
            f"{columns} firsts CROSS JOIN background one WHERE firsts.district = ? "
            "AND one.district = firsts.district AND one.sequence = firsts.sequence"
        )
        rows = (*self._views.read(held, self._district, _BEARING), *self._views.read(firsts, self._district))
        stored = {sequence: (type_, fact) for sequence, type_, fact in rows}
        return [from_stored(*stored[sequence]) for sequence in sorted(stored)]


class ActsReached:
    """Whom the saved acts of a district concern, and how far they reach."""

    def __init__(self, views: ViewsDatabase, district: str) -> None:
        self._views = views
        self._district = district

    def reaching(self, since: Instant) -> list[str]:
        """Return the cases that may reach an instant."""
        query = "SELECT DISTINCT subject FROM reaches WHERE district = ? AND until >= ? ORDER BY subject"
        return [row[0] for row in self._read(query, self._district, since)]

    def touching(self, kind: str, concerned: str, since: Instant, until: Instant) -> list[str]:
        """Return the cases of a kind that may concern somebody in an interval."""
        query = (
            "SELECT subject FROM reaches WHERE district = ? AND kind = ? AND concerned = ? AND until >= ? "
            "AND since <= ? ORDER BY subject"
        )
        return [row[0] for row in self._read(query, self._district, kind, concerned, since, until)]

    def concerned(self, kind: str) -> list[str]:
        """Return everybody whom a kind of case concerns."""
        query = "SELECT DISTINCT concerned FROM reaches WHERE district = ? AND kind = ? ORDER BY concerned"
        return [row[0] for row in self._read(query, self._district, kind)]

    def of_case(self, case: str) -> Iterator[tuple[str, Instant, Instant]]:
        """Return whom a case concerns, from when and until when."""
        query = "SELECT concerned, since, until FROM reaches WHERE district = ? AND subject = ? ORDER BY concerned"
        return iter(self._read(query, self._district, case))

    def _read(self, query: str, *values: object) -> list[Any]:
        return self._views.read(query, *values)


class ActsThrough(ActsReached):
    """The same for one replay; raise ViewsError once they were thrown away to be judged anew."""

    def __init__(self, views: ViewsDatabase, district: str, through: int) -> None:
        """`through` is how far the watch had come when the replay began."""
        super().__init__(views, district)
        self._through = through

    def _read(self, query: str, *values: object) -> list[Any]:
        with self._views.reading():
            position = self._views.read("SELECT position FROM progress WHERE district = ?", self._district)
            if not position or position[0][0] < self._through:
                raise ViewsError(
                    self._views.place,
                    "其间重新判定，请稍后再问 / everything is being judged anew meanwhile: ask again later",
                )
            return self._views.read(query, *values)
