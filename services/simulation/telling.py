"""Telling a story: its steps become facts at plausible moments, with one flaw at most, and what it breaks is noted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Final

from services.simulation.diary import Diary, at, in_hours
from services.simulation.working_days import ONE_DAY, is_workday, month_after, workdays_after

if TYPE_CHECKING:
    from services.simulation.roster import Roster
    from services.simulation.story import Break, Due, Flaw, Step, Story

KINDS: Final = {"ab": "ab_arrangement"}


class UnfitDayError(Exception):
    """A story that cannot be told from that day: somebody who is away keeps it from being ready in time."""


@dataclass(frozen=True, order=True)
class Told:
    """One fact of a history; moments order them, then the order of telling."""

    moment: dt.datetime
    number: int
    line: Mapping[str, object] = field(compare=False)


@dataclass(frozen=True)
class Truth:
    """One breach that was injected, as a finding will name it."""

    article: str
    subject: str
    party: str | None
    due_at: str | None


@dataclass(frozen=True)
class Telling:
    """A story told: its facts, what it breaks, and the day by which everything about it is settled."""

    facts: tuple[Told, ...]
    truths: tuple[Truth, ...]
    settled_on: dt.date


class Teller:
    """Tells one story from a day on, in a setting that gives `@names` their values."""

    def __init__(
        self, roster: Roster, diary: Diary, setting: Mapping[str, object], serial: str, random: Random
    ) -> None:
        self._roster = roster
        self._diary = diary
        self._setting = dict(setting)
        self._serial = serial
        self._random = random
        self._clock = at(dt.date.min + 2 * ONE_DAY)
        self._told: list[Told] = []
        self._case_clock: dict[str, dt.datetime] = {}
        self._done: dict[str, dt.datetime] = {}

    def tell(self, story: Story, day: dt.date, flaw: Flaw | None, number: int) -> Telling:
        """Tell the story; `number` is the first in the order of telling."""
        for step in (*story.steps, *(flaw.add if flaw is not None else ())):
            if flaw is not None and step.name in flaw.leave_out:
                continue
            for one in self._values(step, flaw):
                self._setting["each"] = one
                self._take(step, day, flaw, number + len(self._told))
        truths = tuple(self._truth(one) for one in flaw.breaks) if flaw is not None else ()
        dues = [self._due(one.due) for one in flaw.breaks if one.due is not None] if flaw is not None else []
        last = max([self._told[-1].moment.date(), *(one.date() for one in dues)])
        return Telling(tuple(self._told), truths, workdays_after(last, flaw.settled_after if flaw is not None else 0))

    def value(self, given: object) -> object:
        """Return a value with every `@name` of the setting and `#case` of the story in it replaced."""
        if isinstance(given, str):
            if given.startswith("#"):
                return self._reference(given[1:])
            return self._setting[given[1:]] if given.startswith("@") else given
        if isinstance(given, Mapping):
            return {name: self.value(one) for name, one in given.items()}
        if isinstance(given, list | tuple):
            return [self.value(one) for one in given]
        return given

    def _reference(self, name: str) -> str:
        kind, _, _ = name.partition(":")
        return f"{KINDS.get(kind, kind)}/{self._case(name)}"

    def _case(self, name: str) -> str:
        kind, _, which = name.partition(":")
        return f"{kind}-{self._serial}{f'-{which}' if which else ''}"

    def _text(self, name: str) -> str:
        value = self.value(name)
        if not isinstance(value, str):
            raise TypeError(f"{name} is no text: {value!r}")
        return value

    def _values(self, step: Step, flaw: Flaw | None) -> list[object]:
        each = (flaw.each.get(step.name) if flaw is not None else None) or step.each
        if each is None:
            return [None]
        values = self.value(each)
        if not isinstance(values, list | tuple):
            raise TypeError(f"{step.each} is no list: {values!r}")
        return list(values)

    def _take(self, step: Step, day: dt.date, flaw: Flaw | None, number: int) -> None:
        by = self._text((flaw.by.get(step.name) if flaw is not None else None) or step.by)
        moment = self._moment(step, day, by, flaw)
        if flaw is None or flaw.late != step.name:
            self._clock = moment
        self._case_clock[step.case] = moment
        self._done[step.name] = moment
        data = {**step.data, **(flaw.change.get(step.name, {}) if flaw is not None else {})}
        line: dict[str, object] = {
            "type": f"{step.fact}.v1",
            "subject": {"kind": self._reference(step.case).partition("/")[0], "id": self._case(step.case)},
            "occurred_at": moment.isoformat(),
            "actor": self._actor(by),
        }
        if step.under is not None:
            line["under"] = self._text(step.under)
        line["data"] = {name: self.value(value) for name, value in data.items()}
        self._told.append(Told(moment, number, line))

    def _actor(self, by: str) -> dict[str, str]:
        if by.startswith("u-"):
            return {"unit": by}
        return {"person": by, "post": self._roster.post_of[by], "unit": self._roster.unit_of[by]}

    def _moment(self, step: Step, day: dt.date, by: str, flaw: Flaw | None) -> dt.datetime:
        if step.at is not None:
            moment = dt.datetime.fromisoformat(self._text(step.at))
            if moment < self._clock:
                raise UnfitDayError(f"{step.name} at {moment} would come before {self._clock}")
            return moment
        start = at(workdays_after(day, step.day), dt.time(8, 40)) + dt.timedelta(minutes=self._random.randrange(60))
        before = max(self._clock, self._case_clock.get(step.case, self._clock))
        moment = max(start, before + dt.timedelta(minutes=self._random.randrange(12, 45)))
        if flaw is not None and flaw.late == step.name:
            due = flaw.breaks[0].due
            if due is None:
                raise ValueError(f"{flaw.name}: a late step needs a due day")
            if due.days < 0:
                day_after = self._due(due).date() + ONE_DAY
                if due.unit == "workday":
                    day_after = workdays_after(self._due(due).date(), 1)
                return max(moment, at(day_after, dt.time(10, 0)))
            late = workdays_after(self._due(due).date(), self._random.randrange(1, 3))
            moment = max(moment, at(late, dt.time(9, 30)))
        if step.anywhere or by.startswith("u-"):
            return in_hours(moment)
        return self._diary.when_present(by, moment)

    def _due(self, due: Due) -> dt.datetime:
        start = self._done.get(due.since) or dt.datetime.fromisoformat(self._text(due.since))
        day = start.date()
        days = due.days - due.counts_start if due.days > 0 else due.days
        match due.unit:
            case "workday":
                if due.counts_start and not is_workday(day):
                    days += 1
                day = workdays_after(day, days)
            case "day":
                day += days * ONE_DAY
            case "month":
                day = month_after(day) - due.counts_start * ONE_DAY
        return start.replace(year=day.year, month=day.month, day=day.day)

    def _subject(self, name: str) -> str:
        """Return a case of the story, or one that is there already, such as `unit/@unit`."""
        kind, _, named = name.partition("/")
        return f"{kind}/{self._text(named)}" if named else self._reference(name)

    def _truth(self, one: Break) -> Truth:
        due = None
        if one.due is not None:
            moment = self._due(one.due)
            due = moment.isoformat() if one.due.as_moment else moment.date().isoformat()
        return Truth(
            one.article,
            self._subject(one.subject),
            None if one.party is None else self._text(one.party).rpartition("/")[2],
            due,
        )
