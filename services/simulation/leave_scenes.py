"""Scenes of leaves: who is away, when nobody else may be, and who stands in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from random import Random
from typing import Final

from services.simulation.meeting_days import FORTNIGHT
from services.simulation.roster import DEPARTMENTS
from services.simulation.setting import moment_on
from services.simulation.stage import Scene, Setter, Stage, anybody
from services.simulation.working_days import ONE_DAY, workdays_after

NOTICE_DAYS: Final = (4, 7)
"""Working days between the registration of an absence and its first day, at least and below."""
HEAD_NEEDED: Final = (4, 2)
"""Working days before and after an executive meeting on which the district head is there: topics, minutes."""
DEPUTY_NEEDED: Final = (1, 4)


def leave(persons: Callable[[Stage, Random], list[str]], longest: int) -> Setter:
    """Return what sets the scene for the leave, of so many days at the longest, of persons who are drawn by lot."""

    def setter(stage: Stage, day: dt.date, random: Random) -> Scene | None:
        first = workdays_after(day, random.randrange(*NOTICE_DAYS))
        last = first + random.randrange(longest) * ONE_DAY
        away = [(person, first, last) for person in persons(stage, random)]
        leaders = any(person in stage.roster.leaders for person, _, _ in away)
        if leaders and not _quiet(stage, [person for person, _, _ in away], first, last):
            return None
        if any(stage.diary.is_away(person, day, last + FORTNIGHT) for person, _, _ in away):
            return None
        scene = anybody(stage, day, random)
        person = away[0][0]
        absent = [one for one, _, _ in away]
        names = scene.names | {
            "first": absent[0],
            "second": absent[-1],
            "others_than_second": [one for one in stage.roster.leaders if one not in {absent[-1], "p-head"}],
            "person": person,
            "own_leader": stage.roster.leader_of(stage.roster.unit_of[person]),
            "partner": stage.roster.partner_of(person),
            "from": moment_on(first, 8),
            "until": moment_on(last, 18),
            "first_day": first.isoformat(),
            "last_day": last.isoformat(),
            "departs_at": moment_on(first, 8),
            "returns_at": moment_on(last, 18),
            "back_at": moment_on(last, 19),
            "others": [one for one in stage.roster.leaders if one not in {person, "p-head"}],
        }
        colleagues = [one for one in stage.roster.leaders if one not in {person, "p-head"}]
        names["third"] = random.choice([one for one in colleagues if one not in {*absent, "p-exec", "p-pgm"}])
        names["one_other"] = random.choice(colleagues)
        names["others_but_one"] = [one for one in colleagues if one != names["one_other"]]
        names["deputies"] = [one for one in colleagues if one != "p-exec"]
        names["not_partner"] = random.choice([one for one in colleagues if one != names["partner"]])
        return Scene(names, away)

    return setter


def _quiet(stage: Stage, persons: list[str], first: dt.date, last: dt.date) -> bool:
    """Say whether no other leader is away about these days, and no executive meeting needs these persons."""
    if any(stage.diary.is_away(leader, first - FORTNIGHT / 2, last + ONE_DAY) for leader in stage.roster.leaders):
        return False
    needs = [HEAD_NEEDED] if "p-head" in persons else []
    needs += [DEPUTY_NEEDED] if persons != ["p-head"] else []
    return not any(
        first <= workdays_after(meeting, after) and workdays_after(meeting, -before) <= last
        for meeting in (*stage.meetings, *(stage.fixed if "p-head" in persons else ()))
        for before, after in needs
    )


def deputy(stage: Stage, random: Random) -> list[str]:
    """Draw a deputy head."""
    return [random.choice([one for one in stage.roster.leaders if one not in {"p-head", "p-pgm"}])]


def pair(stage: Stage, random: Random) -> list[str]:
    """Draw a deputy head, and take the AB partner along."""
    person = deputy(stage, random)[0]
    partner = stage.roster.partner_of(person)
    return [person] if partner is None else [person, partner]


def unit_head(_stage: Stage, random: Random) -> list[str]:
    """Draw the head of a department."""
    others = [one.unit for one in DEPARTMENTS if one.unit not in {"u-justice", "u-finance"}]
    return [f"p-{random.choice(others).removeprefix('u-')}"]
