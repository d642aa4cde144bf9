"""Who is away when, and the working hours at which something can be done."""

from __future__ import annotations

import datetime as dt
from typing import Final

from services.simulation.working_days import ONE_DAY, is_workday, workday_from

TIME_ZONE: Final = dt.timezone(dt.timedelta(hours=8))
MORNING: Final = dt.time(8, 40)
EVENING: Final = dt.time(17, 20)
NOON: Final = (dt.time(11, 50), dt.time(14, 10))


def at(day: dt.date, hour: dt.time = MORNING) -> dt.datetime:
    """Return a moment in the district's time."""
    return dt.datetime.combine(day, hour, TIME_ZONE)


def in_hours(moment: dt.datetime) -> dt.datetime:
    """Return the moment, or the next one at which offices work."""
    if not is_workday(moment.date()):
        return at(workday_from(moment.date()))
    if moment.time() < MORNING:
        return at(moment.date())
    if NOON[0] <= moment.time() < NOON[1]:
        return at(moment.date(), NOON[1])
    return moment if moment.time() <= EVENING else at(workday_from(moment.date() + ONE_DAY))


class Diary:
    """The days on which persons are away."""

    def __init__(self) -> None:
        self._away: dict[str, list[tuple[dt.date, dt.date]]] = {}

    def book(self, person: str, first: dt.date, last: dt.date) -> None:
        """Note that a person is away."""
        self._away.setdefault(person, []).append((first, last))

    def is_away(self, person: str, first: dt.date, last: dt.date) -> bool:
        """Say whether a person is away on any day of an interval."""
        return any(begin <= last and first <= end for begin, end in self._away.get(person, ()))

    def when_present(self, person: str, moment: dt.datetime) -> dt.datetime:
        """Return the first working moment at which a person is there."""
        moment = in_hours(moment)
        while self.is_away(person, moment.date(), moment.date()):
            moment = in_hours(at(moment.date() + ONE_DAY))
        return moment
