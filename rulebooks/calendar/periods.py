"""Calendar periods in which things are counted: half-months, months, quarters and the like."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import lru_cache
from typing import Final, NamedTuple

from events.moment import Instant, day_of, end_of, start_of
from rulebooks.calendar.months_and_hours import add_days, add_months

HALF_OF_MONTH: Final = 15
FIRST_MONDAY: Final = dt.date(2001, 1, 1)
"""From here fortnights are counted; any Monday would do."""
FORTNIGHT: Final = 14


class Period(NamedTuple):
    """A period with its name, both ends included, in microseconds since 1970-01-01T00:00Z."""

    name: str
    first: Instant
    last: Instant


PeriodOf = Callable[[Instant], Period]


def _of_days(period_of_day: Callable[[dt.date], Period]) -> PeriodOf:
    """Return the period of an instant by that of its day, which is remembered: counts ask for few days, and often."""
    remembered = lru_cache(maxsize=1024)(period_of_day)
    return lambda instant: remembered(day_of(instant))


def _period(name: str, first: dt.date, last: dt.date) -> Period:
    return Period(name, start_of(first), end_of(last))


def _months(count: int, name: Callable[[dt.date, dt.date], str]) -> PeriodOf:
    def period_of(day: dt.date) -> Period:
        first = day.replace(month=(day.month - 1) // count * count + 1, day=1)
        last = add_days(add_months(first, count), -1)
        return _period(name(first, last), first, last)

    return _of_days(period_of)


def _half_month(day: dt.date) -> Period:
    if day.day <= HALF_OF_MONTH:
        return _interval(day.replace(day=1), day.replace(day=HALF_OF_MONTH))
    return _interval(day.replace(day=HALF_OF_MONTH + 1), add_days(add_months(day.replace(day=1), 1), -1))


def _two_weeks(day: dt.date) -> Period:
    first = add_days(FIRST_MONDAY, (day - FIRST_MONDAY).days // FORTNIGHT * FORTNIGHT)
    return _interval(first, add_days(first, FORTNIGHT - 1))


def _interval(first: dt.date, last: dt.date) -> Period:
    return _period(f"{first}/{last}", first, last)


PERIODS: Final[dict[str, PeriodOf]] = {
    "half_month": _of_days(_half_month),
    "two_weeks": _of_days(_two_weeks),
    "month": _months(1, lambda first, _: f"{first:%Y-%m}"),
    "two_months": _months(2, lambda first, last: f"{first:%Y-%m}/{last:%Y-%m}"),
    "quarter": _months(3, lambda first, _: f"{first.year:04}-Q{first.month // 3 + 1}"),
    "half_year": _months(6, lambda first, _: f"{first.year:04}-H{first.month // 6 + 1}"),
    "year": _months(12, lambda first, _: f"{first.year:04}"),
}
"""The periods by the names that rulebooks use: the period in which an instant lies."""
