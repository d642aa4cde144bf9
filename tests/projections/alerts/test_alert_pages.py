"""The list of alerts comes page by page, in the order and with the number of the list as a whole."""

from __future__ import annotations

import datetime as dt
from contextlib import closing
from random import Random
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.ledger.memory import MemoryLedger
from events.ledger.port import Proposal
from events.moment import datetime_of
from projections.alerts.alert import Alert, AlertStanding
from projections.alerts.pages import AlertsWanted, MarkGoneError
from projections.saved.saved_shelf import SavedShelf
from projections.views.view import CLASSES
from services.alerts.listing import listed
from services.watching.district_watch import DistrictWatch
from services.watching.surroundings import Surroundings
from tests.projections.kept import Places
from tests.projections.playing import Direct, districts, end_of_time, history, judging, shuffled

STANDINGS: tuple[AlertStanding, ...] = get_args(AlertStanding)


def every_page(shelf: SavedShelf, wanted: AlertsWanted, limit: int) -> tuple[list[Alert], set[int]]:
    """Return the alerts of all pages, and the totals that the pages told."""
    found, totals, after = list[Alert](), set[int](), None
    while True:
        page = shelf.alerts.page(wanted, after, limit)
        found += page.alerts
        totals.add(page.total)
        if page.next is None:
            return found, totals
        after = str(page.next)


@settings(max_examples=3)
@given(district=st.sampled_from(districts()), seed=st.integers(0, 2**32))
def test_pages_are_the_list_cut_into_pieces(places: Places, district: str, seed: int) -> None:
    choice = Random(seed)
    facts = shuffled(history(district, choice), choice)
    ledger = MemoryLedger()
    direct = Direct(ledger, dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    with places.anew() as place, closing(place.watch()) as views:
        watch = DistrictWatch(district, judging(district), Surroundings(ledger, direct, views, direct.clock))
        for fact in facts:
            ledger.record([Proposal(facts=(fact,))], direct.now)
            direct.now = max(direct.now, datetime_of(fact.occurred_at.latest))
        direct.now = datetime_of(end_of_time(facts))
        watch.catch_up()
        shelf = SavedShelf(views, ledger, district)
        saved = {str(one.id): one for one in shelf.alerts.every()}
        every = listed(district, list(saved.values()), ledger)
        some = choice.choice(every) if every else None
        for wanted in (
            AlertsWanted(("raised", "forecast"), CLASSES),
            AlertsWanted(STANDINGS, CLASSES),
            AlertsWanted(STANDINGS, ("internal",), severities=("notice", "deviation")),
            AlertsWanted(STANDINGS, CLASSES, rules=(some.rule if some else "none",)),
            AlertsWanted(STANDINGS, CLASSES, about=(some.about if some else "none",)),
            AlertsWanted(STANDINGS, CLASSES, parties=(some.party if some and some.party else "none",)),
            AlertsWanted(STANDINGS, ()),
            AlertsWanted(STANDINGS, CLASSES, parties=("no\0body",)),
        ):
            expected = [
                saved[one.alert]
                for one in every
                if one.standing in wanted.standings
                and saved[one.alert].classification in wanted.classes
                and (wanted.rules is None or one.rule in wanted.rules)
                and (wanted.about is None or one.about in wanted.about)
                and (wanted.parties is None or one.party in wanted.parties)
                and (wanted.severities is None or one.severity in wanted.severities)
            ]
            assert every_page(shelf, wanted, choice.choice([1, 3, 50])) == (expected, {len(expected)})
        if some is not None:
            assert shelf.alerts.about(some.about) == [one for one in saved.values() if one.subject == some.about]
        assert shelf.alerts.still_open() == [one for one in saved.values() if one.open]


@pytest.mark.parametrize("mark", ["nothing", "00000000-0000-4000-8000-000000000000"])
def test_a_page_after_an_alert_that_is_not_in_the_list_is_refused(places: Places, mark: str) -> None:
    with places.anew() as place, closing(place.watch()) as views:
        shelf = SavedShelf(views, MemoryLedger(), "xinzhou")
        with pytest.raises(MarkGoneError):
            shelf.alerts.page(AlertsWanted(STANDINGS, CLASSES), mark, 10)
        with pytest.raises(MarkGoneError):
            shelf.alerts.page(AlertsWanted(STANDINGS, ()), mark, 10)
