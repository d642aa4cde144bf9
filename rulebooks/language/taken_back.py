"""Taken back: what was given counts no longer for an act before which it was withdrawn, refused or ran out (撤销)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from events.approval import ApprovalGiven, ApprovalRefused
from events.fact import case_key
from events.moment import Moment
from rulebooks.language.truth import conjunction, opposite

if TYPE_CHECKING:
    from events.fact import AnyFact
    from rulebooks.language.frame import Frame
    from rulebooks.language.truth import Truth

REFUSED: Final = "approval.refused.v1"
TAKEN_BACK: Final = {"approval.given.v1": ("approval.withdrawn.v1", REFUSED)}
"""What is given, and by what it is taken back in the same case."""
SINGLE: Final = frozenset(
    {
        "office_director",
        "government_office",
        "chair",
        "executive_deputy",
        "district_head",
        "government",
        "party_secretary",
        "party_committee",
    }
)
"""Places in a route that one alone holds: whoever signs there for him gives and refuses the same step."""


def taking_back(types: tuple[str, ...]) -> tuple[str, ...]:
    """Return the facts that take back what facts of these types gave."""
    return tuple(taker for name in types for taker in TAKEN_BACK.get(name, ()))


def not_taken_back(frame: Frame) -> Truth:
    """Tell whether the fact under test still stood at the trigger.

    A request withdrawn before it was given, what was taken back after the act, and the refusal of another step of the
    route change nothing. An approval with an end covers its last day too.
    """
    given = frame.it
    if given is None or given.type not in TAKEN_BACK:
        return True
    takers = frame.world.files.file(case_key(given.subject)).of_types(TAKEN_BACK[given.type])
    taken = [came_between(frame, given, one) for one in takers if one.type != REFUSED or _same_step(given, one)]
    return conjunction((_not_run_out(frame, given), *map(opposite, taken)))


def came_between(frame: Frame, given: AnyFact, taker: AnyFact) -> Truth:
    """Tell whether a fact came after what it would take back, and not after the trigger."""
    act = frame.trigger
    if given.id == act.id:
        return False
    came = conjunction(
        (given.occurred_at.before(taker.occurred_at), opposite(act.occurred_at.before(taker.occurred_at)))
    )
    if came is None:
        frame.unordered(given, taker, act)
    return came


def _not_run_out(frame: Frame, given: AnyFact) -> Truth:
    act, until = frame.trigger.occurred_at, getattr(given.data, "until", None)
    if not isinstance(until, Moment) or act.latest <= until.latest:
        return True
    if until.latest < act.earliest:
        return False
    frame.unordered(frame.trigger)
    return None


def _same_step(given: AnyFact, refused: AnyFact) -> bool:
    """Tell whether a refusal is of the step that was given: in the same place of the route, by the same approver.

    Several may sign in one place, as the heads of two units; where the record does not tell them apart they are one.
    """
    if not isinstance(given.data, ApprovalGiven) or not isinstance(refused.data, ApprovalRefused):
        return False
    if given.data.level != refused.data.level:
        return False
    first, second = _signers(given), _signers(refused)
    return given.data.level in SINGLE or not first or not second or not first.isdisjoint(second)


def _signers(fact: AnyFact) -> set[str]:
    """Return who gave or refused a step: the person and for whom, or the body where no person is recorded."""
    persons = {one for one in (fact.actor.person, fact.on_behalf_of) if isinstance(one, str)}
    return persons or {one for one in (fact.actor.unit,) if isinstance(one, str)}
