"""A fact goes into a message and comes out the same; its headers are those of CloudEvents in Kafka's binary mode."""

from __future__ import annotations

from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.moment import Moment
from events.printing import stored_bytes
from events.vocabulary import FACTS
from services.messages.cloud_event import Announced, MessageError, announced, fact_of, message_of
from services.messages.partitions import partition_of
from tests.events.facts_to_try import example

NAME = UUID("8c5f2b1e-6f0d-5a53-9d3e-2f7f3f6f0a11")
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
REQUESTED = msgspec.structs.replace(example("countersign.requested.v1"), sequence=42, id=NAME)


@pytest.mark.parametrize("type_", FACTS)
def test_a_fact_of_every_type_comes_out_of_its_message_as_it_went_in(type_: str) -> None:
    fact = msgspec.structs.replace(example(type_), sequence=7)
    message = message_of(fact)

    assert fact_of(message.headers, message.value) == fact
    assert fact_of(dict(message.headers), message.value) == fact


def test_the_headers_are_the_attributes_and_the_value_is_the_fact_as_stored() -> None:
    message = message_of(REQUESTED)

    assert (message.key, message.value) == (b"xinzhou", stored_bytes(REQUESTED))
    assert message.headers == [
        ("ce_specversion", b"1.0"),
        ("content-type", b"application/json"),
        ("ce_id", b"8c5f2b1e-6f0d-5a53-9d3e-2f7f3f6f0a11"),
        ("ce_source", b"urn:taizhang:district:xinzhou"),
        ("ce_type", b"countersign.requested.v1"),
        ("ce_subject", b"countersign/c-1"),
        ("ce_time", b"2026-09-28T23:59:59.999999+08:00"),
        ("ce_recordedtime", b"2026-09-28T17:30:00+08:00"),
        ("ce_sequence", b"000000000042"),
        ("ce_partitionkey", b"xinzhou"),
        ("traceparent", b"00-8c5f2b1e6f0d5a539d3e2f7f3f6f0a11-9d3e2f7f3f6f0a11-01"),
    ]


def test_the_trace_of_an_alert_is_that_of_the_fact_which_caused_it() -> None:
    raised = msgspec.structs.replace(example("alert.raised.v1"), origin="watch", cause=REQUESTED.id)
    begun = announced(message_of(REQUESTED).headers).traceparent
    assert begun is not None
    assert announced(message_of(raised).headers).traceparent == f"{begun[:35]}-{raised.id.hex[16:]}-01"


@pytest.mark.parametrize(
    ("occurred_at", "time"),
    [
        ("2026-09-28", "2026-09-28T23:59:59.999999+08:00"),
        ("2026-09-28T09:00+08:00", "2026-09-28T09:00:00+08:00"),
        ("2026-09-28T09:00Z", "2026-09-28T17:00:00+08:00"),
        ("2026-09-28T09:00:30Z", "2026-09-28T09:00:30Z"),
        ("2026-09-28T09:00:30.125+08:00", "2026-09-28T09:00:30.125+08:00"),
    ],
)
def test_the_time_of_an_event_is_a_timestamp_also_where_a_fact_knows_less(occurred_at: str, time: str) -> None:
    fact = msgspec.structs.replace(REQUESTED, occurred_at=Moment(occurred_at))

    assert dict(message_of(fact).headers)["ce_time"] == time.encode()
    assert fact_of(message_of(fact).headers, message_of(fact).value) == fact


def test_the_headers_alone_say_how_far_a_district_has_come() -> None:
    assert announced(message_of(REQUESTED).headers) == Announced(
        "xinzhou",
        42,
        NAME,
        "countersign.requested.v1",
        REQUESTED.recorded_at,
        "00-8c5f2b1e6f0d5a539d3e2f7f3f6f0a11-9d3e2f7f3f6f0a11-01",
    )


def test_the_trace_of_a_caller_who_gave_one_goes_on() -> None:
    traced = msgspec.structs.replace(REQUESTED, correlation=TRACE)
    not_traced = msgspec.structs.replace(REQUESTED, correlation=TRACE.replace("4bf9", "4BF9"))

    assert announced(message_of(traced).headers).traceparent == TRACE
    assert announced(message_of(not_traced).headers).traceparent == announced(message_of(REQUESTED).headers).traceparent


@pytest.mark.parametrize(
    ("header", "given"),
    [
        ("ce_specversion", b"2.0"),
        ("ce_source", b"urn:elsewhere"),
        ("ce_source", b"\xff"),
        ("ce_sequence", b"many"),
        ("ce_id", b"1"),
        ("ce_id", b"8c5f2b1e-6f0d-5a53-9d3e-2f7f3f6f0a12"),
        ("ce_type", b"countersign.requested.v9"),
        ("ce_type", b"countersign.replied.v1"),
        ("ce_recordedtime", b"yesterday"),
        ("ce_id", None),
    ],
)
def test_a_message_that_is_not_ours_or_was_changed_is_refused_by_code(header: str, given: bytes | None) -> None:
    message = message_of(REQUESTED)
    headers = [(name, value if name != header else given) for name, value in message.headers]
    changed = [(name, value) for name, value in headers if value is not None]
    with pytest.raises(MessageError) as refused:
        fact_of(changed, message.value)
    foreign = given in {b"2.0", b"urn:elsewhere"}
    assert refused.value.code == ("message.foreign" if foreign else "message.unreadable")


def test_headers_that_others_add_or_drop_do_not_matter() -> None:
    message = message_of(REQUESTED)
    kept = [(name, value) for name, value in message.headers if name not in {"ce_partitionkey", "traceparent"}]

    assert fact_of([*kept, ("ce_dataschema", b"urn:other")], message.value) == REQUESTED
    assert announced(kept).traceparent is None


@given(st.lists(st.tuples(st.text(), st.binary())), st.binary())
def test_whatever_stands_in_a_topic_is_refused_and_never_breaks_the_reader(
    headers: list[tuple[str, bytes]], value: bytes
) -> None:
    message = message_of(REQUESTED)
    with pytest.raises(MessageError):
        fact_of(headers, message.value)
    with pytest.raises(MessageError):
        fact_of(message.headers, value)


@given(st.from_regex(r"[a-z]{2,20}", fullmatch=True), st.integers(1, 48))
def test_every_district_is_in_a_partition_that_there_is(district: str, partitions: int) -> None:
    assert 0 <= partition_of(district, partitions) < partitions
