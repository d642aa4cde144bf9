"""What a replay finds is what the watch finds that took the same facts, over invented histories of every district."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import cache
from random import Random

import pytest

from events.fact import AnyFact, case_key
from events.ledger.port import Ledger
from events.moment import Moment, end_of, instant_of
from events.parsing import History
from projections.findings import finding_of
from projections.replay.as_of import AsOf
from projections.replay.case_standing import stands
from projections.replay.knowledge import Knowledge, ReadIndex
from projections.watch.watch import Watch
from rulebooks.calendar.national_calendar import national_calendar
from services.checking import Clocks
from services.replay.whole_play import WholePlay
from services.simulation.districts import DISTRICTS
from services.simulation.planning import plan
from services.simulation.writing import history_text
from tests.services.replay.replay_scene import basis, recorded

Row = tuple[object, ...]
DAYS_ASKED = 2
SHOWN = frozenset({"open", "paused", "forecast", "violated", "waived", "not_determinable", "satisfied"})


@cache
def lived(district: str, seed: int) -> tuple[Sequence[AnyFact], Ledger]:
    """Return an invented history, some of it recorded days later, and the ledger that holds it."""
    year = plan(DISTRICTS[district], 70, seed, 6)
    facts = list(History(history_text(district, year).encode().splitlines()))
    ledger = recorded(facts)
    return ledger.read(district, 0, len(facts)), ledger


def watched(district: str, facts: Sequence[AnyFact], hour: int) -> Watch:
    """Return a watch that took facts, with each due moment up to an hour."""
    watch = Watch(basis(district).by.rules, national_calendar())
    for fact in facts:
        watch.take(fact)
    Clocks(watch, district).strike_through(hour)
    return watch


def rows(watch: Watch, case: str | None = None) -> set[Row]:
    """Return how everything stands that is shown."""
    roster = watch.world.roster
    shown = ((rule, one) for rule, one in watch.standing() if one.state in SHOWN)
    if case is None:
        return {row(finding_of(rule, one, roster)) for rule, one in shown}
    return {row(finding_of(rule, one, roster)) for rule, one in shown if one.subject == case and rule.tally is None}


def row(one: object) -> Row:
    return tuple(getattr(one, name) for name in ("rule", "outcome", "subject", "party", "period", "due_at", "facts"))


@pytest.mark.parametrize("district", sorted(DISTRICTS))
def test_a_case_stands_on_any_day_as_the_watch_says_that_took_the_facts_known_or_true_then(district: str) -> None:
    facts, ledger = lived(district, 1)
    choice = Random(district)
    index = ReadIndex()
    for fact in facts:
        index.take(fact)
    cases = sorted({case_key(one.subject) for one in facts if one.subject.kind not in {"unit", "person"}})
    days = sorted({one.occurred_at.day for one in facts})
    for axis in ("known", "true"):
        for day in choice.sample(days, DAYS_ASKED):
            hour = end_of(day)
            as_of = as_of_day(facts, day, axis)
            watch = watched(district, [one for one in facts if as_of.counts(one)], hour)
            for case in choice.sample(cases, 30):
                found = stands(Knowledge(ledger, district, index), basis(district).by, case, as_of)
                roster = found.world.roster
                assert {row(finding_of(rule, one, roster)) for rule, one in found.judged if rule.tally is None} == rows(
                    watch, case
                ), f"{case} {axis} {day}"


@pytest.mark.parametrize("district", sorted(DISTRICTS))
def test_a_whole_district_stands_as_the_watch_says_in_memory_or_on_a_shelf(
    district: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts, ledger = lived(district, 2)
    day = Random(district).choice(sorted({one.occurred_at.day for one in facts})[-20:])
    as_of = as_of_day(facts, day, "known")
    expected = rows(watched(district, [one for one in facts if as_of.counts(one)], end_of(day)))
    for most in (10**6, 0):
        monkeypatch.setattr("services.replay.whole_play.HELD_WHOLE", most)
        monkeypatch.setattr("services.replay.whole_play.MOST_CASES", 50)
        played = WholePlay(ledger, district, basis(district).by, as_of, satisfied=True).play()
        roster = played.watch.world.roster
        assert {row(finding_of(rule, one, roster)) for rule, one in played.judged} == expected


def as_of_day(facts: Sequence[AnyFact], day: dt.date, axis: str) -> AsOf:
    """Return what counts as known, or as true, at the end of a day."""
    hour = Moment.on(day).latest
    if axis == "true":
        return AsOf(facts[-1].sequence, hour, hour)
    return AsOf(max((one.sequence for one in facts if instant_of(one.recorded_at) <= hour), default=0), hour)
