"""Group commit: many callers, one writer."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from events.ledger import group_commit
from events.ledger.errors import LedgerError
from events.ledger.group_commit import GroupCommit
from events.ledger.memory import MemoryLedger
from events.ledger.port import Outcome, Proposal, Recorded, Repeated
from events.sqlite.faults import disk_full
from tests.events.ledger.examples import NINE, XINZHOU, alone, receipts, refusal, sequences, withdrawn


def at_nine() -> dt.datetime:
    return NINE


class SlowLedger(MemoryLedger):
    """A ledger that waits before its first batch, so that callers gather; it counts the batches."""

    def __init__(self, go: Event) -> None:
        super().__init__()
        self._go = go
        self.batches: list[int] = []

    def record(self, proposals: Sequence[Proposal], now: dt.datetime) -> list[Outcome]:
        self._go.wait()
        self.batches.append(len(proposals))
        return super().record(proposals, now)


class FullLedger(MemoryLedger):
    """A ledger whose disk is full from the third fact on."""

    def record(self, proposals: Sequence[Proposal], now: dt.datetime) -> list[Outcome]:
        if self.head(XINZHOU).sequence == 2:
            raise disk_full(Path("ledger.sqlite"))
        return super().record(proposals, now)


def test_what_waits_is_recorded_together_and_in_order() -> None:
    go = Event()
    ledger = SlowLedger(go)
    with GroupCommit(ledger, at_nine, largest_batch=40) as commit:
        futures = [commit.submit(proposal) for proposal in alone(*(withdrawn(n) for n in range(100)))]
        go.set()
        outcomes = [future.result() for future in futures]
    assert sequences(outcomes) == list(range(1, 101))
    assert (sum(ledger.batches), max(ledger.batches)) == (100, 40)


def test_threads_get_each_their_own_outcome() -> None:
    ledger = MemoryLedger()
    with GroupCommit(ledger, at_nine) as commit, ThreadPoolExecutor(16) as callers:
        outcomes = list(callers.map(commit.record, alone(*(withdrawn(n) for n in range(200)))))
    given = {receipt.fact_id: receipt.sequence for outcome in outcomes for receipt in receipts(outcome)}
    assert given == {fact.id: fact.sequence for fact in ledger.read(XINZHOU)}
    assert sorted(given.values()) == list(range(1, 201))


def test_tasks_get_each_their_own_outcome() -> None:
    ledger = MemoryLedger()

    async def all_at_once() -> list[Outcome]:
        with GroupCommit(ledger, at_nine) as commit:
            return await asyncio.gather(*(commit.record_soon(each) for each in alone(*map(withdrawn, range(200)))))

    assert sequences(asyncio.run(all_at_once())) == list(range(1, 201))


def test_what_the_tasks_of_one_turn_hand_in_is_recorded_together_and_in_order() -> None:
    go = Event()
    go.set()
    ledger = SlowLedger(go)

    async def two_turns() -> list[Outcome]:
        with GroupCommit(ledger, at_nine) as commit:
            first = await asyncio.gather(*(commit.record_soon(each) for each in alone(*map(withdrawn, range(50)))))
            second = await asyncio.gather(*(commit.record_soon(each) for each in alone(*map(withdrawn, range(50, 80)))))
            return [*first, *second]

    assert sequences(asyncio.run(two_turns())) == list(range(1, 81))
    assert ledger.batches == [50, 30]


def test_a_task_and_a_thread_at_once_are_both_answered() -> None:
    with GroupCommit(MemoryLedger(), at_nine) as commit:

        async def both() -> list[Outcome]:
            proposals = alone(withdrawn(1), withdrawn(2))
            soon = asyncio.create_task(commit.record_soon(proposals[0]))
            return [await asyncio.to_thread(commit.record, proposals[1]), await soon]

        assert sorted(sequences(asyncio.run(both()))) == [1, 2]


def test_a_task_that_gave_up_does_not_stop_the_others() -> None:
    go = Event()
    ledger = SlowLedger(go)

    async def one_gives_up() -> Outcome:
        with GroupCommit(ledger, at_nine) as commit:
            first, second = (
                asyncio.create_task(commit.record_soon(each)) for each in alone(withdrawn(1), withdrawn(2))
            )
            await asyncio.sleep(0)
            first.cancel()
            go.set()
            return await second

    assert isinstance(asyncio.run(one_gives_up()), Recorded)


def test_a_clock_fact_keeps_its_place_between_the_proposals() -> None:
    ledger = MemoryLedger()
    with GroupCommit(ledger, at_nine) as commit:
        before = commit.submit(alone(withdrawn(1))[0])
        reached = [commit.record_clock(XINZHOU, NINE) for _ in range(2)]
        after = commit.record(alone(withdrawn(2))[0])
    assert [type(outcome) for outcome in reached] == [Recorded, Repeated]
    assert sequences([before.result(), *reached, after]) == [1, 2, 2, 3]


def test_a_refusal_reaches_its_caller_alone() -> None:
    with GroupCommit(MemoryLedger(), at_nine) as commit:
        futures = [commit.submit(proposal) for proposal in (Proposal(facts=()), *alone(withdrawn(1)))]
        refused, recorded = (future.result() for future in futures)
    assert (refusal(refused), sequences([recorded])) == ("ledger.empty_proposal", [1])


def test_one_who_comes_alone_after_many_is_answered_though_the_time_to_gather_is_over_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(group_commit, "LONGEST_GATHERING", 0.000_000_001)
    monkeypatch.setattr(group_commit, "monotonic", lambda: 0.0)
    with GroupCommit(MemoryLedger(), at_nine) as commit:
        for number in range(0, 9_000, 3):
            together = [commit.submit(each) for each in alone(withdrawn(number), withdrawn(number + 1))]
            last = [future.result(60) for future in together][-1]
            assert sequences([last, commit.submit(alone(withdrawn(number + 2))[0]).result(60)]) == [
                number + 2,
                number + 3,
            ]


def test_a_fault_of_the_ledger_reaches_every_caller_of_the_batch() -> None:
    with GroupCommit(FullLedger(), at_nine) as commit:
        for number in (1, 2):
            commit.record(alone(withdrawn(number))[0])
        for number in (3, 4):
            with pytest.raises(LedgerError) as caught:
                commit.record(alone(withdrawn(number))[0])
            assert caught.value.code == "ledger.disk_full"
        with pytest.raises(LedgerError):
            asyncio.run(commit.record_soon(alone(withdrawn(5))[0]))


def test_what_was_handed_in_is_recorded_before_it_closes_and_nothing_after() -> None:
    go = Event()
    ledger = SlowLedger(go)
    commit = GroupCommit(ledger, at_nine)
    futures = [commit.submit(proposal) for proposal in alone(*(withdrawn(n) for n in range(20)))]
    go.set()
    commit.close()
    assert sequences([future.result() for future in futures]) == list(range(1, 21))
    with pytest.raises(LedgerError) as caught:
        commit.submit(alone(withdrawn(21))[0])
    assert caught.value.code == "ledger.closed"


def test_each_batch_is_signalled_after_it_is_recorded() -> None:
    ledger = MemoryLedger()
    seen: list[int] = []
    with GroupCommit(ledger, at_nine, recorded=lambda: seen.append(ledger.head(XINZHOU).sequence)) as commit:
        for number in range(3):
            commit.record(alone(withdrawn(number))[0])
    assert seen == [1, 2, 3]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")  # the thread that ends is the case
def test_after_the_writer_thread_died_nobody_waits_for_ever() -> None:
    def faulty() -> None:
        raise ZeroDivisionError

    with GroupCommit(MemoryLedger(), at_nine, recorded=faulty) as commit:
        first, second = alone(withdrawn(1), withdrawn(2))
        assert isinstance(commit.record(first), Recorded)
        with pytest.raises(LedgerError, match=r"ledger\.closed"):
            commit.submit(second).result(timeout=30)
