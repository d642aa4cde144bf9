"""What the watch of any district works with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from events.ledger.port import LedgerReader
from services.tracing.spans import NO_SPANS, Spans
from services.watching.alert_outbox import Recording

if TYPE_CHECKING:
    from projections.databases.views_database import ViewsDatabase

Clock = Callable[[], dt.datetime]


@dataclass(frozen=True)
class Surroundings:
    """What a watch works with: a reader of the ledger, the way into it, the views, the clock, and who makes spans.

    Without a way into the ledger a watch only prepares: it judges and saves beside whoever records.
    """

    reader: LedgerReader
    recording: Recording | None
    views: ViewsDatabase
    clock: Clock
    spans: Spans = NO_SPANS
