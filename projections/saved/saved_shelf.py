"""The shelf of one district: what was saved of its watch, and the facts in the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, NamedTuple
from uuid import UUID

import msgspec

from events.printing import from_stored
from projections.saved.batch import Parked, Progress
from projections.saved.saved_acts import ActsReached
from projections.saved.saved_alerts import SavedAlerts
from projections.watch.past_counts import CountRow
from projections.watch.shelf import Kept, Link

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from events.fact import AnyFact
    from events.ledger.port import Histories, LedgerReader
    from events.moment import Instant
    from projections.databases.views_database import ViewsDatabase

_KEPT: Final = msgspec.json.Decoder(Kept)
_COUNT: Final = msgspec.json.Decoder(CountRow)


class Foreseen(NamedTuple):
    """What was saved of some cases, read at once: which of them have facts, their judgements, the links to them.

    `facts` has the facts of those of which they were asked for, as the ledger has them.
    """

    cases: frozenset[str]
    with_facts: frozenset[str]
    standing: Mapping[str, list[Kept]]
    links: Mapping[str, list[Link]]
    facts: Histories


def judged_by(facts: Iterable[AnyFact], through: int) -> list[AnyFact]:
    """Return those facts by which the watch judges, those recorded after a sequence left out."""
    return [fact for fact in facts if fact.sequence <= through and fact.origin != "watch"]


class SavedShelf:
    """What was saved of one district, to be read; `reached` is the sequence beyond which no fact is known yet."""

    def __init__(self, views: ViewsDatabase, ledger: LedgerReader, district: str) -> None:
        self._views = views
        self._ledger = ledger
        self._district = district
        self.alerts = SavedAlerts(views, district)
        self.acts = ActsReached(views, district)
        self.reached = 0

    def progress_for(self, key: str) -> Progress | None:
        """Return how far the snapshot of a key has come, None when there is none; nothing is changed."""
        query = "SELECT position, hour, reconciled FROM progress WHERE district = ? AND key = ?"
        rows = self._views.read(query, self._district, key)
        if not rows:
            return None
        self.reached = rows[0][0]
        return Progress(rows[0][0], rows[0][1], bool(rows[0][2]))

    def facts_of(self, case: str, through: int) -> list[AnyFact]:
        """Return the facts of a case that the watch judges by, those recorded later left out.

        A case that was never saved has none, and asking the views is much cheaper than asking the ledger.
        """
        query = "SELECT 1 FROM extents WHERE district = ? AND subject = ?"
        if not self._views.read(query, self._district, case):
            return []
        return judged_by(self._ledger.read_case(self._district, case), through)

    def fact(self, fact_id: UUID) -> AnyFact | None:
        """Return one fact by id; None when it was recorded after what the watch has reached."""
        fact = self._ledger.find(self._district, fact_id)
        return None if fact is None or fact.sequence > self.reached else fact

    def standing_of(self, subject: str) -> list[Kept]:
        """Return the judgements saved for a subject."""
        query = "SELECT kept FROM standing WHERE district = ? AND subject = ? ORDER BY rule, place"
        return [_KEPT.decode(row[0]) for row in self._views.read(query, self._district, subject)]

    def links_to(self, target: str) -> list[Link]:
        """Return the links saved that lead to a case."""
        query = "SELECT source, field FROM links WHERE district = ? AND target = ?"
        return [Link(source, target, field) for source, field in self._views.read(query, self._district, target)]

    def foresee(self, cases: Iterable[str], unread: Collection[str]) -> Foreseen:
        """Read at once what is saved of cases that are about to be asked for, and the facts of those still unread."""
        wanted = list(cases)
        views, district = self._views, self._district

        def among(columns: str, table: str, column: str, order: str) -> tuple[str, Sequence[object]]:
            query = f"SELECT {columns} FROM {table} WHERE district = ? AND {views.among(column)} ORDER BY {order}"  # noqa: S608  our own names
            return query, (district, wanted)

        stood, linked, reaching = views.read_together(
            among("subject, kept", "standing", "subject", "subject, rule, place"),
            among("target, source, field", "links", "target", "target"),
            among("subject", "extents", "subject", "subject"),
        )
        standing: dict[str, list[Kept]] = {}
        for subject, stored in stood:
            standing.setdefault(subject, []).append(_KEPT.decode(stored))
        links: dict[str, list[Link]] = {}
        for target, source, field in linked:
            links.setdefault(target, []).append(Link(source, target, field))
        with_facts = frozenset(row[0] for row in reaching)
        facts = self._ledger.read_cases(district, sorted(with_facts.intersection(unread)))
        return Foreseen(frozenset(wanted), with_facts, standing, links, facts)

    def subjects_since(self, instant: Instant) -> list[str]:
        """Return the cases saved whose facts or intervals reach an instant."""
        return [subject for subject, _ in self.reaching(instant)]

    def reaching(self, instant: Instant) -> list[tuple[str, Instant]]:
        """Return the cases saved whose facts or intervals reach an instant, each with the last that they reach."""
        return self._views.read(
            "SELECT subject, until FROM extents WHERE district = ? AND until >= ?", self._district, instant
        )

    def subjects_violating(self) -> list[str]:
        """Return the subjects for which a violation, waived or not, was saved."""
        query = "SELECT DISTINCT subject FROM standing WHERE district = ? AND state IN ('violated', 'waived')"
        return [row[0] for row in self._views.read(query, self._district)]

    def judgements(self, *states: str) -> list[Kept]:
        """Return the judgements saved in some states, by subject and rule."""
        wanted = ", ".join("?" * len(states))
        query = f"SELECT kept FROM standing WHERE district = ? AND state IN ({wanted}) ORDER BY subject, rule, place"  # noqa: S608  question marks
        return [_KEPT.decode(row[0]) for row in self._views.read(query, self._district, *states)]

    def cases(self) -> int:
        """Return how many cases have facts."""
        query = "SELECT COUNT(*) FROM extents WHERE district = ?"
        counted: int = self._views.read(query, self._district)[0][0]
        return counted

    def wakes(self) -> list[tuple[str, str, Instant]]:
        """Return when each rule wants to be asked again about a subject."""
        query = (
            "SELECT rule, subject, MIN(wake) FROM standing WHERE district = ? AND wake IS NOT NULL "
            "GROUP BY rule, subject"
        )
        return [(rule, subject, wake) for rule, subject, wake in self._views.read(query, self._district)]

    def counts(self) -> list[tuple[str, str, CountRow]]:
        """Return what each case contributes to each count: rule, case and row."""
        query = "SELECT rule, subject, count FROM counts WHERE district = ? ORDER BY rule, subject, place"
        rows = self._views.read(query, self._district)
        return [(rule, subject, _COUNT.decode(stored)) for rule, subject, stored in rows]

    def counts_of(self, rule: str, case: str | None) -> list[tuple[str, CountRow]]:
        """Return what a case, or each, contributes to the count of a rule, by case."""
        query = "SELECT subject, count FROM counts WHERE district = ? AND rule = ?"
        ordered = "ORDER BY subject, place"
        if case is None:
            rows = self._views.read(f"{query} {ordered}", self._district, rule)
        else:
            rows = self._views.read(f"{query} AND subject = ? {ordered}", self._district, rule, case)
        return [(subject, _COUNT.decode(stored)) for subject, stored in rows]

    def background(self) -> list[AnyFact]:
        """Return the facts that a watch takes again when it is brought back, in order."""
        query = "SELECT type, fact FROM background WHERE district = ? ORDER BY sequence"
        return [from_stored(name, stored) for name, stored in self._views.read(query, self._district)]

    def settings_facts(self) -> list[AnyFact]:
        """Return the facts that adopt house settings, and the corrections that may strike one of them out, in order."""
        query = (
            "SELECT type, fact FROM background WHERE district = ? AND type IN "
            "('setting.policy_adopted.v1', 'record.corrected.v1', 'record.annulled.v1') ORDER BY sequence"
        )
        return [from_stored(name, stored) for name, stored in self._views.read(query, self._district)]

    def hour(self) -> Instant:
        """Return the hour that the saved watch has reached, 0 when none was saved."""
        rows = self._views.read("SELECT hour FROM progress WHERE district = ?", self._district)
        return rows[0][0] if rows else 0

    def outbox(self) -> list[AnyFact]:
        """Return the alert facts that are still to be recorded, in order."""
        query = "SELECT type, fact FROM outbox WHERE district = ? ORDER BY place"
        return [from_stored(name, stored) for name, stored in self._views.read(query, self._district)]

    def parked(self) -> list[Parked]:
        """Return the facts that could not be judged, or not by every rule, in order."""
        query = (
            "SELECT sequence, id, subject, fault_of, error FROM parked WHERE district = ? ORDER BY sequence, fault_of"
        )
        rows = self._views.read(query, self._district)
        return [Parked(sequence, UUID(name), *told) for sequence, name, *told in rows]


def saved_positions(views: ViewsDatabase) -> dict[str, int]:
    """Return how far the watch of each district was saved."""
    return dict(views.read("SELECT district, position FROM progress"))
