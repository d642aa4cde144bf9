"""forum: which body must decide a matter (议事权限、事权财权分级)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import UNSET

from events.meeting_room import MeetingDecisionMade
from events.vocabulary import enums
from rulebooks.conditions import compile_all
from rulebooks.constraint import CONSTRAINT_KEYS, Answer, compile_act, constraint
from rulebooks.judgement import Say
from rulebooks.paths import Path, compile_path
from rulebooks.problems import CompileError, as_list, checked_keys
from rulebooks.source import Located
from rulebooks.truth import opposite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from events.fact import AnyFact
    from rulebooks.context import Context
    from rulebooks.frame import Frame
    from rulebooks.rule import Rule
    from rulebooks.scope import Scope
    from rulebooks.truth import Test, Truth

DECISION: Final = "meeting.decision_made.v1"
KIND_OF: Final = "meeting.planned.v1"
OUTCOMES: Final = ("adopted", "adopted_in_principle")


class Row(NamedTuple):
    """One row of a table: when it applies, which bodies must decide, one of them or each, with which outcomes."""

    say: Say
    applies: Test
    bodies: tuple[str, ...]
    outcomes: frozenset[str]
    each: bool


def compile_rule(context: Context) -> Rule:
    """Compile a forum rule: the row that applies demands a decision of its body on the matter, not after the act."""
    context.check((*CONSTRAINT_KEYS, "matter", "all_rows"), ("on", "rows"))
    act = compile_act(context)
    matter = compile_path(context.get("matter") or "case", act.scope)
    _note_reads(matter, act.scope)
    rows = [_row(given, act.scope, context) for given in as_list(context.get("rows"))]
    all_rows = bool(context.get("all_rows"))

    def requirement(frame: Frame) -> Answer:
        return _answer(frame, matter, rows, all_rows=all_rows)

    return constraint(context, act, requirement)


def _note_reads(matter: Path, scope: Scope) -> None:
    """A decision stands in a meeting that refers to the matter; the meeting's plan tells its kind."""
    if matter.kind.name == "case":
        base: tuple[tuple[str, str | None, str | None], ...] | None = ()
    elif matter.hops is None:
        base = None
    else:
        base = (*matter.hops, ("out", None, matter.text.rpartition(".")[2]))
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
    value = matter.read(frame)
    if value is UNSET:
        return Answer(None, (Say("所涉事项没有记录", "the matter is not recorded"),))
    keys = [one for one in (value if isinstance(value, tuple | list) else (value,)) if isinstance(one, str)]
    answers: list[Truth] = []
    reasons: list[Say] = []
    for row in rows:
        applies = row.applies(frame)
        if applies is False:
            continue
        decided = _decided(frame, keys, row)
        answers.append(decided if applies is True or decided is True else None)
        if decided is not True:
            reasons.append(_lacking(row, certain=applies is True))
        if applies is True and not all_rows:
            break
    truth = False if False in answers else None if None in answers else True
    return Answer(truth, () if truth else tuple(reasons))


def _lacking(row: Row, *, certain: bool) -> Say:
    labels = [enums()["meeting_kind"].values[body] for body in row.bodies]
    word, word_en = ("并", "and") if row.each else ("或", "or")
    zh = f"{row.say.zh}：须经{word.join(one[0] for one in labels)}决定，事前没有这样的决定"
    en = f"{row.say.en}: needs a decision of {f' {word_en} '.join(one[1] for one in labels)}; there is none before the act"
    return Say(zh, en) if certain else Say(f"是否属于“{row.say.zh}”无法判定", f"whether this is “{row.say.en}” cannot be told")


def _decided(frame: Frame, keys: list[str], row: Row) -> Truth:
    found: dict[str, Truth] = dict.fromkeys(row.bodies, False)
    for kind, fact, truth in _decisions(frame, keys, row):
        for body in row.bodies:
            fits = True if kind == body else None if kind is None else False
            got = None if fits is None or truth is None else fits and truth
            if got is True and found[body] is not True:
                frame.used.append(fact)
            found[body] = True if got is True or found[body] is True else None if got is None else found[body]
    values = list(found.values())
    if row.each:
        decided: Truth = False if False in values else None if None in values else True
    else:
        decided = True if True in values else None if None in values else False
    if decided is False and frame.partial:
        frame.missing.append(f"{frame.file.key}: {DECISION}")
        return None
    return decided


def _decisions(frame: Frame, keys: list[str], row: Row) -> Iterator[tuple[str | None, AnyFact, Truth]]:
    """Return the decisions on the matter: the meeting's kind, the fact, and whether it came not after the act."""
    for key in keys:
        for meeting in frame.world.files.referring(key, "meeting", None):
            file = frame.world.files.file(meeting)
            kind, _ = file.field("kind")
            for fact in file.of_type(DECISION):
                data = fact.data
                if isinstance(data, MeetingDecisionMade) and data.matter == key and data.outcome in row.outcomes:
                    not_after = opposite(frame.trigger.occurred_at.before(fact.occurred_at))
                    yield (kind if isinstance(kind, str) else None), fact, not_after
