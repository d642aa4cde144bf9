"""content: what a record or paper must carry (内容要素)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rulebooks.constraint import CONSTRAINT_KEYS, Answer, compile_act, compile_needs, constraint, missing_of

if TYPE_CHECKING:
    from rulebooks.context import Context
    from rulebooks.language.frame import Frame
    from rulebooks.rule import Rule


def compile_rule(context: Context) -> Rule:
    """Compile a content rule: every condition under `carries` must hold of the record, judged at once."""
    context.check(CONSTRAINT_KEYS, ("on", "carries"))
    act = compile_act(context, settle="now")
    carries = compile_needs(context, "carries", act.scope)

    def requirement(frame: Frame) -> Answer:
        return missing_of(frame, carries)

    return constraint(context, act, requirement)
