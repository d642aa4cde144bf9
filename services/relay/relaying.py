"""The relay: waits for the lease, publishes while it has it, and gives it up in good order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event
from typing import TYPE_CHECKING, Final, NamedTuple

import structlog

from events.ledger.errors import LedgerError
from services.messages.connection import BrokerError, reason_of
from services.processes.working_thread import Work, working
from services.relay.book import LeaseLostError
from services.relay.rehearsing import Rehearsing
from services.relay.term import Term
from services.settings.sources import SettingError

if TYPE_CHECKING:
    from events.ledger.errors import Reason
    from services.relay.book import Lease
    from services.relay.parts import RelayParts

LONGEST_NAP: Final = 0.05
"""Seconds after which the ledger is looked at again."""
LONGEST_FAREWELL: Final = 5.0
"""Seconds that messages under way have to arrive when the relay is stopped."""
STANDBY_NAP: Final = 0.5
"""Seconds after which a standby, or a relay without Kafka, tries again."""


class Standing(NamedTuple):
    """How a relay stands: whether it publishes, and why it could not if it had to; None when nothing is known."""

    publishes: bool
    fault: Reason | None = None


class Relay:
    """One relay of several: at most one of them publishes at a time. For one thread."""

    def __init__(self, parts: RelayParts) -> None:
        self._parts = parts
        self._term: Term | None = None
        self._not_before = parts.clock()
        self._standing_by = False
        self._rehearsing = Rehearsing(parts.rehearse, parts.clock)
        self._fault: Reason | None = None
        self._log = structlog.get_logger()

    @property
    def standing(self) -> Standing:
        """Whether this relay has the lease and publishes, and why it could not, as far as that is known."""
        publishes = self._term is not None
        return Standing(publishes, None if publishes else self._fault)

    def advance(self) -> bool:
        """Take one step; False when there is nothing to do for now. Raise LedgerError when ledger or book fail."""
        try:
            term = self._term or self._take_over()
            return term is not None and term.advance()
        except LeaseLostError:
            self._log.warning("relay.lease_lost", holder=self._parts.holder)
            self._end_term()
        except (BrokerError, SettingError) as error:
            self._fault = reason_of(error)
            self._log.error("relay.broker_unusable", code=error.code, zh=self._fault.zh, en=self._fault.en)
            self._end_term()
        except LedgerError:
            raise
        except BaseException:
            # What the term believes may be wrong now; what was kept is right.
            self._end_term()
            raise
        return False

    def finish(self, seconds: float = LONGEST_FAREWELL) -> None:
        """Let what is under way arrive, give the lease up and close the outlet."""
        term, until = self._term, self._parts.clock() + seconds
        if term is None:
            return
        with suppress(BrokerError, LedgerError, LeaseLostError):
            while term.under_way and self._parts.clock() < until:
                term.wait()
                term.settle()
        # First the outlet, then the lease: nothing of ours may come after what the next relay publishes.
        term.outlet.close(0)
        self._term = None
        with suppress(LedgerError):
            self._parts.book.release(term.lease)
        self._log.info("relay.ended", holder=self._parts.holder, epoch=term.lease.epoch)

    def _take_over(self) -> Term | None:
        """Begin a term unless another relay has the lease."""
        now = self._parts.clock()
        if now < self._not_before:
            return None
        self._not_before = now + STANDBY_NAP
        lease = self._parts.book.acquire(self._parts.holder, self._parts.seconds)
        if lease is None:
            if not self._standing_by:
                self._standing_by = True
                self._log.info("relay.standing_by", holder=self._parts.holder)
            self._rehearse()
            return None
        try:
            self._term = self._begin(lease, now)
        except BaseException:
            with suppress(LedgerError):
                self._parts.book.release(lease)
            raise
        if self._term is None:
            with suppress(LedgerError):
                self._parts.book.release(lease)
            return None
        self._standing_by, self._fault = False, None
        self._log.info("relay.began", holder=self._parts.holder, epoch=lease.epoch)
        return self._term

    def _rehearse(self) -> None:
        """Tell in time what would hinder this relay from taking over, and once it no longer does."""
        outcome = self._rehearsing.outcome()
        if outcome is None:
            return
        before, self._fault = self._fault, outcome.fault
        if self._fault is not None:
            self._log.error("relay.cannot_take_over", code=self._fault.code, zh=self._fault.zh, en=self._fault.en)
        elif before is not None:
            self._log.info("relay.can_take_over", holder=self._parts.holder)

    def _begin(self, lease: Lease, since: float) -> Term | None:
        """Begin a term; None when asked to stop before its outlet is open."""
        outlet = self._parts.open_outlet()
        if outlet is None:
            return None
        try:
            return Term(self._parts, outlet, lease, since)
        except BaseException:
            outlet.close(0)
            raise

    def _end_term(self) -> None:
        """End a term that cannot go on; another relay, or this one, begins from what was kept."""
        if self._term is not None:
            ended, self._term = self._term, None
            ended.outlet.close(0)
            with suppress(LedgerError):
                self._parts.book.release(ended.lease)


@contextmanager
def relayed(relay: Relay, woken: Event) -> Iterator[None]:
    """Let a thread relay while the block runs; afterwards what is under way has arrived."""
    log = structlog.get_logger()

    def interrupted(code: str, reason: str) -> None:
        log.error("relay.interrupted", code=code, reason=reason)

    def failed(error: Exception) -> None:
        log.error("relay.failed", exc_info=error)

    try:
        with working(Work("relay", relay.advance, interrupted, failed, LONGEST_NAP), woken):
            yield
    finally:
        relay.finish()
