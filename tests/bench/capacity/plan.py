"""What the capacity model is given: the load of a working day, measured rates, and what is set up."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

from services.messages.partitions import partition_of

SECONDS_A_DAY: Final = 86_400
OFFICE_OPENS: Final = 8
OFFICE_CLOSES: Final = 18


@dataclass(frozen=True, kw_only=True)
class Load:
    """How much is recorded; all of it in office hours, one hour of which has `peak_times` the mean of 24 hours."""

    districts: int = 3_000
    facts_a_day: int = 2_000
    """Of a district on average, alert facts and clock facts among them."""
    peak_hour: int = 10
    peak_times: float = 10.0
    spread: float = 0.5
    """The standard deviation of the logarithm of a district's size: with 0.5 one in twenty is over twice the median."""

    @property
    def facts(self) -> int:
        """Return the facts of all districts in a day."""
        return self.districts * self.facts_a_day

    def a_second(self, hour: int) -> float:
        """Return how many facts a second are handed in within an hour of the day."""
        if not OFFICE_OPENS <= hour < OFFICE_CLOSES:
            return 0.0
        at_peak = min(self.peak_times * self.facts / SECONDS_A_DAY, self.facts / 3_600)
        if hour == self.peak_hour:
            return at_peak
        return (self.facts / 3_600 - at_peak) / (OFFICE_CLOSES - OFFICE_OPENS - 1)


@dataclass(frozen=True, kw_only=True)
class Rates:
    """Facts a second of one program, and what interrupts it, in seconds."""

    recorded: float
    """Of the one database, by all API processes."""
    relayed: float
    worked: float
    """Judged and fed into all views by one worker, as it does both for each piece of a district."""
    take_over: float
    """From the death of a worker until others have its partitions."""
    pause: float
    """How long the other partitions stand still meanwhile."""
    wake: float
    """The longest until a worker looks at the ledger though no message came."""

    def times(self, factor: float) -> Rates:
        """Return the rates of a machine that is so many times as fast; waiting times are settings and stay."""
        return Rates(
            recorded=self.recorded * factor,
            relayed=self.relayed * factor,
            worked=self.worked * factor,
            take_over=self.take_over,
            pause=self.pause,
            wake=self.wake,
        )


@dataclass(frozen=True, kw_only=True)
class Setup:
    """How many partitions and workers there are, and when one worker is killed, in seconds of the day."""

    partitions: int = 96
    workers: int = 8
    killed_at: int | None = None


def shares(load: Load, partitions: int, seed: int) -> list[float]:
    """Return the part of all facts that is in each partition: districts of uneven size, by Kafka's partitioner."""
    choice = Random(seed)
    sizes = [choice.lognormvariate(0.0, load.spread) for _ in range(load.districts)]
    found = [0.0] * partitions
    for number, size in enumerate(sizes):
        found[partition_of(f"district-{number:04}", partitions)] += size
    return [one / sum(sizes) for one in found]
