"""The side that holds the ledger: it records what it is handed, whatever goes wrong, and shows what is new."""

from __future__ import annotations

import datetime as dt
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

import msgspec
import pytest
from structlog.testing import capture_logs

from events.fact import AnyFact
from events.ledger.group_commit import GroupCommit
from events.ledger.memory import MemoryLedger
from events.ledger.port import Refused
from events.moment import TIME_ZONE
from services.judging_process.conversation import Conversation, Host
from services.judging_process.messages import (
    TO_JUDGE,
    AlertFound,
    Began,
    Begin,
    DueReached,
    FactsCame,
    InLedger,
    NotRecorded,
    Stop,
    TimeAsked,
    TimeIs,
    ToJudge,
    Tried,
    Try,
    TurnedDown,
    as_stored,
    line_of,
    lines_of,
)
from services.recording.preview import Judged
from tests.rulebooks.kinds.histories import fact

NOW = dt.datetime(2026, 1, 5, 9, tzinfo=TIME_ZONE)
BEGIN = Begin(data="data", log_level="info", log_format="json")


def found(number: int) -> AnyFact:
    given = {"kind": "opinion", "about": "matter/m-1", "sponsor": "u-housing", "form": "online"}
    return fact("countersign.requested", f"countersign/cs-{number}", "2026-01-04", departments=["u-land"], **given)


class Judge:
    """The other end of a conversation, played by the test."""

    def __init__(self, connection: socket.socket, conversation: Conversation) -> None:
        self.connection = connection
        self.conversation = conversation
        self._lines = lines_of(connection)

    def say(self, *messages: AlertFound | Began | DueReached | TimeAsked | Tried) -> None:
        self.connection.sendall(b"".join(map(line_of, messages)))

    def heard(self) -> ToJudge:
        message: ToJudge = TO_JUDGE.decode(next(self._lines))
        return message


@contextmanager
def conversing(
    ledger: MemoryLedger,
    show: Callable[[AnyFact], None] = lambda _fact: None,
    clock: Callable[[], dt.datetime] = lambda: NOW,
) -> Iterator[Judge]:
    here, there = socket.socketpair()
    with here, GroupCommit(ledger, lambda: NOW) as commit:
        conversation = Conversation(here, Host(commit, clock, show))
        thread = Thread(target=conversation.hold, args=(BEGIN,))
        thread.start()
        with there:
            judge = Judge(there, conversation)
            assert judge.heard() == BEGIN
            yield judge
            there.shutdown(socket.SHUT_RDWR)
        thread.join()


def test_what_is_handed_in_is_recorded_in_order_and_shown_when_it_is_new() -> None:
    ledger, shown = MemoryLedger(), list[AnyFact]()
    with conversing(ledger, shown.append) as judge:
        judge.say(*(AlertFound(as_stored(found(number))) for number in (1, 2, 1)))
        answers = [judge.heard() for _ in range(3)]
    recorded = ledger.read("xinzhou")
    assert shown == recorded
    assert [(type(one), isinstance(one, InLedger) and one.before) for one in answers] == [
        (InLedger, False),
        (InLedger, False),
        (InLedger, True),
    ]
    assert [one.receipts[0].sequence for one in answers if isinstance(one, InLedger)] == [1, 2, 1]


def test_what_was_handed_in_by_a_process_that_is_gone_is_shown_all_the_same() -> None:
    ledger, shown = MemoryLedger(), list[AnyFact]()
    with conversing(ledger, shown.append) as judge:
        judge.say(AlertFound(as_stored(found(1))), AlertFound(as_stored(found(2))))
        judge.connection.shutdown(socket.SHUT_WR)
    assert (len(shown), shown) == (2, ledger.read("xinzhou"))


def test_an_alert_that_cannot_be_shown_is_recorded_and_the_others_are_shown() -> None:
    ledger, shown = MemoryLedger(), list[str]()

    def show(one: AnyFact) -> None:
        if one.sequence == 1:
            raise BrokenPipeError
        shown.append(one.subject.id)

    with capture_logs() as logs, conversing(ledger, show) as judge:
        judge.say(AlertFound(as_stored(found(1))), AlertFound(as_stored(found(2))))
        answers = [type(judge.heard()) for _ in range(2)]
    assert (answers, shown, [one["event"] for one in logs]) == ([InLedger, InLedger], ["cs-2"], ["alert.not_shown"])


def test_a_due_moment_is_recorded_and_one_to_come_is_turned_down() -> None:
    ledger = MemoryLedger()
    later = NOW + dt.timedelta(days=1)
    with conversing(ledger) as judge:
        judge.say(AlertFound(as_stored(found(1))), DueReached("xinzhou", NOW), DueReached("xinzhou", later))
        answers = [judge.heard() for _ in range(3)]
    (due,) = (outcome for outcome in ledger.read("xinzhou") if outcome.type == "clock.reached.v1")
    assert [type(one) for one in answers] == [InLedger, InLedger, TurnedDown]
    assert (due.sequence, isinstance(ledger.record_clock("xinzhou", later, NOW), Refused)) == (2, True)


def test_the_time_is_told_and_a_clock_that_cannot_be_read_is_a_fault_of_the_ledger() -> None:
    moments = iter([NOW])
    with conversing(MemoryLedger(), clock=lambda: next(moments)) as judge:
        judge.say(TimeAsked(), TimeAsked())
        first, second = judge.heard(), judge.heard()
    assert (first, type(second)) == (TimeIs(NOW), NotRecorded)


def test_that_facts_came_is_said_whenever_they_do_and_keeps_nothing_else_waiting() -> None:
    with conversing(MemoryLedger()) as judge:
        judge.conversation.facts_came()
        assert judge.heard() == FactsCame()
        judge.conversation.facts_came()
        judge.conversation.stop()
        assert {judge.heard(), judge.heard()} == {FactsCame(), Stop()}


def test_a_trial_is_asked_only_of_a_process_that_has_begun_and_ends_with_it() -> None:
    answers: list[Judged[object] | None] = []

    def ask(judge: Judge) -> Thread:
        trials = judge.conversation.trials
        thread = Thread(target=lambda: answers.append(trials.judged("xinzhou", [found(1)], 7, None)))
        thread.start()
        return thread

    with conversing(MemoryLedger()) as judge:
        ask(judge).join()
        judge.say(Began(), TimeAsked())
        assert judge.heard() == TimeIs(NOW)
        asking = ask(judge)
        trial = judge.heard()
        assert isinstance(trial, Try)
        judge.say(Tried(trial.number, Judged(through=7)), Tried(trial.number, None))
        asking.join()
        asking = ask(judge)
        judge.heard()
    asking.join()
    assert answers == [None, Judged(through=7), None]


def test_a_line_that_cannot_be_read_ends_the_conversation() -> None:
    here, there = socket.socketpair()
    with here, there, GroupCommit(MemoryLedger(), lambda: NOW) as commit:
        there.sendall(b'{"type":"nonsense"}\n')
        with pytest.raises(msgspec.ValidationError):
            Conversation(here, Host(commit, lambda: NOW, lambda _fact: None)).hold(BEGIN)
