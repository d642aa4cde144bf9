"""What the process that judges and the one that holds the ledger tell each other arrives as it was meant."""

from __future__ import annotations

import datetime as dt
import socket
from uuid import uuid4

import pytest

from events.fact import AnyFact
from events.ledger.errors import LedgerError, LedgerUnavailableError, Reason
from events.ledger.port import Conflict, Failed, Outcome, Receipt, Recorded, Refused, Repeated
from events.moment import TIME_ZONE
from services.judging_process.messages import (
    FROM_JUDGE,
    TO_JUDGE,
    AlertFound,
    Began,
    Begin,
    DueReached,
    FactsCame,
    FromJudge,
    InLedger,
    NotRecorded,
    Stop,
    TimeAsked,
    TimeIs,
    ToJudge,
    Tried,
    Try,
    TurnedDown,
    answer_to,
    as_stored,
    fact_of,
    line_of,
    lines_of,
    outcome_of,
)
from tests.rulebooks.kinds.histories import fact

AT = dt.datetime(2026, 1, 5, 9, 30, 0, 125, tzinfo=TIME_ZONE)
REASON = Reason("ledger.closed", "账册\n正在关闭", "closing")
RECEIPT = Receipt(uuid4(), 7, AT, b"\x00leaf\xff", b"\nroot")


def asked() -> AnyFact:
    given = {"kind": "opinion", "about": "matter/m-1", "sponsor": "u-housing", "form": "online"}
    return fact("countersign.requested", "countersign/cs-1", "2026-09-28", departments=["u-land"], **given)


@pytest.mark.parametrize(
    "message",
    [
        Begin(data="/数据", log_level="info", log_format="json", districts=["xinzhou"], traces="spans.jsonl"),
        FactsCame(),
        Try(number=3, district="xinzhou", facts=[], through=7, recorded_at=AT),
        Stop(),
        TimeIs(AT),
        InLedger((RECEIPT,)),
        InLedger((RECEIPT,), before=True),
        TurnedDown(REASON),
        NotRecorded(REASON),
    ],
)
def test_what_the_judge_is_told_is_one_line_and_arrives_whole(message: ToJudge) -> None:
    line = line_of(message)
    assert (line.count(b"\n"), line[-1:], TO_JUDGE.decode(line)) == (1, b"\n", message)


@pytest.mark.parametrize("message", [Began(), DueReached("xinzhou", AT), TimeAsked(), Tried(3, None)])
def test_what_the_judge_asks_is_one_line_and_arrives_whole(message: FromJudge) -> None:
    line = line_of(message)
    assert (line.count(b"\n"), line[-1:], FROM_JUDGE.decode(line)) == (1, b"\n", message)


def test_an_alert_arrives_as_it_was_found() -> None:
    line = line_of(AlertFound(as_stored(asked())))
    message = FROM_JUDGE.decode(line)
    assert isinstance(message, AlertFound)
    assert (line.count(b"\n"), fact_of(message.stored)) == (1, asked())


@pytest.mark.parametrize("outcome", [Recorded((RECEIPT,)), Repeated((RECEIPT,)), Refused(REASON)])
def test_an_outcome_is_the_same_in_the_other_process(outcome: Outcome) -> None:
    answer = answer_to(outcome)
    assert not isinstance(answer, TimeIs)
    assert outcome_of(answer) == outcome


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        (LedgerUnavailableError(REASON), "ledger.closed"),
        (Failed(ValueError("why")), "judging.not_recorded"),
        (Conflict("countersign/cs-1", 1, 2), "judging.not_recorded"),
    ],
)
def test_a_ledger_that_cannot_be_used_is_a_fault_in_the_other_process_too(
    outcome: Outcome | LedgerError, code: str
) -> None:
    answer = answer_to(outcome)
    assert not isinstance(answer, TimeIs)
    with pytest.raises(LedgerUnavailableError) as raised:
        outcome_of(answer)
    assert raised.value.code == code


def test_a_line_that_breaks_off_is_none() -> None:
    here, there = socket.socketpair()
    with here:
        with there:
            there.sendall(line_of(TimeAsked()) + line_of(DueReached("xinzhou", AT))[:-5])
        assert list(lines_of(here)) == [line_of(TimeAsked())]
