"""What the process that judges and the one that holds the ledger tell each other: each message one line of JSON.

Answers come in the order of the questions; what nobody asked for comes between them, and so do trials, which have
numbers since any of them may take longer than the next.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec import Raw, Struct

from events.ledger.errors import LedgerError, LedgerUnavailableError, Reason
from events.ledger.port import Receipt, Recorded, Refused, Repeated
from events.printing import from_stored, stored_bytes
from projections.effects import Effect
from services.recording.preview import Judged
from services.settings.service import LogFormat, LogLevel
from services.settings.traces import Headers

if TYPE_CHECKING:
    import socket

    from events.fact import AnyFact
    from events.ledger.port import Outcome


class Begin(Struct, frozen=True, kw_only=True, tag="begin"):
    """The first message: where to judge and which districts, None for all; how to log, and where spans go."""

    data: str
    log_level: LogLevel
    log_format: LogFormat
    districts: list[str] | None = None
    traces: str | None = None
    traces_endpoint: str | None = None
    traces_headers: Headers = ()
    traces_ca: str | None = None


class StoredFact(Struct, frozen=True):
    """A fact in the form in which facts are stored."""

    fact_type: str
    fact: Raw


class FactsCame(Struct, frozen=True, tag="facts_came"):
    """There may be new facts in the ledger."""


class Stop(Struct, frozen=True, tag="stop"):
    """Finish the step in hand, and end."""


class TimeIs(Struct, frozen=True, tag="time_is"):
    """What time it is, by the clock that dates the facts."""

    now: dt.datetime


class InLedger(Struct, frozen=True, tag="in_ledger"):
    """A fact is in the ledger: since now, or `before`."""

    receipts: tuple[Receipt, ...]
    before: bool = False


class TurnedDown(Struct, frozen=True, tag="turned_down"):
    """A fact was refused."""

    reason: Reason


class NotRecorded(Struct, frozen=True, tag="not_recorded"):
    """The ledger could not be used; the same may be asked again."""

    reason: Reason


class Try(Struct, frozen=True, kw_only=True, tag="try"):
    """A question what facts would change, as `Judge` is asked."""

    number: int
    district: str
    facts: list[StoredFact]
    through: int
    recorded_at: dt.datetime | None


Answer = TimeIs | InLedger | TurnedDown | NotRecorded
ToJudge = Begin | FactsCame | Stop | Try | Answer


class Began(Struct, frozen=True, tag="began"):
    """Judging began, and what is asked is answered."""


class Tried(Struct, frozen=True, tag="tried"):
    """What facts would change; None when that could not be told."""

    number: int
    judged: Judged[Effect] | None


class AlertFound(Struct, frozen=True, tag="alert"):
    """An alert fact to be recorded."""

    stored: StoredFact


class DueReached(Struct, frozen=True, tag="due"):
    """A due moment to be recorded."""

    district: str
    at: dt.datetime


class TimeAsked(Struct, frozen=True, tag="time"):
    """A question what time it is."""


FromJudge = Began | AlertFound | DueReached | TimeAsked | Tried

TO_JUDGE: Final = msgspec.json.Decoder[ToJudge](ToJudge)
FROM_JUDGE: Final = msgspec.json.Decoder[FromJudge](FromJudge)


def line_of(message: ToJudge | FromJudge) -> bytes:
    """Return a message as it is sent."""
    return msgspec.json.encode(message) + b"\n"


def lines_of(connection: socket.socket) -> Iterator[bytes]:
    """Give the lines that come, until the other side is gone; what has no line end is no line."""
    with suppress(OSError), connection.makefile("rb") as stream:
        for line in stream:
            if line.endswith(b"\n"):
                yield line


def as_stored(fact: AnyFact) -> StoredFact:
    """Return a fact as it is sent."""
    return StoredFact(fact.type, Raw(stored_bytes(fact)))


def fact_of(stored: StoredFact) -> AnyFact:
    """Return the fact that was sent."""
    return from_stored(stored.fact_type, bytes(stored.fact))


def answer_to(outcome: Outcome | LedgerError) -> Answer:
    """Return what became of a fact as it is told to the process that judges."""
    match outcome:
        case Recorded(receipts):
            return InLedger(tuple(receipts))
        case Repeated(receipts):
            return InLedger(tuple(receipts), before=True)
        case Refused(reason):
            return TurnedDown(reason)
        case LedgerError() as error:
            return NotRecorded(error.reason)
        case other:
            return NotRecorded(_unforeseen(type(other).__name__))


def outcome_of(answer: InLedger | TurnedDown | NotRecorded) -> Outcome:
    """Return what became of a fact; raise LedgerUnavailableError when the ledger could not be used."""
    match answer:
        case InLedger(receipts, before=False):
            return Recorded(receipts)
        case InLedger(receipts):
            return Repeated(receipts)
        case TurnedDown(reason):
            return Refused(reason)
        case NotRecorded(reason):
            raise LedgerUnavailableError(reason)


def unforeseen(fault: Exception) -> LedgerUnavailableError:
    """Return what is told of a fault that nobody foresaw."""
    return LedgerUnavailableError(_unforeseen(type(fault).__name__))


def _unforeseen(what: str) -> Reason:
    return Reason(
        "judging.not_recorded",
        f"持有账册的进程未能入账（{what}），已保存，将再试；若反复出现，请把服务的日志交开发者。",
        f"The process that holds the ledger could not record this ({what}); it is saved and tried again. If it comes "
        "again and again, hand the log of the service to the developers.",
    )
