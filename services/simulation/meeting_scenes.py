"""Scenes of meetings: who belongs to them, who comes and who is excused, and at what hours they go on."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Final

from services.simulation.roster import DEPARTMENTS
from services.simulation.setting import Setting, base_setting, moment_on
from services.simulation.stage import Scene, Stage, any_away, anybody
from services.simulation.working_days import is_workday, workday_from, workdays_after

FIRST_MONTH: Final = 2
"""The month in which the first department holds its yearly meeting."""


def executive(stage: Stage, day: dt.date, random: Random) -> Scene | None:
    """Set an executive meeting of two topics on the day given; it is prepared before."""
    if stage.diary.is_away("p-head", day, day):
        return None
    names = anybody(stage, workdays_after(day, -8), random).names
    second = random.choice([one for one in DEPARTMENTS if stage.roster.leader_of(one.unit) != names["leader"]])
    names |= _topic("a", str(names["unit"]), stage) | _topic("b", second.unit, stage)
    names["title_a"], names["title_b"] = names["title"], random.choice(second.topics)
    busy = (names["leader_a"], names["leader_b"], names["head_a"], names["head_b"], names["other1_head"], "p-justice")
    if any_away(stage, busy, workdays_after(day, -8), workdays_after(day, 3)):
        return None
    needed = {names["leader_a"], names["leader_b"], "p-head", "p-exec"}
    free = [one for one in stage.roster.leaders if one not in needed]
    random.shuffle(free)
    excused = free[1:2] if random.random() < 1 / 3 else []
    names["excused"] = excused
    names["present"] = [one for one in stage.roster.leaders if one not in excused]
    names["deputies_present"] = [one for one in stage.roster.leaders if one not in {*excused, "p-head", "p-exec"}]
    names |= _members(stage, excused, free[0])
    few = ["p-head", names["leader_a"], names["leader_b"]][: (len(stage.roster.members) - 1) // 2]
    names["came_too_few"] = few
    names["excused_too_many"] = [one for one in stage.roster.members if one not in few]
    names["leaving"] = [one for one in stage.roster.members if one not in {*excused, "p-head", names["leader_b"]}]
    names["left_at"] = moment_on(day, 10, 55)
    names["pre_at"] = moment_on(workdays_after(day, -6), 9)
    return Scene(names | _hours(day), [])


def _members(stage: Stage, excused: list[str], absent: str) -> Setting:
    """Who belongs to the executive meeting, who comes, and one who might stay away without asking."""
    members = list(stage.roster.members)
    came = [one for one in members if one not in excused]
    outside = [{"unit": unit, "role": "outside_leader", "capacity": "invited"} for unit in stage.roster.invited]
    return {
        "members": members,
        "came": came,
        "absent": absent,
        "one_absent": [absent],
        "came_but_one": [one for one in came if one != absent],
        "members_but_one": [one for one in members if one != absent],
        "deputies_all": [one for one in stage.roster.leaders if one not in {"p-head", "p-exec"}],
        "sit_ins": ["p-odep", "p-omem"] if "p-omem" in stage.roster.post_of else ["p-odep"],
        "expected": [{"person": one, "capacity": "member"} for one in members],
        "invitees": [*({"person": one, "capacity": "member"} for one in members), *outside],
        "invitees_but_one": [*({"person": one, "capacity": "member"} for one in members), *outside[1:]],
    }


def _topic(key: str, unit: str, stage: Stage) -> Setting:
    stem = unit.removeprefix("u-")
    department = next(one for one in DEPARTMENTS if one.unit == unit)
    return {
        f"unit_{key}": unit,
        f"head_{key}": f"p-{stem}",
        f"post_{key}": f"post-{stem}",
        f"deputy_{key}": f"p-{stem}2",
        f"staff_{key}": f"p-{stem}3",
        f"staff_post_{key}": f"post-{stem}3",
        f"leader_{key}": stage.roster.leader_of(unit),
        f"leader_post_{key}": stage.roster.post_of[stage.roster.leader_of(unit)],
        f"fields_{key}": [department.field],
    }


def _hours(day: dt.date) -> Setting:
    return {
        "starts_at": moment_on(day, 9),
        "item1_at": moment_on(day, 9, 5),
        "item1_done": moment_on(day, 9, 40),
        "item2_at": moment_on(day, 9, 45),
        "item2_done": moment_on(day, 10, 20),
        "item3_at": moment_on(day, 10, 25),
        "item3_done": moment_on(day, 10, 50),
        "item4_at": moment_on(day, 10, 55),
        "item4_done": moment_on(day, 11, 20),
        "closes_at": moment_on(day, 11, 30),
        "late_at": moment_on(day, 8, 10),
    }


def meeting(stage: Stage, day: dt.date, random: Random) -> Scene | None:
    """Set a meeting of a leader with departments on the day given; it is prepared before."""
    if not is_workday(day) or stage.diary.is_away("p-head", day, day):
        return None
    names = anybody(stage, workdays_after(day, -8), random).names
    busy = (names["leader"], names["unit_head"], names["other1_head"])
    if (
        names["leader"] == "p-pgm"
        or names["unit"] == "u-justice"
        or any_away(stage, busy, workdays_after(day, -6), workdays_after(day, 3))
    ):
        return None
    decided = max((one for one in stage.meetings if one < day), default=day)
    names["decided_topic"] = f"matter/matter-executive-{decided:%Y%m%d}-b"
    heads = [f"p-{one.unit.removeprefix('u-')}" for one in DEPARTMENTS]
    names["plenary"] = [*stage.roster.leaders, "p-odir", *heads]
    names["plenary_invitees"] = [{"person": one, "capacity": "member"} for one in (*stage.roster.leaders, *heads)]
    return Scene(names | _hours(day), [])


def heads_meeting(stage: Stage, day: dt.date, random: Random) -> Scene | None:
    """Set such a meeting on a day after which the head is there to sign its minutes."""
    return None if stage.diary.is_away("p-head", day, workdays_after(day, 3)) else meeting(stage, day, random)


def department_of_the_month(stage: Stage, day: dt.date, random: Random) -> Scene | None:
    """Set something that each department does once a year: it is the turn of one a month."""
    day = workday_from(day)
    one = DEPARTMENTS[day.month - FIRST_MONTH]
    stem = one.unit.removeprefix("u-")
    leader = stage.roster.leader_of(one.unit)
    if any_away(stage, (f"p-{stem}", leader), workdays_after(day, -6), day):
        return None
    names = base_setting(stage.roster, day, random) | {
        "unit": one.unit,
        "unit_head": f"p-{stem}",
        "unit_post": f"post-{stem}",
        "leader": leader,
        "fields": [one.field],
        "title": f"{one.name}年度会议",
        "plan": f"plan/plan-meeting-plan-{day.year - stage.first_year + 1}",
    }
    return Scene(names | _hours(day), [])
