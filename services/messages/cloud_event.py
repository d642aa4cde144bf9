"""A fact as a CloudEvents 1.0 message in Kafka's binary mode, and back; pure.

The attributes of the event are headers, the value is the fact as the ledger stores it. Who only wants to know how far a
district has come reads the headers and leaves the value alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Final, NamedTuple
from uuid import UUID

import msgspec
from msgspec import Struct

from events.fact import AnyFact, Case
from events.ledger.errors import Reason, UnknownFormError
from events.moment import Moment, datetime_of
from events.printing import from_stored, stored_bytes
from services.messages.trace import traceparent_of

Header = tuple[str, bytes]
Headers = list[Header]

SPECIFICATION: Final = "1.0"
CONTENT_TYPE: Final = "application/json"
SOURCE: Final = "urn:taizhang:district:"
"""Before the name of the district: source and id together are unique in the world of the receiver."""
SEQUENCE_DIGITS: Final = 12
"""Sequences are written with leading zeros, so that their order as texts is their order as numbers."""
_VERSION: Final = ("ce_specversion", SPECIFICATION.encode())
_JSON: Final = ("content-type", CONTENT_TYPE.encode())
_BEFORE_SECONDS: Final = len("2026-10-09T09:00")
"""Where a date-time has its second colon, if it says seconds, as CloudEvents wants them."""


class Message(NamedTuple):
    """A message as Kafka carries it; the key is the district. Its sequence stands beside, for whoever sends it."""

    key: bytes
    value: bytes
    headers: Headers
    sequence: int


class _Envelope(Struct, frozen=True, gc=False):
    """What a message says of a fact in its headers, read from the fact as it is stored; the rest is passed over."""

    id: str
    district: str
    sequence: int
    type: str
    subject: Case
    occurred_at: str
    recorded_at: str
    origin: str
    cause: str | None = None
    correlation: str | None = None


_read_envelope: Final = msgspec.json.Decoder(_Envelope).decode


class MessageError(Exception):
    """A message that is not one of ours, or was damaged; `code` is stable."""

    def __init__(self, reason: Reason) -> None:
        """Carry the reason."""
        super().__init__(f"{reason.zh} {reason.en} [{reason.code}]")
        self.reason = reason

    @property
    def code(self) -> str:
        """The stable code."""
        return self.reason.code


class Announced(NamedTuple):
    """What the headers of a message say: which fact it is, and the W3C trace context it belongs to."""

    district: str
    sequence: int
    fact_id: UUID
    type: str
    recorded_at: dt.datetime
    traceparent: str | None


def message_of(fact: AnyFact) -> Message:
    """Return a recorded fact as a message."""
    return message_of_stored(stored_bytes(fact))


def message_of_stored(stored: bytes) -> Message:
    """Return a fact, as the ledger stores it, as a message; raise msgspec.DecodeError for other bytes."""
    fact = _read_envelope(stored)
    cause = fact.cause if fact.origin == "watch" else None
    key, source, partition_key = _of_district(fact.district)
    headers = [
        _VERSION,
        _JSON,
        ("ce_id", fact.id.encode()),
        source,
        _of_type(fact.type),
        ("ce_subject", f"{fact.subject.kind}/{fact.subject.id}".encode()),
        ("ce_time", _time_of(fact.occurred_at)),
        ("ce_recordedtime", fact.recorded_at.encode()),
        ("ce_sequence", f"{fact.sequence:0{SEQUENCE_DIGITS}d}".encode()),
        partition_key,
        ("traceparent", traceparent_of(fact.id, fact.correlation, cause).encode()),
    ]
    return Message(key, stored, headers, fact.sequence)


def announced(headers: Iterable[tuple[str, bytes]] | Mapping[str, bytes]) -> Announced:
    """Read the headers of a message; raise MessageError for what is not one of ours."""
    given = dict(headers)
    try:
        source = given["ce_source"].decode()
        traceparent = given.get("traceparent")
        if given["ce_specversion"].decode() != SPECIFICATION or not source.startswith(SOURCE):
            raise _foreign(source)
        return Announced(
            source.removeprefix(SOURCE),
            int(given["ce_sequence"]),
            UUID(given["ce_id"].decode()),
            given["ce_type"].decode(),
            dt.datetime.fromisoformat(given["ce_recordedtime"].decode()),
            None if traceparent is None else traceparent.decode(),
        )
    except (KeyError, ValueError) as fault:
        raise _unreadable(repr(fault)) from fault


def fact_of(headers: Iterable[tuple[str, bytes]] | Mapping[str, bytes], value: bytes) -> AnyFact:
    """Read the fact of a message; raise MessageError where it cannot be read or headers and value disagree."""
    told = announced(headers)
    try:
        fact = from_stored(told.type, value)
    except (UnknownFormError, ValueError, msgspec.DecodeError) as fault:
        raise _unreadable(repr(fault)) from fault
    if (fact.district, fact.sequence, fact.id) != (told.district, told.sequence, told.fact_id):
        raise _unreadable(f"{told.district} {told.sequence} {told.fact_id}")
    return fact


# Facts of a page have few districts and types; what is made of them is remembered.
@lru_cache(maxsize=4_096)
def _of_district(district: str) -> tuple[bytes, Header, Header]:
    name = district.encode()
    return name, ("ce_source", SOURCE.encode() + name), ("ce_partitionkey", name)


@cache
def _of_type(type_: str) -> Header:
    return "ce_type", type_.encode()


def _time_of(written: str) -> bytes:
    """Return the time of an event: of a date its end, as CloudEvents knows no dates; the value says which it is."""
    if written[_BEFORE_SECONDS : _BEFORE_SECONDS + 1] != ":":
        return datetime_of(Moment(written).latest).isoformat().encode()
    return written.encode()


def _foreign(source: str) -> MessageError:
    return MessageError(
        Reason(
            "message.foreign",
            f"主题中有不是本系统的消息（来源 {source!r:.80}），已跳过；请查明谁在写入该主题，并限制写权限。",
            f"A message of another system (source {source!r:.80}) stands in the topic and was passed over; find out "
            "who writes to it and take the right away.",
        )
    )


def _unreadable(why: str) -> MessageError:
    return MessageError(
        Reason(
            "message.unreadable",
            f"消息不能读取（{why:.200}），已跳过，事实从账册读取；如持续出现，请核对两端程序版本。",
            f"A message cannot be read ({why:.200}) and was passed over, its fact is read from the ledger; if it goes "
            "on, compare the versions of the programs at both ends.",
        )
    )
