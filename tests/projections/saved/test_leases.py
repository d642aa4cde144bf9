"""One owner at a time saves a district, in files and in PostgreSQL: a former owner's save is refused whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass

import pytest

from events.ledger.memory import MemoryLedger
from events.ledger.port import Proposal
from projections.databases.views_database import ViewsDatabase
from projections.saved.batch import Batch, Parked, Progress
from projections.saved.leases import DistrictHeldError, DistrictTakenError, Lease, Leases
from projections.saved.snapshot import Snapshot
from services.stores.views_places import ViewsPlace
from services.watching.district_watch import DistrictWatch
from services.watching.surroundings import Surroundings
from tests.projections.playing import Direct, judging
from tests.rulebooks.kinds.histories import fact

XINZHOU = "xinzhou"


@dataclass(frozen=True)
class Worker:
    """One process that would own districts."""

    views: ViewsDatabase
    leases: Leases

    def shelf(self, lease: Lease | None) -> Snapshot:
        return Snapshot(self.views, MemoryLedger(), XINZHOU, lease=lease)


@pytest.fixture
def workers(place: ViewsPlace) -> Iterator[tuple[Worker, Worker]]:
    with ExitStack() as opened:
        one, other = (opened.enter_context(closing(place.watch())) for _ in range(2))
        yield Worker(one, Leases(one)), Worker(other, Leases(other))


Workers = tuple[Worker, Worker]


def reached(position: int) -> Batch:
    return Batch(progress=Progress(position))


def test_a_district_is_taken_anew_by_its_owner_and_by_nobody_else_while_the_lease_runs(workers: Workers) -> None:
    one, other = workers
    first, second = one.leases.take(XINZHOU, "one"), one.leases.take(XINZHOU, "one")
    assert (first.epoch, second.epoch) == (1, 2)
    with pytest.raises(DistrictHeldError, match=r"xinzhou.*one.*watch\.district_held") as held:
        other.leases.take(XINZHOU, "other")
    assert held.value.lease == second == other.leases.of(XINZHOU)


def test_a_district_given_back_or_whose_lease_ran_out_is_taken_by_another(workers: Workers) -> None:
    one, other = workers
    one.leases.release(one.leases.take(XINZHOU, "one"))
    assert other.leases.take(XINZHOU, "other").epoch == 2
    over = Leases(other.views, lasting=-1_000_000)  # a second ago, since clocks may be set back a little
    over.renew(over.take(XINZHOU, "other"))
    assert (one.leases.take(XINZHOU, "one").epoch, one.leases.of("yuanzhou")) == (4, None)


def test_whoever_is_assigned_a_district_takes_it_at_once_and_the_former_owner_saves_nothing_more(
    workers: Workers,
) -> None:
    one, other = workers
    shelf = one.shelf(one.leases.take(XINZHOU, "one"))
    shelf.open_for("rules")
    shelf.save(reached(3))
    taken = other.leases.take(XINZHOU, "other", assigned=True)
    written = fact("countersign.closed", "countersign/cs-1", "2026-10-12", summary="已汇总")
    for late in (
        lambda: shelf.save(reached(4)),
        lambda: shelf.strike_from_outbox([written]),
        lambda: shelf.park(Parked(4, written.id, "countersign/cs-1", "", "ValueError")),
        lambda: shelf.open_for("other rules"),
    ):
        with pytest.raises(DistrictTakenError, match=r"xinzhou.*one.*watch\.district_taken"):
            late()
    after = other.shelf(taken)
    assert (after.open_for("rules"), after.parked()) == (Progress(3), [])
    after.save(reached(5))
    assert after.open_for("rules") == Progress(5)


def test_a_save_prolongs_the_lease_and_one_that_was_taken_is_neither_renewed_nor_given_back(workers: Workers) -> None:
    one, other = workers
    lease = one.leases.take(XINZHOU, "one")
    shelf = one.shelf(lease)
    shelf.open_for("rules")
    shelf.save(reached(1))
    longer = other.leases.of(XINZHOU)
    assert longer is not None
    assert (longer.epoch, longer.until >= lease.until) == (1, True)
    assert one.leases.renew(lease).until >= longer.until
    taken = other.leases.take(XINZHOU, "other", assigned=True)
    with pytest.raises(DistrictTakenError):
        one.leases.renew(lease)
    one.leases.release(lease)
    assert one.leases.of(XINZHOU) == taken


def test_a_watch_whose_district_was_taken_stops_and_its_new_owner_goes_on_from_what_was_saved(
    workers: Workers,
) -> None:
    one, other = workers
    ledger = MemoryLedger()
    direct = Direct(ledger, dt.datetime(2026, 9, 29, tzinfo=dt.UTC))

    def watching(worker: Worker, owner: str) -> DistrictWatch:
        lease = worker.leases.take(XINZHOU, owner, assigned=True)
        surroundings = Surroundings(ledger, direct, worker.views, direct.clock)
        return DistrictWatch(XINZHOU, judging(XINZHOU), surroundings, lease=lease)

    def record(case: str) -> None:
        given = {"kind": "opinion", "about": "matter/m-1", "sponsor": "u-housing", "form": "online"}
        asked = fact("countersign.requested", case, "2026-09-28", departments=["u-land"], **given)
        ledger.record([Proposal(facts=(asked,))], direct.now)

    record("countersign/cs-1")
    former = watching(one, "one")
    former.catch_up()
    record("countersign/cs-2")
    owner = watching(other, "other")
    with pytest.raises(DistrictTakenError):
        former.catch_up()
    assert owner.position == 1
    direct.now = dt.datetime(2026, 10, 11, tzinfo=dt.UTC)
    owner.catch_up()
    raised = [one.subject.id for one in ledger.read(XINZHOU) if one.type == "alert.raised.v1"]
    assert (len(raised), len(set(raised))) == (2, 2)
    with pytest.raises(DistrictTakenError):
        former.catch_up()
