"""An owner that prepares an upgrade takes no district from anybody who records, and leaves it to whoever takes over."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from services.stores.views_places import ViewsPlace
from services.streams.ownership import LOOK_AROUND
from services.streams.share import Share
from tests.services.streams.owning import Office, work
from tests.services.watching.scene import asked, replied

ASKED, ANSWERED = "countersign.requested", "countersign.replied"
OVERDUE = [ASKED, "clock.reached", "alert.raised"]
ALL = Share(frozenset({0}), 1)


@pytest.fixture
def office(place: ViewsPlace) -> Office:
    return Office(place)


def test_it_judges_and_feeds_what_is_there_and_records_neither_alert_nor_due_moment(office: Office) -> None:
    office.record(asked("countersign/a", "2026-09-28"))
    office.at("2026-10-12")
    preparing = office.owner(prepares=True)
    work(preparing)
    assert (preparing.positions(), office.types(), office.shown("countersigns")) == ({"xinzhou": 1}, [ASKED], 1)


def test_whoever_records_takes_over_at_once_and_it_never_takes_the_district_back(office: Office) -> None:
    office.record(asked("countersign/a", "2026-09-28"))
    preparing = office.owner(name="beside", prepares=True)
    work(preparing)
    office.at("2026-10-12")
    after = office.owner(name="after")
    work(after)
    assert office.types() == OVERDUE
    with capture_logs() as logs:
        for name in ("b", "c"):
            office.record(replied(f"countersign/{name}", "2026-10-12"))
            office.seconds += LOOK_AROUND
            work(preparing)
            preparing.own(ALL)
    assert [(one["event"], one["district"]) for one in logs] == [("worker.nothing_to_prepare", "xinzhou")]
    assert preparing.positions() == {}
    work(after)
    after.give_back()
    work(preparing)
    assert (preparing.positions(), office.types()) == ({}, [*OVERDUE, ANSWERED, ANSWERED])


def test_where_the_same_version_is_at_work_already_there_is_nothing_to_prepare(office: Office) -> None:
    office.record(asked("countersign/a", "2026-09-28"))
    running = office.owner(name="running")
    work(running)
    preparing = office.owner(name="beside", prepares=True)
    work(preparing)
    assert preparing.positions() == {}
    office.at("2026-10-12")
    work(running)
    assert office.types() == OVERDUE


def test_those_that_prepare_hand_over_to_each_other(office: Office) -> None:
    office.record(asked("countersign/a", "2026-09-28"))
    first = office.owner(name="beside-1", prepares=True)
    work(first)
    office.record(replied("countersign/a", "2026-09-29"))
    second = office.owner(name="beside-2", prepares=True)
    work(second)
    assert second.positions() == {}
    first.give_back()
    second.own(ALL)
    work(second)
    assert (second.positions(), office.shown("countersigns")) == ({"xinzhou": 2}, 2)
