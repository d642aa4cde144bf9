"""Which facts of a district were corrected or annulled, read from the ledger as far as it has come."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Final

from events.record import RecordAnnulled, RecordCorrected
from projections.corrections import Corrections

if TYPE_CHECKING:
    from uuid import UUID

    from events.ledger.port import LedgerReader

_PAGE: Final = 2_000


class StruckFacts:
    """The facts that no longer count, by district.

    Asked only when a fact would be refused or a correction comes in. The first question of a district reads it once,
    later ones only what is new.
    """

    def __init__(self, reader: LedgerReader) -> None:
        self._reader = reader
        self._districts: dict[str, _District] = {}
        self._lock = Lock()

    def known(self, district: str) -> frozenset[UUID]:
        """Return what was struck out as far as the ledger was read, without reading on."""
        found = self._districts.get(district)
        return frozenset() if found is None else found.struck

    def through_head(self, district: str) -> frozenset[UUID]:
        """Read on to the head of a district and return what is struck out there."""
        with self._lock:
            found = self._districts.setdefault(district, _District())
            while facts := self._reader.read(district, found.through, _PAGE):
                for fact in facts:
                    if isinstance(fact.data, RecordCorrected | RecordAnnulled):
                        found.named.update((fact.data.wrong, fact.id))
                        # What stands or falls is asked afterwards, so that the changes on the way need not be followed.
                        list(found.corrections.take(fact))
                        found.changed = True
                found.through = facts[-1].sequence
            return found.refreshed()


class _District:
    """How far one district was read, and its corrections."""

    def __init__(self) -> None:
        self.through = 0
        self.corrections = Corrections(lambda _fact_id: None)
        self.named: set[UUID] = set()
        self.struck: frozenset[UUID] = frozenset()
        self.changed = False

    def refreshed(self) -> frozenset[UUID]:
        if self.changed:
            self.struck = frozenset(one for one in self.named if self.corrections.struck(one))
            self.changed = False
        return self.struck
