"""One trace from a request over HTTP through ledger, relay, Kafka and worker to the alert, each a process."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import orjson
import pytest

from events.moment import TIME_ZONE
from tests.local_broker import LocalBroker
from tests.postgres_server import PostgresServer
from tests.services.streams.chaos import free_ports, token_for
from tests.services.streams.prepared import prepared
from tests.services.streams.system import System, running, wait_until
from tests.services.tracing.collecting_server import Collected, collecting

SAMPLE = Path(__file__).parents[3] / "services" / "sample" / "one-fact"
DISTRICT = "xinzhou"
ASKED_AT = dt.datetime(2025, 9, 29, 12, tzinfo=TIME_ZONE)
REPLIED_AT = dt.datetime(2025, 10, 14, 12, tzinfo=TIME_ZONE)
CALLER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

Span = dict[str, Any]


class Traced(NamedTuple):
    """A system that writes its spans into one file, and sends them to one collector."""

    system: System
    address: str
    spans_file: Path
    token: str
    collected: Collected

    def set_clock(self, now: dt.datetime) -> None:
        path = self.system.folder / "clock"
        path.with_suffix(".new").write_text(now.isoformat(), encoding="ascii")
        path.with_suffix(".new").rename(path)

    def record(self, fact: dict[str, Any], **headers: str) -> None:
        address = f"{self.address}/v1/districts/{DISTRICT}/facts"
        answer = httpx.post(
            address, json=fact, headers={"Authorization": f"Bearer {self.token}", **headers}, timeout=60
        )
        assert answer.status_code == httpx.codes.CREATED, answer.text

    def spans(self) -> list[Span]:
        lines = self.spans_file.read_bytes().splitlines() if self.spans_file.exists() else []
        return [orjson.loads(line) for line in lines]

    def wait_for(self, name: str, fact_type: str) -> Span:
        """Wait until a span of a fact of a type was written; return the last of them."""
        found: list[Span] = []

        def is_there() -> bool:
            found[:] = [one for one in self.spans() if (one["name"], _type_of(one)) == (name, fact_type)]
            return bool(found)

        wait_until(is_there, f"{name} {fact_type}", nap=0.2)
        return found[-1]


def _type_of(span: Span) -> object:
    return span["attributes"].get("taizhang.fact.type")


def sent_by(collected: Collected) -> set[tuple[str, str, str, str, str | None]]:
    """Return what the collector was sent, in the words of the file."""

    def shown(number: bytes) -> str:
        return f"0x{number.hex()}"

    return {
        (
            service,
            one.name,
            shown(one.trace_id),
            shown(one.span_id),
            shown(one.parent_span_id) if one.parent_span_id else None,
        )
        for service, one in collected.spans()
    }


def sample(name: str) -> list[dict[str, Any]]:
    lines = (SAMPLE / name).read_bytes().splitlines()
    return [orjson.loads(line) for line in lines][1:]


@pytest.fixture
def traced(
    tmp_path: Path, kafka: LocalBroker, topic: str, postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Traced]:
    database = postgres_server.new_ledger_database()
    spans = tmp_path / "spans.jsonl"
    settings = prepared(tmp_path, database, kafka, topic, monkeypatch.setenv)
    (port,) = free_ports(1)
    with collecting() as collected, ExitStack() as ended:
        settings |= {"TAIZHANG_TRACES": str(spans), "TAIZHANG_TRACES_ENDPOINT": collected.endpoint}
        system = ended.enter_context(running(tmp_path, settings, f"at:{tmp_path / 'clock'}"))
        token = token_for(tmp_path, frozenset({DISTRICT}), ASKED_AT)
        found = Traced(system, f"http://127.0.0.1:{port}", spans, token, collected)
        found.set_clock(ASKED_AT)
        system.clocked("api", "serve", TAIZHANG_PORT=str(port))
        system.taizhang("relay", "relay")
        system.clocked("worker", "worker")
        for part, said in (("api", "serve.ready"), ("relay", "relay.began"), ("worker", "worker.assigned")):
            wait_until(lambda of=part, word=said: word in system.log(of), said)  # type: ignore[misc]  # bound now
        yield found
    postgres_server.drop_database(database)


def test_the_spans_of_a_fact_are_one_trace_from_the_request_to_the_alert(traced: Traced) -> None:
    for fact in sample("asked.jsonl"):
        traced.record(fact)
    asked = traced.wait_for("fact.judge", "countersign.requested.v1")
    traced.set_clock(REPLIED_AT)
    raised = traced.wait_for("alert.record", "alert.raised.v1")
    (reply,) = sample("replied-late.jsonl")
    traced.record({**reply, "correlation": CALLER}, traceparent=CALLER)
    traced.wait_for("fact.receive", "alert.resolved.v1")
    for part in ("api", "relay", "worker"):
        assert traced.system.stop(part) == 0
    spans = traced.spans()
    assert sent_by(traced.collected) == {
        (
            one["resource"]["attributes"]["service.name"],
            one["name"],
            one["context"]["trace_id"],
            one["context"]["span_id"],
            one["parent_id"],
        )
        for one in spans
    }
    by_id = {one["context"]["span_id"]: one for one in spans}

    def tree(trace: str) -> Counter[tuple[object, ...]]:
        """Count the spans of a trace: who made which, of what, under which."""
        return Counter(
            (
                one["resource"]["attributes"]["service.name"],
                one["name"],
                _type_of(one),
                by_id.get(one["parent_id"], {"name": one["parent_id"]})["name"],
            )
            for one in spans
            if one["context"]["trace_id"] == trace
        )

    post = "POST /v1/districts/{district}/facts"
    request, clock, alert = "countersign.requested.v1", "clock.reached.v1", "alert.raised.v1"
    assert tree(asked["context"]["trace_id"]) == Counter(
        {
            ("taizhang.serve", post, None, None): 1,
            ("taizhang.serve", "fact.record", request, post): 1,
            ("taizhang.relay", "fact.publish", request, "fact.record"): 1,
            ("taizhang.worker", "fact.receive", request, "fact.record"): 1,
            ("taizhang.worker", "fact.judge", request, "fact.record"): 1,
        }
    )
    assert tree(raised["context"]["trace_id"]) == Counter(
        {
            ("taizhang.worker", "fact.record", clock, None): 1,
            ("taizhang.relay", "fact.publish", clock, "fact.record"): 1,
            ("taizhang.worker", "fact.receive", clock, "fact.record"): 1,
            ("taizhang.worker", "fact.judge", clock, "fact.record"): 1,
            ("taizhang.worker", "alert.record", alert, "fact.judge"): 1,
            ("taizhang.relay", "fact.publish", alert, "alert.record"): 1,
            ("taizhang.worker", "fact.receive", alert, "alert.record"): 1,
        }
    )
    assert asked["context"]["trace_id"] in {one["context"]["trace_id"] for one in raised["links"]}
    reply_type, resolved, caller = "countersign.replied.v1", "alert.resolved.v1", f"0x{CALLER.split('-')[2]}"
    assert tree(f"0x{CALLER.split('-')[1]}") == Counter(
        {
            ("taizhang.serve", post, None, caller): 1,
            ("taizhang.serve", "fact.record", reply_type, post): 1,
            ("taizhang.relay", "fact.publish", reply_type, caller): 1,
            ("taizhang.worker", "fact.receive", reply_type, caller): 1,
            ("taizhang.worker", "fact.judge", reply_type, caller): 1,
            ("taizhang.worker", "alert.record", resolved, "fact.judge"): 1,
            ("taizhang.relay", "fact.publish", resolved, caller): 1,
            ("taizhang.worker", "fact.receive", resolved, caller): 1,
        }
    )
