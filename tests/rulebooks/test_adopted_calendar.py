"""The calendar that the facts of a district leave behind."""

from __future__ import annotations

import datetime as dt
from itertools import permutations
from uuid import NAMESPACE_OID, uuid5

from events.calendar import CalendarLocalDayDeclared, CalendarNoticeAdopted, CalendarPeriodMarked
from events.fact import Actor, AnyFact, Case, Fact, FactData
from events.moment import Moment
from rulebooks.calendar.adopted import calendar_of, with_fact
from rulebooks.calendar.national_calendar import national_calendar
from rulebooks.calendar.working_days import Calendar, DueDay, SpecialDay, Wording


def fact(occurred_at: str, sequence: int, data: FactData) -> AnyFact:
    return Fact(
        id=uuid5(NAMESPACE_OID, str(sequence)),
        district="xinzhou",
        sequence=sequence,
        type=data.TYPE.name,
        subject=Case("calendar", "2027"),
        occurred_at=Moment(occurred_at),
        recorded_at=dt.datetime(2026, 12, 1, tzinfo=dt.UTC),
        origin="recorded",
        actor=Actor(unit="u-office"),
        classification="internal",
        data=data,
    )


NEW_YEAR, MAKE_UP = dt.date(2027, 1, 1), dt.date(2027, 1, 2)
FIRST = fact("2026-11-20", 1, CalendarNoticeAdopted(year=2027, number="甲号", days_off=(NEW_YEAR,)))
AMENDED = fact(
    "2026-12-15", 2, CalendarNoticeAdopted(year=2027, number="乙号", days_off=(NEW_YEAR,), workdays=(MAKE_UP,))
)
STORM = fact(
    "2027-08-11",
    3,
    CalendarLocalDayDeclared(days=(dt.date(2027, 8, 12),), effect="day_off", units=("u-housing",), reason="台风停工"),
)
RESUMED = fact("2027-08-11", 4, CalendarLocalDayDeclared(days=(dt.date(2027, 8, 14),), effect="workday", reason="补班"))


def test_the_facts_hold_in_the_order_in_which_they_occurred_however_they_were_recorded() -> None:
    hashes = {calendar_of(order).sha256 for order in permutations((FIRST, AMENDED, STORM, RESUMED))}
    assert len(hashes) == 1
    calendar = calendar_of((RESUMED, AMENDED, STORM, FIRST))
    assert calendar.add_working_days(dt.date(2026, 12, 31), 1) == DueDay(MAKE_UP, provisional=False)
    assert calendar.skipped(NEW_YEAR, MAKE_UP) == [
        SpecialDay(NEW_YEAR, working=False, reason=Wording("放假（乙号）", "day off (乙号)")),
        SpecialDay(MAKE_UP, working=True, reason=Wording("调休上班（乙号）", "make-up working day (乙号)")),
    ]


def test_a_declaration_for_some_units_holds_for_them_and_one_for_none_in_particular_for_all() -> None:
    calendar = calendar_of((STORM, RESUMED))
    week = (dt.date(2027, 8, 11), dt.date(2027, 8, 14))
    assert [day.day for day in calendar.working_days(*week)] == [11, 12, 13, 14]
    assert [day.day for day in calendar.working_days(*week, unit="u-housing")] == [11, 13, 14]
    assert calendar.skipped(*week) == [
        SpecialDay(dt.date(2027, 8, 14), working=True, reason=Wording("本地上班日：补班", "local working day: 补班"))
    ]


def test_a_notice_of_a_year_that_no_date_can_name_is_passed_over() -> None:
    odd = fact("2026-11-20", 1, CalendarNoticeAdopted(year=20_270, number="笔误", days_off=(NEW_YEAR,)))
    assert calendar_of((odd,)).sha256 == national_calendar().sha256


def test_facts_that_are_not_about_the_calendar_leave_it_as_it_is() -> None:
    empty = Calendar()
    marked = CalendarPeriodMarked(
        period="special", from_=Moment("2027-07-01"), until=Moment("2027-08-31"), title="主汛期"
    )
    assert with_fact(empty, fact("2026-11-20", 1, marked)) is empty
