"""Where something new is found next: a case looked at moment by moment from the one asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from events.moment import instant_of
from projections.replay.as_of import AsOf
from projections.replay.case_standing import stands
from projections.replay.differences import violated

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from events.fact import AnyFact
    from events.moment import Instant
    from projections.replay.case_standing import By, Judged, Standing
    from projections.replay.knowledge import Knowledge
    from projections.replay.question import Reach

MOST_MOMENTS: Final = 500
"""Moments that are looked at before the search is given up."""


class Next(NamedTuple):
    """The moment at which something new is found, how the case stands then, and what is new."""

    at: Instant
    standing: Standing
    new: Sequence[Judged]


def next_finding(
    knowledge: Knowledge, by: By, case: str, standing: Standing, facts: Sequence[AnyFact], reach: Reach
) -> Next | None:
    """Return the first moment after that of a standing at which a rule is found broken that was not.

    Looked at are the moments at which the case, or what tells of it, changed, and those at which a limit ends.
    """
    known = violated(standing.judged)
    now = standing
    for at in _moments(standing, facts, reach):
        while (wake := _next_wake(now)) is not None and now.as_of.hour < wake < at:
            now = stands(knowledge, by, case, _as_of(standing, wake, reach))
            if new := _new(now, known):
                return Next(wake, now, new)
        now = stands(knowledge, by, case, _as_of(standing, at, reach))
        if new := _new(now, known):
            return Next(at, now, new)
    return None


def _moments(standing: Standing, facts: Sequence[AnyFact], reach: Reach) -> Iterator[Instant]:
    """Return the moments after that of a standing at which facts came or occurred, the present last."""
    is_true = standing.as_of.true_until is not None
    moments = {one.occurred_at.latest if is_true else instant_of(one.recorded_at) for one in facts}
    later = sorted(one for one in moments if standing.as_of.hour < one < reach.now)
    yield from later[:MOST_MOMENTS]
    if standing.as_of.hour < reach.now:
        yield reach.now


def _as_of(standing: Standing, at: Instant, reach: Reach) -> AsOf:
    if standing.as_of.true_until is None:
        return AsOf(reach.through_at(at), at)
    return AsOf(standing.as_of.through, at, at)


def _next_wake(standing: Standing) -> Instant | None:
    wakes = (one.wake for _, one in standing.judged if one.wake is not None and one.wake > standing.as_of.hour)
    return min(wakes, default=None)


def _new(standing: Standing, known: set[tuple[str, tuple[str, str | None, int, str | None]]]) -> list[Judged]:
    found = violated(standing.judged) - known
    return [(rule, one) for rule, one in standing.judged if (rule.header.id, one.identity) in found]
