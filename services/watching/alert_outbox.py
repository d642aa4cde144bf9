"""Alert facts that are saved and not in the ledger yet, on their way there."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Protocol

import structlog
from msgspec.structs import replace

from events.ledger.errors import OTHER_CONTENT
from events.ledger.port import Outcome, Proposal, Recorded, Refused, Repeated
from services.logs.logging import about_fact

if TYPE_CHECKING:
    import datetime as dt

    from events.fact import AnyFact
    from projections.saved.snapshot import Snapshot
    from services.tracing.spans import Spans

Show = Callable[["AnyFact"], None]


class Recording(Protocol):
    """The way into the ledger; `events.ledger.group_commit.GroupCommit` is one."""

    def submit(self, proposal: Proposal) -> Future[Outcome]:
        """Hand in a proposal."""
        ...

    def record_clock(self, district: str, at: dt.datetime) -> Outcome:
        """Record that a due moment was reached."""
        ...


class AlertOutbox:
    """Brings the alert facts of one district into the ledger, under ids that make a repeat harmless.

    `waiting` are those that are saved and not recorded yet, in order; `show` is given each that is new in the ledger.
    Without a way into the ledger they wait there for who takes over.
    """

    def __init__(self, district: str, shelf: Snapshot, recording: Recording | None, spans: Spans, show: Show) -> None:
        self.waiting: list[AnyFact] = []
        self._shelf = shelf
        self._recording = recording
        self._spans = spans
        self._show = show
        self._log = structlog.get_logger().bind(district=district)

    def bring_back(self) -> None:
        """Go on with what was saved."""
        self.waiting = self._shelf.outbox()

    def record(self) -> bool:
        """Record what waits; what was recorded before a crash is answered as before and not shown again.

        False when nothing of it could be recorded. Raise LedgerError and ViewsError; the call may be made again.
        """
        waiting = self.waiting
        if self._recording is None:
            return False
        alerted = self._spans.alerting(waiting)
        futures = [self._recording.submit(Proposal(facts=(fact,))) for fact in waiting]
        outcomes = [future.result() for future in futures]
        alerted()
        done = [fact for fact, outcome in zip(waiting, outcomes, strict=True) if self._is_recorded(fact, outcome)]
        self._shelf.strike_from_outbox(done)
        gone = {fact.id for fact in done}
        self.waiting = [fact for fact in waiting if fact.id not in gone]
        for fact, outcome in zip(waiting, outcomes, strict=True):
            if isinstance(outcome, Recorded):
                receipt = outcome.receipts[0]
                self._show(replace(fact, sequence=receipt.sequence, recorded_at=receipt.recorded_at))
        return bool(done)

    def _is_recorded(self, fact: AnyFact, outcome: Outcome) -> bool:
        match outcome:
            case Recorded() | Repeated():
                return True
            case Refused(reason) if reason.code == OTHER_CONTENT:
                with about_fact(fact):
                    self._log.info("alert.recorded_by_another_version", type=fact.type)
                return True
            case Refused(reason):
                with about_fact(fact):
                    self._log.error("alert.not_recorded", type=fact.type, code=reason.code, zh=reason.zh, en=reason.en)
                return False
            case _:
                with about_fact(fact):
                    self._log.error("alert.not_recorded", type=fact.type, outcome=type(outcome).__name__)
                return False
