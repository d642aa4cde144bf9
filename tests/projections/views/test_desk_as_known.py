"""Desk and what is missing of a whole district, as known at any moment: as judged anew, by what the watch told."""

from __future__ import annotations

import datetime as dt
from contextlib import ExitStack, closing
from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from events.fact import AnyFact
from events.ledger.memory import MemoryLedger
from events.ledger.port import Proposal
from events.moment import datetime_of, end_of, instant_of
from projections.policy.policy import shipped_policy
from projections.replay.as_of import AsOf
from projections.saved.snapshot import Snapshot
from projections.view_rows.findings_feed import FindingsFeed
from projections.view_rows.history import ViewHistory
from projections.view_rows.history_feeding import HistoryFeeding
from projections.view_rows.past_feeding import PastFeeding
from projections.views.catalogue import VIEWS
from projections.views.query import Query
from projections.views.view import Value
from services.replay.indexing import Sources
from services.replay.view_as_of import ViewAsOf
from services.stores.views_places import ViewsPlace
from services.views.asking import AskedBy
from services.views.feeding import FeedingViews
from services.watching.district_watch import DistrictWatch
from services.watching.surroundings import Surroundings
from tests.projections.kept import Places
from tests.projections.playing import Direct, districts, end_of_time, history, shuffled
from tests.projections.views.test_any_batches import demonstration, with_corrections
from tests.services.replay.replay_scene import basis
from tests.services.watching.scene import asked

REPLY = "xinzhou/28.2-reply"
OF_FINDINGS = ("desk", "missing")
EARLY = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
Rows = list[dict[str, Value]]


class Office:
    """A district that is watched while it works; what is told of it is kept as the test says."""

    def __init__(self, place: ViewsPlace, district: str, opened: ExitStack, step: int) -> None:
        self.place, self.district, self.step = place, district, step
        self.ledger = MemoryLedger()
        self.direct = Direct(self.ledger, EARLY)
        self.watched = opened.enter_context(closing(place.watch()))
        self.rows = opened.enter_context(place.rows())
        self.history: ViewHistory = opened.enter_context(place.history())
        self.judging = basis(district).judging
        self.late: list[int] = []
        self.begin()

    def begin(self) -> None:
        """Begin as a process does that finds what another left."""
        surroundings = Surroundings(self.ledger, self.direct, self.watched, self.direct.clock)
        self.watch = DistrictWatch(self.district, self.judging, surroundings, most_cases=1)
        feed = FindingsFeed(self.watched)
        self.past = PastFeeding(self.rows, feed, self.ledger, views=VIEWS, step=self.step)
        self.feeding = FeedingViews(self.rows, self.ledger, feed)
        self.keeping = HistoryFeeding(self.history, self.ledger, views=VIEWS, step=7, past=self.past)

    def live(self, facts: list[AnyFact], choice: Random) -> None:
        """Record facts one after another; most limits are struck before the next comes, some later."""
        for fact in facts:
            self.direct.now = max(self.direct.now, datetime_of(fact.occurred_at.latest))
            if choice.random() < 0.8:
                self.watch.catch_up()
            elif self.watch.is_due():
                self.late.append(instant_of(self.direct.now))
            self.ledger.record([Proposal(facts=(fact,))], self.direct.now)
            if choice.random() < 0.1:
                self.begin()
            if choice.random() < 0.3:
                self.feeding.advance()
                self.past.advance()

    def rest(self, at: dt.datetime) -> None:
        """Let everything be done that there is to do by a moment."""
        self.direct.now = max(self.direct.now, at)
        self.watch.catch_up()
        self.feeding.catch_up()
        self.keeping.catch_up()

    def asking(self, as_of: AsOf, *, anew: bool) -> ViewAsOf:
        """Ask as of a moment: anew, or by what is kept."""
        kept = None if anew else self.history
        sources = None if anew else Sources(self.ledger, self.watched, self.rows)
        return ViewAsOf(self.ledger, basis(self.district), self.district, as_of, history=kept, sources=sources)

    def moments(self, choice: Random) -> list[AsOf]:
        """Choose moments: that of a fact, the end of its day, one when limits were not struck yet, and the last."""
        facts = self.ledger.read(self.district, 0, 100_000)
        one = choice.choice(facts)
        hours = {instant_of(one.recorded_at), end_of(one.recorded_at.astimezone(dt.UTC).date())}
        hours |= {instant_of(self.direct.now), *choice.sample(self.late, min(len(self.late), 1))}
        recorded = [(fact.sequence, instant_of(fact.recorded_at)) for fact in facts]
        return [AsOf(max((place for place, at in recorded if at <= hour), default=0), hour) for hour in sorted(hours)]


