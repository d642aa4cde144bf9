"""A watch that is saved, let go of, stopped and brought back stands as one that never stopped, and alerts alike."""

from __future__ import annotations

import datetime as dt
from contextlib import closing
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.fact import AnyFact
from events.ledger.memory import MemoryLedger
from events.ledger.port import Proposal
from events.moment import datetime_of
from projections.alerts.book import AlertBook
from projections.saved.saved_shelf import SavedShelf
from projections.watch.shelf import Kept
from projections.watch.watch import Watch
from services.watching.district_watch import DistrictWatch
from services.watching.surroundings import Surroundings
from tests.projections.kept import Places
from tests.projections.playing import Direct, districts, end_of_time, history, judging, shuffled

STATES = ("open", "paused", "forecast", "satisfied", "violated", "waived", "not_determinable")
"""All but waiting: what waits for its record is nothing to anybody yet, and is asked more often when brought back."""
Life = list[tuple[str, str, object]]


def life_of(facts: list[AnyFact]) -> Life:
    """Return what identifies and makes up each alert fact."""
    return [(str(fact.id), fact.type, fact.data) for fact in facts]


def from_scratch(district: str, facts: list[AnyFact]) -> tuple[set[Kept], Life]:
    """Take a whole ledger in memory: how everything stands, and the alert facts that come of it."""
    by = judging(district)
    watch = Watch(by.rules, by.calendar)
    book = AlertBook(district, by.by, struck=watch.struck)
    life = [one for fact in facts for one in book.follow(fact, watch.take(fact), watch.world)]
    return {one for rows in watch.save().standing.values() for one in rows if one.state in STATES}, life_of(life)


def everything_in(ledger: MemoryLedger, district: str) -> list[AnyFact]:
    return ledger.read(district, 0, 1_000_000)


@pytest.mark.parametrize("district", districts())
@settings(max_examples=12)
@given(seed=st.integers(0, 2**32))
def test_saved_and_brought_back_is_as_never_stopped_and_replay_is_as_live(
    folders: Places, district: str, seed: int
) -> None:
    as_never_stopped(folders, district, seed)


@settings(max_examples=3)
@given(district=st.sampled_from(districts()), seed=st.integers(0, 2**32))
def test_saved_in_postgres_and_brought_back_is_as_never_stopped(database: Places, district: str, seed: int) -> None:
    as_never_stopped(database, district, seed)


def as_never_stopped(places: Places, district: str, seed: int) -> None:
    choice = Random(seed)
    facts = shuffled(history(district, choice), choice)
    ledger = MemoryLedger()
    direct = Direct(ledger, dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    with places.anew() as place, closing(place.watch()) as views:
        surroundings = Surroundings(ledger, direct, views, direct.clock)
        watch = DistrictWatch(district, judging(district), surroundings, most_cases=1)
        for fact in facts:
            ledger.record([Proposal(facts=(fact,))], direct.now)
            direct.now = max(direct.now, datetime_of(fact.occurred_at.latest))
            for _ in range(choice.choice([0, 0, 0, 1, 2, 5])):
                watch.advance()
            if choice.randrange(10) == 0:
                watch = DistrictWatch(district, judging(district), surroundings, most_cases=1)
        direct.now = datetime_of(end_of_time(facts))
        watch.catch_up()
        saved = set(SavedShelf(views, ledger, district).judgements(*STATES))
    recorded = everything_in(ledger, district)
    standing, life = from_scratch(district, recorded)
    assert saved == standing
    assert sorted(life_of([fact for fact in recorded if fact.origin == "watch"]), key=str) == sorted(life, key=str)
