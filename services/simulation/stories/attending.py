"""Who came to a meeting of the leaders, who was excused and who stayed away, and what goes wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from services.simulation.stories.meetings import attended
from services.simulation.story import Break, Flaw, Step

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ASKED: Final = "meeting.leave_requested"
REPORTED: Final = "meeting.leave_reported"
ANSWERED: Final = "meeting.leave_answered"


def leave_asked(**more: object) -> Step:
    """Return each excused member asking the head for leave."""
    return Step(
        fact=ASKED,
        case="meeting",
        by="@each",
        day=-2,
        each="@excused",
        data={"person": "@each", "to": "@head", **more, "leave_reason": "superior_meeting"},
        anywhere=True,
    )


def leave_granted() -> Step:
    """Return the head granting each of them leave."""
    data = {"person": "@each", "granted": True}
    return Step(fact=ANSWERED, case="meeting", by="@head", day=-2, each="@excused", data=data)


def roll_call() -> tuple[Step, ...]:
    """Return the members who came, those excused and, in a flaw, those who stayed away."""
    return (
        attended("came", "@came"),
        attended("excused", "@excused", present=False),
        attended("stayed-away", "@nobody", present=False),
    )


def left(item: int, at: str) -> Step:
    """Return the members who, in a flaw, leave before an item."""
    return Step(
        fact="meeting.person_left",
        case="meeting",
        by="@office",
        each="@nobody",
        data={"person": "@each", "item": item, "reason": "处置险情"},
        at=at,
    )


def chaired_by_another_deputy(
    *breaks: Break, leaves: Sequence[str] = (ASKED,), by: Mapping[str, str] | None = None
) -> Flaw:
    """Return the flaw of a meeting that all attend and a deputy chairs; `leaves` are the facts of leaves that fall out.

    `by` is who acts otherwise than usual, as in signing its minutes.
    """
    return Flaw(
        name="chaired by another deputy",
        change={"meeting.opened": {"chair": "@leader_b", "convener": "@leader_b"}},
        by=by or {},
        each={"came": "@members", "excused": "@nobody", **dict.fromkeys(leaves, "@nobody")},
        breaks=breaks,
    )


def fewer_than_half_came(*breaks: Break) -> Flaw:
    """Return the flaw of a meeting held though too many were excused."""
    excused = dict.fromkeys(("excused", ASKED, ANSWERED), "@excused_too_many")
    return Flaw(name="fewer than half came", each={"came": "@came_too_few", **excused}, breaks=breaks)


def left_until_too_few_remained(article: str) -> Flaw:
    """Return the flaw of an item decided after too many had left."""
    return Flaw(
        name="left until too few remained",
        each={"meeting.person_left": "@leaving"},
        breaks=(Break(article=article, subject="meeting"),),
    )


def stayed_away(article: str) -> Flaw:
    """Return the flaw of a member who neither came nor asked for leave."""
    return Flaw(
        name="stayed away without leave",
        each={"came": "@came_but_one", "stayed-away": "@one_absent"},
        breaks=(Break(article=article, subject="meeting", party="@absent"),),
    )
