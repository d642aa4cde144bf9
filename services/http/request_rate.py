"""How often one principal may ask: a bucket of requests that fills again with time."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable
from time import monotonic
from typing import Final

MOST_PRINCIPALS: Final = 10_000
"""Principals that are remembered; those who asked longest ago are forgotten first, and begin with a full bucket."""


class RequestRate:
    """Counts the requests of each principal; for one thread, which is the event loop's."""

    def __init__(self, rate: float, burst: int, clock: Callable[[], float] = monotonic) -> None:
        """Let `burst` requests through at once, then `rate` a second; `clock` is in seconds and never goes back."""
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_for(self, principal: str) -> int:
        """Take one request; return 0 when it may go on, else after how many whole seconds the next one may."""
        now = self._clock()
        left, filled_at = self._buckets.pop(principal, (float(self._burst), now))
        left = min(float(self._burst), left + (now - filled_at) * self._rate)
        allowed = left >= 1.0
        self._buckets[principal] = (left - 1.0 if allowed else left, now)
        if len(self._buckets) > MOST_PRINCIPALS:
            self._buckets.popitem(last=False)
        return 0 if allowed else max(1, math.ceil((1.0 - left) / self._rate))
