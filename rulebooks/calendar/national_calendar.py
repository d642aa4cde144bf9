"""The published holidays of the People's Republic of China, the only place that asks chinesecalendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import version
from typing import Final

from rulebooks.calendar.working_days import Calendar, Notice, Wording

_SOURCE: Final = (
    "国务院办公厅放假安排（chinesecalendar {0}）",
    "the State Council's holiday notice (chinesecalendar {0})",
)


@cache
def national_calendar() -> Calendar:
    """Return the calendar of all years whose notice the library knows, amendments within the year included.

    Read once, when first asked for. Source: notices of the General Office of the State Council, 2004 onwards.
    """
    # Its tables are of no use to a command that counts no days, and make a start noticeably slower.
    from chinese_calendar.constants import Holiday, holidays, workdays  # noqa: PLC0415  as said above

    chinese = {holiday.value: holiday.chinese for holiday in Holiday}
    days_off = {day: Wording(chinese[name], name) for day, name in holidays.items()}
    made_up = {
        day: Wording(f"{chinese[name]}调休上班", f"make-up working day for {name}") for day, name in workdays.items()
    }
    zh, en = (text.format(version("chinesecalendar")) for text in _SOURCE)
    return Calendar(tuple(_notices(days_off, made_up, Wording(zh, en))))


def _notices(
    days_off: Mapping[dt.date, Wording], workdays: Mapping[dt.date, Wording], source: Wording
) -> Iterable[Notice]:
    for year in sorted({day.year for day in days_off}):
        yield Notice(year, _within(year, days_off), _within(year, workdays), source)


def _within(year: int, days: Mapping[dt.date, Wording]) -> dict[dt.date, Wording]:
    return {day: reason for day, reason in days.items() if day.year == year}
