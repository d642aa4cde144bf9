"""Feeding one build of a view in one district: from the ledger and from what the watch found, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from projections.corrections import Corrections
from projections.view_rows.steps import FINDINGS, Changes, Position
from projections.views.changing import changed
from projections.views.view import CLASSES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from uuid import UUID

    from events.fact import AnyFact
    from projections.view_rows.findings_feed import FindingsFeed, Found
    from projections.view_rows.rows import Build, ViewRows
    from projections.view_rows.shared_reading import SharedReading
    from projections.view_rows.steps import Step
    from projections.views.gathered import Gathered
    from projections.views.view import Row, View
    from projections.watch.shelf import Kept

_UNKNOWN: Final = Position(-1)
_LEAST: Final = "internal"
"""What the watch finds is classed no lower, as its alerts are."""


class ViewFeed:
    """One build of one view in one district; goes on where it was, whatever happened. For one thread."""

    def __init__(
        self,
        view: View,
        build: Build,
        district: str,
        *,
        rows: ViewRows,
        reading: SharedReading,
        findings: FindingsFeed | None,
    ) -> None:
        self._view = view
        self._build = build
        self._district = district
        self._rows = rows
        self._reading = reading
        self._findings = findings if view.of_finding is not None else None
        self._corrections: Corrections | None = None
        self._known = _UNKNOWN
        self._worked_out: Corrections | None = None

    @property
    def kinds(self) -> Collection[str]:
        """The kinds of case of which the view reads whatever a batch touches."""
        return () if self._view.of_case is None else self._view.of_case.kinds

    def is_behind(self, head: int, watched: tuple[int, str] | None) -> bool:
        """Tell whether there may be something to take, by how far the ledger and the watch have come.

        What somebody else took in the meantime is found out by `advance`.
        """
        known = self._known
        if known.facts < head:
            return True
        if self._findings is None or watched is None:
            return False
        return watched[0] >= known.found and watched != (known.found, known.found_by)

    def forget(self) -> None:
        """Ask anew where the build stands, when it is not known whether the last step was saved."""
        self._known, self._corrections = _UNKNOWN, None

    def work_out(self) -> Step | None:
        """Work out the next step from what was saved before it; None at the end.

        Nothing is locked meanwhile: who saves the step finds out whether another process took it. LedgerError and
        ViewsError are raised when ledger or views cannot be used. After `forget` the same call may be made again.
        """
        before = self._rows.position(self._build, self._district) if self._known == _UNKNOWN else self._known
        corrections = self._corrections_at(before)
        self._corrections = None
        after, changes = before, Changes({})
        batch = self._reading.read(self._district, before.facts)
        if batch is not None:
            after, changes = after._replace(facts=batch.through), self._of_facts(batch, corrections)
        at_end = batch is None or self._reading.is_end(self._district, batch.through)
        if self._findings is not None and at_end:
            found = self._findings.since(self._district, before.found, before.found_by)
            if found is not None:
                after, changes = after._replace(found=found.position, found_by=found.key), self._with(found, changes)
        self._worked_out = corrections
        if after == before:
            self._corrections, self._known = corrections, before
            return None
        return self._rows.laid_out(self._build, self._district, before, after, changes)

    def kept(self, step: Step) -> int:
        """Take notice that the step that was worked out is saved; return by how many facts, or changes, it went on."""
        self._corrections, self._known = self._worked_out, step.after
        return (step.after.facts - step.before.facts) or 1

    def advance(self) -> int:
        """Take one step alone; return by how many facts, or changes of the watch, it went on: 0 when it is at the end.

        PositionMovedError is raised when another process took the step, LedgerError and ViewsError as by `work_out`.
        """
        step = self.work_out()
        if step is None:
            return 0
        self._rows.keep([step])
        return self.kept(step)

    def _of_facts(self, batch: Gathered, corrections: Corrections) -> Changes:
        around = _Around(self._rows, self._build, self._district, self._reading, batch)
        made = changed(self._view, batch, around, corrections)
        return Changes(made.groups, sorted(made.links), batch.corrections, first=made.first)

    def _with(self, found: Found, changes: Changes) -> Changes:
        """Return what changes by facts together with what changes by what the watch found."""
        groups = {
            group_of(rule, subject): rows_of_findings(self._view, standing)
            for (rule, subject), standing in found.standing.items()
        }
        return changes._replace(
            groups={**changes.groups, **groups},
            all_found=found.everything,
            first={*changes.first, *groups} if found.everything else changes.first,
        )

    def _corrections_at(self, position: Position) -> Corrections:
        """Return the corrections up to a position, read back when somebody else went on in the meantime."""
        if self._corrections is not None and self._known == position:
            return self._corrections
        reading, district = self._reading, self._district
        corrections = Corrections(lambda fact_id: reading.find(district, fact_id))
        for fact in self._rows.corrections(self._build, district):
            list(corrections.take(fact))
        return corrections


def group_of(rule: str, subject: str) -> str:
    """Return the name of the group of rows that follow from how a rule stands for a subject."""
    return f"{FINDINGS}{rule} {subject}"


def rows_of_findings(view: View, standing: Iterable[Kept]) -> list[Row]:
    """Return the rows of a view that follow from judgements."""
    of_finding = view.of_finding
    if of_finding is None:
        return []
    return [row for kept in standing for row in of_finding(kept, max(_LEAST, kept.classification, key=CLASSES.index))]


class _Around:
    """What a view reads beyond its batch, as far as the last fact of the batch."""

    def __init__(self, rows: ViewRows, build: Build, district: str, reading: SharedReading, batch: Gathered) -> None:
        self._rows = rows
        self._build = build
        self._district = district
        self._reading = reading
        self._batch = batch

    def facts_of(self, cases: Iterable[str]) -> Mapping[str, Sequence[AnyFact]]:
        return self._reading.facts_of(self._district, cases, self._batch)

    def find(self, fact_id: UUID) -> AnyFact | None:
        fact = self._reading.find(self._district, fact_id)
        return None if fact is None or fact.sequence > self._batch.through else fact

    def targets(self, sources: Iterable[str]) -> Mapping[str, Sequence[str]]:
        return self._rows.targets(self._build, self._district, sources)

    def sources(self, targets: Iterable[str]) -> Mapping[str, Sequence[str]]:
        return self._rows.sources(self._build, self._district, targets)
