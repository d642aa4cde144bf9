"""A day of queues, step by step: recorded by one database, relayed by one relay, worked on by workers.

What a worker judges it takes from the ledger; the relay only wakes it, and where the relay lags the worker looks by
itself. So the relay is a queue beside judging, not before it. Judging and feeding the views is one stage, as measured.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tests.bench.capacity.plan import OFFICE_CLOSES, OFFICE_OPENS, SECONDS_A_DAY, Load, Rates, Setup, shares
from tests.bench.capacity.queues import Queue, percentile, shared_out, waits

STEP: Final = 15
"""Seconds of a step: as long as a take-over; a minute would hide it."""


@dataclass(frozen=True, kw_only=True)
class Day:
    """What came of a day: per stage the facts done, the most that waited, and waits in seconds."""

    facts: int
    done: dict[str, int]
    left: dict[str, int]
    most_waiting: dict[str, int]
    longest_wait: dict[str, int]
    busy: dict[str, float]
    """The part of its capacity that each stage needs at the peak; of the workers the fullest."""
    alert_p99: float
    """Seconds from commit to alert, at most: the wait for the worker to look, and the queue."""
    recovered_after: int | None
    """Seconds from the killing until every fact is worked on in the step in which it comes; None without a killing."""


def simulate(load: Load, rates: Rates, setup: Setup, seed: int = 1) -> Day:
    """Play one day; the same seed gives the same day."""
    share = shares(load, setup.partitions, seed)
    recording, relaying = [Queue() for _ in share], Queue()
    working = [Queue() for _ in share]
    handed_in = [0.0] * setup.partitions
    for second in range(OFFICE_OPENS * 3_600, SECONDS_A_DAY, STEP):
        if second >= OFFICE_CLOSES * 3_600 and not _any_waiting([*recording, relaying, *working]):
            break
        coming = load.a_second(second // 3_600) * STEP
        for number, queue in enumerate(recording):
            handed_in[number] += coming * share[number]
            queue.take(int(handed_in[number] + 1e-6) - queue.came[-1])
        given = shared_out(rates.recorded * STEP, [one.waiting for one in recording])
        recorded = [queue.serve(capacity) for queue, capacity in zip(recording, given, strict=True)]
        relaying.take(sum(recorded))
        relaying.serve(rates.relayed * STEP)
        for queue, facts in zip(working, recorded, strict=True):
            queue.take(facts)
        _work(working, rates, setup, second)
    facts = sum(queue.came[-1] for queue in recording)
    stages = {"recorded": recording, "relayed": [relaying], "worked": working}
    waited = {name: [one for queue in queues for one in waits(queue, STEP)] for name, queues in stages.items()}
    return Day(
        facts=facts,
        done={name: sum(queue.served[-1] for queue in queues) for name, queues in stages.items()},
        left={name: sum(queue.waiting for queue in queues) for name, queues in stages.items()},
        most_waiting={name: _most_waiting(queues) for name, queues in stages.items()},
        longest_wait={name: max((seconds for seconds, _ in found), default=0) for name, found in waited.items()},
        busy=_busy(load, rates, setup, share),
        alert_p99=rates.wake + percentile(waited["worked"], 0.99),
        recovered_after=_recovered(working, setup),
    )


def workers_of(setup: Setup, second: int) -> list[list[int]]:
    """Return the partitions of each worker that is alive: shared out in turn, as Kafka's assignors come to."""
    alive = setup.workers - (setup.killed_at is not None and second >= setup.killed_at)
    return [list(range(worker, setup.partitions, alive)) for worker in range(alive)]


def _work(working: list[Queue], rates: Rates, setup: Setup, second: int) -> None:
    """Let every worker that is alive do what it can; partitions of a dead one wait until they are taken over."""
    killed = setup.killed_at
    in_take_over = killed is not None and killed <= second < killed + rates.take_over
    workers = workers_of(setup, killed - 1 if in_take_over and killed is not None else second)
    paused = min(STEP, rates.pause) if second == killed else 0.0
    for number, own in enumerate(workers):
        dead = in_take_over and number == len(workers) - 1
        capacity = 0.0 if dead else (STEP - paused) * rates.worked
        for one, given in zip(own, shared_out(capacity, [working[one].waiting for one in own]), strict=True):
            working[one].serve(given)


def _any_waiting(queues: list[Queue]) -> bool:
    return any(queue.waiting for queue in queues)


def _busy(load: Load, rates: Rates, setup: Setup, share: list[float]) -> dict[str, float]:
    at_peak = load.a_second(load.peak_hour)
    fullest = max(sum(share[one] for one in own) for own in workers_of(setup, 0))
    return {
        "recorded": at_peak / rates.recorded,
        "relayed": at_peak / rates.relayed,
        "worked": at_peak * fullest / rates.worked,
    }


def _most_waiting(queues: list[Queue]) -> int:
    ends = range(len(queues[0].came))
    return max(sum(queue.came[end] - queue.served[end] for queue in queues) for end in ends)


def _recovered(working: list[Queue], setup: Setup) -> int | None:
    """Return when the last step after the killing was over in which a fact came that had to wait."""
    if setup.killed_at is None:
        return None
    killed, last = (setup.killed_at - OFFICE_OPENS * 3_600) // STEP, 0
    for queue in working:
        later = killed
        for now in range(killed + 1, len(queue.came)):
            later = max(later, now)
            while later < len(queue.served) - 1 and queue.served[later] < queue.came[now]:
                later += 1
            if later > now:
                last = max(last, later - killed)  # the step of the killing has number killed + 1
    return last * STEP
