"""What a relay is made of."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from events.ledger.port import LedgerReader
from services.tracing.spans import NO_SPANS, Spans

if TYPE_CHECKING:
    from services.relay.book import RelayBook
    from services.relay.outlet import OpenOutlet

LEASE_SECONDS: Final = 10.0
"""How long a relay that is gone keeps its standby waiting."""
PAGE: Final = 1_000
"""Facts that are read and handed over at once."""


class RelayedLedger(LedgerReader, Protocol):
    """A ledger that also hands out facts as it stores them: what is published is what was sealed."""

    def stored_facts(self, district: str, after: int, limit: int) -> list[bytes]:
        """Return the next facts after a sequence, at most `limit`, without a gap."""
        ...


@dataclass(frozen=True, kw_only=True)
class RelayParts:
    """Where facts come from and go to; `holder` names the relay, and nobody else ever has that name.

    `rehearse` raises BrokerError or SettingError when an outlet could not be opened, and publishes nothing.
    `clock` counts seconds and never goes back; `arrived` is told how many facts of a district are stored in Kafka.
    """

    ledger: RelayedLedger
    book: RelayBook
    open_outlet: OpenOutlet
    holder: str
    rehearse: Callable[[], object] = lambda: None
    clock: Callable[[], float] = time.monotonic
    arrived: Callable[[str, int], None] = lambda _district, _facts: None
    seconds: float = LEASE_SECONDS
    page: int = PAGE
    spans: Spans = NO_SPANS
