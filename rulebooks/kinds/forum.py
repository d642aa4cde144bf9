"""forum: which body must decide a matter (议事权限、事权财权分级)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import UNSET

from events.meeting_room import MeetingDecisionMade
from events.vocabulary import enums
from rulebooks.checks.tiers import check_tiers
from rulebooks.constraint import CONSTRAINT_KEYS, Answer, compile_act, constraint
from rulebooks.judgement import Say
from rulebooks.language.comparisons import several
from rulebooks.language.conditions import compile_all
from rulebooks.language.path_parts import Path
from rulebooks.language.paths import compile_path
from rulebooks.language.taken_back import came_between
from rulebooks.language.truth import conjunction, disjunction, opposite
from rulebooks.problems import CompileError, as_list, checked_keys
from rulebooks.source import Located

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from events.fact import AnyFact
    from rulebooks.context import Context
    from rulebooks.language.frame import Frame
    from rulebooks.language.scope import Scope
    from rulebooks.language.truth import Test, Truth
    from rulebooks.rule import Rule

DECISION: Final = "meeting.decision_made.v1"
KIND_OF: Final = "meeting.planned.v1"
OUTCOMES: Final = ("adopted", "adopted_in_principle")
TAKING_BACK: Final = frozenset({"rejected", "returned"})
"""What another meeting decides that does not let stand what was decided before; put off or withdrawn, it stands."""


class Row(NamedTuple):
    """One row of a table: when it applies, which bodies must decide, one of them or each, with which outcomes."""

    say: Say
    applies: Test
    bodies: tuple[str, ...]
    outcomes: frozenset[str]
    each: bool


def compile_rule(context: Context) -> Rule:
    """Compile a forum rule: the row that applies demands a decision of its body on the matter, not after the act.

    The first row that applies holds, with `all_rows` each that does. Where it is not known which, the answer is known
    only when all that may apply come to the same.
    """
    context.check((*CONSTRAINT_KEYS, "matter", "all_rows"), ("on", "rows"))
    act = compile_act(context)
    matter = compile_path(context.get("matter") or "case", act.scope)
    _note_reads(matter, act.scope)
    rows = [_row(given, act.scope, context) for given in as_list(context.get("rows"))]
    all_rows = bool(context.get("all_rows"))
    if not rows:
        raise CompileError("rows 不能为空", "rows must not be empty", context.given)
    if not all_rows:
        check_tiers(as_list(context.get("rows")))

    def requirement(frame: Frame) -> Answer:
        return _answer(frame, matter, rows, all_rows=all_rows)

    return constraint(context, act, requirement)


def _note_reads(matter: Path, scope: Scope) -> None:
    """Note that decisions stand in meetings that refer to the matter, and that a meeting's plan tells its kind."""
    if matter.kind.name == "case":
        base: tuple[tuple[str, str | None, str | None], ...] | None = ()
    elif matter.hops is None:
        base = None
    else:
        base = (*matter.hops, ("out", None, scope.last_reference(matter.text, [])))
    if base is not None:
        hops = (*base, ("in", "meeting", None))
        scope.reads((DECISION, KIND_OF), hops)


def _row(given: object, scope: Scope, context: Context) -> Row:
    if not isinstance(given, Located):
        raise CompileError("rows 的每一行应为映射", "each of rows is a mapping", context.given)
    checked_keys(given, ("when", "outcomes", "each"), ("zh", "en", "bodies"))
    bodies = tuple(map(str, as_list(given["bodies"])))
    outcomes = tuple(map(str, as_list(given.get("outcomes")))) or OUTCOMES
    for name, values in (("meeting_kind", bodies), ("outcome", outcomes)):
        allowed = enums()[name].values
        unknown = [value for value in values if value not in allowed]
        if unknown:
            options = "、".join(allowed)
            raise CompileError(f"没有 {unknown}，可用：{options}", f"no {unknown}; use one of: {options}", given)
    when = compile_all(given.get("when"), scope)
    return Row(Say(given["zh"], given["en"]), when, bodies, frozenset(outcomes), bool(given.get("each", False)))


