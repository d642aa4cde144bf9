"""Keeping the rows of the past of what the watch found: behind it, by what it told fact by fact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from projections.view_rows.history import STEP
from projections.view_rows.past_findings import PastFindings, PastMovedError, PastPosition, stood

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from events.ledger.port import LedgerReader
    from projections.view_rows.findings_feed import FindingsFeed
    from projections.view_rows.rows import Build, ViewRows
    from projections.views.view import View

MOST_AT_ONCE: Final = 5_000
"""Facts that are taken in one step at most."""


class PastFeeding:
    """Keeps the past of every view that follows from findings, of all districts; for one thread.

    Several processes may do so at once: each step is taken by one of them.
    """

    def __init__(
        self,
        rows: ViewRows,
        findings: FindingsFeed,
        ledger: LedgerReader,
        *,
        views: Mapping[str, View],
        step: int = STEP,
    ) -> None:
        self._rows = rows
        self._past = PastFindings(rows.database)
        self._findings = findings
        self._ledger = ledger
        self._views = {name: view for name, view in views.items() if view.of_finding is not None}
        self._step = step

    def advance(self, holds: Callable[[str], bool] = lambda _district: True) -> int:
        """Take one step of one view in a district that it `holds`; return by how many facts, 0 when none is due.

        LedgerError and ViewsError are raised when what is saved cannot be used; the same call may be made again.
        """
        with self._findings.reading():
            for build, district, before, after in self._due():
                if not holds(district):
                    continue
                begins = _begins(before, after.found_by)
                turns = self._findings.turns(district, begins, after.position)
                try:
                    view = self._views[build.description.name]
                    self._past.save(build, district, before, after, stood(view, turns))
                except PastMovedError:
                    return 1
                return after.position - begins
        return 0

    def rebuild(self) -> None:
        """Have all of it made anew."""
        self._past.begin_anew()

    def left(self) -> int:
        """Return how many facts are still to be taken in whole steps, of all views together."""
        found = 0
        for build in self._builds():
            for district in self._ledger.districts():
                reached = self._findings.reached(district)
                if reached is not None:
                    behind = reached[0] - _begins(self._past.position(build, district), reached[1])
                    found += max(behind, 0) // self._step * self._step
        return found

    def _due(self) -> Iterator[tuple[Build, str, PastPosition, PastPosition]]:
        builds = self._builds()
        for district in self._ledger.districts():
            reached = self._findings.reached(district)
            if reached is None:
                continue
            for build in builds:
                before = self._past.position(build, district)
                begins = _begins(before, reached[1])
                if reached[0] - begins >= self._step:
                    through = min(reached[0], begins + MOST_AT_ONCE)
                    yield build, district, before, PastPosition(through, reached[1])

    def _builds(self) -> list[Build]:
        known = self._views
        return [
            one
            for one in self._rows.builds()
            if one.description.name in known and one.is_of(known[one.description.name])
        ]


def _begins(before: PastPosition, key: str) -> int:
    """Return from where a step under a key goes on: from the beginning where another key found what there is."""
    return before.position if before.found_by == key else 0
