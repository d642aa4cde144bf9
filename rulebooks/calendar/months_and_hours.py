"""Periods that run through days off as well: months, calendar days and hours."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Final

from events.moment import MICROSECONDS_A_DAY, Instant, day_of, start_of

MONTHS_A_YEAR: Final = 12
MICROSECONDS_AN_HOUR: Final = 3_600_000_000


def add_months(day: dt.date, months: int) -> dt.date:
    """Return the corresponding day of a later month (negative: earlier), or that month's last day if it has none.

    31 January and one month is 28 or 29 February. Source: Civil Code (民法典), article 202. Days that no date can name
    become the first or last date.
    """
    year, month = divmod(day.year * MONTHS_A_YEAR + day.month - 1 + months, MONTHS_A_YEAR)
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        return dt.date.max if months > 0 else dt.date.min
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def add_months_to_instant(instant: Instant, months: int) -> Instant:
    """Return the same time of day (+08:00) on the corresponding day of a later month; see `add_months`."""
    day = day_of(instant)
    return start_of(add_months(day, months)) + instant - start_of(day)


def add_days(day: dt.date, days: int) -> dt.date:
    """Return the day so many calendar days later; days that no date can name become the first or last date."""
    ordinal = day.toordinal() + days
    return dt.date.fromordinal(min(max(ordinal, 1), dt.date.max.toordinal()))


def add_days_to_instant(instant: Instant, days: int) -> Instant:
    """Return the same time of day so many calendar days later."""
    return instant + days * MICROSECONDS_A_DAY


def add_hours(instant: Instant, hours: int) -> Instant:
    """Return the instant so many hours later, days off included (negative: earlier)."""
    return instant + hours * MICROSECONDS_AN_HOUR
