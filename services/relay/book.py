"""What relays of one topic keep together: who of them works now, and how far each district is published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Protocol


class Lease(NamedTuple):
    """The right to publish: of one holder at a time, with a number that no earlier holder had."""

    holder: str
    epoch: int


class LeaseLostError(Exception):
    """Another relay took over; what was published and not kept is published again by it, as repeats."""


class RelayBook(Protocol):
    """Kept for one topic, in one place that all relays of that topic reach."""

    def acquire(self, holder: str, seconds: float) -> Lease | None:
        """Take the lease for so many seconds if it is free, run out, or the holder's own; None when another has it."""
        ...

    def keep(self, lease: Lease, published: Mapping[str, int], seconds: float) -> None:
        """Keep how far districts are published and hold the lease longer, or keep nothing and raise LeaseLostError."""
        ...

    def release(self, lease: Lease) -> None:
        """Give the lease up, so that a standby need not wait; without effect when it is lost."""
        ...

    def published(self) -> dict[str, int]:
        """Return the sequence up to which each district is published."""
        ...

    def close(self) -> None:
        """Let go of file or connections."""
        ...
