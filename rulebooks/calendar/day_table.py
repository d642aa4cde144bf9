"""A table of working days that counts and steps in constant time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from itertools import accumulate
from typing import Final

DAYS_A_WEEK: Final = 7
WORKING_DAYS_A_WEEK: Final = 5
_WEEK: Final = bytes((1, 1, 1, 1, 1, 0, 0))
_LAST_ORDINAL: Final = dt.date.max.toordinal()


def is_weekday(day: dt.date) -> bool:
    """Tell whether a day is a Monday to Friday."""
    return day.weekday() < WORKING_DAYS_A_WEEK


class DayTable:
    """Monday to Friday, but for the days that are named; days are numbered by `date.toordinal()`.

    Whole weeks around the named days stand in `before` (working days before a day, from the table's first) and `days`
    (the working days in order). Weeks outside follow the same count, so that every day of the calendar has an answer.
    """

    __slots__ = ("before", "days", "end", "first")

    def __init__(self, named: Mapping[dt.date, bool]) -> None:
        """Build from the days that are not what their weekday says: true for working days."""
        self.first = _monday(min(named).toordinal()) if named else 1
        self.end = _monday(max(named).toordinal()) + DAYS_A_WEEK if named else 1
        flags = bytearray(_WEEK * ((self.end - self.first) // DAYS_A_WEEK))
        for day, working in named.items():
            flags[day.toordinal() - self.first] = working
        self.before = [0, *accumulate(flags)]
        self.days = [dt.date.fromordinal(self.first + place) for place, working in enumerate(flags) if working]

    def is_working(self, day: dt.date) -> bool:
        """Tell whether a day is a working day."""
        ordinal = day.toordinal()
        if self.first <= ordinal < self.end:
            place = ordinal - self.first
            return self.before[place + 1] > self.before[place]
        return is_weekday(day)

    def working_before(self, ordinal: int) -> int:
        """Count the working days before a day, from the first of the table; negative for earlier days."""
        if self.first <= ordinal <= self.end:
            return self.before[ordinal - self.first]
        edge, counted = (self.first, 0) if ordinal < self.first else (self.end, len(self.days))
        weeks, days = divmod(ordinal - edge, DAYS_A_WEEK)
        return counted + weeks * WORKING_DAYS_A_WEEK + min(days, WORKING_DAYS_A_WEEK)

    def step(self, day: dt.date, n: int) -> dt.date:
        """Return the n-th working day after a day, or before it for a negative n; the day itself for 0."""
        if n == 0:
            return day
        ordinal = day.toordinal() + (n > 0)
        place = ordinal - self.first
        counted = self.before[place] if 0 <= place < len(self.before) else self.working_before(ordinal)
        number = counted + n - (n > 0)
        return self.days[number] if 0 <= number < len(self.days) else self.nth(number)

    def nth(self, number: int) -> dt.date:
        """Return the working day with this many before it; days that no date can name become the first or last date."""
        if 0 <= number < len(self.days):
            return self.days[number]
        edge, rest = (self.first, number) if number < 0 else (self.end, number - len(self.days))
        weeks, days = divmod(rest, WORKING_DAYS_A_WEEK)
        return dt.date.fromordinal(min(max(edge + weeks * DAYS_A_WEEK + days, 1), _LAST_ORDINAL))


def _monday(ordinal: int) -> int:
    """Return the Monday of the week of a day; 0001-01-01, whose number is 1, was a Monday."""
    return ordinal - (ordinal - 1) % DAYS_A_WEEK
