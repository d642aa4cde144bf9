"""Conditions: closed predicates with three-valued logic, compiled once to functions.

A condition answers True, False, or None when the record does not tell. False decides an `all`, True an `any`; what is
missing is noted in the frame only when it kept the answer open.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import UNSET

from rulebooks.judgement import Say
from rulebooks.language.comparisons import OPERATORS, UNLIMITED, as_number, compare_bounds, several
from rulebooks.language.evidence import compile_fact
from rulebooks.language.paths import compile_path
from rulebooks.language.persons import compile_person
from rulebooks.language.truth import Test, Truth, all_of, any_of, negated, settled
from rulebooks.problems import CompileError, as_list, checked_keys
from rulebooks.source import Located

if TYPE_CHECKING:
    from rulebooks.language.frame import Frame
    from rulebooks.language.scope import Scope


class Condition(NamedTuple):
    """One compiled condition; `say` is what its author calls it, for explanations."""

    test: Test
    say: Say | None = None


LABELS: Final = ("zh", "en")
GROUPS: Final = ("all", "any", "not")


def compile_all(given: object, scope: Scope) -> Test:
    """Compile a list of conditions that must all hold; an empty one always holds."""
    return all_of([one.test for one in compile_each(given, scope)])


def compile_each(given: object, scope: Scope) -> list[Condition]:
    """Compile a list of conditions one by one."""
    return [compile_condition(one, scope) for one in as_list(given)]


def compile_condition(given: object, scope: Scope) -> Condition:
    """Compile one condition; raise CompileError with what to write instead."""
    if not isinstance(given, Located):
        raise CompileError(f"条件应为映射：{given!r}", f"a condition is a mapping, not {given!r}")
    forms = [name for name in FORMS if name in given and name not in GROUPS]
    forms = forms or [name for name in GROUPS if name in given]
    if len(forms) != 1:
        options = "、".join(FORMS)
        raise CompileError(f"一个条件须恰有其一：{options}", f"a condition has exactly one of: {options}", given)
    say = Say(given["zh"], given["en"]) if "zh" in given and "en" in given else None
    try:
        return Condition(FORMS[forms[0]](given, scope), say)
    except CompileError as error:
        raise CompileError(error.zh, error.en, error.at or given) from error


def _all(given: Located, scope: Scope) -> Test:
    checked_keys(given, LABELS, ("all",))
    return compile_all(given["all"], scope)


def _any(given: Located, scope: Scope) -> Test:
    checked_keys(given, LABELS, ("any",))
    return any_of([one.test for one in compile_each(given["any"], scope)])


def _not(given: Located, scope: Scope) -> Test:
    checked_keys(given, LABELS, ("not",))
    return negated(compile_all(given["not"], scope))


def _term(given: Located, scope: Scope) -> Test:
    checked_keys(given, LABELS, ("term",))
    return compile_term(given["term"], scope)


def compile_term(name: str, scope: Scope) -> Test:
    """Compile a condition that the rulebook has given a name; refuse a term that uses itself."""
    if name not in scope.terms:
        options = "、".join(sorted(scope.terms))
        raise CompileError(f"没有名为“{name}”的 term，可用：{options}", f"no term {name!r}; use one of: {options}")
    if name in scope.open_terms:
        round_trip = " → ".join((*scope.open_terms, name))
        raise CompileError(f"term 相互引用成环：{round_trip}", f"terms use each other in a circle: {round_trip}")
    body = scope.terms[name]
    checked_keys(body, LABELS, ("when",))
    return compile_all(body["when"], scope.inside(name))


# Predicates on one path ------------------------------------------------------------------------------------------


def _path(given: Located, scope: Scope) -> Test:
    operators = [name for name in OPERATORS if name in given]
    if len(operators) != 1:
        options = "、".join(OPERATORS)
        raise CompileError(f"path 须恰有一个比较：{options}", f"a path wants exactly one of: {options}", given)
    checked_keys(given, (*LABELS, operators[0]), ("path",))
    path = compile_path(given["path"], scope)
    test = OPERATORS[operators[0]](path, given[operators[0]], scope)
    # One value that is not known leaves the answer open; of several, one may decide it whatever the others are.
    return settled(test) if path.kind.many or operators[0] in BETWEEN_LISTS else test


def _ratio(given: Located, scope: Scope) -> Test:
    holds, bound, name = compare_bounds(given)
    checked_keys(given, (*LABELS, name), ("ratio",))
    parts = as_list(given["ratio"])
    if len(parts) != 2:  # noqa: PLR2004  # a ratio has two parts
        raise CompileError("ratio 须写两个路径", "ratio wants two paths", given)
    upper, lower = (compile_path(part, scope) for part in parts)

    def test(frame: Frame) -> Truth:
        above, below = upper.read(frame), lower.read(frame)
        if above in (UNSET, None) or below in (UNSET, None):
            return None
        return holds(abs(above), bound * below)

    return test


def _sum(given: Located, scope: Scope) -> Test:
    holds, bound, name = compare_bounds(given)
    checked_keys(given, (*LABELS, name), ("sum",))
    path = compile_path(given["sum"], scope)

    def test(frame: Frame) -> Truth:
        values = path.read(frame)
        if values is UNSET or (isinstance(values, tuple) and UNSET in values):
            return None
        return holds(sum((as_number(one) for one in several(values)), Decimal(0)), bound)

    return test


def _some(given: Located, scope: Scope) -> Test:
    """Ask of the entries of a list whether all of `where` holds of one of them, or of as many as `count` says."""
    checked_keys(given, (*LABELS, "count"), ("some", "where"))
    counted = given.get("count") or Located(at_least=1)
    checked_keys(counted, ("at_least", "at_most"))
    least, most = int(counted.get("at_least", 0)), int(counted.get("at_most", UNLIMITED))
    path = compile_path(given["some"], scope)
    if not path.kind.many:
        raise CompileError(f"{path.text} 不是列表", f"{path.text} is no list", given)
    where = compile_all(given["where"], scope.within_list(path.kind._replace(many=False), path.hops))

    def test(frame: Frame) -> Truth:
        values = path.read(frame)
        if values is UNSET:
            return None
        answers: list[Truth] = []
        before = frame.entry
        for frame.entry in several(values):
            answers.append(None if frame.entry is UNSET else where(frame))
        frame.entry = before
        sure = answers.count(True)
        perhaps = sure + answers.count(None)
        if sure > most or perhaps < least:
            return False
        return True if sure >= least and perhaps <= most else None

    return test


BETWEEN_LISTS: Final = frozenset({"within", "not_within", "covers"})
"""Comparisons that look into a list on the other side too."""

FORMS: Final[dict[str, Callable[[Located, Scope], Test]]] = {
    "path": _path,
    "fact": lambda given, scope: compile_fact(given, scope, compile_all),
    "no_fact": lambda given, scope: compile_fact(given, scope, compile_all),
    "person": lambda given, scope: compile_person(given, scope, compile_term),
    "some": lambda given, scope: settled(_some(given, scope)),
    "ratio": lambda given, scope: settled(_ratio(given, scope)),
    "sum": lambda given, scope: settled(_sum(given, scope)),
    "term": _term,
    "all": _all,
    "any": _any,
    "not": _not,
}
