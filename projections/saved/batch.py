"""What one transaction saves of a watch and its alerts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple
from uuid import UUID

import msgspec

from projections.watch.shelf import Saved

if TYPE_CHECKING:
    from collections.abc import Sequence

    from events.fact import AnyFact
    from events.moment import Instant
    from projections.alerts.alert import Alert

NOTHING_SAVED: Final = Saved(standing={}, links=(), extents={}, counts={})


class Progress(msgspec.Struct, frozen=True):
    """How far a saved watch has come: the sequence it took last, its hour in microseconds.

    `reconciled` tells whether alerts that the ledger holds from another snapshot were compared with those of this one.
    """

    position: int = 0
    hour: Instant = 0
    reconciled: bool = False


class Parked(NamedTuple):
    """A fact set aside: as a whole, or, where `fault_of` names a rule and a subject, judged by all others."""

    sequence: int
    fact: UUID
    case: str
    fault_of: str
    error: str

    @property
    def is_skipped(self) -> bool:
        """Whether the fact counts for nothing."""
        return not self.fault_of


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """What one transaction saves: the watch, the alerts, how far they came, and the alert facts to be recorded."""

    progress: Progress
    saved: Saved = NOTHING_SAVED
    alerts: Sequence[Alert] = ()
    background: Sequence[AnyFact] = ()
    to_record: Sequence[AnyFact] = ()
    parked: Sequence[Parked] = ()
