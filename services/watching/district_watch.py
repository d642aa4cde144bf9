"""The watch of one district at work: what is done next, so that whatever happens nothing is lost and nothing twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import structlog

from events.clock import ClockReached
from projections.policy.in_force import PolicyMissingError
from projections.saved.snapshot import Snapshot, SnapshotGoneError
from projections.watch.throwaway import Taken
from services.processes.turns import Turns
from services.watching.alert_outbox import AlertOutbox, Show
from services.watching.attempts import EndedProcessesError
from services.watching.facts_ahead import FactsAhead
from services.watching.judging_batch import UnjudgeableFactError, judge
from services.watching.parking import skipped
from services.watching.reconciling import withdrawals
from services.watching.striking import next_strike, strike
from services.watching.working_state import CameOfBatch, WorkingState

if TYPE_CHECKING:
    import datetime as dt

    from events.fact import AnyFact
    from events.moment import Instant
    from projections.alerts.book import AlertBook
    from projections.saved.leases import Lease
    from projections.watch.watch import Watch
    from services.judging import Judging
    from services.watching.surroundings import Surroundings

MOST_CASES: Final = 500
"""Cases that are held in memory between batches: a district works on fewer at a time, and reads the others anew."""

MOST_STRUCK: Final = 50
"""Due moments, one after another and without an alert, that are judged before what came of them is saved."""


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
        self._surroundings = surroundings
        self._most_cases = most_cases
        self._shelf = Snapshot(surroundings.views, surroundings.reader, district, lease=lease)
        self._outbox = AlertOutbox(district, self._shelf, surroundings.recording, surroundings.spans, show)
        self._ahead = FactsAhead(district, surroundings.reader, judging.by.find_policy, self._shelf)
        self._turns = Turns()
        self._bring_back()

    @property
    def judging(self) -> Judging:
        """By what the district is judged."""
        return self._judging

    @property
    def watch(self) -> Watch:
        """What judges the facts, as it stands in memory."""
        return self._state.watch

    @property
    def book(self) -> AlertBook:
        """The alerts, as they stand in memory."""
        return self._state.book

    @property
    def position(self) -> int:
        """The sequence of the last fact taken."""
        return self.watch.position

    @property
    def unrecorded(self) -> int:
        """How many alert facts are saved, not in the ledger yet, and for this watch to record."""
        return 0 if self._prepares else len(self._outbox.waiting)

    @property
    def _prepares(self) -> bool:
        """Whether this watch records nothing, but has everything ready for when it is to."""
        return self._surroundings.recording is None

    def advance(self) -> bool:
        """Do the next piece of work; False when there is none for now.

        In this order: record alerts that are saved, take the facts that are there, let a due moment pass. LedgerError
        and ViewsError are raised when the ledger or the views cannot be used; the same call may be made again.
        """
        with self._turns.turn():
            try:
                return self._advance()
            except SnapshotGoneError:
                structlog.get_logger().info("watch.begins_anew", district=self.district)
                self._bring_back()
                return True

    @contextmanager
    def still(self) -> Iterator[Taken | None]:
        """Keep the watch still between two pieces of work while the block runs, from any thread.

        Gives the watch and its alerts, all of them saved; None when saving has failed and they cannot be relied on.
        """
        with self._turns.turn():
            yield None if self._astray else Taken(self.watch, self.book, self._state.quiet)

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

    def _advance(self) -> bool:
        if self._astray:
            self._bring_back()
            if self._astray:
                return False
        if self.unrecorded:
            return self._outbox.record()
        facts = self._ahead.after(self.watch.position)
        if facts:
            self._take(facts)
            return True
        if not self._ahead.at_end:
            return False
        if not self._state.progress.reconciled and not self._prepares:
            self._reconcile()
            return True
        if self._strike():
            return True
        if not self._shelf.is_kept():
            raise SnapshotGoneError
        return False

    def _bring_back(self) -> None:
        """Go on from what was saved; a snapshot by other rules is built anew from the first fact.

        Where settings that were adopted are not kept any more it stays astray, until they are there again.
        """
        self._astray = True
        self._state = WorkingState(self.district, self._judging, self._shelf)
        self._outbox.bring_back()
        try:
            self._state.bring_back()
        except PolicyMissingError as missing:
            self._ahead.refuse(missing)
            return
        self._astray = False

    def _take(self, facts: Sequence[AnyFact]) -> None:
        """Judge a batch, and due moments that follow on one without an alert; save together what came of it.

        Whatever fails, the next call begins from what was saved before: all that was taken stands in the ledger.
        """
        facts = self._dared(facts)
        self._astray = True
        came = CameOfBatch()
        try:
            for _ in range(MOST_STRUCK):
                judge(facts, self._state, self._surroundings.spans, came)
                if came.to_record or not self._strikes_on(facts):
                    break
                facts = self._ahead.after(self.watch.position)
        except UnjudgeableFactError as one:
            self._shelf.park(skipped(one.fact, one.fault))
            return
        self._save(came, reconciled=self._state.progress.reconciled)
        self._astray = False

    def _dared(self, facts: Sequence[AnyFact]) -> Sequence[AnyFact]:
        """Return those of the facts that are judged together, after it was noted that they are about to be."""
        dared = self._ahead.dared(self.watch.position)
        if dared == "none":
            self._shelf.park(skipped(facts[0], EndedProcessesError()))
            self._bring_back()
        return facts if dared == "all" else facts[:1]

    def _save(self, came: CameOfBatch, *, reconciled: bool) -> None:
        if self._prepares:
            came = came.without(self._recorded_by_others)
        self._state.save(came, reconciled=reconciled)
        self._outbox.waiting += came.to_record
        self._state.let_go(self._most_cases)

    def _recorded_by_others(self, alert: AnyFact) -> bool:
        """Tell whether an alert fact is in the ledger already, as most are of what others have judged before."""
        return self._surroundings.reader.find(self.district, alert.id) is not None

    def _reconcile(self) -> None:
        """Withdraw alerts that an earlier engine or rulebook left open and that are none any more."""
        self._astray = True
        withdrawn = withdrawals(self._surroundings.reader, self.district, self.watch.position, self.book)
        self._save(CameOfBatch(to_record=withdrawn), reconciled=True)
        self._astray = False

    def _strikes_on(self, facts: Sequence[AnyFact]) -> bool:
        """Let the next due moment pass, after facts that were one alone; tell whether it did."""
        alone = self._ahead.at_end and len(facts) == 1 and isinstance(facts[0].data, ClockReached)
        return alone and self._state.progress.reconciled and self._strike()

    def _strike(self) -> bool:
        """Record that the next due moment has passed, once everything recorded before it was judged."""
        at = self._due_at()
        around = self._surroundings
        if at is None or around.recording is None:
            return False
        return strike(around.recording, around.spans, self.district, at)

    def _due_at(self) -> dt.datetime | None:
        if self._prepares:
            return None
        now = self._surroundings.clock()
        return next_strike(self.next_wake(), now, self.watch.world.hour, quiet=self._state.quiet)
