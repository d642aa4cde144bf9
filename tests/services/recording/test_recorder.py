"""The recorder: done, refused, repeated and raced, for each family of commands."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from events.countersign import CountersignReplied
from events.fact import AnyFact, case_key
from events.keys import MemoryKeys
from events.ledger.errors import LedgerError
from events.ledger.group_commit import GroupCommit
from events.ledger.memory import MemoryLedger
from events.ledger.port import Outcome, Proposal
from events.meeting_room import MeetingAttendanceRecorded
from events.series import SeriesNumberReserved
from events.sqlite.faults import disk_full
from services.recording.decide.deciding import objections
from services.recording.decide.decision import Known
from services.recording.decide.table import DECISIONS
from services.recording.recorder import Recorder
from services.recording.request import Answer, Request
from tests.services.recording.acts import (
    NOW,
    XINZHOU,
    act,
    asked,
    attended,
    away,
    now,
    opened,
    planned,
    problem_codes,
    recorder,
    replied,
    requested,
)

FAMILIES: dict[str, tuple[AnyFact, AnyFact, AnyFact]] = {
    "matter": (
        act("matter.proposed", "m-1", title="改造", kind="urban_project", sponsor="u-housing", fields=["construction"]),
        act("matter.closed", "m-1", summary="办结"),
        act("matter.closed", "m-1", summary="再办结"),
    ),
    "countersign": (
        requested(),
        act("countersign.closed", "cs-1", summary="一"),
        act("countersign.closed", "cs-1", summary="二"),
    ),
    "meeting": (planned(), opened(), opened(at="2026-10-19T10:00:00+08:00")),
    "absence": (away(), act("absence.departed", "a-1", "2026-10-08"), act("absence.departed", "a-1", "2026-10-09")),
    "instruction": (
        act("instruction.issued", "t-1", kind="assignment", content="启动", units=["u-x"]),
        act("instruction.closed", "t-1", dropped=False),
        act("instruction.closed", "t-1", dropped=True),
    ),
    "roster": (
        act("roster.post_established", "post-1", title="副区长", unit="u-gov", role="deputy_head"),
        act("roster.post_abolished", "post-1", reason="改革"),
        act("roster.post_abolished", "post-1", reason="再改革"),
    ),
    "entrustment": (
        act("entrustment.given", "e-1", kind="portfolio", by="p-li", to="p-sun", from_="2026-10-08"),
        act("entrustment.ended", "e-1", reason="返回"),
        act("entrustment.ended", "e-1", reason="收回"),
    ),
    "series": (
        act("series.opened", "s-1", code="信府发", issuer="u-gov", year=2026),
        act("series.number_reserved", "s-1", serial=12, document="document/d-1"),
        act("series.number_reserved", "s-1", serial=12, document="document/d-2"),
    ),
    "document": (
        act("document.received", "d-1", title="请示", kind="request", from_unit="u-x", received_by="u-office"),
        act("document.archived", "d-1", archive_no="2026-1"),
        act("document.archived", "d-1", archive_no="2026-2"),
    ),
    "visit": (
        act(
            "visit.planned",
            "v-1",
            kind="research_trip",
            title="调研",
            host="u-o",
            from_="2026-10-08",
            until="2026-10-09",
        ),
        act("visit.made", "v-1"),
        act("visit.cancelled", "v-1", reason="天气"),
    ),
    "concern": (
        act("concern.registered", "c-1", kind="letter", title="来信"),
        act("concern.closed", "c-1", solved=True),
        act("concern.closed", "c-1", solved=False),
    ),
    "supervision": (
        act("supervision.problem_found", "f-1", kind="audit", unit="u-x", content="问题"),
        act("supervision.problem_closed", "f-1", reason="整改完成"),
        act("supervision.problem_closed", "f-1", reason="重复"),
    ),
}
"""For each family: what opens a case, an act, and one that cannot be beside it."""

Family = tuple[AnyFact, AnyFact, AnyFact]
families = pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)


@families
def test_what_is_possible_is_recorded_in_order_under_its_own_ids(family: Family) -> None:
    opening, first, _ = family
    with recorder() as (records, ledger):
        answers = records.record_all([asked(opening), asked(first)])
        stored = ledger.read(XINZHOU)
    assert [answer.status for answer in answers] == ["recorded", "recorded"]
    assert [receipt.sequence for answer in answers for receipt in answer.receipts] == [1, 2]
    assert [(one.id, one.recorded_by, one.recorded_at) for one in stored] == [
        (one.id, "tester", NOW) for one in (opening, first)
    ]


@families
def test_the_impossible_is_refused_and_nothing_of_it_is_written(family: Family) -> None:
    opening, first, impossible = family
    with recorder() as (records, ledger):
        records.record(asked(opening, first))
        answer = records.record(asked(impossible))
        assert answer.status == "refused"
        assert problem_codes(answer)[0] in {"already", "contradicts"}
        assert ledger.head(XINZHOU).sequence == 2


@families
def test_a_repeat_is_answered_by_the_first_receipts_and_writes_nothing(family: Family) -> None:
    opening, first, _ = family
    with recorder() as (records, ledger):
        before = [records.record(asked(opening)), records.record(asked(first))]
        again = [records.record(asked(opening)), records.record(asked(first))]
        assert [answer.status for answer in again] == ["repeated", "repeated"]
        assert [answer.receipts for answer in again] == [answer.receipts for answer in before]
        assert ledger.head(XINZHOU).sequence == 2


@families
def test_of_two_who_saw_the_same_version_the_second_gets_a_conflict(family: Family) -> None:
    opening, first, impossible = family
    case = case_key(opening.subject)
    with recorder() as (records, ledger):
        records.record(asked(opening))
        seen = ledger.read_case(XINZHOU, case)
        answers = records.record_all(
            [asked(first, expected={case: len(seen)}), asked(impossible, expected={case: len(seen)})]
        )
        assert [answer.status for answer in answers] == ["recorded", "conflict"]
        assert problem_codes(answers[1]) == ["version_conflict"]
        assert [one.id for one in ledger.read_case(XINZHOU, case)] == [opening.id, first.id]


@families
def test_who_stated_no_version_is_decided_on_the_newest_state(family: Family) -> None:
    opening, first, impossible = family
    with recorder() as (records, ledger):
        records.record(asked(opening))
        with ThreadPoolExecutor(2) as callers:
            answers = list(callers.map(lambda fact: records.record(asked(fact)), (first, impossible)))
        assert sorted(answer.status for answer in answers) == ["recorded", "refused"]
        assert ledger.head(XINZHOU).sequence == 2


def test_a_request_goes_in_whole_or_not_at_all() -> None:
    with recorder() as (records, ledger):
        answer = records.record(asked(requested(), replied("u-land"), replied("u-water")))
        assert [(problem.fact, problem.field) for problem in answer.problems] == [(2, "data.department")]
        assert ledger.head(XINZHOU).sequence == 0


def test_a_bad_request_of_a_batch_fails_alone() -> None:
    with recorder() as (records, _):
        answers = records.record_all([asked(requested()), asked(replied("u-water")), asked(replied("u-land"))])
    assert [answer.status for answer in answers] == ["recorded", "refused", "recorded"]


def test_the_same_key_gives_the_first_answer_and_another_request_under_it_none() -> None:
    with recorder() as (records, _):
        first = records.record(asked(requested(), key="form-7"))
        again = records.record(asked(replace(requested(), id=replied().id), key="form-7"))
        other = records.record(asked(planned(), key="form-7"))
    assert (again.status, again.receipts) == ("repeated", first.receipts)
    assert [problem.code for problem in other.problems] == ["ledger.key_reused"]


def test_keys_of_two_callers_do_not_meet() -> None:
    with recorder() as (records, _):
        records.record(asked(requested(), key="1"))
        other = asked(planned(), key="1")
        answer = records.record(replace(other, principal=replace(other.principal, subject="somebody else")))
    assert answer.status == "recorded"


def test_an_empty_request_is_refused() -> None:
    with recorder() as (records, _):
        answer = records.record(asked())
    assert [problem.code for problem in answer.problems] == ["ledger.empty_proposal"]


def test_asyncio_callers_get_the_same_answers() -> None:
    async def ask(records: Recorder, facts: Sequence[AnyFact]) -> list[Answer]:
        return [await records.record_soon(asked(fact)) for fact in facts]

    with recorder() as (records, _):
        facts = (requested(), replied("u-land"), replied("u-water"), _annulled(requested()), _annulled(requested(), 1))
        answers = asyncio.run(ask(records, facts))
    assert [answer.status for answer in answers] == ["recorded", "recorded", "refused", "recorded", "refused"]


def test_a_name_is_stored_under_its_persons_key() -> None:
    ledger = MemoryLedger(keys=MemoryKeys())
    with GroupCommit(ledger, now) as commit:
        Recorder(commit, ledger, now).record(asked(act("roster.person_registered", "p-li", name="某甲")))
    assert "某甲" not in repr(ledger.read(XINZHOU))


class FullLedger(MemoryLedger):
    """A ledger without room."""

    def record(self, _proposals: Sequence[Proposal], _now: dt.datetime) -> list[Outcome]:
        raise disk_full(Path("ledger.sqlite"))


def test_a_ledger_that_cannot_record_says_so_to_every_caller() -> None:
    ledger = FullLedger()
    with GroupCommit(ledger, now) as commit, pytest.raises(LedgerError, match=r"ledger\.disk_full"):
        Recorder(commit, ledger, now).record(asked(requested()))


def test_a_fault_of_a_decision_is_told_and_leaves_the_others_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("services.recording.decide.deciding.DECISIONS", {**DECISIONS, "countersign.replied.v1": faulty})
    with recorder() as (records, _):
        answers = records.record_all([asked(requested()), asked(replied()), asked(planned())])
    assert [(answer.status, problem_codes(answer)) for answer in answers] == [
        ("recorded", []),
        ("refused", ["fault"]),
        ("recorded", []),
    ]


def _annulled(fact: AnyFact, nth: int = 0) -> AnyFact:
    return act("record.annulled", f"k-{nth}", wrong=str(fact.id), reason="重复录入", nth=nth)


def _corrected(wrong: AnyFact, right: AnyFact) -> AnyFact:
    return act("record.corrected", f"k-{right.id}", wrong=str(wrong.id), right=str(right.id), reason="时间录错")


def _annulling_itself() -> AnyFact:
    own = "7ef7340f-b4ea-56f9-8418-ea57f22076d0"
    return act("record.annulled", "k-0", wrong=own, reason="重复录入", envelope={"id": own})


WRONG = opened(at="2026-10-19T10:00:00+08:00")
RIGHT = opened()


def _told(answers: Sequence[Answer]) -> list[str]:
    return [str(answer.status) if answer.is_in_the_ledger else problem_codes(answer)[0] for answer in answers]


CORRECTIONS: dict[str, tuple[Sequence[Sequence[AnyFact]], Sequence[str]]] = {
    "what happens once is corrected in one request": (
        [[planned()], [WRONG], [RIGHT, _corrected(WRONG, RIGHT)]],
        ["recorded", "recorded", "recorded"],
    ),
    "what was annulled may be entered anew": (
        [[planned()], [WRONG], [RIGHT], [_annulled(WRONG)], [RIGHT]],
        ["recorded", "recorded", "already", "recorded", "recorded"],
    ),
    "nothing is annulled twice": (
        [[planned()], [_annulled(planned())], [_annulled(planned(), 1)]],
        ["recorded", "recorded", "already"],
    ),
    "an annulment may be annulled, and the fact again after it": (
        [[planned()], [_annulled(planned())], [_annulled(_annulled(planned()), 1)], [_annulled(planned(), 2)]],
        ["recorded", "recorded", "recorded", "recorded"],
    ),
    "a fact that nobody recorded cannot be annulled": ([[_annulled(planned())]], ["unknown_fact"]),
    "a right fact is recorded before the correction": (
        [[planned()], [WRONG], [_corrected(WRONG, RIGHT)]],
        ["recorded", "recorded", "unknown_fact"],
    ),
    "nothing corrects itself": ([[planned()], [_corrected(planned(), planned())]], ["recorded", "refers_to_itself"]),
    "nothing annuls itself": ([[_annulling_itself()]], ["refers_to_itself"]),
    "a reply to a request struck out later was a reply": (
        [[requested()], [_annulled(requested())], [replied()]],
        ["recorded", "recorded", "recorded"],
    ),
}


@pytest.mark.parametrize(("requests", "expected"), CORRECTIONS.values(), ids=CORRECTIONS)
@pytest.mark.parametrize("together", [True, False], ids=["in one batch", "one by one"])
def test_corrections_are_admitted_alike_together_and_one_after_another(
    requests: Sequence[Sequence[AnyFact]], expected: Sequence[str], together: bool
) -> None:
    given_in = [asked(*facts) for facts in requests]
    with recorder() as (records, _):
        answers = records.record_all(given_in) if together else [records.record(one) for one in given_in]
    assert _told(answers) == list(expected)


@pytest.mark.parametrize("origin", ["watch", "clock"])
def test_what_follows_from_other_facts_cannot_be_corrected(origin: Literal["watch", "clock"]) -> None:
    derived = replace(planned(), origin=origin)
    found = objections([_annulled(derived)], {}, Known(now=NOW, facts={derived.id: derived}))
    assert [(one.refusal.code, one.refusal.field) for one in found] == [("recording.not_correctable", "data.wrong")]


def test_a_recorder_started_later_knows_what_was_annulled_before() -> None:
    with recorder() as (records, ledger):
        records.record_all([asked(planned()), asked(WRONG), asked(_annulled(WRONG))])
        with GroupCommit(ledger, now) as commit:
            assert Recorder(commit, ledger, now).record(asked(RIGHT)).status == "recorded"


def test_of_two_who_annul_at_once_one_comes_first() -> None:
    with recorder() as (records, _):
        records.record(asked(planned()))
        with ThreadPoolExecutor(8) as callers:
            answers = list(callers.map(lambda nth: records.record(asked(_annulled(planned(), nth))), range(8)))
    assert sorted(_told(answers)) == ["already"] * 7 + ["recorded"]


ACTS: Sequence[Callable[[], AnyFact]] = (
    planned,
    opened,
    lambda: opened(at="2026-10-19T10:00:00+08:00"),
    lambda: act("meeting.closed", "zw-18", "2026-10-19T11:00:00+08:00", minutes_need="required"),
    lambda: act("meeting.cancelled", "zw-18", reason="防汛"),
    lambda: attended("p-sun"),
    lambda: attended("p-sun", present=False),
    lambda: act("meeting.person_left", "zw-18", "2026-10-19", person="p-sun"),
    lambda: act("meeting.person_rejoined", "zw-18", "2026-10-19", person="p-sun"),
    requested,
    replied,
    lambda: replied("u-water"),
    lambda: act("countersign.closed", "cs-1", summary="一"),
    lambda: act("countersign.closed", "cs-1", summary="二"),
)


def _contradictions(facts: Sequence[AnyFact]) -> list[str]:
    """Name what cannot stand together in a ledger, read off the facts without the decisions."""
    types = [fact.type for fact in facts]
    attendances = {one.data.present for one in facts if isinstance(one.data, MeetingAttendanceRecorded)}
    units = [one.data.department for one in facts if isinstance(one.data, CountersignReplied)]
    first_of = {fact.subject.kind: fact.type for fact in reversed(facts)}
    return [
        *(
            type_
            for type_ in ("meeting.opened.v1", "meeting.closed.v1", "countersign.closed.v1")
            if types.count(type_) > 1
        ),
        *(["called off and held"] if {"meeting.cancelled.v1", "meeting.opened.v1"} <= {*types} else []),
        *(["present and absent"] if len(attendances) > 1 else []),
        *(["never asked"] if "u-water" in units else []),
        *(["never left"] if types.count("meeting.person_rejoined.v1") > types.count("meeting.person_left.v1") else []),
        *(kind for kind, type_ in first_of.items() if type_ not in {"meeting.planned.v1", "countersign.requested.v1"}),
    ]


@given(st.permutations(range(len(ACTS))))
def test_whatever_order_acts_come_in_the_ledger_never_contradicts_itself(order: Sequence[int]) -> None:
    facts = [ACTS[place]() for place in order]
    with recorder() as (records, ledger):
        answers = records.record_all([asked(fact) for fact in facts])
        stored = ledger.read(XINZHOU)
        again = records.record_all([asked(fact) for fact in stored])
    assert _contradictions(stored) == []
    assert [fact.id for fact in stored] == [
        fact.id for fact, answer in zip(facts, answers, strict=True) if answer.status == "recorded"
    ]
    assert {answer.status for answer in again} <= {"repeated"}


@given(st.lists(st.sampled_from(range(len(ACTS))), min_size=2, max_size=8), st.integers(2, 4))
def test_whoever_races_the_ledger_never_contradicts_itself(places: Sequence[int], callers: int) -> None:
    with recorder() as (records, ledger):
        records.record_all([asked(planned()), asked(requested())])
        with ThreadPoolExecutor(callers) as pool:
            answers = list(pool.map(lambda place: records.record(asked(ACTS[place]())), places))
        stored = ledger.read(XINZHOU)
    assert _contradictions(stored) == []
    assert len(stored) == 2 + sum(answer.status == "recorded" for answer in answers)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_of_three_who_reserve_one_number_the_first_gets_it(order: Sequence[int]) -> None:
    def reserving(nth: int) -> Request:
        return asked(act("series.number_reserved", "s-1", serial=12, document=f"document/d-{nth}"))

    with recorder() as (records, ledger):
        records.record(asked(FAMILIES["series"][0]))
        answers = records.record_all([reserving(nth) for nth in order])
        assert _told(answers) == ["recorded", "contradicts", "contradicts"]
        kept = [one.data.document for one in ledger.read(XINZHOU) if isinstance(one.data, SeriesNumberReserved)]
        assert kept == [f"document/d-{order[0]}"]
