"""What a condition can ask of the value that a path leads to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from msgspec import UNSET

from events.vocabulary import enums
from rulebooks.language.moments import MOMENT_OPERATORS, note
from rulebooks.language.path_parts import Path
from rulebooks.language.paths import compile_path
from rulebooks.language.truth import Test, Truth, negated, opposite
from rulebooks.problems import CompileError, as_list, checked_keys
from rulebooks.source import Located

if TYPE_CHECKING:
    from rulebooks.language.frame import Frame
    from rulebooks.language.scope import Scope

UNLIMITED: Final = 10**9


def _checked_value(path: Path, value: object) -> object:
    """Refuse a value that the path's closed list does not have."""
    if path.kind.base.startswith("enum:") and isinstance(value, str):
        allowed = enums()[path.kind.base[5:]].values
        if value not in allowed:
            options = "、".join(allowed)
            raise CompileError(
                f"{path.text} 没有值“{value}”，可用：{options}",
                f"{path.text} has no value {value!r}; use one of: {options}",
            )
    return value


def _known(path: Path, predicate: Callable[[Any], Truth]) -> Test:
    """Apply a predicate to a value; unknown stays unknown, and none (known to be none) is passed as None."""
    read = path.read

    def test(frame: Frame) -> Truth:
        value = read(frame)
        return None if value is UNSET else predicate(value)

    return test


def _is(path: Path, wanted: object, _scope: Scope) -> Test:
    _checked_value(path, wanted)
    if path.kind.many:
        raise CompileError(f"{path.text} 有多个值，请用 has", f"{path.text} has several values; use `has`")
    read = path.read

    def test(frame: Frame) -> Truth:
        value = read(frame)
        return None if value is UNSET else value == wanted

    return test


def _in(path: Path, wanted: object, _scope: Scope) -> Test:
    allowed = frozenset(_checked_value(path, one) for one in as_list(wanted))
    read = path.read

    def test(frame: Frame) -> Truth:
        value = read(frame)
        return None if value is UNSET else value in allowed

    return test


def _has_any(path: Path, wanted: object, _scope: Scope) -> Test:
    allowed = frozenset(_checked_value(path, one) for one in as_list(wanted))
    read = path.read

    def test(frame: Frame) -> Truth:
        value = read(frame)
        if value is UNSET:
            return None
        values = several(value)
        if not allowed.isdisjoint(values):
            return True
        return None if UNSET in values else False

    return test


def _has_all(path: Path, wanted: object, _scope: Scope) -> Test:
    needed = [_checked_value(path, one) for one in as_list(wanted)]

    def predicate(value: Any) -> Truth:  # noqa: ANN401  # a value of the vocabulary
        values = several(value)
        if all(one in values for one in needed):
            return True
        return None if UNSET in values else False

    return _known(path, predicate)


def several(value: object) -> Sequence[object]:
    """Return a list as it is, a single value as a list of one, nothing as an empty one."""
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (value,)


def _given(path: Path, wanted: object, _scope: Scope) -> Test:
    def predicate(value: Any) -> Truth:  # noqa: ANN401  # a value of the vocabulary
        values = several(value)
        given = True if any(one is not UNSET for one in values) else None if values else False
        return given if wanted else opposite(given)

    return _known(path, predicate)


def _recorded(path: Path, wanted: object, _scope: Scope) -> Test:
    read = path.read

    def test(frame: Frame) -> Truth:
        mark = len(frame.missing)
        value = read(frame)
        del frame.missing[mark:]
        return (value is not UNSET) is bool(wanted)

    return test


def as_number(value: object) -> Decimal:
    """Return a number of a rulebook exactly; raise CompileError for anything else."""
    try:
        return Decimal(str(value))
    except InvalidOperation as error:
        raise CompileError(f"应为数字：{value!r}", f"a number is wanted, not {value!r}") from error


