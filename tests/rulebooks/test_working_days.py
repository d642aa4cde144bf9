"""Counting working days, on the days everybody can look up and against counting one day after another."""

from __future__ import annotations

import datetime as dt
from itertools import count, islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulebooks.calendar.national_calendar import national_calendar
from rulebooks.calendar.working_days import (
    WEEKEND,
    Calendar,
    Counted,
    DueDay,
    LocalDays,
    Notice,
    SpecialDay,
    Wording,
)

STORM = Wording("台风停工", "storm")
NOTICE_2027 = Notice(
    2027,
    days_off={
        **{dt.date(2027, 1, day): Wording("元旦", "New Year's Day") for day in (1, 2, 3)},
        **{dt.date(2027, 2, day): Wording("春节", "Spring Festival") for day in range(5, 13)},
    },
    workdays={
        dt.date(2026, 12, 27): Wording("元旦调休上班", "make-up working day for New Year's Day"),
        dt.date(2027, 1, 30): Wording("春节调休上班", "make-up working day for Spring Festival"),
    },
    source=Wording("测试用放假安排", "a notice made for this test"),
)

days = st.dates(dt.date(2001, 1, 1), dt.date(2031, 12, 31))
local_days = st.builds(
    LocalDays,
    days=st.frozensets(days, max_size=4),
    working=st.booleans(),
    reason=st.just(STORM),
    units=st.sampled_from([frozenset(), frozenset({"u-housing"}), frozenset({"u-land", "u-housing"})]),
)


@st.composite
def notices(draw: st.DrawFn) -> Notice:
    year = draw(st.integers(2002, 2030))
    around = st.dates(dt.date(year - 1, 12, 20), dt.date(year, 12, 31))
    off = draw(st.frozensets(around, max_size=20))
    worked = draw(st.frozensets(around, max_size=10)) - off
    reason = Wording("测试", "test")
    return Notice(year, dict.fromkeys(off, reason), dict.fromkeys(worked, reason), reason)


calendars = st.builds(
    lambda notices, local, published: Calendar(
        (*(national_calendar().notices if published else ()), *notices), tuple(local)
    ),
    st.lists(notices(), max_size=4),
    st.lists(local_days, max_size=4),
    st.booleans(),
)
units = st.sampled_from([None, "u-housing", "u-land", "u-unheard-of"])


def works(calendar: Calendar, day: dt.date, unit: str | None) -> bool:
    """Decide one day the slow way, asking the sources from the strongest to the weakest."""
    for local in reversed(calendar.local_days):
        if day in local.days and (not local.units or unit in local.units):
            return local.working
    held = {notice.year: notice for notice in calendar.notices}
    for notice in sorted(held.values(), key=lambda notice: (notice.year == day.year, -notice.year)):
        if day in notice.workdays:
            return True
        if day in notice.days_off:
            return False
    return day.weekday() < 5


def walk(calendar: Calendar, day: dt.date, n: int, unit: str | None) -> DueDay:
    """Step from day to day until n working days were passed."""
    known = {notice.year for notice in calendar.notices}
    sign = 1 if n > 0 else -1
    provisional, passed = False, 0
    while passed < abs(n):
        day += dt.timedelta(days=sign)
        provisional |= day.year not in known
        passed += works(calendar, day, unit)
    return DueDay(day, provisional)


@given(calendars, days, st.integers(-40, 40), units)
def test_adding_working_days_equals_walking_day_by_day(
    calendar: Calendar, day: dt.date, n: int, unit: str | None
) -> None:
    assert calendar.add_working_days(day, n, unit) == walk(calendar, day, n, unit)


@given(calendars, days, st.integers(0, 500), st.booleans(), st.booleans(), units)
def test_counting_between_two_days_equals_counting_each_day(
    calendar: Calendar,
    first: dt.date,
    length: int,
    count_first: bool,
    count_last: bool,
    unit: str | None,
) -> None:
    last = first + dt.timedelta(days=length)
    span = [first + dt.timedelta(days=number) for number in range(length + 1)]
    counted = [day for day in span if (count_first or day != first) and (count_last or day != last)]
    known = {notice.year for notice in calendar.notices}
    expected = Counted(
        sum(works(calendar, day, unit) for day in counted), any(day.year not in known for day in counted)
    )
    given_back = calendar.working_days_between(first, last, count_first=count_first, count_last=count_last, unit=unit)
    assert given_back == expected
    if first != last:
        backwards = calendar.working_days_between(
            last, first, count_first=count_last, count_last=count_first, unit=unit
        )
        assert backwards == Counted(-expected.days, expected.provisional)


