"""Long histories for measuring: a district's demonstration again and again, with other cases, a week later."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from hashlib import blake2b
from heapq import heappop, heappush
from itertools import count, islice
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import msgspec
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
GIVEN: Final = f"{_MARK}G{_MARK}"
"""Stands where something is given each time."""
as_sorted: Final = msgspec.json.Encoder(order="sorted").encode
"""Writes an object as the ledger does, with keys in order."""

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
    history = EndlessHistory(district)
    yield from history.opening
    yield from (act.line(turn, week) for act, turn, week in history.in_order())


class EndlessHistory:
    """The demonstration of a district again and again; `opening` are the lines that are told once, before others."""

    def __init__(self, district: str) -> None:
        lines = [orjson.loads(line) for line in (SAMPLES / district / "demonstration.jsonl").read_bytes().splitlines()]
        settings, stories = lines[0], [line for line in lines if "type" in line]
        acts = [line for line in stories if line["subject"]["kind"] not in BACKGROUND]
        acts.sort(key=lambda act: _sortable(str(act["occurred_at"])))
        cases = {f"{act['subject']['kind']}/{act['subject']['id']}" for act in acts}
        self.district: str = settings.get("district", district)
        self.opening = [orjson.dumps({"district": self.district})]
        self.opening += [orjson.dumps(line) for line in stories if line["subject"]["kind"] in BACKGROUND]
        self.every = [Told(act, cases) for act in acts]
        self._often = [one for one in self.every if one.kind not in OF_LEADERS]

    def in_order(self) -> Iterator[tuple[Told, int, int]]:
        """Yield without end which act is told next, in cases of which turn, how many weeks later."""
        papers = len(self._often)
        waiting: list[tuple[str, int, int, int, Told]] = []
        for turn in count():
            week, before = turn * papers // FACTS_A_WEEK, (turn - 1) * papers // FACTS_A_WEEK
            told = self.every if week != before else self._often
            begins = told[0].occurred(week)
            while waiting and waiting[0][0] < begins:
                _, its_turn, _, its_week, act = heappop(waiting)
                yield act, its_turn, its_week
            for place, act in enumerate(told):
                heappush(waiting, (act.occurred(week), turn, place, week, act))


class Told:
    """An act to be told again and again: what stays as it is laid out once, and between it what is of each turn."""

    def __init__(self, act: Line, cases: set[str]) -> None:
        self.act, self.cases = act, cases
        self.kind: str = act["subject"]["kind"]
        self._day = dt.date.fromisoformat(act["occurred_at"][:10])
        self._hour: str = act["occurred_at"][10:]
        self._ends = _sortable(str(act["occurred_at"]))[10:]
        told = {name: value for name, value in act.items() if name != "recorded_at"}
        self._layout = Layout(as_sorted(marked({**told, "id": GIVEN}, cases)))
        self._name = orjson.dumps(act)

    def occurred_at(self, weeks: int) -> str:
        """Return when it occurs some weeks later."""
        return (self._day + dt.timedelta(weeks=weeks)).isoformat() + self._hour

    def occurred(self, weeks: int) -> str:
        """Return the same so that it can be sorted."""
        return (self._day + dt.timedelta(weeks=weeks)).isoformat() + self._ends

    def line(self, turn: int, weeks: int) -> bytes:
        """Return its line, in cases of that turn."""
        return self._layout.printed(turn, weeks, str(self.id_of(turn)).encode())

    def id_of(self, turn: int) -> UUID:
        """Return the id of the fact of that turn, as scattered as ids are."""
        return UUID(bytes=blake2b(b"%d %b" % (turn, self._name), digest_size=16).digest())


class Layout:
    """A text with marks: a case gets its turn, a day goes on by weeks, and the rest is given each time."""

    def __init__(self, text: bytes) -> None:
        self._parts = text.split(_MARK.encode())
        between = [one.decode() for one in self._parts[1::2]]
        self._cases = [(2 * place + 1, one[1:].encode()) for place, one in enumerate(between) if one[0] == "C"]
        self._days = [
            (2 * place + 1, dt.date.fromisoformat(one[1:])) for place, one in enumerate(between) if one[0] == "D"
        ]
        self._given = [2 * place + 1 for place, one in enumerate(between) if one[0] == "G"]
        self._weeks = -1

    def printed(self, turn: int, weeks: int, *given: bytes) -> bytes:
        """Return the text, in cases of that turn; what is given is in the order of its marks."""
        parts = self._parts
        if weeks != self._weeks:
            later = dt.timedelta(weeks=weeks)
            for place, day in self._days:
                parts[place] = (day + later).isoformat().encode()
            self._weeks = weeks
        for place, case in self._cases:
            parts[place] = b"%b-%d" % (case, turn)
        for place, one in zip(self._given, given, strict=True):
            parts[place] = one
        return b"".join(parts)


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


def marked(told: Line, cases: set[str]) -> Line:
    """Put marks around whatever differs each time an act is told."""
    made: Line = _marked(told, cases)
    made["subject"] = {"kind": told["subject"]["kind"], "id": f"{_MARK}C{told['subject']['id']}{_MARK}"}
    return made


def _marked(value: Any, cases: set[str]) -> Any:  # noqa: ANN401  # a JSON value goes in and comes out
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