def every_row(asking: ViewAsOf, name: str, order: str, by: AskedBy, limit: int) -> Rows | None:
    """Return the rows of all pages; None where what is kept does not tell."""
    found: Rows = []
    after = None
    while True:
        page = asking.page_of_history(name, Query(order=order, limit=limit, after=after), by)
        if page is None:
            return None
        found += page.rows
        if (after := page.next) is None:
            return found


def compare(office: Office, as_of: AsOf, choice: Random) -> bool:
    """Compare every page and every filter with what is judged anew; tell whether it could be told."""
    by = AskedBy(now=datetime_of(as_of.hour), policy=shipped_policy())
    anew, kept = office.asking(as_of, anew=True), office.asking(as_of, anew=False)
    for name in OF_FINDINGS:
        shown: Rows = []
        for order in VIEWS[name].description.orders:
            found = every_row(kept, name, order.name, by, choice.choice([2, 20, 500]))
            if found is None:
                return False
            shown, whole = found, anew.page(name, Query(order=order.name, limit=500), by)
            assert (shown, whole.next) == (list(whole.rows), None), as_of
        for one in VIEWS[name].description.filters:
            values = sorted({str(row[one.column]) for row in shown if row[one.column] is not None})
            if one.how == "is" and values:
                value = choice.choice(values)
                page = kept.page_of_history(name, Query(order=order.name, limit=500, filters={one.name: (value,)}), by)
                assert page is not None
                assert list(page.rows) == [row for row in shown if str(row[one.column]) == value]
    return True


def as_judged_anew(places: Places, district: str, seed: int) -> None:
    choice = Random(seed)
    facts = demonstration(district)[:100]
    if choice.random() < 0.7:
        facts = with_corrections(shuffled(history(district, choice), choice), district, choice)
    with ExitStack() as opened:
        place = opened.enter_context(places.anew())
        office = Office(place, district, opened, choice.choice([1, 7, 1000]))
        cut = choice.randrange(len(facts))
        if choice.random() < 0.5:
            office.judging = replace(office.judging, key="another")
            office.begin()
        office.live(facts[:cut], choice)
        office.judging = basis(district).judging
        if choice.random() < 0.3:
            Snapshot(office.watched, office.ledger, district).forget()
            office.rows.find_anew(district)
        office.begin()
        office.live(facts[cut:], choice)
        office.rest(datetime_of(end_of_time(facts)))
        told = [compare(office, as_of, choice) for as_of in office.moments(choice)]
        assert told[-1]


@settings(max_examples=8)
@given(district=st.sampled_from(districts()), seed=st.integers(0, 2**32))
def test_the_desk_of_a_district_at_any_moment_is_as_judged_anew(folders: Places, district: str, seed: int) -> None:
    as_judged_anew(folders, district, seed)


@settings(max_examples=2)
@given(district=st.sampled_from(districts()), seed=st.integers(0, 2**32))
def test_the_desk_kept_in_postgres_at_any_moment_is_as_judged_anew(database: Places, district: str, seed: int) -> None:
    as_judged_anew(database, district, seed)


def test_a_limit_that_had_run_out_is_not_told_as_open_where_something_was_recorded_before_it_was_struck(
    folders: Places,
) -> None:
    with ExitStack() as opened:
        office = Office(opened.enter_context(folders.anew()), "xinzhou", opened, 1)
        office.live([asked("countersign/a", "2026-09-28")], Random(1))
        office.rest(at("2026-10-09"))
        office.direct.now = at("2026-10-13")
        office.ledger.record([Proposal(facts=(asked("countersign/b", "2026-10-13"),))], office.direct.now)
        office.rest(at("2026-10-14"))
        by = AskedBy(now=at("2026-10-14"), policy=shipped_policy())
        told = [told_then(office, through, at(day), by) for through, day in MOMENTS]
    assert told == [["countersign/a"], None, ["countersign/b"], ["countersign/a", "countersign/b"]]


MOMENTS = ((1, "2026-10-09"), (1, "2026-10-11"), (2, "2026-10-13"), (100, "2026-10-14"))
"""Before a limit ran out, after it, once something else was recorded after which it was struck, and a day later."""


def at(day: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{day}T12:00:00+08:00")


def told_then(office: Office, through: int, moment: dt.datetime, by: AskedBy) -> list[str] | None:
    """Return what the desk is about, by what is kept; None where that does not tell."""
    as_of = AsOf(min(through, office.ledger.head(office.district).sequence), instant_of(moment))
    page = office.asking(as_of, anew=False).page_of_history("desk", Query(), by)
    return None if page is None else sorted({str(row["about"]) for row in page.rows if row["rule"] == REPLY})
