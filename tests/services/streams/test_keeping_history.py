"""The history of the views on a worker: kept by whoever has a district, once watch and views are up to date."""

from __future__ import annotations

import dataclasses
import datetime as dt
from contextlib import closing

import pytest
from msgspec import structs

from events.fact import AnyFact
from events.moment import TIME_ZONE, instant_of
from projections.policy.policy import shipped_policy
from projections.replay.as_of import AsOf
from projections.view_rows.history import keeps_history
from projections.view_rows.history_feeding import HistoryFeeding
from projections.views.catalogue import VIEWS
from projections.views.query import Query
from services.messages.partitions import partition_of
from services.replay.indexing import Sources
from services.replay.view_as_of import ViewAsOf
from services.stores.views_places import ViewsPlace
from services.streams.ownership import LOOK_AROUND
from services.views.asking import AskedBy
from tests.services.replay.replay_scene import NOW, basis
from tests.services.streams.owning import Office, work
from tests.services.watching.scene import asked, replied

KEPT = {name: view for name, view in VIEWS.items() if keeps_history(view)}
STEP = 2
FIVE = [
    asked("countersign/a", "2026-09-28"),
    asked("countersign/b", "2026-09-28"),
    replied("countersign/a", "2026-09-28"),
    asked("countersign/c", "2026-09-28"),
    asked("countersign/d", "2026-09-28"),
]


@pytest.fixture
def office(place: ViewsPlace) -> Office:
    """Give what owners work on, where histories were begun in small steps."""
    office = Office(place)
    with place.history() as history:
        HistoryFeeding(history, office.ledger, views=VIEWS, step=STEP).rebuild()
    return office


def of(district: str, fact: AnyFact) -> AnyFact:
    return structs.replace(fact, district=district)


def reached(place: ViewsPlace, district: str = "xinzhou") -> set[tuple[int, bool]]:
    """Return how far the histories have come, and whether they answer."""
    with place.history(writable=False) as history:
        every = [history.of(view) for view in KEPT.values()]
        return {(history.position(one, district), one.answers) for one in every if one is not None}


def same_as_fed_anew(place: ViewsPlace, office: Office, through: int) -> bool:
    by, as_of = AskedBy(now=NOW, policy=shipped_policy()), AsOf(through, 0)
    anew = ViewAsOf(office.ledger, basis("xinzhou"), "xinzhou", as_of)
    with place.history(writable=False) as history:
        kept = ViewAsOf(office.ledger, basis("xinzhou"), "xinzhou", as_of, history=history)
        page = kept.page_of_history("countersigns", Query(), by)
    return page is not None and page == anew.page("countersigns", Query(), by)


def test_the_history_is_kept_in_whole_steps_and_answers_as_what_is_fed_anew(office: Office, place: ViewsPlace) -> None:
    office.record(*FIVE)
    work(office.owner())
    assert (office.shown("countersigns"), reached(place)) == (5, {(4, True)})
    assert [same_as_fed_anew(place, office, through) for through in range(1, 6)] == [True] * 5


def test_what_is_recorded_later_is_kept_without_a_message(office: Office, place: ViewsPlace) -> None:
    office.record(*FIVE[:2])
    owner = office.owner()
    work(owner)
    assert reached(place) == {(2, True)}
    office.record(*FIVE[2:])
    office.seconds += LOOK_AROUND
    work(owner)
    assert reached(place) == {(4, True)}


def test_an_owner_keeps_the_history_of_its_own_districts_and_it_answers_once_all_are_kept(
    office: Office, place: ViewsPlace
) -> None:
    office.record(*FIVE, *(of("huancui", one) for one in FIVE))
    mine, other = partition_of("xinzhou", 64), partition_of("huancui", 64)
    work(office.owner(mine, 64))
    assert (reached(place), reached(place, "huancui")) == ({(4, False)}, {(0, False)})
    work(office.owner(other, 64, name="worker-2"))
    assert (reached(place), reached(place, "huancui")) == ({(4, True)}, {(4, True)})


def test_of_two_that_take_themselves_for_the_owner_each_step_is_taken_by_one(office: Office, place: ViewsPlace) -> None:
    office.record(*FIVE)
    owners = [office.owner(), office.owner(name="worker-2")]
    while any([one.advance() for one in owners]):  # noqa: C419  both are to work in each round
        pass
    assert reached(place) == {(4, True)}
    assert [same_as_fed_anew(place, office, through) for through in (2, 4, 5)] == [True] * 3


def test_a_history_that_is_begun_anew_meanwhile_is_gone_on_with(office: Office, place: ViewsPlace) -> None:
    office.record(*FIVE)
    owner = office.owner()
    work(owner)
    with place.history() as history:
        HistoryFeeding(history, office.ledger, views=VIEWS, step=STEP).rebuild()
    office.record(replied("countersign/b", "2026-09-28"))
    office.seconds += LOOK_AROUND
    work(owner)
    assert reached(place) == {(6, True)}


def test_the_history_of_a_newer_version_of_a_view_is_left_to_whoever_runs_that(
    office: Office, place: ViewsPlace
) -> None:
    view = VIEWS["countersigns"]
    newer = structs.replace(view.description, version=view.description.version + 1)
    with place.history() as history:
        begun = history.begin(dataclasses.replace(view, description=newer), STEP)
    office.record(*FIVE)
    work(office.owner())
    with place.history(writable=False) as history:
        assert (history.is_newer(view), history.of(view)) == (True, None)
        assert history.position(begun, "xinzhou") == 0
    assert reached(place) == {(4, True)}


def test_the_desk_of_a_whole_district_is_told_as_the_worker_judged_it_and_not_by_another_program(
    office: Office, place: ViewsPlace
) -> None:
    office.at("2026-09-28")
    office.record(*FIVE)
    work(office.owner())
    office.at("2026-10-13")
    work(office.owner(name="worker-2"))
    by, mine = AskedBy(now=NOW, policy=shipped_policy()), basis("xinzhou")
    other = mine._replace(judging=dataclasses.replace(mine.judging, key="another"))
    moments = [AsOf(5, instant_of(dt.datetime(2026, 9, day, 12, tzinfo=TIME_ZONE))) for day in (28, 30)]
    moments.append(AsOf(office.ledger.head("xinzhou").sequence, instant_of(office.direct.now)))
    with (
        place.history(writable=False) as history,
        closing(place.watch(writable=False)) as watched,
        place.rows(writable=False) as rows,
    ):
        sources, judged = Sources(office.ledger, watched, rows), (mine, other)
        for as_of in moments:
            anew = ViewAsOf(office.ledger, mine, "xinzhou", as_of).page("desk", Query(), by)
            told = [ViewAsOf(office.ledger, one, "xinzhou", as_of, history=history, sources=sources) for one in judged]
            assert [one.page_of_history("desk", Query(), by) for one in told] == [anew, None]
            assert len(anew.rows) >= 3
