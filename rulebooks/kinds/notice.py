"""notice: somebody must be told, or asked, before an act (报告、通报、邀请)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rulebooks.constraint import CONSTRAINT_KEYS, Answer, compile_act, compile_needs, constraint, missing_of

if TYPE_CHECKING:
    from rulebooks.context import Context
    from rulebooks.language.frame import Frame
    from rulebooks.rule import Rule


def compile_rule(context: Context) -> Rule:
    """Compile a notice: each condition under `told` says who must have been told of the act named by `on`."""
    context.check(CONSTRAINT_KEYS, ("on", "told"))
    act = compile_act(context)
    told = compile_needs(context, "told", act.scope)

    def requirement(frame: Frame) -> Answer:
        return missing_of(frame, told)

    return constraint(context, act, requirement)
