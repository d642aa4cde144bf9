"""`taizhang relay` against a real Kafka: from a ledger in a file and in a database, over kills of relay and broker."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from kafka import KafkaProducer

from events.ledger.port import Ledger
from events.postgres.ledger import PostgresLedger
from events.postgres.migrating import migrate_database
from events.printing import stored_bytes
from events.sqlite.ledger import SqliteLedger
from services.messages.partitions import partition_of
from services.recording.embedded import LEDGER_FILE
from services.stores.migrations import all_migrations
from tests.events.ledger.examples import NINE, XINZHOU, YUANZHOU, alone, withdrawn
from tests.local_broker import LocalBroker, own_broker
from tests.postgres_server import PostgresServer, own_server
from tests.services.relay.relays import PARTITIONS, made_topic, published, relay_process


class Place:
    """A ledger that a relay can find: the one to record in, and what the environment says of it."""

    def __init__(self, ledger: Ledger, environment: dict[str, str]) -> None:
        self.ledger = ledger
        self.environment = environment
        self._count: dict[str, int] = {}

    def record(self, district: str, facts: int) -> int:
        """Record facts of a district; return its last sequence."""
        first = self._count.get(district, 0) + 1
        self._count[district] = first + facts - 1
        new = [withdrawn(number, district=district) for number in range(first, first + facts)]
        self.ledger.record(alone(*new), NINE)
        return self._count[district]


@pytest.fixture
def in_a_file(tmp_path: Path) -> Iterator[Place]:
    with SqliteLedger(tmp_path / LEDGER_FILE) as ledger:
        yield Place(ledger, {"TAIZHANG_DATA": str(tmp_path)})


@pytest.fixture
def in_a_database(postgres_server: PostgresServer, tmp_path: Path) -> Iterator[Place]:
    conninfo = postgres_server.new_database()
    migrate_database(conninfo, all_migrations())
    with PostgresLedger(conninfo) as ledger:
        yield Place(ledger, {"TAIZHANG_DATABASE": conninfo, "TAIZHANG_DATA": str(tmp_path)})
    postgres_server.drop_database(conninfo)


@pytest.fixture(params=["in_a_file", "in_a_database"])
def place(request: pytest.FixtureRequest) -> Place:
    found: Place = request.getfixturevalue(request.param)
    return found


def test_every_fact_is_published_in_order_in_the_partition_of_its_district(
    place: Place, kafka: LocalBroker, topic: str, tmp_path: Path
) -> None:
    environment = place.environment | made_topic(kafka.address, topic)
    first = {XINZHOU: place.record(XINZHOU, 1_500), YUANZHOU: place.record(YUANZHOU, 3)}
    with published(kafka.address, topic) as reader, relay_process(environment, tmp_path / "relay.log") as relay:
        reader.read_until(first)
        last = {XINZHOU: place.record(XINZHOU, 2), YUANZHOU: place.record(YUANZHOU, 1)}
        reader.read_until(last)
        ready = relay.ready()
        metrics = relay.get("/v1/metrics")
        stopped = relay.stop()

        for district, sequence in last.items():
            assert reader.of(district) == list(range(1, sequence + 1))
            stored = [value for _, told, value in reader.messages if told.district == district]
            assert stored == [stored_bytes(fact) for fact in place.ledger.read(district, 0, sequence)]
        assert {(told.district, partition) for partition, told, _ in reader.messages} == {
            (district, partition_of(district, PARTITIONS)) for district in last
        }
    assert 'taizhang_relay_published_facts_total{district="xinzhou"} 1502.0' in metrics
    assert 'taizhang_relay_lag_facts{district="xinzhou"} 0.0' in metrics
    assert ready == '{"status":"publishing","lag_facts":0,"lag_seconds":0.0}'
    assert stopped == 0


def test_the_standby_takes_over_from_a_killed_relay_and_nothing_is_lost(
    in_a_database: Place, kafka: LocalBroker, topic: str, tmp_path: Path
) -> None:
    place = in_a_database
    environment = place.environment | made_topic(kafka.address, topic)
    place.record(XINZHOU, 2_000)
    with (
        published(kafka.address, topic) as reader,
        relay_process(environment, tmp_path / "first.log") as first,
        relay_process(environment, tmp_path / "second.log") as second,
    ):
        relays = [first, second]
        reader.read_until({XINZHOU: 1})
        active, standby = relays if first.has_logged("relay.began") else reversed(relays)
        standby.logged("relay.standing_by")
        active.kill()
        last = place.record(XINZHOU, 500)
        standby.logged("relay.began")
        reader.read_until({XINZHOU: last})

        assert list(dict.fromkeys(reader.of(XINZHOU))) == list(range(1, last + 1))


def test_a_killed_broker_pauses_the_relay_and_afterwards_all_is_there_in_order(
    in_a_file: Place, topic: str, tmp_path: Path
) -> None:
    with own_broker(tmp_path / "broker") as broker:
        environment = in_a_file.environment | made_topic(broker.address, topic)
        in_a_file.record(XINZHOU, 1_000)
        with relay_process(environment, tmp_path / "relay.log") as relay:
            relay.logged("relay.began")
            broker.kill()
            last = in_a_file.record(XINZHOU, 1_000)
            broker.start()
            with published(broker.address, topic) as reader:
                reader.read_until({XINZHOU: last})
                assert list(dict.fromkeys(reader.of(XINZHOU))) == list(range(1, last + 1))
            assert relay.stop() == 0


def test_a_killed_database_pauses_the_relay_and_afterwards_all_is_there_in_order(
    kafka: LocalBroker, topic: str, tmp_path: Path
) -> None:
    with own_server() as server:
        conninfo = server.new_database()
        migrate_database(conninfo, all_migrations())
        environment = {"TAIZHANG_DATABASE": conninfo} | made_topic(kafka.address, topic)
        with PostgresLedger(conninfo) as ledger, published(kafka.address, topic) as reader:
            place = Place(ledger, environment)
            before = place.record(XINZHOU, 500)
            with relay_process(environment, tmp_path / "relay.log") as relay:
                reader.read_until({XINZHOU: before})
                server.act("kill")
                server.act("start")
                last = place.record(XINZHOU, 500)
                reader.read_until({XINZHOU: last})

                assert list(dict.fromkeys(reader.of(XINZHOU))) == list(range(1, last + 1))
                assert relay.stop() == 0


def test_a_relay_that_is_begun_too_early_waits_for_ledger_and_topic_and_says_so(
    kafka: LocalBroker, topic: str, tmp_path: Path
) -> None:
    environment = {"TAIZHANG_DATA": str(tmp_path), "TAIZHANG_KAFKA": kafka.address, "TAIZHANG_KAFKA_TOPIC": topic}
    with relay_process(environment, tmp_path / "relay.log") as relay:
        relay.logged("relay.no_ledger")
        with SqliteLedger(tmp_path / LEDGER_FILE) as ledger:
            last = Place(ledger, {}).record(XINZHOU, 2)
            assert relay.logged("relay.broker_unusable")["code"] == "kafka.no_topic"
            made_topic(kafka.address, topic)
            with published(kafka.address, topic) as reader:
                reader.read_until({XINZHOU: last})
                assert reader.of(XINZHOU) == [1, 2]


def test_other_kafka_clients_put_a_district_into_the_same_partition(kafka: LocalBroker, topic: str) -> None:
    made_topic(kafka.address, topic)
    producer = KafkaProducer(bootstrap_servers=kafka.address)
    districts = ["xinzhou", "yuanzhou", "huancui", "xinqiu", "qianjiang", "d"]
    sent = [producer.send(topic, b"", key=district.encode()).get(timeout=60).partition for district in districts]
    producer.close()

    assert sent == [partition_of(district, PARTITIONS) for district in districts]
