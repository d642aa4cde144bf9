import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.moment import Moment, datetime_of, day_of, end_of, instant_of, start_of

DAYS = st.dates(dt.date(2, 1, 1), dt.date(9999, 12, 31))
OFFSETS = st.integers(-23 * 60, 23 * 60).map(lambda minutes: dt.timezone(dt.timedelta(minutes=minutes)))
TIMES = st.datetimes(dt.datetime(3, 1, 1), dt.datetime(9998, 1, 1), timezones=OFFSETS)  # noqa: DTZ001  hypothesis adds the time zone


@given(DAYS)
def test_a_day_lasts_from_its_first_to_its_last_microsecond_in_the_districts_time_zone(day: dt.date) -> None:
    moment = Moment.on(day)

    assert (moment.text, moment.day, moment.day_only) == (day.isoformat(), day, True)
    assert (moment.earliest, moment.latest) == (start_of(day), end_of(day))
    assert datetime_of(moment.earliest).isoformat() == f"{day.isoformat()}T00:00:00+08:00"


@given(TIMES)
def test_a_date_time_keeps_its_instant_and_its_text(time: dt.datetime) -> None:
    moment = Moment(time.isoformat())

    assert (moment.text, moment.day_only, moment.earliest) == (time.isoformat(), False, moment.latest)
    assert datetime_of(moment.earliest) == time
    assert instant_of(time) == moment.earliest
    assert Moment.at(moment.earliest) == moment
    assert moment.day == day_of(moment.earliest)


@pytest.mark.parametrize(
    "text",
    [
        "2026-W01-1",
        "20261009",
        "2026-10-9",
        "2026-09-31",
        "2026-10-09T09:00:00",
        "20261009T090000+0800",
        "2026-10-09 09:00:00+08:00",
        "2026-10-09T09:00:00+0800",
        "2026-10-09T09:00:00+08",
        "2026-10-09T24:00:00+08:00",
        "2026-10-09T09:00:00,5+08:00",
        "2026-10-09T09:00:00+08:00\n",
        "２０２６-10-09",
        "0001-12-31",
        "9999-12-31T23:59:59Z",
        "",
    ],
)
def test_a_moment_refuses_what_is_no_date_and_no_date_time_with_offset(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Moment(text)


def test_a_day_ends_the_calendar_where_people_write_no_end() -> None:
    assert Moment("9999-12-31").day == dt.date(9999, 12, 31)


@pytest.mark.parametrize(
    ("one", "other", "before"),
    [
        ("2026-10-09", "2026-10-10", True),
        ("2026-10-10", "2026-10-09", False),
        ("2026-10-09", "2026-10-09", None),
        ("2026-10-09", "2026-10-09T09:00:00+08:00", None),
        ("2026-10-09T09:00:00+08:00", "2026-10-09", None),
        ("2026-10-09", "2026-10-10T00:00:00+08:00", True),
        ("2026-10-10T00:00:00+08:00", "2026-10-09", False),
        ("2026-10-09T09:00:00+08:00", "2026-10-09T01:00:00Z", False),
        ("2026-10-09T09:00:00+08:00", "2026-10-09T01:00:01Z", True),
    ],
)
def test_two_moments_on_one_day_have_an_unknown_order(one: str, other: str, *, before: bool | None) -> None:
    assert Moment(one).before(Moment(other)) is before


@given(TIMES, TIMES)
def test_of_two_date_times_one_is_before_the_other_or_they_are_equal(one: dt.datetime, other: dt.datetime) -> None:
    first, second = Moment(one.isoformat()), Moment(other.isoformat())

    assert (first.before(second), first < second, first == second) == (one < other, one < other, one == other)
    assert first != second or hash(first) == hash(second)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-10-09", "2026-10-09"),
        ("2026-10-09T09:00:00+08:00", "2026-10-09 09:00"),
        ("2026-10-09T01:00:00Z", "2026-10-09 09:00"),
        ("2026-10-09T09:00:30+08:00", "2026-10-09 09:00:30"),
        ("2026-10-09T09:00:30.25+08:00", "2026-10-09 09:00:30.250000"),
        ("2026-10-09T23:59:59.999999+08:00", "2026-10-09 24:00"),
        ("2026-10-09T23:59:59+08:00", "2026-10-09 23:59:59"),
    ],
)
def test_a_moment_is_said_in_the_districts_time_zone_without_what_is_nought(text: str, said: str) -> None:
    assert Moment(text).said == said
