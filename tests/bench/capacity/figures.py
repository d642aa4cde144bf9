"""What was measured, and what follows from it by multiplication: sizes over ten years, and judging anew."""

from __future__ import annotations

from typing import Final

from tests.bench.capacity.plan import Load, Rates

MEASURED: Final = Rates(recorded=3_612, relayed=12_516, worked=721, take_over=15, pause=3, wake=2)
"""One run of `make bench` on two cores that client, server and broker shared: 16 callers, from PostgreSQL, live."""
LOW: Final = Rates(recorded=1_950, relayed=2_900, worked=360, take_over=15, pause=3, wake=2)
"""The same in a bad moment of a busy machine: the lowest figures seen, and half of what a worker did."""
CATCHING_UP: Final = 2_117
"""Facts a second of one worker that finds them all in the ledger."""
WORKING_DAYS: Final = 250
LEDGER: Final = 943
"""Bytes of a fact in the ledger's table with its indexes, of which the row 772."""
VIEWS: Final = 2_432
WATCH: Final = 1_012
WRITTEN_AHEAD: Final = 8_168
MESSAGE: Final = 785
RETENTION_DAYS: Final = 7
REPLICAS: Final = 3
_GIGA: Final = 1_000_000_000


def sizes(load: Load, years: int) -> dict[str, float]:
    """Return gigabytes after some years, of the log and Kafka those that stand at one time."""
    facts = load.facts * WORKING_DAYS * years
    return {
        "ledger": facts * LEDGER / _GIGA,
        "watch": facts * WATCH / _GIGA,
        "views": facts * VIEWS / _GIGA,
        "written ahead, a day": load.facts * WRITTEN_AHEAD / _GIGA,
        "kafka": load.facts * MESSAGE * RETENTION_DAYS * REPLICAS / _GIGA,
    }


def days_to_judge_anew(load: Load, years: int, workers: int) -> float:
    """Return the days until workers have judged every district from its first fact, as a new rulebook asks."""
    return load.facts * WORKING_DAYS * years / (CATCHING_UP * workers) / 86_400
