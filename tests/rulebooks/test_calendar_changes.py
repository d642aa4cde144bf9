"""What a notice or a local declaration changes."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from rulebooks.calendar.changes import ChangedDays, changed_days
from rulebooks.calendar.national_calendar import national_calendar
from rulebooks.calendar.working_days import LocalDays, Notice, Wording

REASON = Wording("测试", "test")
FIRST = dt.date(2026, 8, 1)


def test_the_same_answers_are_no_change() -> None:
    base = national_calendar()
    weekend = LocalDays(frozenset({dt.date(2026, 8, 15)}), working=False, reason=REASON)
    assert changed_days(base, base.with_local_days(weekend)) == ChangedDays(frozenset(), {}, frozenset())
    assert not changed_days(base, base.with_local_days(weekend))


def test_a_new_notice_changes_its_days_and_settles_its_year() -> None:
    base = national_calendar()
    made_up, new_year, saturday = dt.date(2026, 12, 27), dt.date(2027, 1, 1), dt.date(2027, 1, 2)
    notice = Notice(2027, {new_year: REASON, saturday: REASON}, {made_up: REASON}, REASON)
    change = changed_days(base, base.with_notice(notice))
    assert change == ChangedDays(frozenset({made_up, new_year}), {}, frozenset({2027}))
    assert change.touch(dt.date(2027, 6, 1), dt.date(2027, 6, 2)), "the year is no longer provisional"
    assert change.touch(dt.date(2026, 12, 20), made_up)
    assert not change.touch(dt.date(2026, 12, 20), dt.date(2026, 12, 26))


def test_local_days_of_one_unit_change_nothing_for_the_others() -> None:
    base = national_calendar()
    storm = frozenset({dt.date(2026, 8, 12)})
    change = changed_days(
        base, base.with_local_days(LocalDays(storm, working=False, reason=REASON, units=frozenset({"u-housing"})))
    )
    assert change == ChangedDays(frozenset(), {"u-housing": storm}, frozenset())
    assert [change.of(unit) for unit in (None, "u-land", "u-housing")] == [frozenset(), frozenset(), storm]
    assert change.touch(dt.date(2026, 8, 12), dt.date(2026, 8, 12), "u-housing")
    assert not change.touch(dt.date(2026, 8, 12), dt.date(2026, 8, 12), "u-land")


@given(
    st.lists(
        st.builds(
            LocalDays,
            days=st.frozensets(st.dates(FIRST, dt.date(2026, 10, 31)), max_size=5),
            working=st.booleans(),
            reason=st.just(REASON),
            units=st.sampled_from([frozenset(), frozenset({"u-housing"})]),
        ),
        max_size=4,
    ),
    st.integers(0, 4),
    st.sampled_from([None, "u-housing", "u-land"]),
)
def test_a_due_day_moves_only_if_the_change_touches_its_span(
    declared: list[LocalDays], known_before: int, unit: str | None
) -> None:
    old = new = national_calendar()
    for number, local in enumerate(declared):
        old = old if number >= known_before else old.with_local_days(local)
        new = new.with_local_days(local)
    change = changed_days(old, new)
    for length in range(1, 20):
        before, after = (calendar.add_working_days(FIRST, length, unit).day for calendar in (old, new))
        assert before == after or change.touch(FIRST, max(before, after), unit)
