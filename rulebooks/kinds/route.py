"""route: steps that must be taken in order before an act (程序、会签与签发路线)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from events.moment import Moment
from rulebooks.constraint import CONSTRAINT_KEYS, Answer, compile_act, constraint
from rulebooks.judgement import Say
from rulebooks.language.conditions import compile_all
from rulebooks.language.evidence import KEYS, Matcher, compile_matcher
from rulebooks.language.frame import each_once
from rulebooks.language.truth import conjunction, opposite
from rulebooks.problems import CompileError, as_list
from rulebooks.source import Located

if TYPE_CHECKING:
    from events.fact import AnyFact
    from rulebooks.context import Context
    from rulebooks.language.frame import Frame
    from rulebooks.language.scope import Scope
    from rulebooks.language.truth import Test, Truth
    from rulebooks.rule import Rule

STEP_KEYS = ("zh", "en", "when", "any_order")


class Step(NamedTuple):
    """One step: what shows that it was taken, when it is needed, and the group within which its order is free."""

    say: Say
    matcher: Matcher
    when: Test
    group: str | None


def compile_rule(context: Context) -> Rule:
    """Compile a route: each step is there not after the act, and none before the step ahead of it.

    Steps with one `any_order` name stand in any order among themselves. After a fact under `restart` only later steps
    count. Two steps of one day without their hours leave the order open.
    """
    context.check((*CONSTRAINT_KEYS, "restart"), ("on", "steps"))
    act = compile_act(context)
    steps = [_step(given, act.scope, context) for given in as_list(context.get("steps"))]
    if not steps:
        raise CompileError("steps 不能为空", "steps must not be empty", context.given)
    restarts = [_matcher(given, act.scope, context) for given in as_list(context.get("restart"))]

    def requirement(frame: Frame) -> Answer:
        return _answer(frame, steps, restarts)

    return constraint(context, act, requirement)


def _step(given: object, scope: Scope, context: Context) -> Step:
    if not isinstance(given, Located) or "zh" not in given or "en" not in given:
        raise CompileError("steps 的每一步须写 zh、en、fact", "each of steps wants zh, en and fact", context.given)
    search = Located({key: value for key, value in given.items() if key not in STEP_KEYS})
    search.file, search.line = given.file, given.line
    matcher = _matcher(search, scope, context)
    group = given.get("any_order")
    when = compile_all(given.get("when"), scope)
    return Step(Say(given["zh"], given["en"]), matcher, when, None if group is None else str(group))


def _matcher(given: object, scope: Scope, context: Context) -> Matcher:
    if not isinstance(given, Located) or not set(given) <= {*KEYS, "fact"}:
        raise CompileError("须写 fact", "wants {fact: ...}", context.given)
    return compile_matcher(given, scope, compile_all)


def _answer(frame: Frame, steps: list[Step], restarts: list[Matcher]) -> Answer:
    """Judge the steps that are needed; where it is not known which are, both ways have to come to the same."""
    since = _restarted(frame, restarts)
    needed = [(step, step.when(frame)) for step in steps]
    whole = _walked(frame, [step for step, needs in needed if needs is not False], since)
    if all(needs is not None for _, needs in needed):
        return whole
    least = _walked(frame, [step for step, needs in needed if needs is True], since)
    return whole if whole.truth is least.truth else Answer(None, whole.reason or least.reason)


def _walked(frame: Frame, steps: list[Step], since: Moment | None) -> Answer:
    """Judge steps by what surely came in order; what that breaks is open where it may have come in another order."""
    used, missing = len(frame.used), len(frame.missing)
    sure = _in_order(frame, steps, since, hopeful=False)
    if sure.truth is not False:
        return sure
    seen, missed = frame.used[used:], frame.missing[missing:]
    del frame.used[used:], frame.missing[missing:]
    hoped_for = _in_order(frame, steps, since, hopeful=True)
    if hoped_for.truth is not False:
        return hoped_for
    frame.used[used:], frame.missing[missing:] = seen, missed
    return sure


def _in_order(frame: Frame, steps: list[Step], since: Moment | None, *, hopeful: bool) -> Answer:
    answers: list[Truth] = []
    reasons: list[Say] = []
    floor: AnyFact | None = None
    group: str | None = None
    group_latest: AnyFact | None = None
    for step in steps:
        if step.group is None or step.group != group:
            floor = _later(floor, group_latest)
            group, group_latest = step.group, None
        truth, fact, reason = _taken(frame, step, since, floor, hopeful=hopeful)
        answers.append(truth)
        if reason is not None and truth is not True:
            reasons.append(reason)
        if fact is not None:
            frame.used.append(fact)
            group_latest = _later(group_latest, fact)
    return Answer(conjunction(answers), tuple(reasons))


def _later(one: AnyFact | None, other: AnyFact | None) -> AnyFact | None:
    if one is None or other is None:
        return one or other
    return other if one.occurred_at < other.occurred_at else one


def _restarted(frame: Frame, restarts: list[Matcher]) -> Moment | None:
    """Return the last return before the act; one of the day of the act, of unknown hour, counts as before it."""
    moments = [
        fact.occurred_at
        for matcher in restarts
        for fact, truth in matcher.find(frame)
        if truth and fact.occurred_at.before(frame.trigger.occurred_at) is not False
    ]
    return max(moments, default=None)


def _taken(
    frame: Frame, step: Step, since: Moment | None, floor: AnyFact | None, *, hopeful: bool
) -> tuple[Truth, AnyFact | None, Say | None]:
    """Tell whether a step was taken in its place, by which fact, and what is wrong.

    `floor` is the fact that took the step ahead of it; one fact may take both and does not come before itself. Who is
    `hopeful` takes the first that may be in its place, so that the later steps have the most room.
    """
    act, mark = frame.trigger.occurred_at, len(frame.missing)
    early: AnyFact | None = None
    open_one: AnyFact | None = None
    for fact, truth in step.matcher.find(frame):
        at = fact.occurred_at
        again = True if since is None else since.before(at)
        if again is False:
            continue
        in_time = True if fact.id == frame.trigger.id else opposite(act.before(at))
        in_order = True if floor is None or fact.id == floor.id else opposite(at.before(floor.occurred_at))
        if conjunction((truth, in_time, in_order, again)):
            del frame.missing[mark:]
            return True, fact, None
        if in_time is not False and in_order is not False:
            open_one = open_one or fact
            if None in (in_time, in_order, again):
                frame.unordered(
                    *each_once(fact, floor if in_order is None else None, frame.trigger if in_time is None else None)
                )
            if hopeful:
                break
        elif in_time is not False and in_order is False:
            early = early or fact
    if open_one is not None:
        zh, en = f"“{step.say.zh}”的先后无法判定", f"when “{step.say.en}” came in the order cannot be told"
        return None, open_one, Say(zh, en)
    if early is not None:
        zh = f"“{step.say.zh}”（{early.occurred_at.said}）先于前一步骤"
        said = Say(zh, f"“{step.say.en}” ({early.occurred_at.said}) came before the step ahead of it")
        return (None if frame.partial else False), early, said
    return _not_taken(frame, step)


def _not_taken(frame: Frame, step: Step) -> tuple[Truth, None, Say]:
    if frame.partial:
        frame.missing.append(f"{frame.file.key}: {'、'.join(step.matcher.types)}")
    if frame.partial or not step.matcher.told(frame):
        return None, None, Say(f"“{step.say.zh}”没有记录", f"“{step.say.en}” is not recorded")
    return False, None, Say(f"缺少步骤“{step.say.zh}”", f"the step “{step.say.en}” is missing")
