"""How one alert stands."""

from __future__ import annotations

from typing import Final, Literal
from uuid import UUID

import msgspec

from events.fact import Classification
from events.moment import Instant

OBLIGATIONS: Final = frozenset({"deadline"})
"""Rule kinds whose breach can be made good late, and that climb the ladder until it is."""

AlertStanding = Literal["raised", "forecast", "resolved", "withdrawn", "waived"]


class Alert(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How one alert stands; `announced` is what was last raised, `taken` counts the steps of the ladder.

    `due`, `held_until` (what somebody promised when taking note) and `escalate_at` are in microseconds; `climbs` tells
    that it is about something that can still be done.
    """

    id: UUID
    rule: str
    subject: str
    standing: AlertStanding
    classification: Classification
    party: str | None = None
    period: str | None = None
    announced: Literal["violated", "forecast"] | None = None
    due: Instant | None = None
    provisional: bool = False
    cured: bool = False
    climbs: bool = False
    taken: int = 0
    held_until: Instant | None = None
    escalate_at: Instant | None = None

    @property
    def open(self) -> bool:
        """Whether somebody still has to look at it."""
        return self.standing in {"raised", "forecast"}
