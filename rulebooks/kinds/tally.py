"""tally: how many, how much in a period, for the district or for each of some (次数、总量)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from msgspec import UNSET

from events.moment import Moment
from rulebooks.calendar.periods import PERIODS
from rulebooks.counting.by_period import judge_periods
from rulebooks.counting.duty import THE_DISTRICT, WHOEVER_IS_COUNTED, compile_among
from rulebooks.counting.rolling import judge_rolling
from rulebooks.counting.tallies import NONE_EXCEEDED, Contribution, Onset, Tally, within
from rulebooks.counting.totals import Bounds
from rulebooks.language.asides import aside
from rulebooks.language.comparisons import several
from rulebooks.language.conditions import compile_all
from rulebooks.language.frame import Frame
from rulebooks.language.limits import compile_limit
from rulebooks.language.moments import as_moment
from rulebooks.language.parties import PICKED, compile_pick, picked
from rulebooks.language.paths import compile_path
from rulebooks.problems import CompileError, checked_keys
from rulebooks.record.tenures import ALWAYS
from rulebooks.source import Located

if TYPE_CHECKING:
    from events.fact import AnyFact
    from events.moment import Instant
    from rulebooks.calendar.periods import PeriodOf
    from rulebooks.context import Context
    from rulebooks.counting.duty import Duty
    from rulebooks.judgement import Judgement
    from rulebooks.language.limits import Limit
    from rulebooks.language.parties import Pick
    from rulebooks.language.path_parts import Path
    from rulebooks.language.scope import Scope
    from rulebooks.language.truth import Test, Truth
    from rulebooks.record.casefile import CaseFile
    from rulebooks.record.world import World
    from rulebooks.rule import Rule

MEASURES: Final = ("count", "sum", "distinct")
KEY_CASES: Final = ("person", "unit", "post")


class Counted(NamedTuple):
    """What a rule counts: which facts of a case, under what conditions, for whom, as of when, which values of them."""

    measure: str
    types: tuple[str, ...]
    pick: Pick
    when: Test
    value: Path | None
    where: Test
    key: Path | None
    at: Path
    held: Duty


def compile_rule(context: Context) -> Rule:
    """Compile a tally: `count`, `sum` or `distinct` values of facts in each `period`, with a bound or two.

    Too many is a breach of each fact too many, at once. Too few is a breach when the period is over; the periods begin
    with the first whole one after the ledger's first fact, for a key, and with `since: first` for the district too,
    with the one in which it first occurs; with `among` whoever is of these is judged, in every period through which he
    is, and nobody else. What is counted for one not recorded may count for each of these, so that none is accused of
    too little. Without `among` it counts for nobody: whom it may concern is not known, and each such fact would leave
    open for everybody whether an upper limit was kept.

    Many cases contribute, so that the rule is judged through its `tally` and not case by case.
    """
    context.check((*MEASURES, "when", "key", "period", "at_least", "at_most", "moment", "since", "among"), ("period",))
    measures = [name for name in MEASURES if name in context.given]
    if len(measures) != 1:
        options = "、".join(MEASURES)
        raise CompileError(f"tally 须恰有其一：{options}", f"a tally has exactly one of: {options}", context.given)
    given = context.get(measures[0])
    if not isinstance(given, Located):
        raise CompileError(f"{measures[0]} 须写 fact", f"{measures[0]} wants fact", context.given)
    allowed = ("when", *PICKED, *(("where",) if measures[0] == "distinct" else ()))
    checked_keys(given, allowed, ("fact",) if measures[0] == "count" else ("fact", "value"))
    types, pick = compile_pick(given)
    scope = context.scope(types)
    conditions = [*_listed(context.get("when")), *_listed(given.get("when"))]
    value = compile_path(given["value"], scope) if "value" in given else None
    each = scope if value is None else scope.within_list(value.kind._replace(many=False), value.hops)
    bounds, key = _bounds(context, measures[0]), _key(context, scope)
    counted = Counted(
        measures[0],
        types,
        pick,
        compile_all(conditions, scope),
        value,
        compile_all(given.get("where"), each),
        key,
        compile_path(context.get("moment") or "trigger.occurred_at", scope),
        WHOEVER_IS_COUNTED if bounds.least is None else _duty(context, key, scope),
    )
    tally = _tally(context, counted, bounds, scope)
    return replace(context.rule(scope, lambda _world, _file: []), tally=tally)


def _listed(given: Any) -> list[Any]:  # noqa: ANN401  # YAML holds any value here
    return [] if given is None else list(given) if isinstance(given, list) else [given]


def _key(context: Context, scope: Scope) -> Path | None:
    if context.get("key") is None:
        return None
    path = compile_path(context.get("key"), scope)
    if path.kind.base not in KEY_CASES and not path.kind.base.startswith("ref:"):
        raise CompileError(
            "key 须是人员、单位、岗位或案卷", "a key is a person, a unit, a post or a case", context.given
        )
    return path


def _bounds(context: Context, measure: str) -> Bounds:
    least, most = (_number(context.get(name), name, context) for name in ("at_least", "at_most"))
    if least is None and most is None:
        raise CompileError("须写 at_least 或 at_most", "write at_least or at_most", context.given)
    if least is not None and most is not None and least > most:
        raise CompileError("at_least 大于 at_most", "at_least is more than at_most", context.given)
    return Bounds(least, most, measure)


def _number(given: object, name: str, context: Context) -> Decimal | None:
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        raise CompileError(f"{name} 应为数字", f"{name} is a number", context.given)
    try:
        number = Decimal(str(given))
    except ArithmeticError as error:
        raise CompileError(f"{name} 应为数字", f"{name} is a number", context.given) from error
    if number < 0:
        raise CompileError(f"{name} 不能为负", f"{name} must not be negative", context.given)
    return number


def _tally(context: Context, counted: Counted, bounds: Bounds, scope: Scope) -> Tally:
    header, duty = context.header, counted.held
    window = _period(context, scope)
    if context.get("since") not in {None, "first"}:
        raise CompileError("since 只可为 first", "since can only be first", context.given)

    def contributions(world: World, file: CaseFile) -> list[Contribution]:
        facts = picked(world, file, counted.types, counted.pick)
        return [one for fact in facts for one in _contributed(counted, world, file, fact)]

    def judge(
        world: World,
        key: str,
        found: Sequence[Contribution],
        since: Instant | None = None,
        exceeded: Mapping[int, Judgement] = NONE_EXCEEDED,
    ) -> list[Judgement]:
        counts = (one for one in found if world.judges(header, one.fact.occurred_at))
        if not callable(window):
            return judge_rolling(bounds, window, world, key, list(counts), duty)
        start = None if since is None else window(since).first
        tail = found if start is None else within(found, start, ALWAYS)
        judged = [one for one in tail if world.judges(header, one.fact.occurred_at)]
        onset = Onset.of(counts)
        return judge_periods(header, bounds, window, world, key, onset, judged, start, exceeded, duty)

    if not callable(window) and bounds.least not in {None, 1}:
        raise CompileError("滚动期间的 at_least 只可为 1", "in a rolling period at_least can only be 1", context.given)
    return Tally(contributions, judge, window if callable(window) else None, duty.keys)


def _duty(context: Context, key: Path | None, scope: Scope) -> Duty:
    """Return who is held to the lower limit."""
    if context.get("among") is not None:
        return compile_among(context.get("among"), "" if key is None else key.kind.base, scope)
    rolling = isinstance(context.get("period"), Located)
    whole = key is None and context.get("since") is None and not rolling
    return THE_DISTRICT if whole else WHOEVER_IS_COUNTED


def _period(context: Context, scope: Scope) -> PeriodOf | Limit:
    given = context.get("period")
    if isinstance(given, Located):
        checked_keys(given, (), ("rolling",))
        return compile_limit(given["rolling"], scope)
    if given not in PERIODS:
        options = "、".join(PERIODS)
        raise CompileError(f"period 可用：{options}", f"period is one of: {options}, or rolling", context.given)
    return PERIODS[given]


def _contributed(counted: Counted, world: World, file: CaseFile, fact: AnyFact) -> list[Contribution]:
    """Return what one fact contributes: one for each of its keys and, of distinct values, for each value."""
    frame = Frame(world, file, fact, fact.occurred_at)
    counts = counted.when(frame)
    if counts is False:
        return []
    sure, missing = counts is True, frame.missed()
    moment = as_moment(_known(aside(frame, counted.at.read).value))
    if moment is None:
        sure, missing = False, (*missing, f"{file.key} {fact.type}: {counted.at.text}")
    at, values, unknown = moment or fact.occurred_at, *_values(counted, frame)
    keys, unnamed = _keys(counted, frame)
    missing = (*missing, *unnamed)
    return [
        Contribution(key, at, value, fact, what, sure and named, (*missing, *unknown) if value is None else missing)
        for key, named in keys.items()
        for value, what in values
    ]


def _known(value: object) -> object:
    return None if value is UNSET else value


def _keys(counted: Counted, frame: Frame) -> tuple[dict[str, bool], tuple[str, ...]]:
    """Return for whom a fact is counted, whether that is sure of each, and what is missing to say for whom."""
    if counted.key is None:
        return {"": True}, ()
    kind = counted.key.kind.base
    found, _, missing = aside(frame, counted.key.read)
    named = several(found)
    keys = {f"{kind}/{one}" if kind in KEY_CASES else one: True for one in named if isinstance(one, str)}
    if UNSET in named:
        keys = dict.fromkeys(counted.held.keys(frame.world), False) | keys
    return keys, missing


def _values(counted: Counted, frame: Frame) -> tuple[list[tuple[Decimal | None, str]], tuple[str, ...]]:
    """Return what is counted with its name, and what is missing; a value that is not recorded is None."""
    if counted.value is None:
        return [(Decimal(1), "")], ()
    found, _, missing = aside(frame, counted.value.read)
    if found is UNSET:
        return [(None, "?")], missing
    listed = [one for one in several(found) if one is not None]
    if counted.measure == "distinct":
        fit = [(one, _fits(counted, frame, one)) for one in listed if one is not UNSET]
        named = {
            one.day.isoformat() if isinstance(one, Moment) else str(one): fits for one, fits in fit if fits is not False
        }
        return [(Decimal(1) if fits else None, name) for name, fits in named.items()], (*missing, *frame.missed())
    return [(None if one is UNSET else Decimal(str(one)), "") for one in listed], missing


def _fits(counted: Counted, frame: Frame, value: object) -> Truth:
    frame.entry = value
    return counted.where(frame)
