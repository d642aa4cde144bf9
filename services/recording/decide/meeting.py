"""Meetings from plan to close: opened and closed once, never after they were called off."""

from __future__ import annotations

from collections.abc import Sequence

from events.fact import AnyFact, Fact
from events.meeting import (
    MeetingAgendaApproved,
    MeetingAgendaProposed,
    MeetingCancelled,
    MeetingPlanned,
    MeetingRescheduled,
)
from events.meeting_room import MeetingClosed, MeetingOpened
from services.recording.decide.decision import (
    Known,
    first_repeated,
    last_of,
    must_follow,
    once,
)
from services.recording.refusals import Refusal, contradicts, twice_in_one

_once = once()
_once_unless_planned_again = once(MeetingPlanned, MeetingRescheduled)


def agenda(fact: Fact[MeetingAgendaApproved | MeetingAgendaProposed], _case: object, _known: Known) -> Refusal | None:
    """Refuse an agenda with one item number twice."""
    twice = first_repeated([entry.item for entry in fact.data.agenda])
    return None if twice is None else twice_in_one(f"议题 item {twice}", "data.agenda")


def opened(fact: Fact[MeetingOpened], case: Sequence[AnyFact], known: Known) -> Refusal | None:
    """Refuse a second opening, one of a meeting called off, and one after the close."""
    closed = last_of(case, MeetingClosed)
    return (
        _once(fact, case, known)
        or in_a_meeting_not_called_off(fact, case, known)
        or (None if closed is None else must_follow(closed, fact))
    )


def closed(fact: Fact[MeetingClosed], case: Sequence[AnyFact], known: Known) -> Refusal | None:
    """Refuse a second close, one of a meeting called off, and one before the opening."""
    return (
        _once(fact, case, known)
        or in_a_meeting_not_called_off(fact, case, known)
        or must_follow(fact, last_of(case, MeetingOpened))
    )


def cancelled(fact: Fact[MeetingCancelled], case: Sequence[AnyFact], known: Known) -> Refusal | None:
    """Refuse calling off twice, or what was held."""
    held = last_of(case, MeetingOpened, MeetingClosed)
    if held is not None:
        return contradicts(
            f"会议已于 {held.occurred_at} 召开，不能再取消",
            f"The meeting was held on {held.occurred_at} and can no longer be called off",
            "type",
        )
    return _once_unless_planned_again(fact, case, known)


def rescheduled(fact: Fact[MeetingRescheduled], case: Sequence[AnyFact], _known: Known) -> Refusal | None:
    """Refuse moving a meeting that had opened by then."""
    held = last_of(case, MeetingOpened)
    return None if held is None else must_follow(held, fact)


def in_a_meeting_not_called_off(_fact: AnyFact, case: Sequence[AnyFact], _known: Known) -> Refusal | None:
    """Refuse what would have happened in a meeting that was called off."""
    found = last_of(case, MeetingCancelled, MeetingPlanned, MeetingRescheduled)
    if found is None or not isinstance(found.data, MeetingCancelled):
        return None
    return contradicts(
        f"该会议已于 {found.occurred_at} 取消", f"This meeting was called off on {found.occurred_at}", "type"
    )
