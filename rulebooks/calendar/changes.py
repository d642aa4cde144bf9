"""What a new notice or local declaration changes, so that only what it touches is judged anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

from rulebooks.calendar.working_days import Calendar


@dataclass(frozen=True)
class ChangedDays:
    """The days whose answer differs between two calendars."""

    days: frozenset[dt.date]
    """Days that became working days or days off for the district."""
    units: Mapping[str, frozenset[dt.date]]
    """The same for each unit with working days of its own, in either calendar."""
    years: frozenset[int]
    """Years that got a notice or lost it: what was provisional there is settled, or the other way round."""

    def __bool__(self) -> bool:
        return bool(self.days or self.years or any(self.units.values()))

    def of(self, unit: str | None = None) -> frozenset[dt.date]:
        """Return the days that changed for a unit; None stands for the district as a whole."""
        return self.days if unit is None else self.units.get(unit, self.days)

    def touch(self, first: dt.date, last: dt.date, unit: str | None = None) -> bool:
        """Tell whether a count from one day to another, both included, may come out differently."""
        if not self.years.isdisjoint(range(first.year, last.year + 1)):
            return True
        return any(first <= day <= last for day in self.of(unit))


def changed_days(old: Calendar, new: Calendar) -> ChangedDays:
    """Compare two calendars day by day, for the district and for each unit with working days of its own."""
    return ChangedDays(
        _differing(old, new, None),
        {unit: _differing(old, new, unit) for unit in sorted(old.units | new.units)},
        old.known_years ^ new.known_years,
    )


def _differing(old: Calendar, new: Calendar, unit: str | None) -> frozenset[dt.date]:
    before, after = old.decided_days(unit), new.decided_days(unit)
    return frozenset(day for day in chain(before, after) if (day in before) != (day in after))