@given(calendars, days, st.integers(0, 60), units)
def test_working_days_and_skipped_days_together_tell_every_day_of_a_span(
    calendar: Calendar, first: dt.date, length: int, unit: str | None
) -> None:
    last = first + dt.timedelta(days=length)
    span = [first + dt.timedelta(days=number) for number in range(length + 1)]
    assert calendar.working_days(first, last, unit) == [day for day in span if works(calendar, day, unit)]
    assert [(special.day, special.working) for special in calendar.skipped(first, last, unit)] == [
        (day, works(calendar, day, unit))
        for day in span
        if works(calendar, day, unit) != (day.weekday() < 5) or day.weekday() > 4
    ]
    assert [calendar.is_working_day(day, unit) for day in span] == [works(calendar, day, unit) for day in span]


@pytest.mark.parametrize(
    ("day", "n", "due"),
    [
        ("2026-02-13", 1, "2026-02-14"),
        ("2026-02-14", 1, "2026-02-24"),
        ("2026-09-28", 5, "2026-10-10"),
        ("2026-10-10", -5, "2026-09-28"),
        ("2026-12-30", 1, "2026-12-31"),
        ("2025-12-31", 1, "2026-01-04"),
        ("2019-04-27", 1, "2019-04-28"),
        ("2019-04-30", 1, "2019-05-05"),
        ("2020-01-23", 1, "2020-02-03"),
        ("2006-12-29", 3, "2007-01-04"),
        ("2026-10-03", 0, "2026-10-03"),
    ],
)
def test_published_years_count_make_up_days_and_amended_notices(day: str, n: int, due: str) -> None:
    reached = national_calendar().add_working_days(dt.date.fromisoformat(day), n)
    assert reached == DueDay(dt.date.fromisoformat(due), provisional=False)


@pytest.mark.parametrize(("day", "working"), [("2019-04-28", True), ("2019-05-05", True), ("2020-01-31", False)])
def test_a_notice_amended_within_its_year_counts_as_amended(day: str, working: bool) -> None:
    assert national_calendar().is_working_day(dt.date.fromisoformat(day)) is working


@pytest.mark.parametrize(
    ("day", "n", "due", "provisional"),
    [
        ("2026-12-30", 1, "2026-12-31", False),
        ("2026-12-31", 1, "2027-01-01", True),
        ("2027-01-05", -3, "2026-12-31", True),
        ("2027-01-01", -1, "2026-12-31", False),
        ("2003-12-31", 1, "2004-01-02", False),
        ("2004-01-02", -1, "2003-12-31", True),
        ("1987-05-11", 5, "1987-05-18", True),
    ],
)
def test_a_due_day_is_provisional_as_soon_as_one_counted_day_has_no_notice(
    day: str,
    n: int,
    due: str,
    provisional: bool,
) -> None:
    reached = national_calendar().add_working_days(dt.date.fromisoformat(day), n)
    assert reached == DueDay(dt.date.fromisoformat(due), provisional)


def test_a_count_is_provisional_only_for_the_days_it_counts() -> None:
    first, last = dt.date(2026, 12, 30), dt.date(2027, 1, 1)
    known = national_calendar()
    assert known.working_days_between(first, last, count_first=True, count_last=False) == Counted(2, provisional=False)
    assert known.working_days_between(first, last, count_first=True, count_last=True) == Counted(3, provisional=True)
    assert known.working_days_between(first, first, count_first=False, count_last=True) == Counted(0, provisional=False)
    assert known.working_days_between(first, first, count_first=True, count_last=True) == Counted(1, provisional=False)


def test_an_adopted_notice_moves_due_days_and_makes_them_final() -> None:
    before = national_calendar()
    after = before.with_notice(NOTICE_2027)
    day = dt.date(2026, 12, 31)
    assert before.add_working_days(day, 3) == DueDay(dt.date(2027, 1, 5), provisional=True)
    assert after.add_working_days(day, 3) == DueDay(dt.date(2027, 1, 6), provisional=False)
    assert (before.known_through, after.known_through) == (dt.date(2026, 12, 31), dt.date(2027, 12, 31))
    assert after.is_working_day(dt.date(2026, 12, 27)), "the make-up day that the notice sets in the year before"


def test_a_notice_replaces_the_year_it_is_for_and_the_latest_one_holds() -> None:
    moved = Notice(2026, {dt.date(2026, 10, 9): STORM}, {}, Wording("更正", "amended"))
    calendar = national_calendar().with_notice(NOTICE_2027).with_notice(moved)
    assert [day for day in range(1, 13) if not calendar.is_working_day(dt.date(2026, 10, day))] == [3, 4, 9, 10, 11]
    assert calendar.with_notice(NOTICE_2027).sha256 == calendar.sha256


