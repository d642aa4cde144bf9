"""Limits in time: so many working days, days, hours or months from a moment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import msgspec

from events.moment import MICROSECONDS_A_DAY, Instant, Moment, day_of, end_of, start_of
from rulebooks.calendar.months_and_hours import add_days, add_months
from rulebooks.judgement import Say
from rulebooks.problems import CompileError, checked_keys
from rulebooks.source import Located

if TYPE_CHECKING:
    import datetime as dt

    from rulebooks.calendar.working_days import Calendar
    from rulebooks.language.scope import Scope

UNITS: Final = {
    "working_day": Say("个工作日", "working days"),
    "day": Say("日", "days"),
    "hour": Say("小时", "hours"),
    "month": Say("个月", "months"),
    "year": Say("年", "years"),
}
MICROSECONDS_AN_HOUR: Final = 3_600_000_000
MONTHS_A_YEAR: Final = 12


class Due(msgspec.Struct, frozen=True, gc=False):
    """When a limit ends: its last microsecond, whether that ends a day, and whether the calendar was a guess.

    `stated` tells that it was not counted but stands in a paper, an agreement or a grant.
    """

    instant: Instant
    is_day: bool = True
    provisional: bool = False
    stated: bool = False

    @property
    def said(self) -> str:
        """The day, or the moment when an hour counts, as people write it."""
        return day_of(self.instant).isoformat() if self.is_day else Moment.at(self.instant).said

    @property
    def year(self) -> int:
        """The calendar year in which it ends."""
        return day_of(self.instant).year


@dataclass(frozen=True)
class Limit:
    """`n` units from a moment; the day of the moment counts only when `from_same_day` says so.

    `word` is the unnumbered word of the text for which the rulebook reads the number; a finding from it is a notice.
    """

    n: int
    unit: str
    from_same_day: bool = False
    word: str | None = None

    def after(self, start: Moment, calendar: Calendar, unit: str | None = None) -> Due:
        """Return when the limit ends that runs from a moment (of a day whose hour is not known: from its end)."""
        day = start.day
        n = self.n - 1 if self.from_same_day else self.n
        if self.unit == "working_day":
            if self.from_same_day and not calendar.is_working_day(day, unit):
                n += 1
            return _working_day(calendar, day, n, unit)
        if self.unit == "day":
            return Due(start_of(day) + (n + 1) * 86_400_000_000 - 1)
        if self.unit == "hour":
            return Due(start.latest + self.n * MICROSECONDS_AN_HOUR, is_day=False)
        return Due(end_of(self._months_after(day)))

    def _months_after(self, day: dt.date) -> dt.date:
        months = self.n * MONTHS_A_YEAR if self.unit == "year" else self.n
        reached = add_months(day, months)
        # Where the last month has no such day, its last day ends the limit whether the first day counts or not.
        return add_days(reached, -1) if self.from_same_day and reached.day == day.day else reached

    def latest_before(self, act: Moment, calendar: Calendar) -> Due:
        """Return the last day on which a thing can be done that must be done so many units before the day of an act.

        The day of the act is not among the units counted back, unless the limit counts its first day; the day of the
        thing itself is. Hours run back from the act, of a day whose hour is not known from its beginning.
        """
        day, n = act.day, self.n - 1 if self.from_same_day else self.n
        if self.unit == "working_day":
            if self.from_same_day and not calendar.is_working_day(day):
                n += 1
            return _working_day(calendar, day, -n, None)
        if self.unit == "day":
            return Due(start_of(day) - (n - 1) * MICROSECONDS_A_DAY - 1)
        if self.unit == "hour":
            return Due(act.earliest - self.n * MICROSECONDS_AN_HOUR, is_day=False)
        return Due(end_of(add_months(day, -self.n * (MONTHS_A_YEAR if self.unit == "year" else 1))))

    def say(self) -> Say:
        """Return the limit in words."""
        zh, en = UNITS[self.unit]
        return Say(f"{self.n}{zh}", f"{self.n} {en if self.n != 1 else en[:-1]}")


@lru_cache(maxsize=8_192)
def _working_day(calendar: Calendar, day: dt.date, n: int, unit: str | None) -> Due:
    # Remembered, because many rules ask for the same few working days of a case each time it is judged.
    found = calendar.add_working_days(day, n, unit)
    return Due(end_of(found.day), provisional=found.provisional)


def compile_limit(given: object, scope: Scope) -> Limit:
    """Compile `{n, unit, count_from}` or `{wording: 及时}`, a word to which the rulebook gives a limit as a reading."""
    if not isinstance(given, Located):
        raise CompileError(f"期限应写 n 和 unit：{given!r}", f"a limit wants n and unit, not {given!r}")
    if "wording" in given:
        checked_keys(given, (), ("wording",))
        word = given["wording"]
        if word not in scope.wording:
            options = "、".join(scope.wording)
            raise CompileError(
                f"wording 没有“{word}”，可用：{options}", f"no wording {word!r}; use one of: {options}", given
            )
        return replace(compile_limit(scope.wording[word], scope), word=str(word))
    checked_keys(given, ("count_from",), ("n", "unit"))
    unit, n = given["unit"], given["n"]
    if unit not in UNITS:
        options = "、".join(UNITS)
        raise CompileError(f"没有单位“{unit}”，可用：{options}", f"no unit {unit!r}; use one of: {options}", given)
    if not isinstance(n, int) or isinstance(n, bool) or n < 0:
        raise CompileError(f"n 应为非负整数：{n!r}", f"n is a whole number, 0 or more, not {n!r}", given)
    count_from = given.get("count_from", "next_day")
    if count_from not in {"next_day", "same_day"}:
        raise CompileError("count_from 为 next_day 或 same_day", "count_from is next_day or same_day", given)
    return Limit(n, unit, count_from == "same_day")
