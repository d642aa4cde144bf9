"""Months, calendar days and hours."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.moment import Moment
from rulebooks.calendar.months_and_hours import (
    add_days,
    add_months,
)
from rulebooks.calendar.national_calendar import national_calendar
from rulebooks.language.limits import Limit


@pytest.mark.parametrize(
    ("day", "months", "reached"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-02-28", 1, "2026-03-28"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-12-31", 12, "2027-12-31"),
        ("2026-05-10", 0, "2026-05-10"),
        ("9999-12-31", 1, "9999-12-31"),
        ("0001-01-31", -1, "0001-01-01"),
    ],
)
def test_a_month_later_is_the_corresponding_day_or_the_last_of_the_month(day: str, months: int, reached: str) -> None:
    assert add_months(dt.date.fromisoformat(day), months) == dt.date.fromisoformat(reached)


@given(st.dates(dt.date(1990, 1, 1), dt.date(2090, 1, 1)), st.integers(-600, 600))
def test_a_month_later_never_leaves_its_month_nor_passes_the_day(day: dt.date, months: int) -> None:
    reached = add_months(day, months)
    assert (reached.year * 12 + reached.month) - (day.year * 12 + day.month) == months
    assert reached.day == day.day or (reached.day < day.day and (reached + dt.timedelta(days=1)).day == 1)


def test_calendar_days_stop_at_the_first_and_last_date() -> None:
    assert add_days(dt.date(2026, 2, 28), 1) == dt.date(2026, 3, 1)
    assert add_days(dt.date.max, 1) == dt.date.max
    assert add_days(dt.date.min, -1) == dt.date.min


@pytest.mark.parametrize(
    ("start", "limit", "end"),
    [
        ("2025-01-31", Limit(1, "month", from_same_day=True), "2025-02-28"),
        ("2025-01-30", Limit(1, "month", from_same_day=True), "2025-02-28"),
        ("2025-01-28", Limit(1, "month", from_same_day=True), "2025-02-27"),
        ("2025-01-31", Limit(1, "month"), "2025-02-28"),
        ("2024-02-29", Limit(1, "year", from_same_day=True), "2025-02-28"),
    ],
)
def test_a_month_without_the_day_ends_with_its_last(start: str, limit: Limit, end: str) -> None:
    assert limit.after(Moment(start), national_calendar()).said == end
