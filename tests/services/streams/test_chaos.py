"""kill -9 of any part while a month with breaches is recorded: nothing acknowledged is lost, no alert twice or missing.

TAIZHANG_ROUNDS says how often: a few by default, 6 from 15 on (`make test`), 30 from 100 on (`make drill`); the seed is
printed.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import sys
from pathlib import Path
from time import sleep

import pytest

from events.fact import AnyFact
from events.moment import TIME_ZONE
from events.postgres.reader import open_postgres_reader
from projections.alerts.book import AlertBook
from projections.watch.watch import Watch
from tests.projections.playing import judging
from tests.services.streams.chaos import PARTS, SERVERS, Province, Spoken, province, token_for
from tests.services.streams.lived import all_facts, facts_of, injected, month, standing
from tests.services.streams.system import wait_until

GIVEN = int(os.environ.get("TAIZHANG_ROUNDS", "3"))
ROUNDS = 30 if GIVEN >= 100 else 6 if GIVEN >= 15 else 2
SECONDS_A_ROUND = 8.0
DISTRICTS = ("huancui", "xinzhou")
BREACHES = 8


def alerts_from_scratch(district: str, facts: list[AnyFact]) -> list[str]:
    """Return the ids of the alert facts that come of a ledger judged by the embedded system from its first fact on."""
    by = judging(district)
    watch = Watch(by.rules, by.calendar)
    book = AlertBook(district, by.by, struck=watch.struck)
    return [str(one.id) for fact in facts for one in book.follow(fact, watch.take(fact), watch.world)]


def live_through(whole: Province, spoken: list[Spoken], choice: random.Random, token: str) -> set[str]:
    """Record the month while parts are killed; return the ids that were acknowledged."""
    kills = set(choice.sample(range(len(spoken)), ROUNDS))
    pause = SECONDS_A_ROUND * ROUNDS / len(spoken)
    acknowledged: set[str] = set()
    for number, one in enumerate(spoken):
        whole.set_clock(one.fact.recorded_at)
        if number in kills:
            part = choice.choice((*PARTS, *SERVERS))
            sys.stdout.write(f"{one.fact.recorded_at:%m-%d} kill -9 {part}\n")
            if choice.random() < 0.5:
                whole.settle()
            whole.kill(part, choice.uniform(0, 2))
        acknowledged.add(whole.record(one, token))
        sleep(choice.uniform(0, 2 * pause))
    return acknowledged


@pytest.mark.timeout(3_600)
def test_whatever_is_killed_nothing_is_lost_repeated_or_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seed = os.environ.get("TAIZHANG_SEED") or str(random.randrange(10**9))
    sys.stdout.write(f"TAIZHANG_SEED={seed} TAIZHANG_ROUNDS={GIVEN}\n")
    choice = random.Random(seed)
    years = {one: month(one, choice.randrange(100), BREACHES) for one in DISTRICTS}
    spoken = [
        Spoken(told, fact)
        for district, year in years.items()
        for told, fact in zip(year.told, facts_of(district, year), strict=True)
    ]
    spoken.sort(key=lambda one: one.fact.recorded_at)
    first, last = spoken[0].fact.recorded_at, max(year.last_day for year in years.values())
    with province(tmp_path, first, monkeypatch.setenv) as whole:
        whole.settle()
        token = token_for(tmp_path, frozenset(DISTRICTS), first)
        acknowledged = live_through(whole, spoken, choice, token)
        whole.settle()
        whole.set_clock(dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), TIME_ZONE))
        with open_postgres_reader(os.environ["TAIZHANG_DATABASE"]) as reader:
            truth = {one: injected(year) for one, year in years.items()}
            wait_until(
                lambda: {one: standing(all_facts(reader, one)) for one in DISTRICTS} == truth,
                "the alerts are those of the breaches put in",
                120,
                1.0,
            )
            sleep(5)
            ledgers = {one: all_facts(reader, one) for one in DISTRICTS}
            verified = {one: reader.verify(one).reason for one in DISTRICTS}
    for district, facts in ledgers.items():
        recorded = [str(fact.id) for fact in facts if fact.origin == "watch"]
        assert (standing(facts), verified[district]) == (truth[district], None)
        assert recorded == sorted(set(recorded), key=recorded.index)
        assert sorted(recorded) == sorted(alerts_from_scratch(district, facts))
    ids = [str(fact.id) for facts in ledgers.values() for fact in facts if fact.origin not in {"watch", "clock"}]
    assert sorted(ids) == sorted(str(one.fact.id) for one in spoken)
    assert acknowledged == set(ids)
