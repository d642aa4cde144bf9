"""Log lines that an operator can act on: each warning says what to do, and none floods the log."""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Final

import structlog
from structlog.typing import EventDict, WrappedLogger

from services.logs.events import EVENTS

QUIET_SECONDS: Final = 60.0
"""How long the same warning or error is not written again."""
_MOST_REMEMBERED: Final = 1_000
_WEIGHTY: Final = frozenset({"warning", "error", "critical"})
_NOT_COMPARED: Final = frozenset({"timestamp", "exc_info"})
_WAITING: Final = re.compile(r"\d+(\.\d+)?(?= ?(s|secs?|seconds?|ms)\b)")
"""How long something waits or took: Kafka's library names another wait at each of its tries."""


def with_advice(_logger: WrappedLogger, _name: str, entry: EventDict) -> EventDict:
    """Add what to do to a warning or error of the list of events."""
    known = EVENTS.get(str(entry.get("event")))
    if known is not None and known.do_zh:
        entry["do_zh"], entry["do_en"] = known.do_zh, known.do_en
    return entry


class WithoutRepeats:
    """Writes the same warning once a minute, with how often it came meanwhile; a fault that lasts is tried on and on.

    From any thread.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._seen: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def __call__(self, _logger: WrappedLogger, name: str, entry: EventDict) -> EventDict:
        """Let a line pass, or raise DropEvent for one that came a moment ago."""
        if name not in _WEIGHTY:
            return entry
        told = sorted((field, repr(value)) for field, value in entry.items() if field not in _NOT_COMPARED)
        key = _WAITING.sub("", repr(told))
        now = self._clock()
        with self._lock:
            written, kept_back = self._seen.get(key, (now - QUIET_SECONDS, 0))
            if now - written < QUIET_SECONDS:
                self._seen[key] = (written, kept_back + 1)
                raise structlog.DropEvent
            self._seen[key] = (now, 0)
            self._seen.move_to_end(key)
            if len(self._seen) > _MOST_REMEMBERED:
                self._seen.popitem(last=False)
        if kept_back:
            entry["repeated"] = kept_back
        return entry
