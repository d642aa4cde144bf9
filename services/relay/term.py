"""One term of a relay: from taking the lease to losing it, or to a fault of the broker."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final, NamedTuple

import structlog

from services.messages.cloud_event import message_of_stored

if TYPE_CHECKING:
    from services.relay.book import Lease
    from services.relay.outlet import Handed, Outlet
    from services.relay.parts import RelayParts
    from services.tracing.spans import Ended

MOST_UNDER_WAY: Final = 4
"""Pages that may be under way: one arrives while the next ones are prepared."""
_WAIT: Final = 0.02


class _Page(NamedTuple):
    district: str
    last: int
    facts: int
    handed: Handed
    published: Ended


class Term:
    """Publishes what the ledger has beyond the kept positions, in order for each district. For one thread.

    The lease counts from `since`, the moment it was asked for.
    """

    def __init__(self, parts: RelayParts, outlet: Outlet, lease: Lease, since: float) -> None:
        self.lease = lease
        self.outlet = outlet
        self._parts = parts
        self._held_since = since
        self._handed_over = parts.book.published()
        self._under_way: deque[_Page] = deque()
        self._to_keep: dict[str, int] = {}
        self._behind: dict[str, int] = {}
        self._warn_of_a_shorter_ledger()

    @property
    def under_way(self) -> bool:
        """Whether something was handed over that has not arrived or is not kept."""
        return bool(self._under_way or self._to_keep)

    def advance(self) -> bool:
        """Take one step; False when the ledger holds nothing that is not published.

        Raise LeaseLostError or BrokerError at the end of the term, LedgerError when ledger or book do not answer: then
        the term goes on as soon as they do.
        """
        self.settle()
        if len(self._under_way) < MOST_UNDER_WAY and self._hand_over():
            return True
        self.wait()
        return self.under_way

    def settle(self) -> None:
        """Keep what has arrived, and the lease before it runs out."""
        while self._under_way and self._under_way[0].handed.arrived():
            page = self._under_way.popleft()
            self._to_keep[page.district] = page.last
            page.published()
            self._parts.arrived(page.district, page.facts)
        now = self._parts.clock()
        if self._to_keep or now - self._held_since > self._parts.seconds / 3:
            self._parts.book.keep(self.lease, self._to_keep, self._parts.seconds)
            self._held_since = now
            self._to_keep = {}

    def wait(self) -> None:
        """Wait a moment for what is under way."""
        if self._under_way:
            self._under_way[0].handed.wait(_WAIT)

    def _hand_over(self) -> bool:
        """Hand over the next page of a district that is behind; districts take turns."""
        if not self._behind:
            latest = self._parts.ledger.sequences()
            self._behind = {one: last for one, last in latest.items() if last > self._handed_over.get(one, 0)}
        if not self._behind or self._parts.clock() - self._held_since > self._parts.seconds / 2:
            return False
        district, last = next(iter(self._behind.items()))
        stored = self._parts.ledger.stored_facts(district, self._handed_over.get(district, 0), self._parts.page)
        messages = [message_of_stored(one) for one in stored]
        published = self._parts.spans.publishing(messages)
        handed = self.outlet.send(messages)
        reached = messages[-1].sequence
        self._handed_over[district] = reached
        self._under_way.append(_Page(district, reached, len(messages), handed, published))
        del self._behind[district]
        if reached < last:
            self._behind[district] = last
        return True

    def _warn_of_a_shorter_ledger(self) -> None:
        latest = self._parts.ledger.sequences()
        for district, published in self._handed_over.items():
            if published > latest.get(district, 0):
                structlog.get_logger().error(
                    "relay.ahead_of_ledger", district=district, published=published, ledger=latest.get(district, 0)
                )
