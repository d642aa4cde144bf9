"""Periods that run through days off as well: months, calendar days and hours."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Final

MONTHS_A_YEAR: Final = 12


def add_months(day: dt.date, months: int) -> dt.date:
    """Return the corresponding day of a later month (negative: earlier), or that month's last day if it has none.

    31 January and one month is 28 or 29 February. Source: Civil Code (民法典), article 202. Days that no date can name
    become the first or last date.
    """
    year, month = divmod(day.year * MONTHS_A_YEAR + day.month - 1 + months, MONTHS_A_YEAR)
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        return dt.date.max if months > 0 else dt.date.min
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def add_days(day: dt.date, days: int) -> dt.date:
    """Return the day so many calendar days later; days that no date can name become the first or last date."""
    ordinal = day.toordinal() + days
    return dt.date.fromordinal(min(max(ordinal, 1), dt.date.max.toordinal()))
