"""Whether a long run stayed flat: the later half of its samples beside the earlier half, with a tolerance for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from types import MappingProxyType
from typing import Final, NamedTuple

WARMING_UP: Final = 0.1
"""The first part of a run, in which rulebooks are read and caches fill, is not looked at."""
FEWEST: Final = 8
"""Samples without which nothing can be said."""


class Sample(NamedTuple):
    """What a service held at a moment, and how its requests went since the sample before, in milliseconds."""

    seconds: float
    memory_mb: float
    handles: int
    threads: int
    waits: Mapping[str, Sequence[float]]


class Tolerance(NamedTuple):
    """The later half may be so many times the earlier one, and so much more."""

    times: float
    more: float

    def allows(self, earlier: float, later: float) -> bool:
        """Tell whether a value stayed within it."""
        return later <= earlier * self.times + self.more


MEMORY: Final = Tolerance(1.15, 24.0)
"""Megabytes: what a watch holds grows with the cases that are open, of which a year has some thousands."""
HANDLES: Final = Tolerance(1.0, 6.0)
THREADS: Final = Tolerance(1.0, 4.0)
HALF: Final = Tolerance(1.5, 20.0)
NEARLY_ALL: Final = Tolerance(2.0, 100.0)
"""Milliseconds that half, and nineteen in twenty, of the requests of one sort took at most."""


class Finding(NamedTuple):
    """One thing compared: the earlier half, the later half, and whether it is flat."""

    what: str
    earlier: float
    later: float
    is_flat: bool


def compared(samples: Sequence[Sample]) -> list[Finding]:
    """Compare the halves of a run; raise ValueError when there are too few samples to say anything."""
    looked_at = samples[int(len(samples) * WARMING_UP) :]
    if len(looked_at) < FEWEST:
        message = f"{len(looked_at)} samples after warming up; {FEWEST} at least are needed"
        raise ValueError(message)
    middle = len(looked_at) // 2
    return list(_compared(looked_at[:middle], looked_at[middle:]))


def _compared(earlier: Sequence[Sample], later: Sequence[Sample]) -> Iterator[Finding]:
    held: Mapping[str, tuple[Tolerance, str]] = MappingProxyType(
        {
            "memory_mb": (MEMORY, "memory_mb"),
            "handles": (HANDLES, "handles"),
            "threads": (THREADS, "threads"),
        }
    )
    for what, (tolerance, name) in held.items():
        before, after = (float(median(getattr(one, name) for one in half)) for half in (earlier, later))
        yield Finding(what, before, after, tolerance.allows(before, after))
    for sort in sorted({sort for one in (*earlier, *later) for sort in one.waits}):
        first, last = (sorted(wait for one in half for wait in one.waits.get(sort, ())) for half in (earlier, later))
        if first and last:
            for name, share, tolerance in (("p50", 0.5, HALF), ("p95", 0.95, NEARLY_ALL)):
                before, after = (waits[int(len(waits) * share)] for waits in (first, last))
                yield Finding(f"{sort}_{name}_ms", before, after, tolerance.allows(before, after))
