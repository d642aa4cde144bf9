"""Planning a year: which stories are told when, and into which of them the breaches go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Final

from services.not_done import NotDoneError
from services.simulation.diary import Diary
from services.simulation.meeting_days import executive_days
from services.simulation.roster import Roster
from services.simulation.scenes import SCENES
from services.simulation.stage import Scene, Stage
from services.simulation.telling import Teller, Telling, Told, Truth, UnfitDayError
from services.simulation.working_days import LAST_DAY, ONE_DAY, YEARS, first_day_of, workday_from, workdays_after

if TYPE_CHECKING:
    from services.simulation.district import District
    from services.simulation.story import Flaw, Story

TRIES: Final = 25
DAYS_A_MONTH: Final = 30.4
MOST_A_DAY: Final = 10
"""Breaches a day that are tried at most: a year of more has no place for them, which takes minutes to find out."""
ATTEMPTS: Final = 40
"""How often other people are drawn for a story on a day before the day is given up."""
PREPARED: Final = 9
"""Working days that the preparations of a meeting take, at most."""


class SimulationError(NotDoneError):
    """A simulation that cannot be made as asked."""


@dataclass(frozen=True)
class Year:
    """A simulated stretch of time: its facts in order, what was injected, and its last day."""

    told: tuple[Told, ...]
    truths: tuple[Truth, ...]
    last_day: dt.date


def plan(
    district: District,
    days: int,
    seed: int,
    breaches: int,
    first_year: int = YEARS[0],
    progressed: Callable[[int], None] = lambda _stories: None,
) -> Year:
    """Tell a district's days with so many breaches in them; raise SimulationError when they do not fit."""
    first = first_day_of(first_year)
    most = (LAST_DAY - first).days + 1
    if not 1 <= days <= most:
        raise SimulationError(
            "simulate.days_not_possible",
            f"--days 须在 1 与 {most} 之间：模拟自 {first} 起，放假安排公布至 {LAST_DAY.year} 年。",
            f"--days must lie between 1 and {most}: the holidays are known to the end of {LAST_DAY.year}.",
        )
    if breaches > days * MOST_A_DAY:
        raise SimulationError(
            "simulate.too_many_breaches",
            f"{days} 天至多注入 {days * MOST_A_DAY} 处违反（每天 {MOST_A_DAY} 处），要求 {breaches} 处："
            "请增加 --days 或减少 --breaches。",
            f"{days} days take {days * MOST_A_DAY} breaches at most ({MOST_A_DAY} a day), not {breaches}: use more "
            "days or fewer breaches.",
        )
    planner = _Planner(district, first, days, seed)
    for story, flaws in planner.shares(breaches):
        planner.tell_all(story, flaws)
        progressed(1)
    planner.fill_up(breaches)
    return planner.year()


