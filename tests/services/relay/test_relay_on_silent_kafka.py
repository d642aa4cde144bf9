"""A relay ends when it is asked to, and gives its lease up, though Kafka takes connections and never answers."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from contextlib import ExitStack, closing
from pathlib import Path

from events.moment import TIME_ZONE
from events.sqlite.ledger import SqliteLedger
from services.recording.embedded import LEDGER_FILE
from services.relay.opening import RELAY_FILE
from services.relay.sqlite_book import SqliteRelayBook
from tests.events.ledger.examples import NINE, XINZHOU, alone, withdrawn
from tests.local_broker import LocalBroker
from tests.services.falling_silent import Reached, falling_silent
from tests.services.relay.relays import PROJECT, made_topic
from tests.services.streams.system import LONGEST_END, running, wait_until

RELAY = "taizhang"
SILENT = {
    "at-first": Reached("ApiVersions", RELAY),
    "publishing": Reached("Produce", RELAY),
}


def test_a_relay_gives_its_lease_up_though_kafka_has_fallen_silent(
    kafka: LocalBroker, topic: str, tmp_path: Path
) -> None:
    made_topic(kafka.address, topic)
    with ExitStack() as opened:
        system = opened.enter_context(running(tmp_path, {"TAIZHANG_KAFKA_TOPIC": topic}, ""))
        proxies = {part: opened.enter_context(falling_silent(kafka.address, when)) for part, when in SILENT.items()}
        for part, proxy in proxies.items():
            (tmp_path / part).mkdir()
            with SqliteLedger(tmp_path / part / LEDGER_FILE) as ledger:
                ledger.record(alone(withdrawn(1, district=XINZHOU)), NINE)
            system.taizhang(part, "relay", TAIZHANG_KAFKA=proxy.address, TAIZHANG_DATA=str(tmp_path / part))
        for part, proxy in proxies.items():
            wait_until(proxy.silent.is_set, f"{part} has come so far: {proxy.asked} {system.log(part)}")
        for part in SILENT:
            system.ask_to_stop(part)
        assert {part: system.ended(part) for part in SILENT} == dict.fromkeys(SILENT, 0)
    for part in SILENT:
        now = dt.datetime.now(TIME_ZONE)
        with closing(SqliteRelayBook(tmp_path / part / RELAY_FILE, topic, lambda at=now: at)) as book:  # type: ignore[misc]  # bound now
            lease = book.acquire("the next one", 10)
        assert lease is not None, part
        assert lease.epoch > 1, part


def test_the_topic_cannot_be_looked_at_while_kafka_is_silent_and_the_command_says_so(
    kafka: LocalBroker, topic: str
) -> None:
    # In a process of its own: pytest keeps what kafka-python logs, and with it connections that nobody closes.
    with falling_silent(kafka.address, SILENT["at-first"]) as proxy:
        environment = {**os.environ, "TAIZHANG_KAFKA": proxy.address, "TAIZHANG_KAFKA_TOPIC": topic}
        command = [sys.executable, "-m", "services.cli", "topics"]
        told = subprocess.run(
            command, cwd=PROJECT, env=environment, check=False, capture_output=True, text=True, timeout=LONGEST_END
        )
    assert (told.returncode, told.stdout, "[kafka.not_usable]" in told.stderr) == (2, "", True)
