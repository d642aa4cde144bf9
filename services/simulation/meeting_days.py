"""On which days executive meetings are held."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from services.simulation.working_days import ONE_DAY, is_workday, workday_from

Rhythm = str
FORTNIGHT: Final = dt.timedelta(days=14)
MIDDLE: Final = 15
LATE: Final = 28
"""Days of the month about which meetings are held."""


def executive_days(rhythm: Rhythm, year: int, last: dt.date) -> Iterator[dt.date]:
    """Give the days of the executive meetings from mid-January on: twice a month, or every two weeks."""
    day = dt.date(year, 1, MIDDLE)
    while day <= last:
        yield _working_near(day, later=rhythm == "two_weeks")
        if rhythm == "two_weeks":
            day += FORTNIGHT
        elif day.day == MIDDLE:
            day = day.replace(day=LATE)
        else:
            day = (day.replace(day=1) + 32 * ONE_DAY).replace(day=MIDDLE)


def _working_near(day: dt.date, *, later: bool) -> dt.date:
    before = day
    while not is_workday(before):
        before -= ONE_DAY
    same_week = before.isocalendar()[:2] == day.isocalendar()[:2]
    return before if same_week or not later else workday_from(day)
