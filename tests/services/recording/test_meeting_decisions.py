"""What is impossible of a meeting, from its plan to its close and in the room: done, and refused."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from events.fact import AnyFact
from services.recording.decide.deciding import objections
from services.recording.decide.decision import Known
from tests.services.recording.acts import NOW, act, attended, codes, opened, planned


def agenda(*items: int) -> AnyFact:
    entries = [{"item": item, "matter": f"matter/m-{place}", "kind": "ordinary"} for place, item in enumerate(items)]
    return act("meeting.agenda_approved", "zw-18", agenda=entries)


def decided(matter: str = "matter/m-14", nth: int = 0) -> AnyFact:
    return act(
        "meeting.decision_made", "zw-18", "2026-10-19", nth=nth,
        item=1, matter=matter, decision="1.1", outcome="adopted",
    )  # fmt: skip


DONE: dict[str, Sequence[AnyFact]] = {
    "a meeting from plan to close": (
        planned(),
        agenda(1, 2),
        opened(),
        decided(),
        act("meeting.closed", "zw-18", "2026-10-19", minutes_need="required"),
    ),
    "an attendance list typed in after the close": (
        planned(),
        opened(),
        act("meeting.closed", "zw-18", "2026-10-19T11:00:00+08:00", minutes_need="required"),
        attended("p-sun"),
    ),
    "a person present for one item and absent for another": (
        planned(),
        attended("p-sun", items=[1]),
        attended("p-sun", items=[2], present=False),
    ),
    "somebody back who had left, and somebody who had recused himself": (
        planned(),
        opened(),
        act("meeting.person_left", "zw-18", "2026-10-19", person="p-sun"),
        act("meeting.person_rejoined", "zw-18", "2026-10-19", person="p-sun"),
        act("meeting.recusal_made", "zw-18", "2026-10-19", person="p-li", item=1, reason="利害关系", left_room=True),
        act("meeting.person_rejoined", "zw-18", "2026-10-19", person="p-li"),
    ),
    "a meeting called off and planned anew": (
        planned(),
        act("meeting.cancelled", "zw-18", reason="防汛"),
        act("meeting.rescheduled", "zw-18", starts_at="2026-10-19", reason="改期"),
        opened(),
    ),
}


@pytest.mark.parametrize("facts", DONE.values(), ids=DONE)
def test_what_is_possible_is_recorded(facts: Sequence[AnyFact]) -> None:
    assert codes(*facts) == []


REFUSED: dict[str, tuple[Sequence[AnyFact], str, str]] = {
    "a second opening": ((planned(), opened(), opened(at="2026-10-19T09:30:00+08:00")), "already", "type"),
    "a decision of a meeting that was never planned": ((decided(),), "case_not_open", "subject.id"),
    "a decision of a meeting that was called off": (
        (planned(), act("meeting.cancelled", "zw-18", reason="防汛"), decided()),
        "contradicts",
        "type",
    ),
    "a meeting called off twice": (
        (
            planned(),
            act("meeting.cancelled", "zw-18", reason="防汛"),
            act("meeting.cancelled", "zw-18", reason="改期"),
        ),
        "already",
        "type",
    ),
    "a meeting moved after it had opened": (
        (planned(), opened(), act("meeting.rescheduled", "zw-18", "2026-10-20", starts_at="2026-10-26", reason="改期")),
        "out_of_order",
        "occurred_at",
    ),
    "somebody present in a meeting that was called off": (
        (planned(), act("meeting.cancelled", "zw-18", reason="防汛"), attended("p-sun")),
        "contradicts",
        "type",
    ),
    "a meeting called off after it was held": (
        (planned(), opened(), act("meeting.cancelled", "zw-18", reason="防汛")),
        "contradicts",
        "type",
    ),
    "a close before the opening": (
        (planned(), opened(), act("meeting.closed", "zw-18", "2026-10-19T08:00:00+08:00", minutes_need="none")),
        "out_of_order",
        "occurred_at",
    ),
    "an opening after the close": (
        (planned(), act("meeting.closed", "zw-18", "2026-10-18", minutes_need="none"), opened()),
        "out_of_order",
        "occurred_at",
    ),
    "an agenda with an item twice": ((planned(), agenda(1, 2, 1)), "twice_in_one", "data.agenda"),
    "a person present and absent at one moment": (
        (planned(), attended("p-sun"), attended("p-sun", present=False)),
        "contradicts",
        "data.present",
    ),
    "a decision key for two matters": (
        (planned(), decided(), decided("matter/m-15", 1)),
        "contradicts",
        "data.decision",
    ),
    "somebody back who never left, beside one who did": (
        (
            planned(),
            act("meeting.person_left", "zw-18", "2026-10-19", person="p-li"),
            act("meeting.person_rejoined", "zw-18", "2026-10-19", person="p-sun"),
        ),
        "never_asked",
        "data.person",
    ),
    "somebody back in a meeting that was called off": (
        (
            planned(),
            act("meeting.person_left", "zw-18", "2026-10-19", person="p-sun"),
            act("meeting.cancelled", "zw-18", reason="防汛"),
            act("meeting.person_rejoined", "zw-18", "2026-10-19", person="p-sun"),
        ),
        "contradicts",
        "type",
    ),
    "somebody back who never left": (
        (planned(), opened(), act("meeting.person_rejoined", "zw-18", "2026-10-19", person="p-sun")),
        "never_asked",
        "data.person",
    ),
}


@pytest.mark.parametrize(("facts", "code", "field"), REFUSED.values(), ids=REFUSED)
def test_what_is_impossible_is_refused_for_its_last_fact(facts: Sequence[AnyFact], code: str, field: str) -> None:
    assert codes(*facts) == [(len(facts) - 1, code, field)]


@pytest.mark.parametrize(("first", "told"), [(True, "present"), (False, "absent")])
def test_whoever_records_the_contrary_is_told_what_was_recorded_first(first: bool, told: str) -> None:
    facts = [planned(), attended("p-sun", present=first), attended("p-sun", present=not first)]
    (found,) = objections(facts, {}, Known(now=NOW))
    assert f"p-sun is recorded as {told} at 2026-10-19T09:02:00+08:00" in found.refusal.en
