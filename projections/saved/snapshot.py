"""The snapshot of one district, for whoever judges it: saved batch by batch, each whole or not at all."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import msgspec

from events.printing import stored_bytes
from projections.alerts.pages import save_alerts
from projections.databases.views_database import Rows
from projections.saved.batch import Progress
from projections.saved.leases import Lease, Leases
from projections.saved.saved_acts import SavedActs
from projections.saved.saved_shelf import SavedShelf
from projections.saved.watch_tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from events.fact import AnyFact
    from events.ledger.port import LedgerReader
    from projections.databases.views_database import ViewsDatabase
    from projections.saved.batch import Batch, Parked
    from projections.watch.shelf import Saved

_ENCODE: Final = msgspec.json.Encoder().encode


class SnapshotGoneError(Exception):
    """What was saved of a district is not what it was: thrown away to be judged anew, or lost in part by a crash.

    Nothing was saved on top of it; go on from what is there.
    """


class Snapshot(SavedShelf):
    """What is saved of one district, for the one who saves it; `saves` counts how often it was, for whoever remembers.

    A snapshot belongs to a key, made of everything by which facts are judged: `open_for` another key begins anew. With
    a lease every call that writes raises DistrictTakenError, and writes nothing, once another owner has the district.
    """

    def __init__(
        self, views: ViewsDatabase, ledger: LedgerReader, district: str, *, lease: Lease | None = None
    ) -> None:
        super().__init__(views, ledger, district)
        self._lease = lease
        self._leases = Leases(views)
        self._saved = 0
        self.saves = 0

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
            self._take_out(batch.saved)
            self._views.insert_together(*self._rows_of_watch(batch), *self._rows_of_facts(batch))
            self._park(batch.parked)
            save_alerts(self._views, district, batch.alerts, batch.to_record)
            SavedActs(self._views, district).save(batch.saved.acts, batch.background)
        self._saved = progress.position
        self.saves += 1

    def is_kept(self) -> bool:
        """Tell whether what was saved last is still there."""
        query = "SELECT 1 FROM progress WHERE district = ? AND position = ?"
        return bool(self._views.read(query, self._district, self._saved))

    def forget(self) -> None:
        """Throw away what was saved, so that every fact is judged anew, by whoever watches the district."""
        with self._views.writing():
            self._empty()

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

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._views.writing():
            if self._lease is not None:
                self._lease = self._leases.kept(self._lease)
            yield

    def _empty(self) -> None:
        for table in TABLES:
            self._views.write(f"DELETE FROM {table} WHERE district = ?", [(self._district,)])  # noqa: S608  our own names

    def _park(self, parked: Iterable[Parked]) -> None:
        rows = [(self._district, one.sequence, str(one.fact), one.case, one.fault_of, one.error) for one in parked]
        self._views.write("INSERT INTO parked VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", rows)

    def _take_out(self, saved: Saved) -> None:
        """Take out what was saved of the scopes that changed."""
        by_scope = ("district", "rule", "subject")
        for table, scopes in (("standing", saved.standing), ("counts", saved.counts)):
            self._views.remove(table, by_scope, [(self._district, *scope) for scope in scopes])

    def _rows_of_watch(self, batch: Batch) -> Iterator[Rows]:
        """Yield what changed of the watch; `turns` leave word of it for whoever follows, and for whoever looks back."""
        saved, district = batch.saved, self._district
        yield Rows(
            "standing",
            ("district", "subject", "rule", "place", "state", "wake", "kept"),
            [
                (district, subject, rule, place, one.state, one.wake, _ENCODE(one))
                for (rule, subject), rows in saved.standing.items()
                for place, one in enumerate(rows)
            ],
        )
        yield Rows(
            "turns",
            ("district", "sequence", "next_wake", "told"),
            [(district, sequence, one.next_wake, _ENCODE(one.told)) for sequence, one in saved.turns.items()],
            "ON CONFLICT (district, sequence) DO UPDATE SET next_wake = excluded.next_wake, told = excluded.told",
        )
        yield Rows(
            "links",
            ("district", "target", "source", "field"),
            [(district, link.target, link.source, link.field) for link in saved.links],
            "ON CONFLICT DO NOTHING",
        )
        yield Rows(
            "extents",
            ("district", "subject", "until"),
            [(district, *extent) for extent in saved.extents.items()],
            "ON CONFLICT (district, subject) DO UPDATE SET until = excluded.until WHERE excluded.until > extents.until",
        )
        yield Rows(
            "counts",
            ("district", "rule", "subject", "place", "count"),
            [
                (district, rule, subject, place, _ENCODE(one))
                for (rule, subject), rows in saved.counts.items()
                for place, one in enumerate(rows)
            ],
        )

    def _rows_of_facts(self, batch: Batch) -> Iterator[Rows]:
        """Yield the facts that are taken again when the watch is brought back, and those to be recorded, in order."""
        district = self._district
        yield Rows(
            "background",
            ("district", "sequence", "type", "fact"),
            [(district, one.sequence, one.type, stored_bytes(one)) for one in batch.background],
            "ON CONFLICT DO NOTHING",
        )
        yield Rows(
            "outbox",
            ("district", "id", "type", "fact"),
            [(district, str(one.id), one.type, stored_bytes(one)) for one in batch.to_record],
            "ON CONFLICT DO NOTHING",
        )
