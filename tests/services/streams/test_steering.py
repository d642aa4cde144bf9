"""What Kafka says of partitions comes whenever it likes, also while a worker is asked to stop."""

from __future__ import annotations

import asyncio
from contextlib import closing
from pathlib import Path
from threading import enumerate as threads

import pytest

from projections.saved.leases import Leases
from services.stores.views_places import FolderPlace
from services.streams.lanes import Lanes
from services.streams.steering import Steering
from tests.services.streams.owning import Office
from tests.services.streams.system import wait_until
from tests.services.watching.scene import asked

ROUNDS = 5


def at_work() -> list[str]:
    return [one.name for one in threads() if one.name.startswith("districts-")]


@pytest.fixture
def place(tmp_path: Path) -> FolderPlace:
    return FolderPlace(tmp_path)


@pytest.fixture
def office(place: FolderPlace) -> Office:
    made = Office(place)
    made.record(asked("countersign/a", "2026-09-28"))
    return made


def test_a_worker_that_gave_its_districts_back_takes_none_though_kafka_still_gives_it_some(
    office: Office, place: FolderPlace
) -> None:
    async def live() -> None:
        lanes = Lanes(office.means(), 1)
        steering = Steering(lanes)
        await steering.assigned({0})
        await asyncio.to_thread(wait_until, lambda: lanes.positions() == {"xinzhou": 1}, "the district is judged")
        await steering.given_back()
        await steering.assigned({0})
        assert (lanes.positions(), at_work(), steering.partitions) == ({}, [], frozenset({0}))

    asyncio.run(live())
    with closing(place.watch()) as views:
        assert Leases(views).take("xinzhou", "worker-2").epoch == 2


def test_a_worker_that_is_asked_to_stop_while_it_is_given_a_share_stops_in_good_order(office: Office) -> None:
    async def live() -> None:
        lanes = Lanes(office.means(), 1)
        steering = Steering(lanes)
        await steering.assigned({0})
        await asyncio.to_thread(wait_until, lambda: lanes.positions() == {"xinzhou": 1}, "the district is judged")
        await asyncio.gather(
            steering.suspended(), steering.assigned({0}), steering.given_back(), steering.assigned({0})
        )
        assert (lanes.positions(), at_work()) == ({}, [])

    for _ in range(ROUNDS):
        asyncio.run(live())
