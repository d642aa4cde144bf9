"""Playing a whole district up to a moment, for what no single case tells; memory stays bounded on a long ledger."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import structlog

from events.clock import ClockReached
from events.ledger.clock import clock_fact
from events.moment import datetime_of
from projections.databases.views_file import ViewsFile
from projections.replay.case_standing import ALWAYS_IN_FORCE
from projections.replay.ledger_as_of import LedgerAsOf
from projections.saved.batch import Batch, Progress
from projections.saved.snapshot import Snapshot
from projections.watch.watch import Watch
from services.logs.logging import about_fact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from events.fact import AnyFact
    from events.ledger.port import LedgerReader
    from projections.databases.views_database import ViewsDatabase
    from projections.replay.as_of import AsOf
    from projections.replay.case_standing import By, Judged
    from projections.watch.judging import Change
    from rulebooks.judgement import Identity

PAGE: Final = 1_000
"""Facts read at once."""
HELD_WHOLE: Final = 50_000
"""Facts up to which everything is held in memory; a longer ledger is judged with a shelf in a file of its own."""
MOST_CASES: Final = 20_000
"""Cases that a shelf in a file leaves in memory between two pages."""
_SHOWN: Final = frozenset({"open", "paused", "forecast", "violated", "waived", "not_determinable"})


class Played(NamedTuple):
    """A district as it stands after its facts: the watch, every judgement, and how many facts counted."""

    watch: Watch
    judged: Sequence[Judged]
    facts: int


class WholePlay:
    """Lets a watch take every fact that counts, then lets time pass up to the hour of the moment."""

    def __init__(
        self,
        ledger: LedgerReader,
        district: str,
        by: By,
        as_of: AsOf,
        *,
        satisfied: bool = False,
        lets_pass: bool = True,
        kept_in: ViewsDatabase | None = None,
    ) -> None:
        """Without `lets_pass` time passes by the clock facts of the ledger alone; `kept_in` keeps what is found."""
        self._ledger = LedgerAsOf(ledger, district, as_of)
        self._district = district
        self._by = by
        self._as_of = as_of
        self._states = _SHOWN | {"satisfied"} if satisfied else _SHOWN
        self._supposed = dict.fromkeys(by.supposed, ALWAYS_IN_FORCE)
        self._lets_pass = lets_pass
        self._kept_in = kept_in
        self.set_aside: list[int] = []
        self._standing: dict[tuple[str, Identity], Judged] = {}
        self._facts = 0

    def play(
        self,
        progressed: Callable[[int], None] = lambda _facts: None,
        follow: Callable[[AnyFact, Sequence[Change], Watch], None] = lambda _fact, _changes, _watch: None,
    ) -> Played:
        """Play to the end; `follow` sees each fact with what it changed. `progressed` is told of facts taken."""
        with self._watched() as (watch, shelf):
            while facts := self._ledger.read(self._district, watch.position, PAGE):
                for fact in facts:
                    self._take(watch, shelf, fact, follow)
                self._put_away(watch, shelf)
                progressed(len(facts))
            if self._lets_pass:
                self._let_pass(watch, shelf, follow)
                self._put_away(watch, shelf)
            watch.world.hour = max(watch.world.hour, self._as_of.hour)
            return Played(watch, self._anew(watch), self._facts)

    @contextmanager
    def _watched(self) -> Iterator[tuple[Watch, Snapshot | None]]:
        with ExitStack() as opened:
            views, shelf = self._kept_in, None
            if views is None and self._as_of.through > HELD_WHOLE:
                folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="taizhang-replay-")))
                views = opened.enter_context(ViewsFile(folder / "views.sqlite"))
            if views is not None:
                shelf = Snapshot(views, self._ledger, self._district)
                shelf.open_for("replay")
            watch = Watch(self._by.rules, self._by.calendar, shelf, self._by.dispatch)
            watch.world.force.update(self._supposed)
            yield watch, shelf

    def _take(
        self,
        watch: Watch,
        shelf: Snapshot | None,
        fact: AnyFact,
        follow: Callable[[AnyFact, Sequence[Change], Watch], None],
    ) -> None:
        if shelf is not None:
            shelf.reached = max(shelf.reached, fact.sequence)
        changes = self._changes(watch, fact)
        self._facts += not isinstance(fact.data, ClockReached)
        watch.world.force.update(self._supposed)
        for change in changes:
            self._note(change)
        follow(fact, changes, watch)

    def _changes(self, watch: Watch, fact: AnyFact) -> list[Change]:
        """Return what a fact changes; one that the program cannot judge is set aside, as the watch at work does."""
        try:
            return watch.take(fact)
        except Exception as error:  # noqa: BLE001  whatever is wrong with one fact, the others have to be judged
            watch.position = max(watch.position, fact.sequence)
            self.set_aside.append(fact.sequence)
            with about_fact(fact):
                structlog.get_logger().error("replay.fact_not_judged", type=fact.type, exc_info=error)
            return []

    def _note(self, change: Change) -> None:
        for judgement in (change.before, change.after):
            if judgement is not None:
                self._standing.pop((change.rule.header.id, judgement.identity), None)
        if change.after is not None and change.after.state in self._states:
            self._standing[change.rule.header.id, change.after.identity] = (change.rule, change.after)

    @staticmethod
    def _put_away(watch: Watch, shelf: Snapshot | None) -> None:
        if shelf is None:
            return
        shelf.save(Batch(progress=Progress(watch.position, watch.world.hour), saved=watch.save()))
        if len(watch.files) > MOST_CASES:
            watch.let_go(MOST_CASES)

    def _let_pass(
        self,
        watch: Watch,
        shelf: Snapshot | None,
        follow: Callable[[AnyFact, Sequence[Change], Watch], None],
    ) -> None:
        """Let every due moment pass up to the hour, as clock facts would say."""
        while (wake := watch.next_wake()) is not None and wake <= self._as_of.hour:
            at = max(wake, watch.world.hour + 1)
            if at > self._as_of.hour:
                return
            self._take(watch, shelf, clock_fact(self._district, datetime_of(at)), follow)

    def _anew(self, watch: Watch) -> list[Judged]:
        """Return what stands, by the rules' order, in the words of the last judgement."""
        place = {rule.header.id: number for number, rule in enumerate(watch.rules)}
        alone = {key: one for key, one in self._standing.items() if one[0].tally is None}
        for subject in dict.fromkeys(one.subject for _, one in alone.values()):
            for rule, judgement in watch.judged_anew(subject):
                key = (rule.header.id, judgement.identity)
                if key in alone and alone[key][1].state == judgement.state:
                    alone[key] = (rule, judgement)
        counted = [one for one in watch.counted_anew() if one[1].state in self._states]
        return sorted(
            (*alone.values(), *counted),
            key=lambda one: (place[one[0].header.id], one[1].subject, one[1].party or "", one[1].period or ""),
        )
