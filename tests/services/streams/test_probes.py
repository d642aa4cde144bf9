"""What a worker tells of itself: ready only with a share of the districts, and while it keeps up with the ledger."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import httpx
import pytest

from services.http.hosting import hosted
from services.stores.views_places import ViewsPlace
from services.streams.opening import Worker
from services.streams.probes import probes
from tests.services.streams.owning import Office, worker_without_kafka
from tests.services.streams.system import wait_until
from tests.services.watching.scene import asked


@pytest.fixture
def office(place: ViewsPlace) -> Office:
    return Office(place)


@pytest.fixture
def worker(office: Office, place: ViewsPlace) -> Iterator[Worker]:
    with worker_without_kafka(office, place) as worker:
        yield worker


def test_a_worker_is_ready_once_it_has_a_share_and_while_it_keeps_up(office: Office, worker: Worker) -> None:
    with hosted(probes(worker), "127.0.0.1", 0) as address, httpx.Client(base_url=address, timeout=60) as client:
        assert (client.get("/v1/health").status_code, client.get("/v1/ready").status_code) == (200, 503)
        office.record(asked("countersign/a", "2026-09-28"))
        asyncio.run(worker.steering.assigned({0}))
        wait_until(lambda: worker.steering.positions() == {"xinzhou": 1}, "the fact is judged")
        ready = {"status": "ready", "lag_facts": 0, "lag_seconds": 0.0}
        wait_until(lambda: client.get("/v1/ready").json() == ready, "nothing is left to judge")
        asyncio.run(worker.steering.suspended())
        office.record(asked("countersign/b", "2026-09-28"))
        office.at("2026-09-29")
        behind = client.get("/v1/ready")
        assert (behind.status_code, behind.json()) == (
            503,
            {"status": "behind", "lag_facts": 1, "lag_seconds": 86_400.0},
        )
        figures = client.get("/v1/metrics").text
        for line in (
            "taizhang_worker_partitions 1.0",
            "taizhang_topic_partitions 1.0",
            'taizhang_facts{district="xinzhou"} 2.0',
            'taizhang_watch_lag_facts{district="xinzhou"} 1.0',
            "taizhang_oldest_unjudged_seconds 86400.0",
            'taizhang_parked_facts{district="xinzhou"} 0.0',
        ):
            assert line in figures.splitlines()


def test_what_a_worker_does_not_answer_is_a_problem_as_with_the_api(worker: Worker) -> None:
    with hosted(probes(worker), "127.0.0.1", 0) as address, httpx.Client(base_url=address, timeout=60) as client:
        nothing, posted = client.get("/v1/nothing"), client.post("/v1/health")
    assert (nothing.status_code, nothing.json()["code"]) == (404, "http.not_found")
    assert (posted.status_code, posted.json()["code"]) == (405, "http.method_not_allowed")
    assert set(posted.headers["allow"].split(", ")) == {"GET", "HEAD"}
    assert {one.headers["content-type"] for one in (nothing, posted)} == {"application/problem+json"}


def test_a_district_of_its_share_that_it_does_not_judge_makes_a_worker_unready(office: Office, worker: Worker) -> None:
    asyncio.run(worker.steering.assigned({0}))
    asyncio.run(worker.steering.suspended())
    office.record(asked("countersign/a", "2026-09-28"))
    office.at("2026-09-29")
    with hosted(probes(worker), "127.0.0.1", 0) as address, httpx.Client(base_url=address, timeout=60) as client:
        behind, figures = client.get("/v1/ready"), client.get("/v1/metrics").text
    assert (behind.status_code, behind.json()) == (
        503,
        {"status": "behind", "lag_facts": 1, "lag_seconds": 86_400.0},
    )
    assert "taizhang_oldest_unjudged_seconds 86400.0" in figures.splitlines()
