"""A ledger in memory with the rows of views beside it, and the rows that a view has when it is made from scratch."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from events.fact import AnyFact, case_key
from events.ledger.memory import MemoryLedger
from events.ledger.port import LedgerReader, Proposal
from projections.corrections import Corrections
from projections.view_rows.findings_feed import FindingsFeed
from projections.view_rows.pages import page
from projections.view_rows.rows import Build, ViewRows
from projections.view_rows.tables import RowReader, complete, stored_columns
from projections.view_rows.unstored import told_by_ledger
from projections.views.catalogue import VIEWS
from projections.views.query import Page, Query
from projections.views.timeline import TIMELINE, with_its_fact
from projections.views.view import CLASSES, Row, Value, View
from projections.watch.shelf import Kept
from services.stores.views_places import ViewsPlace
from services.views.feeding import FeedingViews

XINZHOU = "xinzhou"
Stored = dict[str, dict[str, Value]]
"""Rows by key."""


class ViewScene:
    """Records facts one after another and feeds views in batches of any size."""

    def __init__(
        self,
        place: ViewsPlace,
        *,
        views: Mapping[str, View] = VIEWS,
        ledger: MemoryLedger | None = None,
        findings: FindingsFeed | None = None,
        batch: int = 1_000,
    ) -> None:
        self.ledger = ledger or MemoryLedger()
        self.place = place
        self.rows = place.rows()
        self.views = views
        self.findings = findings
        self.feeding = self.fed_by(batch)

    def fed_by(self, batch: int) -> FeedingViews:
        """Return a new feeding, as a process that was started anew has one."""
        return FeedingViews(self.rows, self.ledger, self.findings, views=self.views, batch=batch)

    def record(self, *facts: AnyFact) -> None:
        """Record facts, each when the next moment of the ledger has come."""
        for one in facts:
            self.ledger.record([Proposal(facts=(one,))], dt.datetime(2030, 1, 1, tzinfo=dt.UTC))

    def shown(self, view: View, *facts: AnyFact) -> Stored:
        """Record facts, feed the views and return the rows of one, without what is empty."""
        self.record(*facts)
        self.feeding.catch_up()
        return without_nothing(self.stored(view.name))

    def stored(self, view: str, district: str = XINZHOU) -> Stored:
        """Return every row of a view as it is stored."""
        build = self.rows.live(view)
        assert build is not None
        return stored_rows(self.rows, build, district)

    def ask(self, view: str, query: Query, district: str = XINZHOU) -> Page:
        """Ask the live rows of a view."""
        build = self.rows.live(view)
        assert build is not None
        unstored = told_by_ledger(self.views[view], self.ledger, district, query)
        return page(self.rows, build, district, query, unstored)


def stored_rows(rows: ViewRows, build: Build, district: str) -> Stored:
    """Return every row of a build; of sums the totals that are not nought."""
    columns = stored_columns(build.description)
    names = ", ".join(f'"{one.name}"' for one in columns)
    if build.sums is None:
        query = f"SELECT key, {names} FROM rows_{build.number} WHERE district = ?"  # noqa: S608  our own names
    else:
        named = " || '|' || ".join(f'"{one.name}"' for one in columns if one.name != build.sums)
        query = (
            f"SELECT {named} || '|' || classification, {names} FROM totals_{build.number} "  # noqa: S608  the same
            f'WHERE district = ? AND "{build.sums}" <> 0'
        )
    read = RowReader(columns)
    found = rows.database.read(query, district)
    by_key = {key: read(values) for key, *values in found}
    assert len(by_key) == len(found), "pages go on after a key, which has to be there once"
    return by_key


def without_nothing(rows: Stored) -> Stored:
    """Leave out what is not recorded, so that a test says only what is."""
    return {key: {name: one for name, one in row.items() if one not in (None, ())} for key, row in rows.items()}


def everything_in(ledger: LedgerReader, district: str = XINZHOU) -> list[AnyFact]:
    """Return every fact of a district, in order."""
    return ledger.read(district, 0, 1_000_000)


def from_scratch(view: View, facts: Sequence[AnyFact], standing: Sequence[Kept] = ()) -> Stored:
    """Make the rows of a view from all facts at once, without batches, positions or tables."""
    by_id = {fact.id: fact for fact in facts}
    corrections = Corrections(by_id.get)
    for fact in facts:
        list(corrections.take(fact))
    rows = [*_of_cases(view, facts, corrections), *_of_facts(view, facts, corrections)]
    rows += _of_findings(view, by_id, standing)
    if view.sums is None:
        return {row.key: complete(view.description, row.values) for row in rows}
    totals: dict[str, dict[str, Value]] = {}
    for row in rows:
        values = complete(view.description, row.values)
        names = [one.name for one in stored_columns(view.description) if one.name != view.sums]
        key = "|".join([*(str(values[name]) for name in names), str(row.values["classification"])])
        summed = totals.setdefault(key, {**values, view.sums: 0})
        summed[view.sums] = int(str(summed[view.sums])) + int(str(row.values[view.sums]))
    return {key: values for key, values in totals.items() if values[view.sums] != 0}


def _of_cases(view: View, facts: Sequence[AnyFact], corrections: Corrections) -> Iterable[Row]:
    if view.of_case is None:
        return
    of_case = view.of_case
    sources: dict[str, set[str]] = {}
    for fact in facts:
        for target in () if of_case.leads is None else of_case.leads(fact):
            sources.setdefault(target, set()).add(case_key(fact.subject))
    own = {case_key(fact.subject) for fact in facts if fact.subject.kind in of_case.kinds}
    counting = [fact for fact in facts if not corrections.struck(fact.id)]
    counting.sort(key=lambda fact: (fact.occurred_at.latest, fact.sequence))
    for case in {*own, *sources}:
        read = {case} | sources.get(case, set())
        yield from of_case.rows(case, [fact for fact in counting if case_key(fact.subject) in read])


def _of_facts(view: View, facts: Sequence[AnyFact], corrections: Corrections) -> Iterable[Row]:
    if view.of_fact is None:
        return
    by_id = {fact.id: fact for fact in facts}
    for fact in facts:
        struck, seen = fact, {fact.id}
        while hasattr(struck.data, "wrong") and struck.data.wrong in by_id and struck.data.wrong not in seen:
            struck = by_id[struck.data.wrong]
            seen.add(struck.id)
        about = struck if struck is not fact and not hasattr(struck.data, "wrong") else None
        yield from view.of_fact(fact, not corrections.struck(fact.id), about)


def _of_findings(view: View, by_id: Mapping[Any, AnyFact], standing: Sequence[Kept]) -> Iterable[Row]:
    for kept in () if view.of_finding is None else standing:
        classes = ("internal", by_id[kept.trigger].classification)
        assert view.of_finding is not None
        yield from view.of_finding(kept, max(classes, key=CLASSES.index))


def timeline_of(scene: ViewScene, case: str) -> list[dict[str, Value]]:
    """Return the timeline of a case, page after page."""
    found: list[dict[str, Value]] = []
    after = None
    while True:
        one = scene.ask(TIMELINE.name, Query(filters={"case": (case,)}, limit=2, after=after))
        facts = scene.ledger.read_at(XINZHOU, [int(str(row["sequence"])) for row in one.rows])
        found += [with_its_fact(row, facts[int(str(row["sequence"]))]) for row in one.rows]
        if (after := one.next) is None:
            return found


def elsewhere(facts: Iterable[AnyFact], district: str) -> list[AnyFact]:
    """Return facts as facts of another district."""
    return [replace(one, district=district) for one in facts]
