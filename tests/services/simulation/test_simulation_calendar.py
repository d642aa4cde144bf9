"""The simulation's own calendar, held against the notices' words and against chinesecalendar."""

from __future__ import annotations

import datetime as dt

import chinese_calendar
import pytest

from services.simulation.working_days import LAST_DAY, ONE_DAY, YEARS, is_workday, month_after, workdays_after


def test_every_day_is_worked_or_free_as_an_independent_library_has_it() -> None:
    days = [dt.date(YEARS[0], 1, 1) + number * ONE_DAY for number in range(2 * 365)]
    assert days[-1] == LAST_DAY
    assert [day for day in days if is_workday(day) != chinese_calendar.is_workday(day)] == []


@pytest.mark.parametrize(
    ("day", "number", "reached"),
    [
        ("2025-09-29", 5, "2025-10-13"),
        ("2025-10-13", -5, "2025-09-29"),
        ("2025-10-01", 0, "2025-10-01"),
        ("2025-09-27", 1, "2025-09-28"),
    ],
)
def test_workdays_are_counted_through_the_national_day(day: str, number: int, reached: str) -> None:
    assert workdays_after(dt.date.fromisoformat(day), number) == dt.date.fromisoformat(reached)


@pytest.mark.parametrize(("day", "reached"), [("2025-01-31", "2025-02-28"), ("2025-12-15", "2026-01-15")])
def test_a_month_later_is_the_same_day_or_the_last(day: str, reached: str) -> None:
    assert month_after(dt.date.fromisoformat(day)) == dt.date.fromisoformat(reached)
