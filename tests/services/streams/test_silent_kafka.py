"""A worker ends when it is asked to, whatever Kafka does: also one that takes connections and never answers.

Where it waited for Kafka's answers it would run on for 90 s and more, and be killed.
"""

from __future__ import annotations

from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from events.ledger.port import Proposal
from events.postgres.ledger import PostgresLedger
from projections.saved.leases import Leases
from services.cli import main
from services.messages.topics import ensure_topics
from services.settings.kafka import KafkaSettings
from services.stores.views_places import ServerPlace
from tests.local_broker import LocalBroker
from tests.postgres_server import PostgresServer
from tests.services.falling_silent import Reached, falling_silent
from tests.services.streams.system import running, wait_until
from tests.services.watching.scene import XINZHOU, asked

FAUST = "faust"
STARTING = {
    "at-first": Reached("ApiVersions", "taizhang"),
    "connecting": Reached("ApiVersions", FAUST, 3),
    "joining": Reached("JoinGroup", FAUST),
}
"""The first connection of Faust is its producer's, in the event loop; the next one is its consumer's, in a thread."""
AT_WORK = {"answered": None, "at-work": "Heartbeat", "sharing-anew": "JoinGroup"}
"""What a worker that is at work asks when Kafka falls silent; it joins anew when another one comes."""


def made(kafka: LocalBroker, topic: str) -> None:
    ensure_topics(KafkaSettings(kafka=(kafka.address,), kafka_topic=topic, kafka_partitions=1))


@pytest.fixture
def database(postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> str:
    found = postgres_server.new_ledger_database()
    monkeypatch.setenv("TAIZHANG_DATABASE", found)
    assert main(["migrate"]) == 0
    return found


def test_a_worker_that_is_being_started_ends_though_kafka_has_fallen_silent(
    kafka: LocalBroker, topic: str, database: str, tmp_path: Path
) -> None:
    with ExitStack() as opened:
        system = opened.enter_context(running(tmp_path, {"TAIZHANG_DATABASE": database}, ""))
        proxies = {part: opened.enter_context(falling_silent(kafka.address, when)) for part, when in STARTING.items()}
        for part, proxy in proxies.items():
            made(kafka, f"{topic}-{part}")
            system.taizhang(part, "worker", TAIZHANG_KAFKA=proxy.address, TAIZHANG_KAFKA_TOPIC=f"{topic}-{part}")
        for part, proxy in proxies.items():
            wait_until(proxy.silent.is_set, f"{part} has come so far: {proxy.asked} {system.log(part)}")
        for part in STARTING:
            system.ask_to_stop(part)
        assert {part: system.ended(part) for part in STARTING} == dict.fromkeys(STARTING, 0)


def test_a_worker_at_work_gives_its_districts_back_whether_kafka_answers_or_not(
    kafka: LocalBroker, topic: str, postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ExitStack() as opened:
        system = opened.enter_context(running(tmp_path, {}, ""))
        proxies = {part: opened.enter_context(falling_silent(kafka.address)) for part in AT_WORK}
        settings = {
            part: {
                "TAIZHANG_DATABASE": postgres_server.new_ledger_database(),
                "TAIZHANG_KAFKA": proxy.address,
                "TAIZHANG_KAFKA_TOPIC": f"{topic}-{part}",
            }
            for part, proxy in proxies.items()
        }
        for part, its in settings.items():
            monkeypatch.setenv("TAIZHANG_DATABASE", its["TAIZHANG_DATABASE"])
            assert main(["migrate"]) == 0
            fact = asked("countersign/a", "2026-09-28")
            with PostgresLedger(its["TAIZHANG_DATABASE"]) as ledger:
                ledger.record([Proposal(facts=(fact,))], fact.recorded_at)
            made(kafka, its["TAIZHANG_KAFKA_TOPIC"])
            system.taizhang(part, "worker", **its)
        for part in AT_WORK:
            wait_until(lambda of=part: "watch.began" in system.log(of), f"{part} is at work")  # type: ignore[misc]  # bound now
        silent = {part: name for part, name in AT_WORK.items() if name is not None}
        for part, name in silent.items():
            proxies[part].be_silent_from_next(name, FAUST)
        system.taizhang("newcomer", "worker", **(settings["sharing-anew"] | {"TAIZHANG_KAFKA": kafka.address}))
        for part in silent:
            wait_until(proxies[part].silent.is_set, f"{part} has come so far: {proxies[part].asked}")
        for part in (*AT_WORK, "newcomer"):
            system.ask_to_stop(part)
        assert {system.ended(part) for part in (*AT_WORK, "newcomer")} == {0}
        assert {part for part in silent if "farewell_unanswered" in system.log(part)} == set(silent)
        assert "LeaveGroup" in {one.name for one in proxies["answered"].asked}
    for part, its in settings.items():
        with closing(ServerPlace(its["TAIZHANG_DATABASE"]).watch()) as views:
            assert Leases(views).take(XINZHOU, "the next one").owner == "the next one", part
