"""Scenes: on which days a kind of story can begin, what its setting is, and who is away because of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from random import Random
from typing import TYPE_CHECKING, Final, NamedTuple

from services.simulation.roster import DEPARTMENTS
from services.simulation.setting import Setting, base_setting, departments_setting, moment_on
from services.simulation.working_days import ONE_DAY, is_workday, workday_from, workdays_after

if TYPE_CHECKING:
    from services.simulation.diary import Diary
    from services.simulation.roster import Roster

Rhythm = str
WEEK: Final = dt.timedelta(days=6)
FORTNIGHT: Final = dt.timedelta(days=14)
FIRST_MONTH: Final = 2
"""The month in which the first department holds its yearly meeting."""
MIDDLE: Final = 15
LATE: Final = 28
NOTICE_DAYS: Final = (4, 7)
"""Working days between the registration of an absence and its first day, at least and below."""
HEAD_NEEDED: Final = (4, 2)
"""Working days before and after an executive meeting on which the district head is there: topics, minutes."""
DEPUTY_NEEDED: Final = (1, 4)
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


def executive_days(rhythm: Rhythm, year: int, last: dt.date) -> Iterator[dt.date]:
    """Give the days of the executive meetings from mid-January on: twice a month, or every two weeks."""
    day = dt.date(year, 1, MIDDLE)
    while day <= last:
        yield _working_near(day, later=rhythm == "two_weeks")
        if rhythm == "two_weeks":
            day += FORTNIGHT
        elif day.day == MIDDLE:
            day = day.replace(day=LATE)
        else:
            day = (day.replace(day=1) + 32 * ONE_DAY).replace(day=MIDDLE)


def _working_near(day: dt.date, *, later: bool) -> dt.date:
    before = day
    while not is_workday(before):
        before -= ONE_DAY
    same_week = before.isocalendar()[:2] == day.isocalendar()[:2]
    return before if same_week or not later else workday_from(day)


def _anybody(stage: Stage, day: dt.date, random: Random) -> Scene:
    names = base_setting(stage.roster, day, random)
    return Scene(names | departments_setting(stage.roster, stage.diary, day, random), [])


def _deputys(stage: Stage, day: dt.date, random: Random) -> Scene | None:
    scene = _anybody(stage, day, random)
    return None if scene.names["leader"] == "p-exec" else scene


def _full_week(stage: Stage, day: dt.date, random: Random) -> Scene | None:
    """No holiday lies so near that something cannot be done within a week."""
    return _anybody(stage, day, random) if workdays_after(day, 3) - day < WEEK else None


def _executive(stage: Stage, day: dt.date, random: Random) -> Scene | None:
    if stage.diary.is_away("p-head", day, day):
        return None
    names = _anybody(stage, workdays_after(day, -8), random).names
    second = random.choice([one for one in DEPARTMENTS if stage.roster.leader_of(one.unit) != names["leader"]])
    names |= _topic("a", str(names["unit"]), stage) | _topic("b", second.unit, stage)
    names["title_a"], names["title_b"] = names["title"], random.choice(second.topics)
    busy = (names["leader_a"], names["leader_b"], names["head_a"], names["head_b"], names["other1_head"], "p-justice")
    if _any_away(stage, busy, workdays_after(day, -8), workdays_after(day, 3)):
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


def _any_away(stage: Stage, persons: Iterable[object], first: dt.date, last: dt.date) -> bool:
    return any(stage.diary.is_away(str(person), first, last) for person in persons)


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


def _meeting(stage: Stage, day: dt.date, random: Random) -> Scene | None:
    """Set a meeting of a leader with departments on the day given; it is prepared before."""
    if not is_workday(day) or stage.diary.is_away("p-head", day, day):
        return None
    names = _anybody(stage, workdays_after(day, -8), random).names
    busy = (names["leader"], names["unit_head"], names["other1_head"])
    if (
        names["leader"] == "p-pgm"
        or names["unit"] == "u-justice"
        or _any_away(stage, busy, workdays_after(day, -6), workdays_after(day, 3))
    ):
        return None
    decided = max((one for one in stage.meetings if one < day), default=day)
    names["decided_topic"] = f"matter/matter-executive-{decided:%Y%m%d}-b"
    heads = [f"p-{one.unit.removeprefix('u-')}" for one in DEPARTMENTS]
    names["plenary"] = [*stage.roster.leaders, "p-odir", *heads]
    names["plenary_invitees"] = [{"person": one, "capacity": "member"} for one in (*stage.roster.leaders, *heads)]
    return Scene(names | _hours(day), [])


def _heads_meeting(stage: Stage, day: dt.date, random: Random) -> Scene | None:
    """Set such a meeting on a day after which the head is there to sign its minutes."""
    return None if stage.diary.is_away("p-head", day, workdays_after(day, 3)) else _meeting(stage, day, random)


def _department_of_the_month(stage: Stage, day: dt.date, random: Random) -> Scene | None:
    """Set something that each department does once a year: it is the turn of one a month."""
    day = workday_from(day)
    one = DEPARTMENTS[day.month - FIRST_MONTH]
    stem = one.unit.removeprefix("u-")
    leader = stage.roster.leader_of(one.unit)
    if _any_away(stage, (f"p-{stem}", leader), workdays_after(day, -6), day):
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


def _leave(persons: Callable[[Stage, Random], list[str]], longest: int) -> Setter:
    def setter(stage: Stage, day: dt.date, random: Random) -> Scene | None:
        first = workdays_after(day, random.randrange(*NOTICE_DAYS))
        last = first + random.randrange(longest) * ONE_DAY
        away = [(person, first, last) for person in persons(stage, random)]
        leaders = any(person in stage.roster.leaders for person, _, _ in away)
        if leaders and not _quiet(stage, [person for person, _, _ in away], first, last):
            return None
        if any(stage.diary.is_away(person, day, last + FORTNIGHT) for person, _, _ in away):
            return None
        scene = _anybody(stage, day, random)
        person = away[0][0]
        pair = [one for one, _, _ in away]
        names = scene.names | {
            "first": pair[0],
            "second": pair[-1],
            "others_than_second": [one for one in stage.roster.leaders if one not in {pair[-1], "p-head"}],
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
        names["third"] = random.choice([one for one in colleagues if one not in {*pair, "p-exec", "p-pgm"}])
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


def _deputy(stage: Stage, random: Random) -> list[str]:
    return [random.choice([one for one in stage.roster.leaders if one not in {"p-head", "p-pgm"}])]


def _pair(stage: Stage, random: Random) -> list[str]:
    person = _deputy(stage, random)[0]
    partner = stage.roster.partner_of(person)
    return [person] if partner is None else [person, partner]


def _unit_head(_stage: Stage, random: Random) -> list[str]:
    others = [one.unit for one in DEPARTMENTS if one.unit not in {"u-justice", "u-finance"}]
    return [f"p-{random.choice(others).removeprefix('u-')}"]


SCENES: Final[dict[str, Setter]] = {
    "deputy_leave": _leave(_deputy, 3),
    "pair_leave": _leave(_pair, 3),
    "head_leave": _leave(lambda _stage, _random: ["p-head"], 2),
    "head_and_executive_leave": _leave(lambda _stage, _random: ["p-head", "p-exec"], 2),
    "unit_head_leave": _leave(_unit_head, 4),
    "executive": _executive,
    "meeting": _meeting,
    "heads_meeting": _heads_meeting,
    "department_of_the_month": _department_of_the_month,
    "deputys_department": _deputys,
    "full_week": _full_week,
    "department": _anybody,
}
"""In the order in which stories are told: absences first, as they bind the rest."""
