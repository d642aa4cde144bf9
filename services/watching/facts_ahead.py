"""Reads the facts of one district that are to be judged next, no more at once than may be judged together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from services.watching.attempts import Attempts
from services.watching.settings_gate import SettingsGate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from events.fact import AnyFact
    from events.ledger.port import LedgerReader
    from projections.policy.in_force import FindPolicy, PolicyMissingError
    from projections.saved.snapshot import Snapshot
    from services.watching.attempts import Dared

LARGEST_BATCH: Final = 1_000
"""Facts that are judged and saved together at most."""


class FactsAhead:
    """Reads what follows in the ledger of one district; `at_end` tells whether nothing followed on what was read."""

    def __init__(self, district: str, reader: LedgerReader, find_policy: FindPolicy, shelf: Snapshot) -> None:
        self.at_end = False
        self._district = district
        self._reader = reader
        self._settings = SettingsGate(district, find_policy)
        self._attempts = Attempts(shelf, careful_for=LARGEST_BATCH)

    def after(self, position: int) -> Sequence[AnyFact]:
        """Return the next facts that can be judged, in order; raise LedgerError."""
        facts = self._reader.read(self._district, position, LARGEST_BATCH)
        known = self._settings.through(facts)
        self.at_end = len(known) == len(facts) < LARGEST_BATCH
        return known

    def dared(self, position: int) -> Dared:
        """Note that the facts after a position are about to be judged; return how many may be, none: skip the next."""
        dared = self._attempts.dared(position)
        if dared != "all":
            self.at_end = False
        return dared

    def refuse(self, missing: PolicyMissingError) -> None:
        """Say, once, why judging goes no further."""
        self._settings.refuse(missing)
