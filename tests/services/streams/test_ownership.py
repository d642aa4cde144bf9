"""The owner of districts: what it does follows from the ledger, whatever becomes of the messages."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs

from events.fact import AnyFact
from events.ledger.errors import LedgerUnavailableError, Reason
from events.ledger.memory import MemoryLedger
from events.ledger.port import Head, LedgerReader
from projections.saved.saved_shelf import saved_positions
from projections.saved.snapshot import Snapshot
from services.messages.partitions import partition_of
from services.stores.views_places import FolderPlace, ViewsPlace
from services.streams.ownership import LOOK_AROUND
from services.streams.share import Share
from tests.services.streams.owning import ADMISSION, Office, work
from tests.services.watching.scene import asked, replied

OVERDUE = ["countersign.requested", "clock.reached", "alert.raised"]


@pytest.fixture
def office(place: ViewsPlace) -> Office:
    return Office(place)


def of(district: str, fact: AnyFact) -> AnyFact:
    return replace(fact, district=district)


def test_an_owner_judges_what_is_there_when_it_begins_and_lets_due_moments_pass(office: Office) -> None:
    office.record(asked("countersign/a", "2026-09-28"))
    owner = office.owner()
    work(owner)
    assert (office.types(), owner.positions()) == (["countersign.requested"], {"xinzhou": 1})
    office.at("2026-10-12")
    work(owner)
    assert office.types() == OVERDUE
    assert office.shown("countersigns") == 3


def test_an_owner_that_is_to_leave_begins_no_other_district_and_goes_on_there_when_it_stays(office: Office) -> None:
    office.record(asked("countersign/a", "2026-09-28"), of("huancui", asked("countersign/b", "2026-09-28")))
    owner = office.owner()
    assert owner.advance(lambda: bool(owner.positions()))
    assert (owner.positions(), office.shown("countersigns", "huancui")) == ({"huancui": 1}, 0)
    assert not owner.advance(lambda: True)
    assert (owner.positions(), office.shown("countersigns", "huancui")) == ({"huancui": 1}, 0)
    work(owner)
    assert owner.positions() == {"huancui": 1, "xinzhou": 1}
    assert (office.shown("countersigns", "huancui"), office.shown("countersigns")) == (1, 1)


def test_a_message_makes_the_owner_look_at_once_and_a_lost_one_a_little_later(office: Office) -> None:
    owner = office.owner()
    work(owner)
    office.record(asked("countersign/a", "2026-09-28"))
    owner.wake("xinzhou")
    work(owner)
    assert owner.positions() == {"xinzhou": 1}
    office.record(replied("countersign/a", "2026-09-28"))
    work(owner)
    assert owner.positions() == {"xinzhou": 1}
    office.seconds += LOOK_AROUND
    work(owner)
    assert owner.positions() == {"xinzhou": 2}


def test_messages_that_come_twice_or_before_their_fact_change_nothing(office: Office) -> None:
    owner = office.owner()
    for _ in range(3):
        owner.wake("xinzhou")
    work(owner)
    office.record(asked("countersign/a", "2026-09-28"))
    office.at("2026-10-12")
    for _ in range(3):
        owner.wake("xinzhou")
        work(owner)
    assert office.types() == OVERDUE


def test_a_message_of_what_was_judged_already_wakes_nobody(office: Office) -> None:
    office.record(asked("countersign/a", "2026-09-28"))
    owner = office.owner()
    work(owner)
    office.record(replied("countersign/a", "2026-09-28"))
    owner.wake("xinzhou", 1)
    work(owner)
    assert owner.positions() == {"xinzhou": 1}
    owner.wake("xinzhou", 2)
    work(owner)
    assert (owner.positions(), office.shown("countersigns")) == ({"xinzhou": 2}, 2)


def test_an_owner_leaves_the_districts_of_others_alone(office: Office) -> None:
    office.record(
        of("xinzhou", asked("countersign/a", "2026-09-28")), of("huancui", asked("countersign/b", "2026-09-28"))
    )
    mine = partition_of("xinzhou", 64)
    assert mine != partition_of("huancui", 64)
    owner = office.owner(mine, 64)
    owner.wake("huancui")
    work(owner)
    assert owner.positions() == {"xinzhou": 1}
    assert (office.shown("countersigns"), office.shown("countersigns", "huancui")) == (1, 0)


def test_the_next_owner_goes_on_where_the_last_one_stood(office: Office) -> None:
    office.record(asked("countersign/a", "2026-09-28"))
    first = office.owner()
    work(first)
    first.let_go()
    office.at("2026-10-12")
    work(office.owner())
    assert office.types() == OVERDUE
    work(office.owner())
    assert office.types() == OVERDUE


def test_a_former_owner_that_wakes_up_again_saves_nothing_and_leaves_the_district_alone(office: Office) -> None:
    office.record(asked("countersign/a", "2026-09-28"))
    former, now = office.owner(name="worker-1"), office.owner(name="worker-2")
    work(former)
    work(now)
    office.at("2026-10-12")
    with capture_logs() as logs:
        former.wake("xinzhou")
        work(former)
    assert [one["event"] for one in logs if one["log_level"] == "info"] == ["worker.district_lost"]
    assert former.positions() == {}
    work(now)
    assert (office.types(), now.positions()) == (OVERDUE, {"xinzhou": 3})
    now.give_back()
    office.seconds += LOOK_AROUND
    work(former)
    assert former.positions() == {"xinzhou": 3}


def test_a_district_that_stays_is_gone_on_with_and_one_that_goes_is_free_at_once(office: Office) -> None:
    office.record(
        of("xinzhou", asked("countersign/a", "2026-09-28")), of("huancui", asked("countersign/b", "2026-09-28"))
    )
    both = Share(frozenset(range(64)), 64)
    only = Share(frozenset({partition_of("xinzhou", 64)}), 64)
    owner = office.owner()
    owner.own(both)
    work(owner)
    with capture_logs() as logs:
        owner.own(only)
        work(owner)
        other = office.owner(name="worker-2")
        other.own(both._replace(partitions=both.partitions - only.partitions))
        work(other)
    assert (owner.positions(), other.positions()) == ({"xinzhou": 1}, {"huancui": 1})
    assert [(one["event"], one["district"]) for one in logs if one["event"] == "watch.began"] == [
        ("watch.began", "huancui")
    ]


def test_a_district_to_be_judged_anew_is_though_nothing_happens_in_it(office: Office, place: ViewsPlace) -> None:
    judging = ADMISSION.judging("xinzhou")
    assert judging is not None
    office.record(asked("countersign/a", "2026-09-28"))
    owner = office.owner()
    work(owner)
    with closing(place.watch()) as views, place.rows() as rows:
        Snapshot(views, office.ledger, "xinzhou").forget()
        rows.find_anew("xinzhou")
        office.seconds += LOOK_AROUND
        with capture_logs() as logs:
            work(owner)
        assert [one["event"] for one in logs] == ["watch.begins_anew"]
        assert saved_positions(views) == {"xinzhou": 1}
        told = {rows.position(build, "xinzhou").found_by for build in rows.builds() if build.finds}
        assert told == {judging.key}


class Failing:
    """A reader that fails now and then, as a seed says."""

    def __init__(self, ledger: MemoryLedger, choice: Random) -> None:
        self._ledger = ledger
        self._choice = choice

    def __getattr__(self, name: str) -> object:
        if self._choice.random() < 0.3:
            raise LedgerUnavailableError(Reason("ledger.gone", "账册不在", "the ledger is gone"))
        return getattr(self._ledger, name)


@pytest.mark.parametrize("seed", range(3))
def test_an_outage_at_any_point_loses_and_repeats_nothing(tmp_path: Path, seed: int) -> None:
    office = Office(FolderPlace(tmp_path))
    reader: LedgerReader = Failing(office.ledger, Random(seed))  # type: ignore[assignment]  # passes everything on
    office.reader = reader
    owner = office.owner()
    office.record(asked("countersign/a", "2026-09-28"), asked("countersign/b", "2026-09-28"))
    failures = 0
    for day in ("2026-09-28", "2026-10-10", "2026-10-12"):
        office.at(day)
        settled = 0
        while settled < 3:
            office.seconds += LOOK_AROUND
            try:
                work(owner)
                settled += 1
            except LedgerUnavailableError:
                failures += 1
    assert failures > 0
    raised = [one for one in office.types() if one == "alert.raised"]
    assert (len(raised), office.ledger.head("xinzhou").sequence) == (2, len(office.types()))
    assert isinstance(office.ledger.head("xinzhou"), Head)
