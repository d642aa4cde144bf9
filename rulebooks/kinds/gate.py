"""gate: what must have been done, or be there, before an act (审查、材料、审批前置)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rulebooks.constraint import CONSTRAINT_KEYS, Answer, compile_act, compile_needs, constraint, missing_of

if TYPE_CHECKING:
    from rulebooks.context import Context
    from rulebooks.language.frame import Frame
    from rulebooks.rule import Rule


def compile_rule(context: Context) -> Rule:
    """Compile a gate: every condition under `needs` must hold of the act named by `on`."""
    context.check(CONSTRAINT_KEYS, ("on", "needs"))
    act = compile_act(context)
    needs = compile_needs(context, "needs", act.scope)

    def requirement(frame: Frame) -> Answer:
        return missing_of(frame, needs)

    return constraint(context, act, requirement)
