"""Scenes: on which days a kind of story can begin, what its setting is, and who is away because of it."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Final

from services.simulation.leave_scenes import deputy, leave, pair, unit_head
from services.simulation.meeting_scenes import department_of_the_month, executive, heads_meeting, meeting
from services.simulation.stage import Scene, Setter, Stage, anybody
from services.simulation.working_days import workdays_after

WEEK: Final = dt.timedelta(days=6)


def _deputys(stage: Stage, day: dt.date, random: Random) -> Scene | None:
    scene = anybody(stage, day, random)
    return None if scene.names["leader"] == "p-exec" else scene


def _full_week(stage: Stage, day: dt.date, random: Random) -> Scene | None:
    """No holiday lies so near that something cannot be done within a week."""
    return anybody(stage, day, random) if workdays_after(day, 3) - day < WEEK else None


SCENES: Final[dict[str, Setter]] = {
    "deputy_leave": leave(deputy, 3),
    "pair_leave": leave(pair, 3),
    "head_leave": leave(lambda _stage, _random: ["p-head"], 2),
    "head_and_executive_leave": leave(lambda _stage, _random: ["p-head", "p-exec"], 2),
    "unit_head_leave": leave(unit_head, 4),
    "executive": executive,
    "meeting": meeting,
    "heads_meeting": heads_meeting,
    "department_of_the_month": department_of_the_month,
    "deputys_department": _deputys,
    "full_week": _full_week,
    "department": anybody,
}
"""In the order in which stories are told: absences first, as they bind the rest."""
