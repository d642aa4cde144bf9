"""For how long facts wait: since they were recorded, also where a history brings recording times of its own."""

from __future__ import annotations

import datetime as dt

import pytest

from events.ledger.memory import MemoryLedger
from events.ledger.port import Proposal
from services import backlog as module
from services.backlog import NO_LAG, Backlog, Lag
from tests.services.watching.scene import XINZHOU, asked

NOON = dt.datetime(2026, 9, 28, 12, tzinfo=dt.timezone(dt.timedelta(hours=8)))
LONG_AGO = dt.datetime(2019, 3, 1, 9, tzinfo=NOON.tzinfo)


def after(seconds: float) -> dt.datetime:
    return NOON + dt.timedelta(seconds=seconds)


def record(ledger: MemoryLedger, case: str, recorded_at: dt.datetime) -> None:
    ledger.record([Proposal(facts=(asked(f"countersign/{case}", "2019-02-28"),))], recorded_at)


@pytest.fixture
def ledger() -> MemoryLedger:
    return MemoryLedger()


def test_a_fact_waits_since_it_was_recorded_however_late_one_looks(ledger: MemoryLedger) -> None:
    backlog = Backlog(NOON)
    record(ledger, "a", after(10))
    assert backlog.behind(ledger, XINZHOU, 0, after(3_600)) == Lag(1, 3_590.0)


def test_a_history_of_years_ago_waits_since_the_ledger_was_looked_at_without_it(ledger: MemoryLedger) -> None:
    backlog = Backlog(NOON)
    assert backlog.behind(ledger, XINZHOU, 0, after(30)) == NO_LAG
    record(ledger, "a", LONG_AGO)
    record(ledger, "b", LONG_AGO)
    assert backlog.behind(ledger, XINZHOU, 0, after(40)) == Lag(2, 10.0)
    record(ledger, "c", LONG_AGO)
    assert backlog.behind(ledger, XINZHOU, 0, after(50)) == Lag(3, 20.0)
    assert backlog.behind(ledger, XINZHOU, 2, after(60)) == Lag(1, 20.0)
    assert backlog.behind(ledger, XINZHOU, 3, after(70)) == NO_LAG


def test_the_first_facts_of_a_district_wait_since_the_ledger_was_looked_at_without_that_district(
    ledger: MemoryLedger,
) -> None:
    backlog = Backlog(NOON)
    assert backlog.look(ledger, after(3_600)) == []
    record(ledger, "a", LONG_AGO)
    assert backlog.look(ledger, after(3_610)) == [XINZHOU]
    assert backlog.behind(ledger, XINZHOU, 0, after(3_615)) == Lag(1, 15.0)


def test_what_was_there_before_the_process_waits_since_it_began(ledger: MemoryLedger) -> None:
    record(ledger, "a", LONG_AGO)
    assert Backlog(NOON).behind(ledger, XINZHOU, 0, after(5)) == Lag(1, 5.0)


def test_a_clock_that_was_set_back_makes_no_wait_negative(ledger: MemoryLedger) -> None:
    record(ledger, "a", after(100))
    assert Backlog(NOON).behind(ledger, XINZHOU, 0, after(50)) == Lag(1, 0.0)


def test_what_has_taken_more_than_there_is_waits_for_nothing(ledger: MemoryLedger) -> None:
    assert Backlog(NOON).behind(ledger, XINZHOU, 7, after(5)) == NO_LAG


def test_many_looks_are_forgotten_so_that_a_fact_counts_as_older_and_never_as_younger(
    ledger: MemoryLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_LOOKS", 8)
    backlog = Backlog(NOON)
    waited: list[float] = []
    exact: list[float] = []
    for number in range(100):
        record(ledger, f"c{number}", LONG_AGO)
        waited = [backlog.behind(ledger, XINZHOU, position, after(number + 1)).seconds for position in range(number)]
        exact = [float(number + 1 - position) for position in range(number)]
        assert all(one >= least for one, least in zip(waited, exact, strict=True))
        assert waited == sorted(waited, reverse=True)
    assert waited != exact
