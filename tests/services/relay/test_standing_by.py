"""A relay that stands by finds out in time whether it could publish, and says so; it publishes nothing meanwhile."""

from __future__ import annotations

import json
import time
import urllib.error
from collections.abc import Callable
from pathlib import Path

import pytest
from kafka.admin import (
    ACL,
    ACLOperation,
    ACLPermissionType,
    KafkaAdminClient,
    ResourcePattern,
    ResourceType,
)

from events.ledger.errors import Reason
from events.sqlite.ledger import SqliteLedger
from services.messages.connection import BrokerError
from services.messages.topics import ensure_topics
from services.recording.embedded import LEDGER_FILE
from services.relay.kafka_outlet import partitions_to_write
from services.relay.rehearsing import BETWEEN_REHEARSALS, Outcome, Rehearsing
from services.settings.service import settings_from
from services.settings.sources import SettingError
from tests.events.ledger.examples import NINE, alone, withdrawn
from tests.local_broker import LocalBroker
from tests.services.relay.relays import PATIENCE, RelayProcess, made_topic, relay_process

SILENT = Reason("kafka.not_usable", "无应答", "silent")
AUTHORISED = """authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
allow.everyone.if.no.acl.found=true
"""


def outcome_of(rehearsing: Rehearsing) -> Outcome:
    """Wait for the next outcome."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if (found := rehearsing.outcome()) is not None:
            return found
        time.sleep(0.001)
    raise AssertionError("no rehearsal came to an end")


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (None, None),
        (BrokerError(SILENT), SILENT),
        (SettingError("setting.not_usable", "X", "不能用", "no use"), Reason("setting.not_usable", "不能用", "no use")),
    ],
)
def test_a_rehearsal_tells_why_publishing_would_fail_and_the_next_comes_after_a_while(
    fault: Exception | None, reason: Reason | None
) -> None:
    seconds, tries = [0.0], [0]

    def rehearse() -> None:
        tries[0] += 1
        if fault is not None:
            raise fault

    rehearsing = Rehearsing(rehearse, lambda: seconds[0])
    assert outcome_of(rehearsing) == Outcome(reason)
    seconds[0] += BETWEEN_REHEARSALS - 1
    assert ([rehearsing.outcome() for _ in range(5)], tries) == ([None] * 5, [1])
    seconds[0] += 1
    assert (outcome_of(rehearsing), tries) == (Outcome(reason), [2])


def answered(relay: RelayProcess, wanted: Callable[[int, dict[str, object]], bool]) -> dict[str, object]:
    """Ask for readiness until it is as wanted, and return it."""
    until = time.monotonic() + PATIENCE
    found: dict[str, object] = {}
    while time.monotonic() < until:
        try:
            status, text = 200, relay.get("/v1/ready")
        except urllib.error.HTTPError as refused:
            status, text = refused.code, refused.read().decode()
            refused.close()
        found = json.loads(text)
        if wanted(status, found):
            return found
        time.sleep(0.1)
    raise AssertionError("not as wanted", found)


def test_a_standby_with_other_settings_says_that_it_could_not_take_over_and_why(
    kafka: LocalBroker, topic: str, tmp_path: Path
) -> None:
    environment = {"TAIZHANG_DATA": str(tmp_path)} | made_topic(kafka.address, topic)
    with SqliteLedger(tmp_path / LEDGER_FILE) as ledger:
        ledger.record(alone(withdrawn(1)), NINE)
    with relay_process(environment, tmp_path / "first.log") as first:
        first.logged("relay.began")
        # The lease is that of the topic, so the wrong setting is the address: nobody listens there.
        wrong = environment | {"TAIZHANG_KAFKA": "127.0.0.1:1"}
        with relay_process(wrong, tmp_path / "second.log") as second:
            said = second.logged("relay.cannot_take_over")
            unable = answered(second, lambda status, found: (status, found["status"]) == (503, "unable"))
            figures = second.get("/v1/metrics")
        with relay_process(environment, tmp_path / "third.log") as third:
            able = answered(third, lambda status, _: status == 200)
            assert not third.has_logged("relay.cannot_take_over")
        assert first.get("/v1/metrics").splitlines().count("taizhang_relay_able 1.0") == 1
    assert (said["code"], unable["code"]) == ("kafka.not_usable", "kafka.not_usable")
    assert (said["zh"], said["en"]) == (unable["zh"], unable["en"])
    assert {"taizhang_relay_able 0.0", "taizhang_relay_publishing 0.0"} <= set(figures.splitlines())
    assert able == {"status": "standing_by", "lag_facts": 0, "lag_seconds": 0.0}


def test_a_topic_that_one_may_see_and_not_write_to_is_no_topic_to_publish_to(tmp_path: Path) -> None:
    extra = tmp_path / "extra.properties"
    extra.write_text(AUTHORISED, encoding="ascii")
    broker = LocalBroker(tmp_path / "broker")
    broker.start(extra)
    try:
        settings = settings_from({"TAIZHANG_KAFKA": broker.address})
        with pytest.raises(BrokerError) as missing:
            partitions_to_write(settings)
        ensure_topics(settings)
        assert partitions_to_write(settings) == settings.kafka_partitions
        admin = KafkaAdminClient(bootstrap_servers=broker.address)
        topic = ResourcePattern(ResourceType.TOPIC, settings.kafka_topic)
        for operation, allowed in (
            (ACLOperation.DESCRIBE, ACLPermissionType.ALLOW),
            (ACLOperation.WRITE, ACLPermissionType.DENY),
        ):
            admin.create_acls([ACL("User:ANONYMOUS", "*", operation, allowed, topic)])
        admin.close()
        until = time.monotonic() + PATIENCE
        refused = None
        while refused is None and time.monotonic() < until:
            try:
                partitions_to_write(settings)
            except BrokerError as error:
                refused = error.code
    finally:
        broker.clean()
    assert (missing.value.code, refused) == ("kafka.no_topic", "kafka.not_writable")
