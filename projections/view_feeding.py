"""Feeding one build of a view in one district: from the ledger and from what the watch found, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from projections.corrections import Corrections
from projections.view_rows import FINDINGS, Changes, Position
from projections.views.changing import changed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from uuid import UUID

    from events.fact import AnyFact
    from events.ledger import LedgerReader
    from projections.findings_feed import FindingsFeed
    from projections.view_rows import Build, ViewRows
    from projections.views.view import Row, View

LARGEST_BATCH: Final = 1_000
"""Facts that are taken in one step at most."""

ReadFacts = "Callable[[str, int], Sequence[AnyFact]]"


class ViewFeed:
    """One build of one view in one district; goes on where it was, whatever happened. For one thread.

    `read` returns the next facts of a district after a sequence, so that several views share one reading.
    """

    def __init__(
        self,
        view: View,
        build: Build,
        district: str,
        rows: ViewRows,
        ledger: LedgerReader,
        *,
        findings: FindingsFeed | None,
        read: Callable[[str, int], Sequence[AnyFact]],
    ) -> None:
        self._view = view
        self._build = build
        self._district = district
        self._rows = rows
        self._ledger = ledger
        self._findings = findings
        self._read = read
        self._corrections: Corrections | None = None
        self._known = Position(-1)

    def advance(self) -> int:
        """Take one step; return by how many facts, or changes of the watch, it went on: 0 when it is at the end.

        PositionMovedError is raised when another process took the step; LedgerError and ViewsError when ledger or
        views cannot be used. The same call may then be made again.
        """
        before = self._rows.position(self._build, self._district)
        corrections = self._corrections_at(before)
        self._corrections = None
        facts = self._read(self._district, before.facts)
        after, taken = before, 0
        if facts:
            around = _Around(self._rows, self._build, self._district, self._ledger, facts[-1].sequence)
            found = changed(self._view, facts, around, corrections)
            after, taken = before._replace(facts=facts[-1].sequence), len(facts)
            noted = [one for one in facts if one.subject.kind == "correction"]
            changes = Changes(found.groups, sorted(found.links), noted)
            self._rows.save(self._build, self._district, before, after, changes)
        elif self._view.of_finding is not None and self._findings is not None:
            after, taken = self._take_findings(before, self._findings)
        self._corrections, self._known = corrections, after
        return taken

    def _take_findings(self, before: Position, findings: FindingsFeed) -> tuple[Position, int]:
        of_finding = self._view.of_finding
        assert of_finding is not None  # noqa: S101  asked before
        found = findings.since(self._district, before.found, before.found_by)
        if found is None:
            return before, 0
        groups: dict[str, list[Row]] = {
            f"{FINDINGS}{rule} {subject}": list(of_finding(rule, subject, kept))
            for (rule, subject), kept in found.standing.items()
        }
        after = before._replace(found=found.position, found_by=found.key)
        if after == before:
            return before, 0
        self._rows.save(self._build, self._district, before, after, Changes(groups, all_found=found.everything))
        return after, max(after.found - before.found, 1)

    def _corrections_at(self, position: Position) -> Corrections:
        """Return the corrections up to a position, read back when somebody else went on in the meantime."""
        if self._corrections is not None and self._known == position:
            return self._corrections
        ledger, district = self._ledger, self._district
        corrections = Corrections(lambda fact_id: ledger.find(district, fact_id))
        for fact in self._rows.corrections(self._build, district):
            list(corrections.take(fact))
        return corrections


class _Around(NamedTuple):
    """What a view reads beyond its batch, as far as the last fact of the batch."""

    rows: ViewRows
    build: Build
    district: str
    ledger: LedgerReader
    through: int

    def facts_of(self, cases: Iterable[str]) -> Mapping[str, Sequence[AnyFact]]:
        histories = self.ledger.read_cases(self.district, cases)
        return {case: [one for one in facts if one.sequence <= self.through] for case, facts in histories.items()}

    def find(self, fact_id: UUID) -> AnyFact | None:
        fact = self.ledger.find(self.district, fact_id)
        return None if fact is None or fact.sequence > self.through else fact

    def targets(self, sources: Iterable[str]) -> Mapping[str, Sequence[str]]:
        return self.rows.targets(self.build, self.district, sources)

    def sources(self, targets: Iterable[str]) -> Mapping[str, Sequence[str]]:
        return self.rows.sources(self.build, self.district, targets)
