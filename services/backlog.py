"""How far something is behind the ledger: facts that it has not taken yet, and for how long the oldest has waited."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from threading import Lock
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from events.ledger.port import LedgerReader

MOST_LOOKS: Final = 512
"""Looks that are kept of a district; of more, every second is forgotten, and facts count as older by one look."""


class Lag(NamedTuple):
    """Facts that are recorded and not yet taken, and the seconds for which the oldest of them has waited."""

    facts: int
    seconds: float


NO_LAG: Final = Lag(0, 0.0)


class Backlog:
    """Tells for how long facts have waited. From any thread.

    A fact waits from the moment when it was recorded. A history that is recorded later brings recording times of its
    own, years old perhaps; what was not there when the ledger was looked at before was not recorded before that look,
    nor, at the first one, before this process `began`. A district that nobody had recorded anything of was not there.
    """

    def __init__(self, began: dt.datetime) -> None:
        self._looked = began
        self._lock = Lock()
        self._looks: dict[str, _Looks] = {}

    def look(self, ledger: LedgerReader, now: dt.datetime) -> list[str]:
        """Look at all districts that have facts, and return them, sorted; raise LedgerError."""
        heads = ledger.sequences()
        with self._lock:
            for district, head in heads.items():
                self._of(district).note(head, now)
            self._looked = now
        return sorted(heads)

    def behind(self, ledger: LedgerReader, district: str, position: int, now: dt.datetime) -> Lag:
        """Return how far is behind what has taken a district's facts up to `position`; raise LedgerError."""
        head = ledger.head(district).sequence
        with self._lock:
            looks = self._of(district)
            looks.note(head, now)
            since = looks.before(position + 1)
        oldest = ledger.read(district, position, 1) if head > position else ()
        if not oldest:
            return NO_LAG
        waited = (now - max(oldest[0].recorded_at, since)).total_seconds()
        return Lag(head - position, max(0.0, round(waited, 3)))

    def _of(self, district: str) -> _Looks:
        return self._looks.setdefault(district, _Looks(self._looked))


class _Looks:
    """How many facts a district had when it was looked at, with the last look at each number."""

    def __init__(self, began: dt.datetime) -> None:
        self._heads = [0]
        self._at = [began]

    def note(self, head: int, now: dt.datetime) -> None:
        """Note a look."""
        if head == self._heads[-1]:
            self._at[-1] = now
        elif head > self._heads[-1]:
            self._heads.append(head)
            self._at.append(now)
            if len(self._heads) > MOST_LOOKS:
                del self._heads[1:-1:2], self._at[1:-1:2]

    def before(self, sequence: int) -> dt.datetime:
        """Return the last look at which a fact was not there, or the beginning."""
        return self._at[bisect_left(self._heads, sequence) - 1]
