"""Points in time as records give them: a day, or an instant with offset."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache, total_ordering
from typing import Final

OFFSET: Final = dt.timedelta(hours=8)
TIME_ZONE: Final = dt.timezone(OFFSET, "+08:00")
MICROSECONDS_A_DAY: Final = 86_400_000_000
_OFFSET_MICROSECONDS: Final = 28_800_000_000
_EPOCH_ORDINAL: Final = dt.date(1970, 1, 1).toordinal()
_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND: Final = dt.timedelta(microseconds=1)
FIRST_INSTANT: Final = -62_104_089_600_000_000
LAST_INSTANT: Final = 253_402_271_999_999_999
"""The start of 0002-01-01 and the end of 9999-12-31 in +08:00; beyond them Python has no date for an instant."""
_DAY_LENGTH: Final = len("2026-10-10")
DAY_PATTERN: Final = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
DATE_TIME_PATTERN: Final = DAY_PATTERN + r"T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})"
_is_day = re.compile(DAY_PATTERN).fullmatch
_is_date_time = re.compile(DATE_TIME_PATTERN).fullmatch

Instant = int
"""Microseconds since 1970-01-01T00:00Z."""


def start_of(day: dt.date) -> Instant:
    """Return the first microsecond of a day in the districts' time zone (+08:00)."""
    return (day.toordinal() - _EPOCH_ORDINAL) * MICROSECONDS_A_DAY - _OFFSET_MICROSECONDS


def end_of(day: dt.date) -> Instant:
    """Return the last microsecond of a day in the districts' time zone (+08:00)."""
    return start_of(day) + MICROSECONDS_A_DAY - 1


def day_of(instant: Instant) -> dt.date:
    """Return the day, in the districts' time zone (+08:00), in which an instant lies."""
    return dt.date.fromordinal((instant + _OFFSET_MICROSECONDS) // MICROSECONDS_A_DAY + _EPOCH_ORDINAL)


def instant_of(moment: dt.datetime) -> Instant:
    """Return an aware date-time as microseconds since 1970-01-01T00:00Z."""
    since = moment - _EPOCH
    return since.days * MICROSECONDS_A_DAY + since.seconds * 1_000_000 + since.microseconds


def datetime_of(instant: Instant) -> dt.datetime:
    """Return an instant as a date-time in the districts' time zone (+08:00)."""
    return (_EPOCH + instant * _MICROSECOND).astimezone(TIME_ZONE)


@lru_cache(maxsize=4_096)
def _bounds_of_written(text: str) -> tuple[Instant, Instant]:
    # Remembered, because the facts of a district speak of the same few hundred days again and again, and one line of a
    # history of the same moment several times.
    if _is_day(text):
        earliest = start_of(dt.date.fromisoformat(text))
        latest = earliest + MICROSECONDS_A_DAY - 1
    elif _is_date_time(text):
        earliest = latest = instant_of(dt.datetime.fromisoformat(text))
    elif len(text) == _DAY_LENGTH:
        message = f"{text!r} is not written as 2026-10-09"
        raise ValueError(message)
    else:
        message = f"{text!r} is neither a date nor a date-time with offset"
        raise ValueError(message)
    if earliest < FIRST_INSTANT or latest > LAST_INSTANT:
        message = f"{text!r} is outside the calendar"
        raise ValueError(message)
    return earliest, latest


@total_ordering
class Moment:
    """A date when only the day is known, else a date-time with offset.

    `earliest` and `latest` bound it in microseconds since 1970-01-01T00:00Z: equal for a date-time, a day apart for a
    date (a day is a day in +08:00). `text` is the form in which it was given and in which it is stored. Sorting puts a
    date at its end, as `recorded_at` does; whether one moment came before another is asked of `before`, which may not
    know.
    """

    __slots__ = ("earliest", "latest", "text")

    earliest: Instant
    latest: Instant
    text: str

    def __init__(self, text: str) -> None:
        """Read `2026-10-09` or `2026-10-09T09:00:00+08:00`; raise ValueError for anything else."""
        self.earliest, self.latest = _bounds_of_written(text)
        self.text = text

    @classmethod
    def at(cls, instant: Instant) -> Moment:
        """Return the moment of an instant, written in +08:00."""
        return cls(datetime_of(instant).isoformat())

    @classmethod
    def on(cls, day: dt.date) -> Moment:
        """Return the moment of a day."""
        return cls(day.isoformat())

    @property
    def day(self) -> dt.date:
        """The day in +08:00."""
        return day_of(self.earliest)

    @property
    def day_only(self) -> bool:
        """Whether only the day is known."""
        return self.earliest != self.latest

    @property
    def said(self) -> str:
        """The moment as people write it, in +08:00: `2026-10-09`, `2026-10-09 09:00`, `2026-10-09 24:00` for its end.

        Seconds stand there only where they are not nought.
        """
        if self.day_only:
            return self.text
        local = datetime_of(self.latest)
        if local.time() == dt.time.max:
            return f"{local.date()} 24:00"
        whole = local.second == local.microsecond == 0
        return f"{local:%Y-%m-%d %H:%M}" if whole else local.replace(tzinfo=None).isoformat(" ")

    def before(self, other: Moment) -> bool | None:
        """Tell whether this moment came before another; None when both may be and only days are known."""
        if self.latest < other.earliest:
            return True
        if self.earliest >= other.latest:
            return False
        return None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Moment) and self.latest == other.latest and self.earliest == other.earliest

    def __lt__(self, other: Moment) -> bool:
        return (self.latest, self.earliest) < (other.latest, other.earliest)

    def __hash__(self) -> int:
        return hash((self.earliest, self.latest))

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Moment({self.text!r})"
