"""The desk, the alerts inbox and what else to record follow the watch at work, however far apart the two are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.fact import AnyFact
from events.ledger.memory import MemoryLedger
from events.ledger.port import Proposal
from events.moment import datetime_of
from projections.saved.saved_shelf import SavedShelf
from projections.view_rows.findings_feed import FindingsFeed
from projections.views.alerts import ALERTS
from projections.views.desk import DESK
from projections.views.missing import MISSING
from projections.views.query import Query
from projections.watch.shelf import TOLD
from services.stores.views_places import ViewsPlace
from services.watching.district_watch import DistrictWatch
from services.watching.surroundings import Surroundings
from tests.projections.kept import Places
from tests.projections.playing import Direct, districts, end_of_time, history, judging, shuffled
from tests.projections.views.view_scene import XINZHOU, ViewScene, everything_in, from_scratch, without_nothing
from tests.rulebooks.kinds.histories import fact

WATCHED = {view.name: view for view in (DESK, ALERTS, MISSING)}


class Watched:
    """A ledger that is watched, with the views that follow the watch."""

    def __init__(self, place: ViewsPlace, district: str = XINZHOU, batch: int = 1_000) -> None:
        self.ledger = MemoryLedger()
        self.direct = Direct(self.ledger, dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
        self.saved = place.watch()
        self.read = place.watch(writable=False)
        self.district = district
        self.scene = ViewScene(place, views=WATCHED, ledger=self.ledger, findings=FindingsFeed(self.read), batch=batch)
        self.watch = self.watching()

    def watching(self) -> DistrictWatch:
        surroundings = Surroundings(self.ledger, self.direct, self.saved, self.direct.clock)
        return DistrictWatch(self.district, judging(self.district), surroundings)

    def record(self, *facts: AnyFact) -> None:
        for one in facts:
            self.direct.now = max(self.direct.now, datetime_of(one.occurred_at.latest))
            self.ledger.record([Proposal(facts=(one,))], self.direct.now)

    def catch_up(self) -> None:
        self.watch.catch_up()
        self.scene.feeding.catch_up()

    def close(self) -> None:
        self.scene.rows.close()
        self.saved.close()
        self.read.close()


@contextmanager
def watched(places: Places, district: str = XINZHOU, batch: int = 1_000) -> Iterator[Watched]:
    with places.anew() as place:
        made = Watched(place, district, batch)
        yield made
        made.close()


@pytest.mark.parametrize("district", districts())
@settings(max_examples=2)
@given(seed=st.integers(0, 2**32))
def test_views_that_follow_the_watch_are_those_from_scratch(folders: Places, district: str, seed: int) -> None:
    as_from_scratch(folders, district, seed)


@settings(max_examples=2)
@given(district=st.sampled_from(districts()), seed=st.integers(0, 2**32))
def test_views_in_postgres_that_follow_the_watch_are_those_from_scratch(
    database: Places, district: str, seed: int
) -> None:
    as_from_scratch(database, district, seed)


def as_from_scratch(places: Places, district: str, seed: int) -> None:
    choice = Random(seed)
    facts = shuffled(history(district, choice), choice)
    with watched(places, district, choice.choice([5, 50])) as one:
        for given_fact in facts:
            one.record(given_fact)
            for _ in range(choice.choice([0, 0, 1, 3])):
                choice.choice([one.watch.advance, one.scene.feeding.advance])()
            if choice.randrange(12) == 0:
                one.scene.feeding = one.scene.fed_by(choice.choice([5, 50]))
        one.direct.now = datetime_of(end_of_time(facts))
        one.catch_up()
        shelf = SavedShelf(one.saved, one.ledger, district)
        standing = shelf.judgements(*TOLD)
        alerts = {f"alert/{alert.id}": alert.standing for alert in shelf.alerts.every() if alert.announced is not None}
        rows = {name: one.scene.stored(name, district) for name in WATCHED}
        recorded = everything_in(one.ledger, district)
    assert rows == {name: from_scratch(view, recorded, standing) for name, view in WATCHED.items()}
    assert {key: row["standing"] for key, row in rows["alerts"].items()} == alerts


def asked(case: str = "countersign/cs-1") -> AnyFact:
    given = {"kind": "opinion", "about": "matter/m-1", "sponsor": "u-housing", "form": "online"}
    return fact("countersign.requested", case, "2026-09-28", departments=["u-land"], **given)


def test_an_obligation_waits_on_the_desk_of_the_unit_until_it_is_an_alert_and_that_is_resolved(places: Places) -> None:
    with watched(places) as one:
        one.record(asked())
        one.direct.now = dt.datetime(2026, 9, 29, tzinfo=dt.UTC)
        one.catch_up()
        (waiting,) = on_desk(one)
        obligation = waiting.pop("key")
        assert str(obligation).startswith("obligation|xinzhou/28.2-reply|countersign/cs-1|u-land|")
        assert waiting == {
            "holder": "u-land",
            "sort": "obligation",
            "standing": "open",
            "about": "countersign/cs-1",
            "rule": "xinzhou/28.2-reply",
            "party": "u-land",
            "opened_at": "2026-09-28",
            "due_at": "2026-10-10",
            "provisional": False,
            "classification": "internal",
        }
        one.direct.now = dt.datetime(2026, 10, 11, tzinfo=dt.UTC)
        one.catch_up()
        (alert,) = on_desk(one)
        assert (alert["sort"], alert["standing"], alert["due_at"]) == ("alert", "raised", "2026-10-10")
        reply = {"department": "u-land", "stance": "agree"}
        one.record(fact("countersign.replied", "countersign/cs-1", "2026-10-13", {"unit": "u-land"}, **reply))
        one.catch_up()
        assert on_desk(one) == []
        (row,) = without_nothing(one.scene.stored("alerts")).values()
        assert (row["standing"], row["due_at"], row["units"]) == ("resolved", "2026-10-10", ("u-land",))


def on_desk(one: Watched) -> list[dict[str, object]]:
    rows = one.scene.ask("desk", Query(filters={"holder": ("u-land",)})).rows
    return [{name: value for name, value in row.items() if value not in (None, ())} for row in rows]


def test_the_desk_speaks_as_of_what_the_watch_has_judged_and_waits_while_it_judges_anew(places: Places) -> None:
    with watched(places) as one:
        one.record(asked())
        one.direct.now = dt.datetime(2026, 9, 29, tzinfo=dt.UTC)
        one.scene.feeding.catch_up()
        assert one.scene.ask("desk", Query()).as_of == 0
        one.catch_up()
        before = one.scene.ask("desk", Query())
        assert (before.as_of, len(before.rows)) == (1, 1)
        with one.saved.writing():
            one.saved.write("UPDATE progress SET key = 'other rules', position = 0", [()])
            one.saved.write("DELETE FROM standing", [()])
        one.scene.feeding.catch_up()
        assert one.scene.ask("desk", Query()) == before
        one.watch = one.watching()
        one.watch.catch_up()
        one.scene.feeding.catch_up()
        assert one.scene.ask("desk", Query()).rows == before.rows
