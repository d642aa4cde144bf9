"""Taken back: what was given counts no longer for an act before which it was taken back (撤销审批)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from events.fact import case_key
from rulebooks.language.truth import conjunction, opposite

if TYPE_CHECKING:
    from rulebooks.language.frame import Frame
    from rulebooks.language.truth import Truth

TAKEN_BACK: Final = {"approval.given.v1": "approval.withdrawn.v1"}
"""What is given, and by what it is taken back in the same case."""


def taking_back(types: tuple[str, ...]) -> tuple[str, ...]:
    """Return the facts that take back what facts of these types gave."""
    return tuple(TAKEN_BACK[name] for name in types if name in TAKEN_BACK)


def not_taken_back(frame: Frame) -> Truth:
    """Tell whether the fact under test still stood at the trigger.

    A request withdrawn before it was given, or what was taken back after the act, changes nothing.
    """
    given = frame.it
    if given is None or given.type not in TAKEN_BACK:
        return True
    act = frame.trigger
    stands: list[Truth] = []
    for one in frame.world.files.file(case_key(given.subject)).of_types((TAKEN_BACK[given.type],)):
        before, after = given.occurred_at.before(one.occurred_at), act.occurred_at.before(one.occurred_at)
        stands.append(opposite(conjunction((before, opposite(after)))))
        if stands[-1] is None:
            frame.unordered(given, one, act)
    return conjunction(stands)
