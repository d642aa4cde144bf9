"""Which moment the clock strikes next: a pure question of what the watch waits for and what time it is."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from events.moment import datetime_of, instant_of

if TYPE_CHECKING:
    from events.moment import Instant

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
