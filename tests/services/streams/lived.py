"""A simulated month of some districts, lived day by day: by the embedded system, and again by whoever records it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import orjson

from events.alert import AlertDueMoved, AlertRaised, AlertReopened, AlertWithdrawn
from events.fact import AnyFact
from events.ledger.port import Ledger, LedgerReader, Proposal, Recorded
from events.moment import TIME_ZONE
from events.parsing import Defaults, History
from services.serving import open_service
from services.settings.service import settings_from
from services.simulation.districts import DISTRICTS
from services.simulation.planning import Year, plan
from services.simulation.writing import history_text, truth_text

Row = tuple[object, object, object, object]


class Step(NamedTuple):
    """A day: when, at its last moment, all of it is recorded at once, and how far each district is before and after."""

    at: dt.datetime
    facts: tuple[AnyFact, ...]
    before: dict[str, int]
    after: dict[str, int]


def month(district: str, seed: int, breaches: int, days: int = 31) -> Year:
    """Plan a month."""
    return plan(DISTRICTS[district], days, seed, breaches)


def facts_of(district: str, year: Year) -> list[AnyFact]:
    """Return what people record in it, in order."""
    return list(History(history_text(district, year).encode().splitlines(), Defaults(district=district)))


def injected(year: Year) -> set[Row]:
    """Return the breaches put into it: article, subject, party and due moment."""
    rows = [orjson.loads(line) for line in truth_text(year).splitlines()]
    return {(row["article"], row["subject"], row["party"], row["due_at"]) for row in rows}


def standing(facts: Iterable[AnyFact]) -> set[Row]:
    """Return the violations that alerts say there were and that were not withdrawn."""
    alerts: dict[UUID, AlertRaised] = {}
    due: dict[UUID, object] = {}
    gone: set[UUID] = set()
    for fact in facts:
        if fact.subject.kind != "alert":
            continue
        name = UUID(fact.subject.id)
        match fact.data:
            case AlertRaised(finding="violated"):
                alerts[name] = fact.data
                due[name] = fact.data.due_at or None
                gone.discard(name)
            case AlertDueMoved():
                due[name] = fact.data.due_at or None
            case AlertWithdrawn():
                gone.add(name)
            case AlertReopened():
                gone.discard(name)
            case _:
                pass
    return {
        (one.article, one.about, one.party or None, None if due[name] is None else str(due[name]))
        for name, one in alerts.items()
        if name not in gone
    }


def all_facts(reader: LedgerReader, district: str) -> list[AnyFact]:
    """Return every fact of a district."""
    found: list[AnyFact] = []
    while page := reader.read(district, len(found)):
        found += page
    return found


def live_embedded(folder: Path, facts: Sequence[AnyFact], end: dt.date) -> tuple[list[Step], dict[str, list[AnyFact]]]:
    """Live the facts in the embedded system; return how it went day by day, and the ledger of each district."""
    now = [facts[0].recorded_at]
    districts = sorted({one.district for one in facts})
    steps: list[Step] = []
    with open_service(settings_from({"TAIZHANG_DATA": str(folder)}), lambda: now[0]) as service:

        def heads() -> dict[str, int]:
            service.watching.catch_up()
            return {district: service.reader.head(district).sequence for district in districts}

        for at, day in days_of(facts, end):
            now[0] = at
            before = heads()
            record(service.ledger, day)
            steps.append(Step(at, day, before, heads()))
        return steps, {district: all_facts(service.reader, district) for district in districts}


def record(ledger: Ledger, day: Sequence[AnyFact]) -> None:
    """Record what people record on a day in one transaction, so that nothing comes between."""
    if day:
        outcomes = ledger.record(
            [Proposal(facts=(fact,), recorded_at=fact.recorded_at) for fact in day], day[-1].recorded_at
        )
        assert all(isinstance(one, Recorded) for one in outcomes), outcomes


def days_of(facts: Sequence[AnyFact], end: dt.date) -> list[tuple[dt.datetime, tuple[AnyFact, ...]]]:
    """Return the facts by the day on which they are recorded, at its last moment, and the morning after the end."""
    ordered = sorted(facts, key=lambda fact: fact.recorded_at)
    days = [(day, tuple(group)) for day, group in groupby(ordered, key=lambda fact: fact.recorded_at.date())]
    last = dt.datetime.combine(end + dt.timedelta(days=1), dt.time(), TIME_ZONE)
    return [(group[-1].recorded_at, group) for _, group in days] + [(last, ())]
