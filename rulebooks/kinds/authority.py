"""authority: who may chair, convene, sign, approve or act for whom (权限)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rulebooks.constraint import CONSTRAINT_KEYS, Answer, compile_act, constraint
from rulebooks.judgement import Say
from rulebooks.language.comparisons import several
from rulebooks.language.conditions import compile_term
from rulebooks.language.paths import compile_path
from rulebooks.language.persons import person_test
from rulebooks.language.truth import any_of
from rulebooks.problems import CompileError, as_list

if TYPE_CHECKING:
    from rulebooks.context import Context
    from rulebooks.language.frame import Frame
    from rulebooks.language.truth import Truth
    from rulebooks.rule import Rule


def compile_rule(context: Context) -> Rule:
    """Compile an authority rule: each person under `who` must fit one of the alternatives under `may`.

    A person not recorded is not determinable; `who` known to be nobody is a breach.
    """
    context.check(CONSTRAINT_KEYS, ("on", "who", "may"))
    act = compile_act(context, settle="now")
    act.scope.reads_roster()
    paths = [compile_path(one, act.scope) for one in as_list(context.get("who"))]
    for path in paths:
        if path.kind.base != "person":
            raise CompileError(f"{path.text} 不是人员", f"{path.text} is no person", context.given)
    may = any_of([person_test(one, act.scope, compile_term) for one in as_list(context.get("may"))])

    def requirement(frame: Frame) -> Answer:
        answers: list[Truth] = []
        wrong: list[Say] = []
        for path in paths:
            persons = several(path.read(frame))
            answers += [False] * (not persons)
            for person in persons:
                if not isinstance(person, str):
                    answers.append(None)
                    continue
                frame.who = person
                truth = may(frame)
                answers.append(truth)
                if truth is not True:
                    wrong.append(_described(frame, person, truth))
        frame.who = None
        truth = False if False in answers else None if None in answers else True
        return Answer(truth, tuple(wrong))

    return constraint(context, act, requirement)


def _described(frame: Frame, person: str, truth: Truth) -> Say:
    holdings = frame.world.roster.posts_of(person, frame.at.latest)
    frame.used.extend(one.fact for one in holdings)
    posts = [post.title for one in holdings if (post := frame.world.roster.post(one.post)) is not None]
    zh = "、".join(posts) or "职务未记载"
    if truth is None:
        return Say(f"{person}（{zh}）有无此权限无法判定", f"whether {person} had the power cannot be told")
    return Say(
        f"{person}（{zh}）无此权限，当日亦无有效委托", f"{person} did not have the power, nor a mandate in force"
    )
