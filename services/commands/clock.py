"""What time it is for a command."""

from __future__ import annotations

import datetime as dt

from events.moment import TIME_ZONE


def now() -> dt.datetime:
    """Return the moment, in +08:00."""
    return dt.datetime.now(TIME_ZONE)
