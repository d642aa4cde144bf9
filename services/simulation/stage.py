"""What scenes are set on, and what the setting of every story holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from services.simulation.setting import Setting, base_setting, departments_setting

if TYPE_CHECKING:
    from services.simulation.diary import Diary
    from services.simulation.roster import Roster

Absences = list[tuple[str, dt.date, dt.date]]


class Scene(NamedTuple):
    """The setting of one story, and the absences that come with it."""

    names: Setting
    away: Absences


class Stage(NamedTuple):
    """What scenes are set on: the roster, the diary and the days of the executive meetings."""

    roster: Roster
    diary: Diary
    meetings: tuple[dt.date, ...]
    fixed: tuple[dt.date, ...]
    """The days of the study sessions and plenaries, which the district head leads."""
    first_year: int


Setter = Callable[[Stage, dt.date, Random], Scene | None]
"""Sets the scene for a story that begins on a day; None when it cannot begin then."""


def anybody(stage: Stage, day: dt.date, random: Random) -> Scene:
    """Set the scene for whoever comes along on a day: a department, its leader, others; raise UnfitDayError."""
    names = base_setting(stage.roster, day, random)
    return Scene(names | departments_setting(stage.roster, stage.diary, day, random), [])


def any_away(stage: Stage, persons: Iterable[object], first: dt.date, last: dt.date) -> bool:
    """Tell whether one of some persons is away on a day of an interval."""
    return any(stage.diary.is_away(str(person), first, last) for person in persons)
