"""The watch at work: reads the ledger, judges, saves, records the alerts, and lets due moments pass into the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import structlog

from events.clock import ClockReached
from events.fact import case_key
from events.ledger.errors import LedgerError
from events.ledger.port import Refused
from events.moment import Instant, instant_of
from events.setting import SettingPolicyAdopted
from projections.alerts.book import AlertBook
from projections.alerts.foreseen import ForeseenAlerts
from projections.alerts.identity import alert_of
from projections.databases.views_database import ViewsError
from projections.policy.in_force import PolicyMissingError
from projections.saved.batch import Batch, Progress
from projections.saved.snapshot import Snapshot, SnapshotGoneError
from projections.saved.working_shelf import WorkingShelf
from projections.watch.filing import BACKGROUND_KINDS
from projections.watch.judging import NotJudged
from projections.watch.throwaway import Taken
from projections.watch.watch import Watch
from rulebooks.language.evidence import references_of
from services.processes.turns import Turns
from services.watching.alert_outbox import AlertOutbox, Show
from services.watching.attempts import Attempts, EndedProcessesError
from services.watching.parking import set_aside, skipped
from services.watching.reconciling import withdrawals
from services.watching.settings_gate import SettingsGate
from services.watching.striking import next_strike

if TYPE_CHECKING:
    import datetime as dt

    from events.fact import AnyFact
    from projections.saved.leases import Lease
    from services.judging import Judging
    from services.watching.surroundings import Surroundings

LARGEST_BATCH: Final = 1_000
"""Facts that are judged and saved together at most."""

MOST_CASES: Final = 500
"""Cases that are held in memory between batches: a district works on fewer at a time, and reads the others anew."""

MOST_STRUCK: Final = 50
"""Due moments, one after another and without an alert, that are judged before what came of them is saved."""

WORTH_FORESEEING: Final = 2
"""Facts from which on it is quicker to read at once what is saved of their cases and of those they refer to."""

MANY_CHANGES: Final = 8
"""Changes by one fact, such as a due moment of many things, from which on their alerts are read at once."""


class DistrictWatch:
    """The watch and the alerts of one district, saved after every batch; goes on where it was, whatever happened.

    `advance` does one piece of work at a time. An alert fact is recorded only once it is saved, under an id that
    follows from its cause, so that a crash between the two neither loses nor repeats it. `show` is given each alert
    fact that is new in the ledger. With a `lease` the first call that would save after another owner took the district
    raises DistrictTakenError, here too. For one thread.
    """

    def __init__(
        self,
        district: str,
        judging: Judging,
        surroundings: Surroundings,
        *,
        show: Show = lambda _fact: None,
        most_cases: int = MOST_CASES,
        lease: Lease | None = None,
    ) -> None:
        self.district = district
        self._judging = judging
        self._reader = surroundings.reader
        self._recording = surroundings.recording
        self._clock = surroundings.clock
        self._spans = surroundings.spans
        self._most_cases = most_cases
        self._shelf = Snapshot(surroundings.views, surroundings.reader, district, lease=lease)
        self._outbox = AlertOutbox(district, self._shelf, surroundings.recording, surroundings.spans, show)
        self._log = structlog.get_logger().bind(district=district)
        self._astray = False
        self._at_end = False
        self._settings = SettingsGate(district, judging.by.find_policy)
        self._turns = Turns()
        self._not_judged: list[NotJudged] = []
        self._attempts = Attempts(self._shelf, careful_for=LARGEST_BATCH)
        self._bring_back()

    @property
    def judging(self) -> Judging:
        """By what the district is judged."""
        return self._judging

    @property
    def position(self) -> int:
        """The sequence of the last fact taken."""
        return self.watch.position

    @property
    def unrecorded(self) -> int:
        """How many alert facts are saved and not in the ledger yet."""
        return len(self._outbox.waiting)

    def advance(self) -> bool:
        """Do the next piece of work; False when there is none for now.

        In this order: record alerts that are saved, take the facts that are there, let a due moment pass. LedgerError
        and ViewsError are raised when the ledger or the views cannot be used; the same call may be made again.
        """
        with self._turns.turn():
            try:
                return self._advance()
            except SnapshotGoneError:
                self._log.info("watch.begins_anew")
                self._bring_back()
                return True

    @contextmanager
    def still(self) -> Iterator[Taken | None]:
        """Keep the watch still between two pieces of work while the block runs, from any thread.

        Gives the watch and its alerts, all of them saved; None when saving has failed and they cannot be relied on.
        """
        with self._turns.turn():
            yield None if self._astray else Taken(self.watch, self.book, self._quiet)

    def _advance(self) -> bool:
        if self._astray:
            self._bring_back()
            if self._astray:
                return False
        if self._outbox.waiting:
            return self._outbox.record()
        facts = self._next_facts()
        if facts:
            self._take(facts)
            return True
        if not self._at_end:
            return False
        if not self._progress.reconciled:
            self._reconcile()
            return True
        if self._strike():
            return True
        if not self._shelf.is_kept():
            raise SnapshotGoneError
        return False

    def catch_up(self, seen: Callable[[int], None] = lambda _position: None) -> None:
        """Work until there is nothing left for now; `seen` is told the position after each piece of work."""
        while self.advance():
            seen(self.watch.position)

    def next_wake(self) -> Instant | None:
        """Return the next moment at which something changes though no fact comes, in microseconds."""
        return min((one for one in (self.watch.next_wake(), self.book.next_wake()) if one is not None), default=None)

    def is_due(self) -> bool:
        """Tell whether a due moment has come that is to be struck."""
        return self._due_at() is not None

    def _due_at(self) -> dt.datetime | None:
        return next_strike(self.next_wake(), self._clock(), self.watch.world.hour, quiet=self._quiet)

    def _bring_back(self) -> None:
        """Go on from what was saved; a snapshot by other rules is built anew from the first fact.

        Where settings that were adopted are not kept any more it stays astray, until they are there again.
        """
        self._astray = True
        self._progress = self._shelf.open_for(self._judging.key)
        self._not_judged.clear()
        self._skipped = {one.sequence for one in self._shelf.parked() if one.is_skipped}
        self._seen = WorkingShelf(self._shelf, self._skipped)
        self.watch = Watch(self._judging.rules, self._judging.calendar, self._seen, set_aside=self._not_judged.append)
        self._alerts = ForeseenAlerts(self._shelf.alerts)
        self.book = AlertBook(self.district, self._judging.by, self._alerts, self.watch.struck)
        position, hour = self._progress.position, self._progress.hour
        self._outbox.bring_back()
        self._quiet = False
        if position:
            shelf = self._shelf
            background = shelf.background()
            self.watch.bring_back(background, shelf.wakes(), shelf.counts(), hour, position)
            try:
                self.book.bring_back(shelf.alerts.wakes(), background, hour)
            except PolicyMissingError as missing:
                self._settings.refuse(missing)
                return
        self._astray = False

    def _next_facts(self) -> Sequence[AnyFact]:
        """Return the next facts that can be judged; `_at_end` tells whether none followed on them."""
        facts = self._reader.read(self.district, self.watch.position, LARGEST_BATCH)
        known = self._settings.through(facts)
        self._at_end = len(known) == len(facts) < LARGEST_BATCH
        return known

    def _take(self, facts: Sequence[AnyFact]) -> None:
        """Judge a batch, and due moments that follow on one without an alert; save together what came of it.

        Whatever fails, the next call begins from what was saved before: all that was taken stands in the ledger.
        """
        facts = self._dared(facts)
        self._astray = True
        background: list[AnyFact] = []
        to_record: list[AnyFact] = []
        for _ in range(MOST_STRUCK):
            if not self._judged_all(facts, background, to_record):
                return
            if to_record or not self._strikes_on(facts):
                break
            facts = self._next_facts()
        self._save(to_record, background, reconciled=self._progress.reconciled)
        self._astray = False

    def _strikes_on(self, facts: Sequence[AnyFact]) -> bool:
        """Let the next due moment pass, after facts that were one alone; tell whether it did."""
        alone = self._at_end and len(facts) == 1 and isinstance(facts[0].data, ClockReached)
        return alone and self._progress.reconciled and self._strike()

    def _judged_all(self, facts: Sequence[AnyFact], background: list[AnyFact], to_record: list[AnyFact]) -> bool:
        """Judge facts, and add what came of them; False when one had to be set aside, so that all begins anew."""
        self._foresee(facts)
        for fact in facts:
            if fact.sequence in self._skipped:
                self._pass_over(fact)
                continue
            if self._is_background(fact):
                background.append(fact)
            self._shelf.reached = fact.sequence
            try:
                with self._spans.judging(fact):
                    to_record += self._judged(fact)
            except (LedgerError, ViewsError):
                raise
            except Exception as error:  # noqa: BLE001  whatever is wrong with one fact, the others have to be judged
                self._skip(fact, error)
                return False
        return True

    def _foresee(self, facts: Sequence[AnyFact]) -> None:
        """Have what is saved of the cases of a batch read at once, and of those that wake with the hours in it."""
        if len(facts) >= WORTH_FORESEEING:
            files = self.watch.files
            referred = {target for fact in facts for target, _ in references_of(fact)}
            own = {case_key(fact.subject) for fact in facts}
            self._seen.foresee(own | files.not_held(referred), files.unread(own))
        hours = [instant_of(fact.data.at) for fact in facts if isinstance(fact.data, ClockReached)]
        waking = self.watch.to_be_read(max(hours)) if hours else []
        if len(waking) >= WORTH_FORESEEING:
            self._seen.expect(waking)

    def _dared(self, facts: Sequence[AnyFact]) -> Sequence[AnyFact]:
        """Return how many facts are judged together, after it was noted that they are about to be."""
        dared = self._attempts.dared(self.watch.position)
        if dared == "none":
            self._skip(facts[0], EndedProcessesError())
            self._bring_back()
        if dared == "all":
            return facts
        self._at_end = False
        return facts[:1]

    def _pass_over(self, fact: AnyFact) -> None:
        """Go on behind a fact that was skipped; of a clock fact the hour counts all the same."""
        self.watch.position = self._shelf.reached = fact.sequence
        if isinstance(fact.data, ClockReached):
            self.watch.world.hour = max(self.watch.world.hour, instant_of(fact.data.at))
            self._quiet = True

    def _is_background(self, fact: AnyFact) -> bool:
        """Tell whether the watch takes a fact again when it is brought back; the earliest one says when all began."""
        if fact.origin == "watch":
            return False
        began = self.watch.world.began
        adopts = isinstance(fact.data, SettingPolicyAdopted)
        return adopts or fact.subject.kind in BACKGROUND_KINDS or began is None or fact.occurred_at.earliest < began

    def _judged(self, fact: AnyFact) -> list[AnyFact]:
        """Return the alert facts that a fact brings."""
        changes = self.watch.take(fact)
        many = changes if len(changes) > MANY_CHANGES else ()
        self._alerts.foresee([named for one in many if (named := alert_of(self.district, one)) is not None])
        found = self.book.follow(fact, changes, self.watch.world)
        if fact.origin != "watch":
            self._quiet = isinstance(fact.data, ClockReached)
        for alert, step in self.book.unheard:
            self._log.warning("escalation.nobody_to_tell", alert=str(alert), step=step)
        self.book.unheard.clear()
        return found

    def _skip(self, fact: AnyFact, error: Exception) -> None:
        """Set a fact aside as a whole, before anything is judged on."""
        self._shelf.park(skipped(fact, error))

    def _save(self, to_record: Sequence[AnyFact], background: Sequence[AnyFact], *, reconciled: bool) -> None:
        progress = Progress(self.watch.position, self.watch.world.hour, reconciled)
        self._shelf.save(
            Batch(
                progress=progress,
                saved=self.watch.save(),
                alerts=self.book.unsaved(),
                background=background,
                to_record=to_record,
                parked=[set_aside(one) for one in self._not_judged],
            )
        )
        self._not_judged.clear()
        self._progress = progress
        self._seen.forget()
        self._outbox.waiting += to_record
        if len(self.watch.files) > self._most_cases:
            self.watch.let_go(self._most_cases)
            self.book.let_go()

    def _reconcile(self) -> None:
        """Withdraw alerts that an earlier engine or rulebook left open and that are none any more."""
        self._astray = True
        withdrawn = withdrawals(self._reader, self.district, self.watch.position, self.book)
        self._save(withdrawn, (), reconciled=True)
        self._astray = False

    def _strike(self) -> bool:
        """Record that the next due moment has passed, once everything recorded before it was judged."""
        at = self._due_at()
        if at is None:
            return False
        with self._spans.reaching(self.district, at):
            outcome = self._recording.record_clock(self.district, at)
        if isinstance(outcome, Refused):
            reason = outcome.reason
            self._log.error("clock.not_recorded", code=reason.code, zh=reason.zh, en=reason.en)
            return False
        return True
