"""Trying facts on a throwaway watch: what would come of them if they were recorded now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog
from msgspec.structs import replace

from events.alert import AlertEscalated
from events.clock import ClockReached
from events.ledger.clock import clock_fact
from events.ledger.errors import LedgerUnavailableError, Reason
from events.moment import datetime_of, instant_of
from projections.effects import beyond, effects_of, net
from projections.policy.in_force import PolicyMissingError
from services.logs.logging import about_fact
from services.recording.preview import Judged
from services.watching.striking import next_strike

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Sequence
    from uuid import UUID

    from events.fact import AnyFact
    from events.ledger.port import LedgerReader
    from events.moment import Instant
    from projections.effects import Effect
    from projections.watch.judging import Change
    from projections.watch.throwaway import LaidOver, Taken

PAGE: Final = 1_000
"""Facts that are read from the ledger at a time."""


class Trial:
    """A throwaway watch with its alerts, and what came of the facts tried on it; for one thread."""

    def __init__(self, district: str, taken: Taken, shelf: LaidOver | None = None) -> None:
        self.district = district
        self.watch, self.book, self._quiet = taken
        self.changes: list[Change] = []
        self.life: list[AnyFact] = []
        self.failed: list[UUID] = []
        self._shelf = shelf
        self._last = self.watch.position
        self._unrecorded = 0

    def catch_up(self, reader: LedgerReader, through: int | None = None) -> int:
        """Take what the ledger holds beyond the watch, as far as a sequence or its head; return how far it came.

        Raise LedgerUnavailableError at a fact that adopts settings which are not kept: nothing is judged beyond it.
        """
        while through is None or self.watch.position < through:
            most = PAGE if through is None else min(PAGE, through - self.watch.position)
            facts = reader.read(self.district, self.watch.position, most)
            if not facts:
                break
            for fact in facts:
                self._take(fact)
        self.changes, self.life, self.failed = [], [], []
        self._last, self._unrecorded = self.watch.position, 0
        return self._last

    def record(self, facts: Sequence[AnyFact], at: dt.datetime) -> None:
        """Take facts as the ledger would number and date them."""
        for fact in facts:
            self._take(self._numbered(fact, at))

    def let_pass(self, now: dt.datetime) -> None:
        """Let every due moment pass up to a moment, as the writer would record it once alerts are recorded."""
        while (at := next_strike(self.next_wake(), now, self.watch.world.hour, quiet=self._quiet)) is not None:
            self._last += self._unrecorded
            self._unrecorded = 0
            self._take(self._numbered(clock_fact(self.district, at), now))

    def next_wake(self) -> Instant | None:
        """Return the next moment at which something changes though no fact comes, in microseconds."""
        return min((one for one in (self.watch.next_wake(), self.book.next_wake()) if one is not None), default=None)

    def _numbered(self, fact: AnyFact, at: dt.datetime) -> AnyFact:
        self._last += 1
        return replace(fact, sequence=self._last, recorded_at=at)

    def _take(self, fact: AnyFact) -> None:
        if self._shelf is not None:
            self._shelf.lay(fact)
        try:
            changes = self.watch.take(fact)
            life = self.book.follow(fact, changes, self.watch.world)
        except PolicyMissingError as missing:
            raise unavailable(missing) from missing
        except Exception as error:  # noqa: BLE001  as when it is recorded: it is set aside, and the others are judged
            self.watch.position = fact.sequence
            self.failed.append(fact.id)
            with about_fact(fact):
                structlog.get_logger().error("preview.fact_not_judged", type=fact.type, exc_info=error)
            return
        self.changes += changes
        self.life += life
        self._unrecorded += len(life)
        if fact.origin != "watch":
            self._quiet = isinstance(fact.data, ClockReached)


def unavailable(missing: PolicyMissingError) -> LedgerUnavailableError:
    """Return the error that nothing can be judged for want of the settings adopted."""
    return LedgerUnavailableError(Reason(missing.code, missing.zh, missing.en))


def tried(
    begin: Callable[[], Trial], reader: LedgerReader, facts: Sequence[AnyFact], now: dt.datetime
) -> Judged[Effect]:
    """Try facts on what `begin` gives, caught up with the ledger, and return what they would change.

    What the time that has passed brings without them is no effect of theirs: where some due moment has passed and no
    clock fact says so yet, a second watch lets it pass without the facts, and both are compared. Time passes beyond the
    hour that the watch has reached, by a microsecond if need be, so that a limit which ended long ago is over.
    """
    trial = begin()
    through = trial.catch_up(reader)
    recorded = reader.head(trial.district).recorded_at
    at = now if recorded is None else max(now, recorded)
    later = max(at, datetime_of(trial.watch.world.hour + 1))
    without: Trial | None = None
    if (wake := trial.next_wake()) is not None and wake <= instant_of(later):
        without = begin()
        without.catch_up(reader, through)
        without.let_pass(later)
    places = _new(facts, reader, through)
    trial.record([facts[place] for place in places.values()], at)
    trial.let_pass(later)
    differences = beyond(net(trial.changes), net(() if without is None else without.changes))
    life = _beyond(trial.life, () if without is None else without.life)
    return Judged(
        through=through,
        changes=tuple(effects_of(differences, life, places, trial.watch.world.roster)),
        at=at,
        unjudged=tuple(places[one] for one in trial.failed if one in places),
    )


def _new(facts: Sequence[AnyFact], reader: LedgerReader, through: int) -> dict[UUID, int]:
    """Return the places of the facts that are new, by id: one that is in the ledger would only be repeated."""
    places: dict[UUID, int] = {}
    for place, fact in enumerate(facts):
        stored = reader.find(fact.district, fact.id)
        if stored is None or stored.sequence > through:
            places.setdefault(fact.id, place)
    return places


def _beyond(life: Iterable[AnyFact], without: Iterable[AnyFact]) -> list[AnyFact]:
    """Return the alert facts that would not come without the facts tried."""
    known = {_step(fact) for fact in without}
    return [fact for fact in life if _step(fact) not in known]


def _step(fact: AnyFact) -> tuple[str, str, int]:
    return (fact.subject.id, fact.type, fact.data.step if isinstance(fact.data, AlertEscalated) else 0)
