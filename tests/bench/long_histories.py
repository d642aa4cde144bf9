"""Long histories for measuring: a district's demonstration again and again, with other cases, a week later."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from heapq import heappop, heappush
from itertools import count, islice
from pathlib import Path
from typing import Any, Final

import orjson

from events.fact import AnyFact
from events.parsing import History

SAMPLES: Final = Path(__file__).parents[2] / "services" / "sample" / "histories"
BACKGROUND: Final = frozenset({"unit", "post", "person", "division", "ab_arrangement", "calendar", "rulebook"})
DAY: Final = re.compile(r"^\d{4}-\d\d-\d\d")
OF_LEADERS: Final = frozenset({"absence", "entrustment"})
"""More papers do not mean more leaders: these happen once a week, however many stories fall into it."""
FACTS_A_WEEK: Final = 500
"""How much a busy district records; a longer history covers more weeks, it is not denser."""

Line = dict[str, Any]


def long_history(district: str, facts: int) -> Iterator[bytes]:
    """Return the lines of a history of so many facts, in the order in which they occurred."""
    lines = [orjson.loads(line) for line in (SAMPLES / district / "demonstration.jsonl").read_bytes().splitlines()]
    settings, stories = lines[0], [line for line in lines if "type" in line]
    roster = [line for line in stories if line["subject"]["kind"] in BACKGROUND]
    acts = [line for line in stories if line["subject"]["kind"] not in BACKGROUND]
    cases = {f"{act['subject']['kind']}/{act['subject']['id']}" for act in acts}
    yield orjson.dumps({"district": settings.get("district", district)})
    yield from map(orjson.dumps, roster)
    papers = sum(act["subject"]["kind"] not in OF_LEADERS for act in acts)
    turns = -(-(facts - len(roster)) // papers)
    weeks = max(1, facts // FACTS_A_WEEK)
    told = [
        again(act, cases, turn, turn * weeks // turns)
        for turn in range(turns)
        for act in acts
        if act["subject"]["kind"] not in OF_LEADERS or turn * weeks // turns != (turn - 1) * weeks // turns
    ]
    told.sort(key=lambda act: _sortable(str(act["occurred_at"])))
    yield from map(orjson.dumps, told[: facts - len(roster)])


def endless_history(district: str) -> Iterator[bytes]:
    """Yield the lines of a history without end, in the order in which they occurred; few are in memory at a time."""
    lines = [orjson.loads(line) for line in (SAMPLES / district / "demonstration.jsonl").read_bytes().splitlines()]
    settings, stories = lines[0], [line for line in lines if "type" in line]
    acts = [line for line in stories if line["subject"]["kind"] not in BACKGROUND]
    acts.sort(key=lambda act: _sortable(str(act["occurred_at"])))
    cases = {f"{act['subject']['kind']}/{act['subject']['id']}" for act in acts}
    papers = sum(act["subject"]["kind"] not in OF_LEADERS for act in acts)
    yield orjson.dumps({"district": settings.get("district", district)})
    yield from (orjson.dumps(line) for line in stories if line["subject"]["kind"] in BACKGROUND)
    waiting: list[tuple[str, int, int, Line]] = []
    for turn in count():
        week, before = turn * papers // FACTS_A_WEEK, (turn - 1) * papers // FACTS_A_WEEK
        told = [
            again(one, cases, turn, week) for one in acts if one["subject"]["kind"] not in OF_LEADERS or week != before
        ]
        begins = _sortable(str(told[0]["occurred_at"]))
        while waiting and waiting[0][0] < begins:
            yield orjson.dumps(heappop(waiting)[-1])
        for place, act in enumerate(told):
            heappush(waiting, (_sortable(str(act["occurred_at"])), turn, place, act))


def endless_facts(district: str, facts: int) -> Iterator[AnyFact]:
    """Yield so many facts of a history without end."""
    return islice(iter(History(endless_history(district))), facts)


def _sortable(moment: str) -> str:
    """Put a day after its hours, as the ledger does."""
    return moment if "T" in moment else f"{moment}T24"


def long_facts(district: str, facts: int) -> list[AnyFact]:
    """Return the facts of a long history."""
    return list(History(long_history(district, facts)))


def again(act: Line, cases: set[str], turn: int, weeks: int) -> Line:
    """Return an act told once more, in cases of that turn, some weeks later."""
    told: Line = _retold(act, cases, turn, weeks)
    told["subject"] = {"kind": act["subject"]["kind"], "id": f"{act['subject']['id']}-{turn}"}
    told.pop("id", None)
    told.pop("recorded_at", None)
    return told


def _retold(value: Any, cases: set[str], turn: int, weeks: int) -> Any:  # noqa: ANN401  # a JSON value goes in and comes out
    if isinstance(value, dict):
        return {key: _retold(inner, cases, turn, weeks) for key, inner in value.items()}
    if isinstance(value, list):
        return [_retold(inner, cases, turn, weeks) for inner in value]
    if isinstance(value, str) and value in cases:
        return f"{value}-{turn}"
    if isinstance(value, str) and DAY.match(value):
        day = dt.date.fromisoformat(value[:10]) + dt.timedelta(weeks=weeks)
        return day.isoformat() + value[10:]
    return value
