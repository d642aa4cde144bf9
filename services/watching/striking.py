"""Due moments that pass into the ledger: which is next is a pure question, and then it is recorded."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

import structlog

from events.ledger.port import Refused
from events.moment import datetime_of, instant_of

if TYPE_CHECKING:
    from events.moment import Instant
    from services.tracing.spans import Spans
    from services.watching.alert_outbox import Recording

PATIENCE: Final = dt.timedelta(minutes=10)
"""How long a rule that asks again for a moment already passed has to wait."""


def next_strike(wake: Instant | None, now: dt.datetime, hour: Instant, *, quiet: bool) -> dt.datetime | None:
    """Return the moment that a clock fact has to be recorded for, None when there is none for now.

    `wake` is when something changes though no fact comes, `hour` what the watch has reached, and `quiet` tells that no
    other fact came since the clock last struck.
    """
    if wake is None or wake > instant_of(now):
        return None
    at = datetime_of(wake) if wake > hour else now
    if instant_of(at) <= hour or (wake <= hour and quiet and now - datetime_of(hour) < PATIENCE):
        return None
    return at


def strike(recording: Recording, spans: Spans, district: str, at: dt.datetime) -> bool:
    """Record that a due moment has passed; False when that was refused. Raise LedgerError."""
    with spans.reaching(district, at):
        outcome = recording.record_clock(district, at)
    if isinstance(outcome, Refused):
        reason = outcome.reason
        log = structlog.get_logger()
        log.error("clock.not_recorded", district=district, code=reason.code, zh=reason.zh, en=reason.en)
        return False
    return True
