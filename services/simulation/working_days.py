"""The simulation's own calendar: the days off and make-up workdays of two years, counted day by day.

Sources: General Office of the State Council, 国办发明电〔2024〕12号 for 2025 and 国办发明电〔2025〕7号 for 2026.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Final

YEARS: Final = (2025, 2026)
"""The years whose days off are known here."""
LAST_DAY: Final = dt.date(YEARS[-1], 12, 31)
ONE_DAY: Final = dt.timedelta(days=1)
SATURDAY: Final = 5
DAYS_OFF: Final = (
    ("2025-01-01", "2025-01-01"),
    ("2025-01-28", "2025-02-04"),
    ("2025-04-04", "2025-04-06"),
    ("2025-05-01", "2025-05-05"),
    ("2025-05-31", "2025-06-02"),
    ("2025-10-01", "2025-10-08"),
    ("2026-01-01", "2026-01-03"),
    ("2026-02-15", "2026-02-23"),
    ("2026-04-04", "2026-04-06"),
    ("2026-05-01", "2026-05-05"),
    ("2026-06-19", "2026-06-21"),
    ("2026-09-25", "2026-09-27"),
    ("2026-10-01", "2026-10-07"),
)
MADE_UP: Final = frozenset(
    dt.date.fromisoformat(day)
    for day in (
        *("2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"),
        *("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"),
    )
)
_OFF: Final = tuple((dt.date.fromisoformat(first), dt.date.fromisoformat(last)) for first, last in DAYS_OFF)


def is_holiday(day: dt.date) -> bool:
    """Say whether a notice gives the day off."""
    return any(first <= day <= last for first, last in _OFF)


@cache
def is_workday(day: dt.date) -> bool:
    """Say whether offices work on a day; beyond the notices Monday to Friday."""
    return day in MADE_UP or (day.weekday() < SATURDAY and not is_holiday(day))


def workday_from(day: dt.date) -> dt.date:
    """Return the day itself, or the first workday after it."""
    while not is_workday(day):
        day += ONE_DAY
    return day


def first_day_of(year: int) -> dt.date:
    """Return the day on which a year's records begin: its first workday."""
    return workday_from(dt.date(year, 1, 2))


def workdays_after(day: dt.date, number: int) -> dt.date:
    """Return the day so many workdays after another, that one not counted; backwards for a negative number."""
    step = ONE_DAY if number >= 0 else -ONE_DAY
    left = abs(number)
    while left:
        day += step
        left -= is_workday(day)
    return day


def month_after(day: dt.date) -> dt.date:
    """Return the same day of the next month, or its last day."""
    first = (day.replace(day=1) + 32 * ONE_DAY).replace(day=1)
    last = (first + 32 * ONE_DAY).replace(day=1) - ONE_DAY
    return min(first + (day.day - 1) * ONE_DAY, last)
