"""The shelf of one district: what was saved of its watch and alerts, and the facts in the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from uuid import UUID

import msgspec

from events.printing import from_stored, stored_bytes
from projections.alerts.book import Alert
from projections.alerts.pages import AlertPage, AlertsWanted, alert_page, alerts_about, save_alerts
from projections.saved.leases import Lease, Leases
from projections.saved.saved_acts import SavedActs
from projections.saved.watch_tables import TABLES
from projections.watch.counts import CountRow
from projections.watch.shelf import Kept, Link, Saved

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from events.fact import AnyFact
    from events.ledger import LedgerReader
    from events.moment import Instant
    from projections.databases.views_database import ViewsDatabase

_ENCODE: Final = msgspec.json.Encoder().encode
_KEPT: Final = msgspec.json.Decoder(Kept)
_COUNT: Final = msgspec.json.Decoder(CountRow)
_ALERT: Final = msgspec.json.Decoder(Alert)


REMEMBERED: Final = 50_000
"""Sequence numbers back to which it is told what changed since."""
NOTHING_SAVED: Final = Saved(standing={}, links=(), extents={}, counts={})


class Progress(msgspec.Struct, frozen=True):
    """How far a saved watch has come: the sequence it took last, its hour in microseconds.

    `reconciled` tells whether alerts that the ledger holds from another snapshot were compared with those of this one.
    """

    position: int = 0
    hour: Instant = 0
    reconciled: bool = False


class Parked(NamedTuple):
    """A fact set aside: as a whole, or, where `fault_of` names a rule and a subject, judged by all others."""

    sequence: int
    fact: UUID
    case: str
    fault_of: str
    error: str

    @property
    def is_skipped(self) -> bool:
        """Whether the fact counts for nothing."""
        return not self.fault_of


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """What one transaction saves: the watch, the alerts, how far they came, and the alert facts to be recorded."""

    progress: Progress
    saved: Saved = NOTHING_SAVED
    alerts: Sequence[Alert] = ()
    background: Sequence[AnyFact] = ()
    to_record: Sequence[AnyFact] = ()
    parked: Sequence[Parked] = ()


class Foreseen(NamedTuple):
    """What was saved of some cases, read at once: which of them have facts, their judgements, the links to them."""

    cases: frozenset[str]
    with_facts: frozenset[str]
    standing: Mapping[str, list[Kept]]
    links: Mapping[str, list[Link]]


class SnapshotGoneError(Exception):
    """What was saved of a district is not what it was: thrown away to be judged anew, or lost in part by a crash.

    Nothing was saved on top of it; go on from what is there.
    """


class SavedShelf:
    """What was saved of one district; `reached` is the sequence beyond which no fact is known yet.

    `saves` counts what was saved here, for whoever remembers what was read.

    A snapshot belongs to a key, made of everything by which facts are judged: `open_for` another key begins anew. With
    a lease every call that writes raises DistrictTakenError, and writes nothing, once another owner has the district.
    """

    def __init__(
        self, views: ViewsDatabase, ledger: LedgerReader, district: str, *, lease: Lease | None = None
    ) -> None:
        self._views = views
        self._ledger = ledger
        self._district = district
        self._lease = lease
        self._leases = Leases(views)
        self._saved = 0
        self.reached = 0
        self.saves = 0

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._views.writing():
            if self._lease is not None:
                self._lease = self._leases.kept(self._lease)
            yield

    def open_for(self, key: str) -> Progress:
        """Return how far the snapshot of a key has come; drop one of another key."""
        if self._lease is not None:
            self._lease = self._leases.renew(self._lease)
        rows = self._views.read(
            "SELECT key, position, hour, reconciled FROM progress WHERE district = ?", self._district
        )
        if rows and rows[0][0] == key:
            self.reached = self._saved = rows[0][1]
            return Progress(rows[0][1], rows[0][2], bool(rows[0][3]))
        with self._writing():
            self._empty()
            self._views.write("INSERT INTO progress VALUES (?, ?, 0, 0, ?)", [(self._district, key, False)])
        self.reached = self._saved = 0
        return Progress()

    def _empty(self) -> None:
        for table in TABLES:
            self._views.write(f"DELETE FROM {table} WHERE district = ?", [(self._district,)])  # noqa: S608  our own names

    def saved_for(self, key: str) -> Progress | None:
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
        facts = self._ledger.read_case(self._district, case)
        return [fact for fact in facts if fact.sequence <= through and fact.origin != "watch"]

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

    def foresee(self, cases: Iterable[str]) -> Foreseen:
        """Read at once what is saved of cases that are about to be asked for."""
        wanted = list(cases)
        views, district = self._views, self._district

        def among(columns: str, table: str, column: str, order: str) -> list[Any]:
            query = f"SELECT {columns} FROM {table} WHERE district = ? AND {views.among(column)} ORDER BY {order}"  # noqa: S608  our own names
            return views.read(query, district, wanted)

        standing: dict[str, list[Kept]] = {}
        for subject, stored in among("subject, kept", "standing", "subject", "subject, rule, place"):
            standing.setdefault(subject, []).append(_KEPT.decode(stored))
        links: dict[str, list[Link]] = {}
        for target, source, field in among("target, source, field", "links", "target", "target"):
            links.setdefault(target, []).append(Link(source, target, field))
        with_facts = frozenset(row[0] for row in among("subject", "extents", "subject", "subject"))
        return Foreseen(frozenset(wanted), with_facts, standing, links)

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

    def alert(self, alert: UUID) -> Alert | None:
        """Return a saved alert."""
        rows = self._views.read("SELECT alert FROM alerts WHERE district = ? AND id = ?", self._district, str(alert))
        return _ALERT.decode(rows[0][0]) if rows else None

    def alerts_among(self, alerts: Sequence[UUID]) -> dict[UUID, Alert]:
        """Return those of some alerts that are saved."""
        query = f"SELECT alert FROM alerts WHERE district = ? AND {self._views.among('id')}"  # noqa: S608  our own names
        rows = self._views.read(query, self._district, [str(one) for one in alerts])
        return {one.id: one for one in (_ALERT.decode(row[0]) for row in rows)}

    def alerts(self) -> list[Alert]:
        """Return every saved alert, by id."""
        rows = self._views.read("SELECT alert FROM alerts WHERE district = ? ORDER BY id", self._district)
        return [_ALERT.decode(row[0]) for row in rows]

    def open_alerts(self) -> list[Alert]:
        """Return the saved alerts that somebody still has to look at, by id."""
        query = "SELECT alert FROM alerts WHERE district = ? AND standing IN ('raised', 'forecast') ORDER BY id"
        return [_ALERT.decode(row[0]) for row in self._views.read(query, self._district)]

    def alerts_about(self, case: str) -> list[Alert]:
        """Return the saved alerts about a case, by id."""
        return alerts_about(self._views, self._district, case)

    def alert_page(self, wanted: AlertsWanted, after: str | None, limit: int) -> AlertPage:
        """Return one page of the alerts that were raised, the most pressing first; raise MarkGoneError."""
        return alert_page(self._views, self._district, wanted, after, limit)

    def raised(self) -> list[UUID]:
        """Return the alerts saved as raised, by id."""
        query = "SELECT id FROM alerts WHERE district = ? AND standing = 'raised' ORDER BY id"
        return [UUID(row[0]) for row in self._views.read(query, self._district)]

    def alert_wakes(self) -> list[tuple[UUID, Instant]]:
        """Return when each alert takes its next step."""
        query = "SELECT id, escalate_at FROM alerts WHERE district = ? AND escalate_at IS NOT NULL"
        return [(UUID(name), instant) for name, instant in self._views.read(query, self._district)]

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

    def count_attempt(self, position: int) -> int:
        """Note that the facts after a position are about to be judged; return how often they now were."""
        with self._writing():
            self._views.write(
                "INSERT INTO attempts VALUES (?, ?, 1) ON CONFLICT (district) DO UPDATE SET "
                "times = CASE WHEN attempts.position = excluded.position THEN attempts.times + 1 ELSE 1 END, "
                "position = excluded.position",
                [(self._district, position)],
            )
            times: int = self._views.read("SELECT times FROM attempts WHERE district = ?", self._district)[0][0]
        return times

    def is_kept(self) -> bool:
        """Tell whether what was saved last is still there."""
        query = "SELECT 1 FROM progress WHERE district = ? AND position = ?"
        return bool(self._views.read(query, self._district, self._saved))

    def forget(self) -> None:
        """Throw away what was saved, so that every fact is judged anew, by whoever watches the district."""
        with self._views.writing():
            self._empty()

    def save(self, batch: Batch) -> None:
        """Save a batch, all or nothing; raise SnapshotGoneError when it would follow nothing."""
        district = self._district
        progress = batch.progress
        with self._writing():
            self._views.change(
                "UPDATE progress SET position = ?, hour = ?, reconciled = ? WHERE district = ? AND position = ?",
                (progress.position, progress.hour, progress.reconciled, district, self._saved),
                SnapshotGoneError(),
            )
            self._save_watch(batch.saved)
            self._note_moved(batch)
            self._park(batch.parked)
            save_alerts(self._views, district, batch.alerts, batch.to_record)
            self._views.write(
                "INSERT INTO background VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                [(district, one.sequence, one.type, stored_bytes(one)) for one in batch.background],
            )
            SavedActs(self._views, district).save(batch.background)
            self._views.write(
                "INSERT INTO outbox (district, id, type, fact) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                [(district, str(one.id), one.type, stored_bytes(one)) for one in batch.to_record],
            )
        self._saved = progress.position
        self.saves += 1

    def _note_moved(self, batch: Batch) -> None:
        """Leave word of what changed for whoever follows; one far behind reads everything instead."""
        position = batch.progress.position
        self._views.write(
            "INSERT INTO moved VALUES (?, ?, ?, ?) "
            "ON CONFLICT (district, rule, subject) DO UPDATE SET position = excluded.position",
            [(self._district, rule, subject, position) for rule, subject in batch.saved.standing],
        )
        if position > REMEMBERED:
            self._views.write(
                "DELETE FROM moved WHERE district = ? AND position < ?", [(self._district, position - REMEMBERED)]
            )

    def strike_from_outbox(self, facts: Iterable[AnyFact]) -> None:
        """Take facts that are recorded out of the outbox."""
        with self._writing():
            self._views.write(
                f"DELETE FROM outbox WHERE district = ? AND {self._views.among('id')}",  # noqa: S608  our own names
                [(self._district, [str(one.id) for one in facts])],
            )

    def park(self, parked: Parked) -> None:
        """Set a fact aside, once."""
        with self._writing():
            self._park([parked])

    def _park(self, parked: Iterable[Parked]) -> None:
        rows = [(self._district, one.sequence, str(one.fact), one.case, one.fault_of, one.error) for one in parked]
        self._views.write("INSERT INTO parked VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", rows)

    def _save_watch(self, saved: Saved) -> None:
        views, district = self._views, self._district
        views.write(
            "DELETE FROM standing WHERE district = ? AND rule = ? AND subject = ?",
            [(district, rule, subject) for rule, subject in saved.standing],
        )
        views.insert(
            "standing",
            ("district", "subject", "rule", "place", "state", "wake", "kept"),
            [
                (district, subject, rule, place, one.state, one.wake, _ENCODE(one))
                for (rule, subject), rows in saved.standing.items()
                for place, one in enumerate(rows)
            ],
        )
        views.write(
            "INSERT INTO links VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [(district, link.target, link.source, link.field) for link in saved.links],
        )
        views.write(
            "INSERT INTO extents VALUES (?, ?, ?) ON CONFLICT (district, subject) DO UPDATE "
            "SET until = excluded.until WHERE excluded.until > extents.until",
            [(district, subject, until) for subject, until in saved.extents.items()],
        )
        views.write(
            "DELETE FROM counts WHERE district = ? AND rule = ? AND subject = ?",
            [(district, rule, subject) for rule, subject in saved.counts],
        )
        views.insert(
            "counts",
            ("district", "rule", "subject", "place", "count"),
            [
                (district, rule, subject, place, _ENCODE(one))
                for (rule, subject), rows in saved.counts.items()
                for place, one in enumerate(rows)
            ],
        )


def saved_positions(views: ViewsDatabase) -> dict[str, int]:
    """Return how far the watch of each district was saved."""
    return dict(views.read("SELECT district, position FROM progress"))