def test_a_year_without_notice_between_two_known_ones_stays_provisional() -> None:
    calendar = national_calendar().with_notice(Notice(2028, {}, {}, STORM))
    assert calendar.known_through == dt.date(2026, 12, 31)
    assert calendar.add_working_days(dt.date(2026, 12, 31), 300) == DueDay(dt.date(2028, 2, 24), provisional=True)
    assert calendar.add_working_days(dt.date(2028, 3, 1), 1) == DueDay(dt.date(2028, 3, 2), provisional=False)


def test_a_storm_day_of_one_unit_moves_only_its_due_days() -> None:
    storm = LocalDays(frozenset({dt.date(2026, 8, 12)}), working=False, reason=STORM, units=frozenset({"u-housing"}))
    calendar = national_calendar().with_local_days(storm)
    day = dt.date(2026, 8, 11)
    assert calendar.add_working_days(day, 1, "u-housing") == DueDay(dt.date(2026, 8, 13), provisional=False)
    assert calendar.add_working_days(day, 1, "u-land") == DueDay(dt.date(2026, 8, 12), provisional=False)
    assert calendar.add_working_days(day, 1) == DueDay(dt.date(2026, 8, 12), provisional=False)
    assert calendar.skipped(day, dt.date(2026, 8, 13), "u-housing") == [SpecialDay(dt.date(2026, 8, 12), False, STORM)]


def test_the_latest_local_declaration_of_a_day_holds() -> None:
    day = frozenset({dt.date(2026, 8, 12)})
    off = LocalDays(day, working=False, reason=STORM)
    back = LocalDays(day, working=True, reason=Wording("恢复上班", "work resumed"))
    assert not national_calendar().with_local_days(back).with_local_days(off).is_working_day(dt.date(2026, 8, 12))
    assert national_calendar().with_local_days(off).with_local_days(back).is_working_day(dt.date(2026, 8, 12))


def test_skipped_days_carry_their_reason() -> None:
    assert national_calendar().skipped(dt.date(2026, 9, 25), dt.date(2026, 10, 10)) == [
        SpecialDay(dt.date(2026, 9, 25), False, Wording("中秋", "Mid-autumn Festival")),
        SpecialDay(dt.date(2026, 9, 26), False, Wording("中秋", "Mid-autumn Festival")),
        SpecialDay(dt.date(2026, 9, 27), False, Wording("中秋", "Mid-autumn Festival")),
        *(SpecialDay(dt.date(2026, 10, day), False, Wording("国庆节", "National Day")) for day in range(1, 8)),
        SpecialDay(dt.date(2026, 10, 10), True, Wording("国庆节调休上班", "make-up working day for National Day")),
    ]
    assert national_calendar().skipped(dt.date(2026, 11, 6), dt.date(2026, 11, 8)) == [
        SpecialDay(dt.date(2026, 11, 7), False, WEEKEND),
        SpecialDay(dt.date(2026, 11, 8), False, WEEKEND),
    ]


def test_a_calendar_without_any_notice_knows_nothing_and_guesses_everything() -> None:
    empty = Calendar()
    assert (empty.known_from, empty.known_through) == (dt.date.max, dt.date.min)
    assert empty.add_working_days(dt.date(2026, 10, 2), 1) == DueDay(dt.date(2026, 10, 5), provisional=True)


def test_the_hash_follows_the_answers_not_the_way_they_were_reached() -> None:
    storm = LocalDays(frozenset({dt.date(2026, 8, 12)}), working=False, reason=STORM)
    weekend = LocalDays(frozenset({dt.date(2026, 8, 15)}), working=False, reason=STORM)
    for_one = LocalDays(storm.days, working=False, reason=STORM, units=frozenset({"u-housing"}))
    base = national_calendar()
    assert base.with_local_days(storm).with_local_days(weekend).sha256 == base.with_local_days(storm).sha256
    assert len({base.sha256, *(base.with_local_days(local).sha256 for local in (storm, for_one))}) == 3


@pytest.mark.parametrize("edge", [dt.date.min, dt.date.max])
def test_the_ends_of_the_calendar_are_reached_without_a_fault(edge: dt.date) -> None:
    calendar = national_calendar()
    sign = 1 if edge == dt.date.max else -1
    assert calendar.add_working_days(edge, sign * 10) == DueDay(edge, provisional=True)
    assert calendar.working_days_between(edge, edge, count_first=True, count_last=True).provisional


def test_far_away_days_follow_monday_to_friday_for_ever() -> None:
    weekdays = (dt.date(2090, 1, 2) + dt.timedelta(days=number) for number in count())
    expected = list(islice((day for day in weekdays if day.weekday() < 5), 30))
    assert national_calendar().working_days(dt.date(2090, 1, 2), expected[-1]) == expected
