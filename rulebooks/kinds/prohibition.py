"""prohibition: what must not be done (不得、一律不), unless a stated exception applies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rulebooks.constraint import CONSTRAINT_KEYS, Answer, compile_act, constraint
from rulebooks.judgement import Say
from rulebooks.language.conditions import compile_each
from rulebooks.language.truth import all_of, opposite

if TYPE_CHECKING:
    from rulebooks.context import Context
    from rulebooks.language.frame import Frame
    from rulebooks.rule import Rule


def compile_rule(context: Context) -> Rule:
    """Compile a prohibition: the act named by `on` breaches it when all conditions under `forbids` hold."""
    context.check(CONSTRAINT_KEYS, ("on", "forbids"))
    act = compile_act(context, settle="now")
    forbids = compile_each(context.get("forbids"), act.scope)
    forbidden = all_of([one.test for one in forbids])
    named = tuple(one.say for one in forbids if one.say is not None)
    reason = tuple(Say(f"出现：{say.zh}", f"found: {say.en}") for say in named)

    def requirement(frame: Frame) -> Answer:
        truth = opposite(forbidden(frame))
        return Answer(truth, () if truth is True else reason)

    return constraint(context, act, requirement)
