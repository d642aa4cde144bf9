"""What happens in the room: nobody both present and absent, no decision key for two things."""

from __future__ import annotations

from collections.abc import Sequence

from events.fact import AnyFact, Fact
from events.meeting_room import (
    MeetingAttendanceRecorded,
    MeetingDecisionMade,
    MeetingPersonLeft,
    MeetingPersonRejoined,
    MeetingRecusalMade,
)
from services.recording.decide.decision import Known, listed, past_is_unknown
from services.recording.decide.meeting import in_a_meeting_not_called_off
from services.recording.refusals import Refusal, contradicts, never_asked


def attendance(fact: Fact[MeetingAttendanceRecorded], case: Sequence[AnyFact], known: Known) -> Refusal | None:
    """Refuse a person present and absent at one moment."""
    given = fact.data
    for one in case:
        other = one.data
        if (
            isinstance(other, MeetingAttendanceRecorded)
            and other.person == given.person
            and other.present != given.present
            and one.occurred_at == fact.occurred_at
            and _of_the_same_items(other, given)
        ):
            said_zh, said_en = ("到会", "present") if other.present else ("缺席", "absent")
            return contradicts(
                f"{given.person} 在 {fact.occurred_at} 已记为{said_zh}（第 {one.sequence} 号）",
                f"{given.person} is recorded as {said_en} at {fact.occurred_at} (number {one.sequence})",
                "data.present",
            )
    return in_a_meeting_not_called_off(fact, case, known)


def rejoined(fact: Fact[MeetingPersonRejoined], case: Sequence[AnyFact], known: Known) -> Refusal | None:
    """Refuse the return of somebody who never left."""
    person = fact.data.person
    left = any(
        isinstance(one.data, MeetingPersonLeft | MeetingRecusalMade) and one.data.person == person for one in case
    )
    if left or past_is_unknown(fact, case):
        return in_a_meeting_not_called_off(fact, case, known)
    return never_asked(
        f"没有 {person} 离开会场的记录，无从返回",
        f"{person} is not recorded as having left the room and cannot come back",
        "data.person",
    )


def decision(fact: Fact[MeetingDecisionMade], case: Sequence[AnyFact], known: Known) -> Refusal | None:
    """Refuse a decision key that stands for another matter or item."""
    given = fact.data
    for one in case:
        other = one.data
        if (
            isinstance(other, MeetingDecisionMade)
            and other.decision == given.decision
            and (other.matter, other.item) != (given.matter, given.item)
        ):
            return contradicts(
                f"议定编号 {given.decision} 已用于 {other.matter}（第 {one.sequence} 号）",
                f"The decision key {given.decision} stands for {other.matter} (number {one.sequence})",
                "data.decision",
            )
    return in_a_meeting_not_called_off(fact, case, known)


def _of_the_same_items(one: MeetingAttendanceRecorded, other: MeetingAttendanceRecorded) -> bool:
    """Tell whether two records speak of an item in common; without items they speak of the whole meeting."""
    items, others = {*listed(one.items)}, {*listed(other.items)}
    return not items or not others or bool(items & others)
