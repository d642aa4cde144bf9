"""The setting of a story: who and what it is about, chosen at random among those who are there."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import TYPE_CHECKING, Final

from services.simulation.diary import Diary, at
from services.simulation.roster import DEPARTMENTS, LEADERS, OFFICE, TOWNS
from services.simulation.telling import UnfitDayError
from services.simulation.working_days import workdays_after

if TYPE_CHECKING:
    from services.simulation.roster import Department, Roster

Setting = dict[str, object]
LOOK_AHEAD: Final = 12
"""Working days through which the leader of a story should be there."""
LIMITS: Final = (1, 2, 3, 5, 8, 10, 15, 20, 30, 40)
ASKED_BESIDE: Final = ("other1", "other2")
"""Departments that are asked beside the one a story is about."""
TOURS: Final = ("省城", "外省", "邻市")


def base_setting(roster: Roster, day: dt.date, random: Random) -> Setting:
    """Return what every story may name: offices, leaders, days ahead."""
    names: Setting = {"nobody": [], "gov": "u-gov", "office": "u-office", "leaders": list(roster.leaders)}
    for key, _, _ in (*LEADERS, *OFFICE):
        names[key] = f"p-{key}"
    for key in ("omem", "secretary", "adviser", "town", "street", "center"):
        names[key] = f"p-{key}"
    for key in (
        "city",
        "citydept",
        "party",
        "partysc",
        "discipline",
        "congress",
        "cppcc",
        "armed",
        "justice",
        "finance",
    ):
        names[f"u_{key}"] = f"u-{key}"
    names["p_justice"], names["p_finance"] = "p-justice", "p-finance"
    names["u_town"], names["u_street"], names["u_center"] = TOWNS[0][0], TOWNS[1][0], "u-center"
    names["today"] = day.isoformat()
    for number in LIMITS:
        names[f"in_{number}"] = workdays_after(day, number).isoformat()
    names["year"] = day.year
    names["place"] = random.choice(TOURS)
    names["number"] = f"〔{day.year}〕{random.randrange(1, 400)}号"
    return names


def departments_setting(roster: Roster, diary: Diary, day: dt.date, random: Random) -> Setting:
    """Add a department and two others, whose leaders are there for some time; raise UnfitDayError."""
    last = workdays_after(day, LOOK_AHEAD)
    present = [one for one in DEPARTMENTS if not diary.is_away(f"p-{one.unit.removeprefix('u-')}", day, last)]
    there = [one for one in present if not diary.is_away(roster.leader_of(one.unit), day, last)] or present
    if len(present) <= len(ASKED_BESIDE):
        raise UnfitDayError
    unit = random.choice(there)
    leader = roster.leader_of(unit.unit)
    names: Setting = {
        **_named("unit", unit),
        "leader": leader,
        "leader_post": roster.post_of[leader],
        "field": unit.field,
        "fields": [unit.field],
        "title": random.choice(unit.topics),
    }
    others = [one for one in present if one.unit not in {unit.unit, "u-justice", "u-finance"}]
    if len(others) < len(ASKED_BESIDE):
        raise UnfitDayError
    for key, one in zip(ASKED_BESIDE, random.sample(others, len(ASKED_BESIDE)), strict=True):
        names |= {**_named(key, one), f"{key}_leader": roster.leader_of(one.unit)}
    near = {leader, roster.partner_of(leader), "p-exec", "p-pgm"}
    elsewhere = [one for one in DEPARTMENTS if roster.leader_of(one.unit) not in near]
    stranger = random.choice(
        [one for one in elsewhere if not diary.is_away(roster.leader_of(one.unit), day, last)] or elsewhere
    )
    names |= {**_named("stranger", stranger), "strange_leader": roster.leader_of(stranger.unit)}
    return names


def _named(key: str, one: Department) -> Setting:
    stem = one.unit.removeprefix("u-")
    return {
        f"{key}_post": f"post-{stem}",
        key: one.unit,
        f"{key}_head": f"p-{stem}",
        f"{key}_deputy": f"p-{stem}2",
        f"{key}_staff": f"p-{stem}3",
        f"{key}_deputy_post": f"post-{stem}2",
        f"{key}_name": one.name,
    }


def moment_on(day: dt.date, hour: int, minute: int = 0) -> str:
    """Return a moment as a fact writes it."""
    return at(day, dt.time(hour, minute)).isoformat()
