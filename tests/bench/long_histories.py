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
_MARK: Final = "\x7f"
"""Stands in no word of a demonstration, and is written as it is."""

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
    often = [Told(act, cases) for act in acts if act["subject"]["kind"] not in OF_LEADERS]
    every = [Told(act, cases) for act in acts]
    waiting: list[tuple[str, int, int, bytes]] = []
    for turn in count():
        week, before = turn * papers // FACTS_A_WEEK, (turn - 1) * papers // FACTS_A_WEEK
        told = every if week != before else often
        begins = told[0].occurred(week)
        while waiting and waiting[0][0] < begins:
            yield heappop(waiting)[-1]
        for place, act in enumerate(told):
            heappush(waiting, (act.occurred(week), turn, place, act.line(turn, week)))


class Told:
    """An act to be told again and again, laid out once: what stays as it is, and between it what is of each turn."""

    def __init__(self, act: Line, cases: set[str]) -> None:
        self._day = dt.date.fromisoformat(act["occurred_at"][:10])
        self._hour = _sortable(str(act["occurred_at"]))[10:]
        marked: Line = _marked(act, cases)
        marked["subject"] = {"kind": act["subject"]["kind"], "id": f"{_MARK}C{act['subject']['id']}{_MARK}"}
        marked.pop("id", None)
        marked.pop("recorded_at", None)
        parts = orjson.dumps(marked).decode().split(_MARK)
        self._fixed = parts[0::2]
        self._cases = [(place, one[1:]) for place, one in enumerate(parts[1::2]) if one[0] == "C"]
        self._days = [(place, dt.date.fromisoformat(one[1:])) for place, one in enumerate(parts[1::2]) if one[0] == "D"]

    def occurred(self, weeks: int) -> str:
        """Return when it occurs some weeks later, so that it can be sorted."""
        return (self._day + dt.timedelta(weeks=weeks)).isoformat() + self._hour

    def line(self, turn: int, weeks: int) -> bytes:
        """Return its line, in cases of that turn."""
        parts = [""] * (2 * len(self._fixed) - 1)
        parts[0::2] = self._fixed
        for place, case in self._cases:
            parts[2 * place + 1] = f"{case}-{turn}"
        later = dt.timedelta(weeks=weeks)
        for place, day in self._days:
            parts[2 * place + 1] = (day + later).isoformat()
        return "".join(parts).encode()


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


def _marked(value: Any, cases: set[str]) -> Any:  # noqa: ANN401  # a JSON value goes in and comes out
    """Put a mark before and after whatever differs each time it is told."""
    if isinstance(value, dict):
        return {key: _marked(inner, cases) for key, inner in value.items()}
    if isinstance(value, list):
        return [_marked(inner, cases) for inner in value]
    if isinstance(value, str) and value in cases:
        return f"{_MARK}C{value}{_MARK}"
    if isinstance(value, str) and DAY.match(value):
        return f"{_MARK}D{value[:10]}{_MARK}{value[10:]}"
    return value


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
