"""Working days: the State Council's holiday notices, local days off, and what is not known yet."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Final, NamedTuple

from rulebooks.calendar.day_table import DayTable, is_weekday
from rulebooks.calendar.months_and_hours import add_days


class Wording(NamedTuple):
    """The same words in Chinese and English."""

    zh: str
    en: str


WEEKEND: Final = Wording("周末", "weekend")


class DueDay(NamedTuple):
    """A day reached by counting; provisional when a counted day lies in a year without a holiday notice."""

    day: dt.date
    provisional: bool


class Counted(NamedTuple):
    """A number of working days; provisional when a counted day lies in a year without a holiday notice."""

    days: int
    provisional: bool


class SpecialDay(NamedTuple):
    """A day off, or a day of work on a weekend, and why."""

    day: dt.date
    working: bool
    reason: Wording


@dataclass(frozen=True)
class Notice:
    """The holidays of a calendar year: all its days off and make-up working days with their reasons.

    A notice settles its own year as a whole. The few days it names in a neighbouring year (the working weekend before
    New Year's Day) are added to what that year's own notice says.
    """

    year: int
    days_off: Mapping[dt.date, Wording]
    workdays: Mapping[dt.date, Wording]
    source: Wording


@dataclass(frozen=True)
class LocalDays:
    """Days off or working days declared for the district, or only for the units named."""

    days: frozenset[dt.date]
    working: bool
    reason: Wording
    units: frozenset[str] = frozenset()
    """Empty: the whole district."""

    def concern(self, unit: str | None) -> bool:
        """Tell whether they apply to a unit; None stands for the district as a whole."""
        return not self.units or unit in self.units


@dataclass(frozen=True, eq=False)
class Calendar:
    """The working days of a district, as the notices and declarations adopted so far make them.

    Both lists are in the order of adoption: the latest notice of a year holds, and the latest declaration for a day.
    Wherever a `unit` can be given, days declared for that unit alone count too. Years without a notice are taken as
    Monday to Friday, and every answer that rests on such a day says that it is provisional.
    """

    notices: tuple[Notice, ...] = ()
    local_days: tuple[LocalDays, ...] = ()

    def with_notice(self, notice: Notice) -> Calendar:
        """Return this calendar after a notice was adopted; it replaces what was known of its year."""
        return replace(self, notices=(*self.notices, notice))

    def with_local_days(self, local: LocalDays) -> Calendar:
        """Return this calendar after local days were declared."""
        return replace(self, local_days=(*self.local_days, local))

    def is_working_day(self, day: dt.date, unit: str | None = None) -> bool:
        """Tell whether a day is a working day."""
        return self._table_of(unit).is_working(day)

    def add_working_days(self, day: dt.date, n: int, unit: str | None = None) -> DueDay:
        """Return the n-th working day after a day, which is itself not counted.

        A negative n counts back, for lead times; 0 gives the day itself, whether it is a working day or not.
        """
        due = (self._district if unit is None else self._table_of(unit)).step(day, n)
        lowest, highest = self._known_run
        if lowest <= day <= highest and lowest <= due <= highest:
            return DueDay(due, False)  # noqa: FBT003 - a keyword would cost a tenth of the whole call
        if n == 0:
            return DueDay(day, provisional=False)
        counted = (add_days(day, 1), due) if n > 0 else (due, add_days(day, -1))
        return DueDay(due, self.is_provisional(*counted))

    def working_days_between(
        self, first: dt.date, last: dt.date, *, count_first: bool, count_last: bool, unit: str | None = None
    ) -> Counted:
        """Count the working days from one day to another; the count is negative when `last` comes before `first`.

        A day that is both first and last counts once, if both are counted.
        """
        if last < first:
            back = self.working_days_between(last, first, count_first=count_last, count_last=count_first, unit=unit)
            return Counted(-back.days, back.provisional)
        first = first if count_first else add_days(first, 1)
        last = last if count_last else add_days(last, -1)
        if last < first:
            return Counted(0, provisional=False)
        table = self._table_of(unit)
        counted = table.working_before(last.toordinal() + 1) - table.working_before(first.toordinal())
        return Counted(counted, self.is_provisional(first, last))

    def working_days(self, first: dt.date, last: dt.date, unit: str | None = None) -> list[dt.date]:
        """List the working days from one day to another, both included."""
        table = self._table_of(unit)
        numbers = range(table.working_before(first.toordinal()), table.working_before(last.toordinal() + 1))
        return [table.nth(number) for number in numbers]

    def skipped(self, first: dt.date, last: dt.date, unit: str | None = None) -> list[SpecialDay]:
        """List what differs from plain counting, both ends included: days off, and weekend days that are worked."""
        named = self._named_of(unit)
        special = []
        for ordinal in range(first.toordinal(), last.toordinal() + 1):
            day = dt.date.fromordinal(ordinal)
            working, reason = named.get(day, (is_weekday(day), WEEKEND))
            if not (working and is_weekday(day)):
                special.append(SpecialDay(day, working, reason))
        return special

    def is_provisional(self, first: dt.date, last: dt.date) -> bool:
        """Tell whether a day from one to another, both included, lies in a year without a notice."""
        lowest, highest = self._known_run
        if lowest <= first and last <= highest:
            return False
        return any(year not in self._in_force for year in range(first.year, last.year + 1))

    @property
    def known_from(self) -> dt.date:
        """The first day of the longest run of years that have a notice."""
        return self._known_run[0]

    @property
    def known_through(self) -> dt.date:
        """The last day of the longest run of years that have a notice; later due days are provisional."""
        return self._known_run[1]

    @cached_property
    def sha256(self) -> str:
        """The hash of everything this calendar decides, in hexadecimal: equal when all its answers are."""
        decided = {
            "years": list(self._in_force),
            "district": _differences(self.decided_days()),
            "units": {unit: _differences(self.decided_days(unit)) for unit in sorted(self.units)},
        }
        return hashlib.sha256(json.dumps(decided, sort_keys=True).encode()).hexdigest()

    @cached_property
    def units(self) -> frozenset[str]:
        """The units that have working days of their own."""
        return frozenset(unit for local in self.local_days for unit in local.units)

    def decided_days(self, unit: str | None = None) -> Mapping[dt.date, bool]:
        """Return the days that differ from Monday to Friday: true for working days."""
        return {day: working for day, (working, _) in self._named_of(unit).items() if working != is_weekday(day)}

    @cached_property
    def _in_force(self) -> Mapping[int, Notice]:
        latest = {notice.year: notice for notice in self.notices if dt.MINYEAR <= notice.year <= dt.MAXYEAR}
        return MappingProxyType(dict(sorted(latest.items())))

    @cached_property
    def _known_run(self) -> tuple[dt.date, dt.date]:
        """Return first and last day of the longest run of known years; of two as long, the later one."""
        best, run = range(0), range(0)
        for year in self._in_force:
            run = range(run.start, year + 1) if run.stop == year else range(year, year + 1)
            best = run if len(run) >= len(best) else best
        if not best:
            return dt.date.max, dt.date.min
        return dt.date(best.start, 1, 1), dt.date(best.stop - 1, 12, 31)

    @cached_property
    def _district(self) -> DayTable:
        return DayTable(self.decided_days())

    @cached_property
    def _unit_tables(self) -> Mapping[str, DayTable]:
        return {unit: DayTable(self.decided_days(unit)) for unit in self.units}

    def _table_of(self, unit: str | None) -> DayTable:
        if unit is None or unit not in self.units:
            return self._district
        return self._unit_tables[unit]

    @cached_property
    def _named_by_unit(self) -> dict[str | None, dict[dt.date, tuple[bool, Wording]]]:
        return {unit: self._named(unit) for unit in (None, *self.units)}

    def _named_of(self, unit: str | None) -> dict[dt.date, tuple[bool, Wording]]:
        return self._named_by_unit[unit if unit in self.units else None]

    def _named(self, unit: str | None) -> dict[dt.date, tuple[bool, Wording]]:
        """Return the days that are named, the later source holding: its own notice, its neighbours', then local."""
        held = self._in_force.values()
        own = [(day, value) for notice in held for day, value in _days_of(notice) if day.year == notice.year]
        neighbours = [(day, value) for notice in held for day, value in _days_of(notice) if day.year != notice.year]
        named = dict(own) | dict(neighbours)
        for local in self.local_days:
            if local.concern(unit):
                named.update(dict.fromkeys(local.days, (local.working, local.reason)))
        return named


def _days_of(notice: Notice) -> list[tuple[dt.date, tuple[bool, Wording]]]:
    off = [(day, (False, reason)) for day, reason in notice.days_off.items()]
    return off + [(day, (True, reason)) for day, reason in notice.workdays.items()]


def _differences(days: Mapping[dt.date, bool]) -> dict[str, bool]:
    return {day.isoformat(): working for day, working in days.items()}
