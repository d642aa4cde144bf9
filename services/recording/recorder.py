"""The recorder: takes requests, decides on them inside the writing transaction, and answers each."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Sequence
from threading import Lock
from typing import TYPE_CHECKING, Final, TypeVar
from uuid import UUID

import structlog
from msgspec import Struct
from msgspec.structs import replace

from events.fact import AnyFact, case_key
from events.ledger.errors import LedgerError, Reason
from events.ledger.port import Conflict, Failed, Histories, LedgerReader, Outcome, Proposal, Recorded, Refused, Repeated
from events.record import RecordPersonalDataErased
from services.logs.logging import about_fact
from services.recording.decide.deciding import Objection, objections
from services.recording.decide.decision import Known
from services.recording.decide.time import TOLERANCE
from services.recording.preview import Judge, Preview
from services.recording.previewer import Previewer
from services.recording.request import Answer, Problem, Request, problem_from
from services.recording.struck import StruckFacts
from services.recording.weighing import (
    cases_of,
    conflicting,
    corrects,
    erases,
    facts_named,
    problems_before,
    problems_of,
)

if TYPE_CHECKING:
    from concurrent.futures import Future

    from events.ledger.group_commit import GroupCommit

FAULT: Final = "recording.fault"
_DECIDED: Final = "recording.decided"

Change = TypeVar("Change")
DestroyKey = Callable[[str, str, UUID], object]
"""Destroys the key of a person of a district for good, named by the recorded act that ordered it."""

_NO_KEYS: Final = Problem(
    code="recording.no_keys_to_destroy",
    zh="本进程不保管个人信息密钥，不能执行依法删除，未入账；请用 taizhang erase，或由保管密钥的服务录入。",
    en="This process keeps no keys of persons, so an erasure could not be carried out and was not recorded; use "
    "taizhang erase, or the service that keeps the keys.",
)


class _Try(Struct, frozen=True):
    """One attempt to record a request: what was handed in, and where its decision leaves what it found."""

    request: Request
    proposal: Proposal
    found: list[Objection]
    struck: frozenset[UUID]


class Recorder:
    """Records requests through the one writer of a ledger; any number of threads and asyncio tasks may call it.

    Each request goes in whole or not at all, and fails alone. A request whose caller stated no version is decided on
    the newest state of its cases; one with a version is answered `conflict` when a case has moved on. Personal fields
    are sealed by the ledger, with the keys it was opened with. LedgerError is raised when the ledger itself fails; what
    was handed in may then be handed in again, and what had gone in is answered as repeated.
    """

    def __init__(
        self,
        commit: GroupCommit,
        reader: LedgerReader,
        clock: Callable[[], dt.datetime],
        *,
        ahead: dt.timedelta = TOLERANCE,
        keeps_policy: Callable[[str], bool] = lambda _sha256: True,
        destroy_key: DestroyKey | None = None,
        previewing: LedgerReader | None = None,
    ) -> None:
        """Take the writer, a reader of the same ledger, the clock, and how far ahead of it an act may lie.

        `keeps_policy` tells whether house settings are kept, so that they can be adopted. `destroy_key` destroys a
        person's key once its erasure is recorded; without it no erasure is recorded. `previewing` reads for previews,
        where that is to fail sooner than recording.
        """
        self._ahead = ahead
        self._commit = commit
        self._reader = reader
        self._clock = clock
        self._struck = StruckFacts(reader)
        self._keeps_policy = keeps_policy
        self._destroy_key = destroy_key
        self._previewer = Previewer(
            previewing or reader,
            clock,
            struck=self._struck if previewing is None else StruckFacts(previewing),
            ahead=ahead,
            keeps_policy=keeps_policy,
            problems_before=self._problems_before,
        )
        self._correcting = Lock()

    def record(self, request: Request) -> Answer:
        """Record one request and wait for the answer, from a thread."""
        return self.record_all([request])[0]

    def record_all(self, requests: Sequence[Request]) -> list[Answer]:
        """Record many requests in their order, together in few transactions; each fails alone."""
        answers: list[Answer | None] = [None] * len(requests)
        running: list[tuple[int, _Try, Future[Outcome]]] = []
        for place, request in enumerate(requests):
            problems = self._problems_before(request)
            if problems:
                answers[place] = Answer(status="refused", problems=problems)
            elif corrects(request):
                self._settle(running, answers)
                answers[place] = self._correct(request)
            else:
                attempt = self._attempt(request)
                running.append((place, attempt, self._commit.submit(attempt.proposal)))
        self._settle(running, answers)
        return [answer for answer in answers if answer is not None]

    async def record_soon(self, request: Request) -> Answer:
        """Record one request and wait for the answer, from an asyncio task."""
        problems = self._problems_before(request)
        if problems:
            return Answer(status="refused", problems=problems)
        if corrects(request):
            return await asyncio.to_thread(self._correct, request)
        attempt = self._attempt(request)
        outcome = await self._commit.record_soon(attempt.proposal)
        if _was_objected_to(outcome):
            return await asyncio.to_thread(self._again, attempt)
        if erases(request):
            return await asyncio.to_thread(self._answer, attempt, outcome)
        return _answer(attempt, outcome)

    def preview(self, request: Request, judge: Judge[Change] | None = None) -> Preview[Change]:
        """Say what the facts would be refused for, and what they would set in motion, without recording them."""
        return self._previewer.preview(request, judge)

    def _settle(self, running: list[tuple[int, _Try, Future[Outcome]]], answers: list[Answer | None]) -> None:
        """Wait for what is under way; what was refused is decided again once corrections were read, in its order."""
        for place, attempt, future in running:
            outcome = future.result()
            answers[place] = self._again(attempt) if _was_objected_to(outcome) else self._answer(attempt, outcome)
        running.clear()

    def _again(self, attempt: _Try) -> Answer:
        """Decide once more where a correction or an earlier request of the batch may have changed the answer."""
        district = attempt.request.facts[0].district
        before = tuple(attempt.found)
        struck = self._struck.through_head(district)
        if struck == attempt.struck and not struck:
            return Answer(status="refused", problems=problems_of(before))
        second = self._attempt(attempt.request)
        return self._answer(second, self._commit.record(second.proposal))

    def _correct(self, request: Request) -> Answer:
        """Record a request with corrections; one at a time, so that no fact is struck out twice."""
        with self._correcting:
            self._struck.through_head(request.facts[0].district)
            attempt = self._attempt(request)
            return self._answer(attempt, self._commit.record(attempt.proposal))

    def _problems_before(self, request: Request) -> tuple[Problem, ...]:
        keyless = (_NO_KEYS,) if self._destroy_key is None and erases(request) else ()
        return problems_before(request) or keyless

    def _answer(self, attempt: _Try, outcome: Outcome) -> Answer:
        """Return the answer; the keys whose end it records are destroyed first, anew when it is a repeat."""
        answer = _answer(attempt, outcome)
        if answer.is_in_the_ledger and self._destroy_key is not None:
            for fact in attempt.request.facts:
                if isinstance(fact.data, RecordPersonalDataErased):
                    self._destroy_key(fact.district, fact.subject.id, fact.id)
        return answer

    def _attempt(self, request: Request) -> _Try:
        facts = tuple(replace(fact, recorded_by=request.principal.subject) for fact in request.facts)
        struck = self._struck.known(facts[0].district)
        known = Known(
            now=self._clock() + self._ahead,
            facts=facts_named(self._reader, facts),
            struck=struck,
            keeps_policy=self._keeps_policy,
        )
        found: list[Objection] = []

        def decide(cases: Histories) -> Refused | None:
            found[:] = objections(facts, cases, known)
            return Refused(Reason(_DECIDED, "", "")) if found else None

        key = None if request.key is None else f"{request.principal.subject} {request.key}"
        own = {case_key(fact.subject) for fact in facts}
        proposal = Proposal(
            facts=facts,
            expected=request.expected,
            key=key,
            reads=tuple(case for case in cases_of(facts) if case not in own),
            decide=decide,
            recorded_at=request.recorded_at,
        )
        return _Try(request, proposal, found, struck)


def _was_objected_to(outcome: Outcome) -> bool:
    return isinstance(outcome, Refused) and outcome.reason.code == _DECIDED


def _answer(attempt: _Try, outcome: Outcome) -> Answer:
    match outcome:
        case Recorded(receipts):
            return Answer(status="recorded", receipts=tuple(receipts))
        case Repeated(receipts):
            return Answer(status="repeated", receipts=tuple(receipts))
        case Conflict():
            return Answer(status="conflict", problems=(conflicting(outcome),))
        case Refused(reason) if reason.code == _DECIDED:
            return Answer(status="refused", problems=problems_of(attempt.found))
        case Refused(reason):
            return Answer(status="refused", problems=(problem_from(reason),))
        case Failed(error):
            return Answer(status="refused", problems=(_fault(attempt.request.facts[0], error),))


def _fault(fact: AnyFact, error: Exception) -> Problem:
    if isinstance(error, LedgerError):
        return problem_from(error.reason)
    with about_fact(fact):
        structlog.get_logger().error("recording.fault", exc_info=error)
    return Problem(
        code=FAULT,
        zh="程序在判断本事实时出错，本次未入账，其余请求不受影响；请将日志交运维人员。",
        en="The program failed while deciding on this fact; nothing of it was recorded, and other requests were not "
        "affected. Give the log to the operator.",
    )
