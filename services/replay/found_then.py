"""What the watch had found at a moment, as rows of views, by what it told fact by fact: nothing is judged anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from events.clock import ClockReached
from events.moment import instant_of
from projections.view_rows.as_known import MOST_SINCE, FoundRows
from projections.view_rows.findings_feed import FindingsFeed
from projections.view_rows.past_findings import PastFindings, stood

if TYPE_CHECKING:
    from collections.abc import Callable

    from events.ledger.port import LedgerReader
    from projections.replay.as_of import AsOf
    from projections.views.view import View
    from services.replay.indexing import Sources

PAGE: Final = 50
"""Facts read at once behind a moment: few come before the clock strikes, or somebody records something else."""


class FoundThen(NamedTuple):
    """The rows that followed from what had been found; they hold unless it `holds` no longer once they were read."""

    rows: FoundRows
    holds: Callable[[], bool]


def found_then(sources: Sources, district: str, key: str, view: View, as_of: AsOf) -> FoundThen | None:
    """Return what the watch of a key had found at a moment.

    None where what is saved does not tell: nothing is saved under the key, the watch has not come so far, or a limit
    that had run out by then was judged only after another fact had been recorded.
    """
    build = None if sources.rows is None else sources.rows.live(view.name)
    if sources.views is None or sources.rows is None or build is None or not build.is_of(view):
        return None
    through = struck_through(sources.ledger, district, as_of)
    feed, past = FindingsFeed(sources.views), PastFindings(sources.rows.database)
    with feed.reading():
        reached = feed.reached(district)
        if reached is None or reached[1] != key or reached[0] < through:
            return None
        wake = feed.next_wake(district, through)
        if wake is not None and wake <= as_of.hour:
            return None
        position = past.position(build, district)
        kept = min(position.position, through) if position.found_by == key else 0
        if through - kept > MOST_SINCE:
            return None
        turns = feed.turns(district, kept, through)
    since = {group: states[-1][1] for group, states in stood(view, turns).items()}
    table = past.at(build, kept, list(since)) if kept else None
    return FoundThen(FoundRows(since, table), lambda: not kept or past.position(build, district).found_by == key)


def struck_through(ledger: LedgerReader, district: str, as_of: AsOf) -> int:
    """Return the sequence up to which nothing that is judged follows the facts of a moment but hours it had reached.

    A limit that runs out with a day is struck after it, but stands for what was known by its end.
    """
    through = read = as_of.through
    while facts := ledger.read(district, read, PAGE):
        read = facts[-1].sequence
        for fact in facts:
            if isinstance(fact.data, ClockReached) and instant_of(fact.data.at) <= as_of.hour:
                through = fact.sequence
            elif fact.origin != "watch":
                return through
    return through
