"""A view as known after any fact, by its history, is the view that is fed with the facts up to it, and no others."""

from __future__ import annotations

import tempfile
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from events.fact import AnyFact
from events.ledger.port import LedgerReader
from projections.replay.as_of import AsOf
from projections.replay.ledger_as_of import LedgerAsOf
from projections.view_rows.as_known import FoundRows, RowsAsKnown
from projections.view_rows.history import keeps_history
from projections.view_rows.history_feeding import HistoryFeeding
from projections.view_rows.pages import AskedRows, page
from projections.view_rows.rows import Build
from projections.view_rows.unstored import told_by_ledger
from projections.views.catalogue import VIEWS
from projections.views.query import Page, Query, QueryError
from projections.views.view import Value
from services.stores.views_places import FolderPlace
from services.views.feeding import FeedingViews
from tests.projections.kept import Places
from tests.projections.playing import districts, history, shuffled
from tests.projections.views.test_any_batches import demonstration, with_corrections
from tests.projections.views.view_scene import ViewScene

KEPT = {name: view for name, view in VIEWS.items() if keeps_history(view)}
NOTHING_FOUND = {name: FoundRows({}) for name, view in KEPT.items() if view.of_finding is not None}
"""Of the desk the alerts are compared; how far the watch had come is not told where there is none."""
Shown = list[tuple[str, str, object]]


def everything_shown(rows: AskedRows, ledger: LedgerReader, district: str, choice: Random, cases: list[str]) -> Shown:
    """Return every page of every view in every order, and one for each filter by some values that occur."""
    found: Shown = []

    def shown_of(build: Build, query: Query) -> Page:
        unstored = told_by_ledger(KEPT[build.description.name], ledger, district, query)
        return page(rows, build, district, query, unstored)

    for name in KEPT:
        build = rows.live(name)
        assert build is not None
        narrow = {one.name: (choice.choice(cases),) for one in build.description.filters if one.needed}
        some: list[dict[str, Value]] = []
        for order in build.description.orders:
            after = None
            while True:
                query = Query(filters=narrow, order=order.name, after=after, limit=choice.choice([2, 20, 500]))
                shown = shown_of(build, query)
                some += shown.rows
                as_of = None if name in NOTHING_FOUND else shown.as_of
                found += [(name, order.name, (one, as_of)) for one in shown.rows]
                if (after := shown.next) is None:
                    break
        for one in build.description.filters:
            values = sorted({str(row[one.column]) for row in some if row[one.column] is not None})
            picked = tuple(choice.sample(values, min(len(values), 2 if one.how == "is" else 1)))
            try:
                shown = shown_of(build, Query(filters={**narrow, one.name: picked}))
            except QueryError as error:
                found.append((name, one.name, error.code))
            else:
                found.append((name, one.name, shown.rows))
    return found


def fed_anew(ledger: LedgerReader, district: str, through: int, choice: Random, cases: list[str]) -> Shown:
    """Feed all views with the facts as far as one, and return what they show."""
    with tempfile.TemporaryDirectory() as folder, FolderPlace(Path(folder)).rows() as rows:
        known = LedgerAsOf(ledger, district, AsOf(through, 0))
        FeedingViews(rows, known, None, views=KEPT).catch_up()
        return everything_shown(rows, known, district, choice, cases)


def by_history(places: Places, facts: list[AnyFact], district: str, choice: Random) -> None:
    """Keep the history as the ledger grows, and compare what it shows for moments drawn by lot."""
    cases = sorted({f"{one.subject.kind}/{one.subject.id}" for one in facts})
    with places.anew() as place, place.history() as kept:
        scene = ViewScene(place)
        step = choice.choice([1, 7, 20])
        feeding = HistoryFeeding(kept, scene.ledger, views=VIEWS, step=step)
        feeding.rebuild()
        cut = choice.randrange(len(facts))
        for part in (facts[:cut], facts[cut:]):
            scene.record(*part)
            feeding.catch_up()
            if choice.random() < 0.5:
                feeding = HistoryFeeding(kept, scene.ledger, views=VIEWS, step=step)
        for through in {len(facts), choice.randrange(len(facts))}:
            ledger = LedgerAsOf(scene.ledger, district, AsOf(through, 0))
            seed = choice.random()
            with tempfile.TemporaryDirectory() as folder, FolderPlace(Path(folder)).rows() as beside:
                rows = RowsAsKnown(kept, ledger, district, through, views=KEPT, beside=beside, found=NOTHING_FOUND)
                shown = everything_shown(rows, ledger, district, Random(seed), cases)
            assert shown == fed_anew(scene.ledger, district, through, Random(seed), cases)
        scene.rows.close()


@settings(max_examples=4)
@given(district=st.sampled_from(districts()), seed=st.integers(0, 2**32))
def test_a_view_by_its_history_is_as_fed_anew(folders: Places, district: str, seed: int) -> None:
    choice = Random(seed)
    facts = demonstration(district)[:150] if choice.random() < 0.3 else shuffled(history(district, choice), choice)
    by_history(folders, with_corrections(facts, district, choice), district, choice)


@settings(max_examples=1)
@given(district=st.sampled_from(districts()), seed=st.integers(0, 2**32))
def test_a_view_by_its_history_in_postgres_is_as_fed_anew(database: Places, district: str, seed: int) -> None:
    choice = Random(seed)
    by_history(
        database, with_corrections(shuffled(history(district, choice), choice), district, choice), district, choice
    )