def _answer(frame: Frame, matter: Path, rows: list[Row], *, all_rows: bool) -> Answer:
    keys = several(matter.read(frame))
    applying = [(row, applies) for row in rows if (applies := row.applies(frame)) is not False]
    first = next((place for place, (_, applies) in enumerate(applying) if applies is True), None)
    if not all_rows and first is not None:
        applying = applying[: first + 1]
    decided = [_decided(frame, keys, row) for row, _ in applying]
    if all_rows:
        demands = zip(applying, decided, strict=True)
        truth = conjunction([found if applies is True or found is True else None for (_, applies), found in demands])
    else:
        truth = _agreed(decided, none_may_apply=first is None)
    lacking = [
        _lacking(row, certain=applies is True)
        for (row, applies), found in zip(applying, decided, strict=True)
        if found is not True
    ]
    if truth is None and UNSET in keys:
        return Answer(None, (Say("所涉事项没有记录", "the matter is not recorded"),))
    return Answer(truth, () if truth else tuple(lacking))


def _agreed(truths: list[Truth], *, none_may_apply: bool) -> Truth:
    """Return what holds whichever row applies; where none may apply, nothing may be demanded."""
    if none_may_apply:
        return True if all(truth is True for truth in truths) else None
    return truths[0] if len(set(truths)) == 1 else None


def _lacking(row: Row, *, certain: bool) -> Say:
    if not certain:
        return Say(f"是否属于“{row.say.zh}”无法判定", f"whether this is “{row.say.en}” cannot be told")
    labels = [enums()["meeting_kind"].values[body] for body in row.bodies]
    zh = ("并" if row.each else "或").join(one[0] for one in labels)
    en = (" and " if row.each else " or ").join(one[1] for one in labels)
    return Say(
        f"{row.say.zh}：须经{zh}决定，事前没有这样的决定",
        f"{row.say.en}: needs a decision of {en}; there is none before the act",
    )


def _decided(frame: Frame, keys: Sequence[object], row: Row) -> Truth:
    found: dict[str, Truth] = dict.fromkeys(row.bodies, False)
    for key in keys:
        decisions = _decisions(frame, key) if isinstance(key, str) else []
        for one in decisions:
            if one.outcome not in row.outcomes or one.kind not in {None, *row.bodies}:
                continue
            stood = conjunction((_not_after_the_act(frame, one.fact), *_not_taken_back(frame, one, decisions, row)))
            for body in row.bodies:
                got = conjunction((_is(one, body, frame), stood))
                if got is True and found[body] is not True:
                    frame.used.append(one.fact)
                found[body] = disjunction((found[body], got))
    decided = (conjunction if row.each else disjunction)(found.values())
    if decided is False and frame.partial:
        frame.missing.append(f"{frame.file.key}: {DECISION}")
        return None
    return None if decided is False and UNSET in keys else decided


class _Decision(NamedTuple):
    """A decision of a meeting on a matter; the meeting's kind is None where it is not recorded."""

    kind: str | None
    fact: AnyFact
    outcome: str


def _decisions(frame: Frame, key: str) -> list[_Decision]:
    found: list[_Decision] = []
    for meeting in frame.world.files.referring(key, "meeting", None):
        file = frame.world.files.file(meeting)
        kind, _ = file.field("kind")
        found += (
            _Decision(kind if isinstance(kind, str) else None, fact, fact.data.outcome)
            for fact in file.of_type(DECISION)
            if isinstance(fact.data, MeetingDecisionMade) and fact.data.matter == key
        )
    return found


def _is(decision: _Decision, body: str, frame: Frame) -> Truth:
    if decision.kind is None:
        frame.missing.append(f"{decision.fact.subject.kind}/{decision.fact.subject.id}: kind")
        return None
    return decision.kind == body


def _not_after_the_act(frame: Frame, fact: AnyFact) -> Truth:
    if fact.id == frame.trigger.id:
        return True
    not_after = opposite(frame.trigger.occurred_at.before(fact.occurred_at))
    if not_after is None:
        frame.unordered(frame.trigger, fact)
    return not_after


def _not_taken_back(frame: Frame, decision: _Decision, decisions: list[_Decision], row: Row) -> Iterator[Truth]:
    """Tell of each later decision of another meeting on the matter that it did not take this one back before the act.

    Where any of several bodies may decide, any of them may take back; where each must, each takes back its own alone.
    Decisions of one meeting on one matter are on several points of it.
    """
    bodies = [body for body in row.bodies if not row.each or decision.kind in {None, body}]
    for other in decisions:
        if other.outcome in TAKING_BACK - row.outcomes and other.fact.subject != decision.fact.subject:
            mark = len(frame.missing)
            by_them = disjunction([_is(other, body, frame) for body in bodies])
            came = by_them is not False and came_between(frame, decision.fact, other.fact)
            taken = conjunction((by_them, came))
            if taken is False:
                del frame.missing[mark:]
            elif taken is True:
                frame.used.append(other.fact)
            yield opposite(taken)