class _Planner:
    """Tells story after story, and keeps who is away, which days are taken, and what was broken."""

    def __init__(self, district: District, first: dt.date, days: int, seed: int) -> None:
        self._first = first
        self._last = first + (days - 1) * ONE_DAY
        self._seed = f"{district.name} {seed}"
        self._roster = Roster(district.shape, first)
        self._stories = sorted(district.stories, key=lambda story: list(SCENES).index(story.setting))
        self._meetings = tuple(executive_days(district.rhythm, first.year, self._last + 60 * ONE_DAY))
        fixed = (day for story in district.stories if story.setting == "meeting" for day in story.on_days)
        held = tuple(workday_from(dt.date.fromisoformat(day)) for day in fixed)
        self._stage = Stage(self._roster, Diary(), self._meetings, held, first.year)
        self._told: list[Told] = [
            Told(
                self._roster.moment,
                number,
                {
                    "type": f"{one.fact}.v1",
                    "subject": {"kind": one.kind, "id": one.id},
                    "occurred_at": self._roster.moment.isoformat(),
                    "actor": {"unit": "u-office"},
                    "data": one.data,
                },
            )
            for number, one in enumerate(self._roster.facts)
        ]
        self._truths: list[Truth] = []
        self._serials: dict[str, int] = {}
        self._random = Random(self._seed)

    def shares(self, breaches: int) -> list[tuple[Story, list[Flaw]]]:
        """Deal the breaches out among the stories, every kind once before one comes again."""
        kinds = [(story, flaw) for story in self._stories for flaw in story.flaws]
        wanted: dict[str, list[Flaw]] = {story.name: [] for story in self._stories}
        left = breaches
        while left > 0 and kinds:
            fitting = [(story, flaw) for story, flaw in kinds if len(flaw.breaks) <= left]
            for story, flaw in self._random.sample(fitting, len(fitting)):
                if len(flaw.breaks) <= left:
                    wanted[story.name].append(flaw)
                    left -= len(flaw.breaks)
            if not fitting:
                break
        return [(story, wanted[story.name]) for story in self._stories]

    def tell_all(self, story: Story, flaws: list[Flaw]) -> None:
        """Tell every occurrence of a story, and its flawed ones in place of some of them."""
        days = list(self._occurrences(story))
        for flaw in flaws:
            day = self._tell_flawed(story, flaw, days)
            if day in days:
                days.remove(day)
        for day in days:
            self._tell(story, day, None)

    def fill_up(self, breaches: int) -> None:
        """Put in the breaches that found no place where they were dealt to; raise SimulationError when none is left."""
        kinds = [(story, flaw) for story in self._stories for flaw in story.flaws if story.monthly]
        while kinds and len(self._truths) < breaches:
            story, flaw = kind = self._random.choice(kinds)
            too_many = len(self._truths) + len(flaw.breaks) > breaches
            if too_many or self._tell_flawed(story, flaw, []) is None:
                kinds.remove(kind)
        if len(self._truths) < breaches:
            raise SimulationError(
                "simulate.too_many_breaches",
                f"这段时间只容得下 {len(self._truths)} 处违反，要求 {breaches} 处：请增加 --days 或减少 --breaches。",
                f"Only {len(self._truths)} breaches of {breaches} fit into this time: use more days or fewer breaches.",
            )

    def year(self) -> Year:
        """Return what was told up to the last day."""
        last = dt.datetime.combine(self._last, dt.time.max, self._roster.moment.tzinfo)
        return Year(tuple(sorted(one for one in self._told if one.moment <= last)), tuple(self._truths), self._last)

    def _occurrences(self, story: Story) -> Iterator[dt.date]:
        if story.setting == "executive":
            yield from (day for day in self._meetings if day <= workdays_after(self._last, PREPARED))
            return
        for given in story.on_days:
            day = workday_from(dt.date.fromisoformat(given))
            if day > self._first and workdays_after(day, -2 * PREPARED) <= self._last:
                yield day
        length = (self._last - self._first).days
        random = Random(f"{self._seed} {story.name} days")
        if story.monthly:
            at = random.random() * DAYS_A_MONTH / story.monthly
            while at < length:
                yield self._some_day(story, at)
                at += random.uniform(0.4, 1.6) * DAYS_A_MONTH / story.monthly

    def _some_day(self, story: Story, offset: float) -> dt.date:
        prepared = story.setting in {"meeting", "heads_meeting"}
        first = workdays_after(self._first, PREPARED if prepared else 1)
        return max(first, workday_from(self._first + int(offset) * ONE_DAY))

    def _tell_flawed(self, story: Story, flaw: Flaw, days: list[dt.date]) -> dt.date | None:
        length = max(1, (self._last - self._first).days)
        tries = self._random.sample(days, min(len(days), TRIES))
        if story.setting != "executive" and story.monthly:
            tries += [self._some_day(story, self._random.randrange(length)) for _ in range(TRIES)]
        return next((day for day in dict.fromkeys(tries) if self._tell(story, day, flaw)), None)

    def _tell(self, story: Story, day: dt.date, flaw: Flaw | None) -> bool:
        serial = f"{story.name}-{self._serials.get(story.name, 0) + 1}"
        if story.setting == "executive":
            serial = f"{story.name}-{day:%Y%m%d}"
        for attempt in range(ATTEMPTS):
            random = Random(f"{self._seed} {serial} {day} {flaw.name if flaw is not None else ''} {attempt}")
            try:
                scene = SCENES[story.setting](self._stage, day, random)
                if scene is None:
                    continue
                teller = Teller(self._roster, self._stage.diary, scene.names, serial, random)
                telling = teller.tell(story, day, flaw, len(self._told))
            except UnfitDayError:
                continue
            if flaw is not None and telling.settled_on > self._last:
                return False
            self._keep(story, scene, telling)
            return True
        return False

    def _keep(self, story: Story, scene: Scene, telling: Telling) -> None:
        self._serials[story.name] = self._serials.get(story.name, 0) + 1
        self._told += telling.facts
        self._truths += telling.truths
        for person, first, last in scene.away:
            self._stage.diary.book(person, first, last)