def _compare(holds: Callable[[Decimal, Decimal], bool]) -> Callable[[Path, object, Scope], Test]:
    def compiled(path: Path, limit: object, _scope: Scope) -> Test:
        bound = as_number(limit)

        def test(frame: Frame) -> Truth:
            value = path.read(frame)
            if value is None:
                note(path, frame)
            return None if value is None or value is UNSET else holds(Decimal(value), bound)

        return test

    return compiled


def _count(path: Path, wanted: object, _scope: Scope) -> Test:
    if not isinstance(wanted, Located):
        raise CompileError("count 须写 at_least 或 at_most", "count wants at_least or at_most")
    checked_keys(wanted, ("at_least", "at_most"))
    least, most = int(wanted.get("at_least", 0)), int(wanted.get("at_most", UNLIMITED))

    def predicate(value: Any) -> Truth:  # noqa: ANN401  # a value of the vocabulary
        values = several(value)
        known = sum(one is not UNSET for one in values)
        if known > most or known == len(values):
            return least <= known <= most
        return True if known >= least and most == UNLIMITED else None

    return _known(path, predicate)


def _same_as(path: Path, other: object, scope: Scope) -> Test:
    against = compile_path(other, scope)

    def test(frame: Frame) -> Truth:
        left, right = path.read(frame), against.read(frame)
        if UNSET in (*several(left), *several(right)):
            return None
        return bool(left == right)

    return test


def _within(path: Path, other: object, scope: Scope) -> Test:
    against = compile_path(other, scope)

    def test(frame: Frame) -> Truth:
        left, right = path.read(frame), against.read(frame)
        if left is UNSET or right is UNSET:
            return None
        found, allowed = several(left), several(right)
        if any(one in allowed for one in found if one is not UNSET):
            return True
        return None if found and allowed and UNSET in (*found, *allowed) else False

    return test


def _covers(path: Path, other: object, scope: Scope) -> Test:
    against = compile_path(other, scope)

    def test(frame: Frame) -> Truth:
        left, right = path.read(frame), against.read(frame)
        if left is UNSET or right is UNSET:
            return None
        there, wanted = several(left), several(right)
        if all(one in there for one in wanted if one is not UNSET):
            return None if UNSET in wanted else True
        return None if UNSET in there else False

    return test


OPERATORS: Final[dict[str, Callable[[Path, Any, Scope], Test]]] = {
    "is": _is,
    "is_not": lambda path, value, scope: negated(_is(path, value, scope)),
    "in": _in,
    "not_in": lambda path, value, scope: negated(_in(path, value, scope)),
    "has": _has_any,
    "has_any": _has_any,
    "has_all": _has_all,
    "has_none": lambda path, value, scope: negated(_has_any(path, value, scope)),
    "given": _given,
    "recorded": _recorded,
    "more_than": _compare(lambda value, bound: value > bound),
    "at_least": _compare(lambda value, bound: value >= bound),
    "less_than": _compare(lambda value, bound: value < bound),
    "at_most": _compare(lambda value, bound: value <= bound),
    "count": _count,
    "same_as": _same_as,
    "differs_from": lambda path, other, scope: negated(_same_as(path, other, scope)),
    "within": _within,
    "not_within": lambda path, other, scope: negated(_within(path, other, scope)),
    "covers": _covers,
    **MOMENT_OPERATORS,
}


def compare_bounds(given: Located) -> tuple[Callable[[Decimal, Decimal], bool], Decimal, str]:
    """Read the one bound of a mapping: how to compare, with what, and its name."""
    names = [name for name in BOUNDS if name in given]
    if len(names) != 1:
        options = "、".join(BOUNDS)
        raise CompileError(f"须恰有一个界限：{options}", f"wants exactly one bound of: {options}", given)
    return BOUNDS[names[0]], as_number(given[names[0]]), names[0]


BOUNDS: Final[dict[str, Callable[[Decimal, Decimal], bool]]] = {
    "more_than": lambda value, bound: value > bound,
    "at_least": lambda value, bound: value >= bound,
    "less_than": lambda value, bound: value < bound,
    "at_most": lambda value, bound: value <= bound,
}
