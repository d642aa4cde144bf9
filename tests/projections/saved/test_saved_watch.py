"""A watch that is saved, let go of, stopped and brought back stands as one that never stopped, and alerts alike."""

from __future__ import annotations

import datetime as dt
from contextlib import closing
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from events.fact import AnyFact, case_key
from events.ledger.memory import MemoryLedger
from events.ledger.port import Proposal
from events.moment import MICROSECONDS_A_DAY, datetime_of
from projections.alerts.book import AlertBook
from projections.saved.saved_shelf import SavedShelf
from projections.watch import past
from projections.watch.background import ROSTER_KINDS
from projections.watch.shelf import Kept
from projections.watch.watch import Watch
from services.watching.district_watch import DistrictWatch
from services.watching.surroundings import Surroundings
from tests.projections.kept import Places
from tests.projections.playing import Direct, districts, end_of_time, history, judging, shuffled
from tests.projections.views.test_any_batches import demonstration, with_corrections
from tests.rulebooks.kinds.histories import fact

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
    drawn = demonstration(district)[:120] if choice.random() < 0.3 else shuffled(history(district, choice), choice)
    facts = with_corrections(drawn, district, choice) if choice.random() < 0.5 else drawn
    with pytest.MonkeyPatch.context() as patch:
        if seed % 2:  # As if what ended some days ago were over, so that it is let go of and asked for again.
            patch.setattr(past, "LONGEST_PERIOD", seed % 5 * MICROSECONDS_A_DAY)
            patch.setattr(past, "SELDOM", 0)
        live_and_compare(places, district, facts, choice)


def live_and_compare(
    places: Places, district: str, facts: list[AnyFact], choice: Random, *, behind: bool = True
) -> set[Kept]:
    """Watch facts as they are recorded, stopping now and then; return what was saved, which is as never stopped.

    The watch may be some facts `behind`, or catches up with each.
    """
    ledger = MemoryLedger()
    direct = Direct(ledger, dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    with places.anew() as place, closing(place.watch()) as views:
        surroundings = Surroundings(ledger, direct, views, direct.clock)
        watch = DistrictWatch(district, judging(district), surroundings, most_cases=1)
        for fact in facts:
            ledger.record([Proposal(facts=(fact,))], direct.now)
            direct.now = max(direct.now, datetime_of(fact.occurred_at.latest))
            if not behind:
                watch.catch_up()
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
    assert sorted(life_of([one for one in recorded if one.origin == "watch"]), key=str) == sorted(life, key=str)
    return saved


def test_a_paper_printed_without_consent_is_found_when_the_consent_is_annulled_long_after(folders: Places) -> None:
    # Its case is no longer held in memory then, and only the annulled fact itself says what it was about.
    cases = {"meeting/zw-1", "approval/print-zw-1"}
    facts = [
        one for one in demonstration("yuanzhou") if one.subject.kind in ROSTER_KINDS or case_key(one.subject) in cases
    ]
    facts.sort(key=lambda one: one.occurred_at.latest)
    consent = next(one for one in facts if one.subject.id == "print-zw-1")
    wrong = fact("record.annulled", "correction/c-1", "2027-01-02", wrong=str(consent.id), reason="误录")
    for corrections, state in (([], "satisfied"), ([replace(wrong, district="yuanzhou")], "violated")):
        saved = live_and_compare(folders, "yuanzhou", [*facts, *corrections], Random(1))
        assert [one.state for one in saved if one.rule == "yuanzhou/19.1-print"] == [state]
