"""Facts as conditions: whether a fact of some kind exists, where, and by when."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import UNSET

from events.vocabulary import FACTS, subject_kind
from rulebooks.language.fields import full_type, types_with_reference
from rulebooks.language.moments import TIMES, compile_time
from rulebooks.language.path_parts import Path
from rulebooks.language.paths import compile_path
from rulebooks.language.references import PERSON, may_be_about, own_references
from rulebooks.language.taken_back import not_taken_back, taking_back
from rulebooks.language.truth import Test, Truth, all_of
from rulebooks.problems import CompileError, as_list, checked_keys
from rulebooks.record.casefile import NO_FACTS, order_of
from rulebooks.source import Located

if TYPE_CHECKING:
    from events.fact import AnyFact
    from rulebooks.language.frame import Frame
    from rulebooks.language.path_parts import Hops
    from rulebooks.language.scope import Scope

CompileAll = Callable[[object, "Scope"], Test]
Place = Callable[["Frame"], "Sequence[AnyFact]"]
KEYS: Final = ("in", "about", "via", "where", "at_least", "zh", "en", *TIMES)


Matches = Callable[["Frame", "AnyFact"], Truth]
Finder = Callable[["Frame"], "Iterator[tuple[AnyFact, Truth]]"]
Gatherer = Callable[["Frame", int], "list[tuple[AnyFact, Truth]]"]


class Matcher(NamedTuple):
    """A compiled search for facts; `find` yields each fact that matches (True) or may match (None), in order.

    `gather` returns them at once, which costs less, no further than so many that surely match (0: all of them). `told`
    tells whether the record says in which cases to look, noting as missing what would. Of several ways one that is told
    is enough: nobody writes down each link that a thing does not have. `hops` are the links that lead to the facts, for
    each way.
    """

    types: tuple[str, ...]
    find: Finder
    gather: Gatherer
    told: Callable[[Frame], bool]
    hops: tuple[Hops, ...]


def fact_types(given: object, at: Located | None = None) -> tuple[str, ...]:
    """Return the recorded names of the facts that a rulebook names."""
    names = tuple(full_type(str(one)) for one in as_list(given))
    for name in names:
        if name not in FACTS:
            raise CompileError(f"词汇表没有事实“{name}”", f"the vocabulary has no fact {name!r}", at)
    if not names:
        raise CompileError("须写事实名", "the name of a fact is wanted", at)
    return names


def compile_fact(given: Located, scope: Scope, compile_all: CompileAll) -> Test:
    """Compile `fact:` to a test whether enough matching facts exist, `no_fact:` to the opposite.

    What it missed it forgets unless it stays open.
    """
    there = "fact" in given
    types, _, gather, told, _ = compile_matcher(given, scope, compile_all, "fact" if there else "no_fact")
    wanted = int(given.get("at_least", 1))

    def test(frame: Frame) -> Truth:
        mark = len(frame.missing)
        certain = possible = 0
        for fact, truth in gather(frame, wanted):
            if truth is True:
                certain += 1
                frame.used.append(fact)
                if certain >= wanted:
                    del frame.missing[mark:]
                    return there
            else:
                possible += 1
        if certain + possible >= wanted or not told(frame):
            return None
        if frame.partial:
            frame.missing.append(f"{frame.file.key}: {'、'.join(types)}")
            return None
        del frame.missing[mark:]
        return not there

    return test


def compile_matcher(given: Located, scope: Scope, compile_all: CompileAll, key: str = "fact") -> Matcher:
    """Compile a search for facts: their types, the cases they stand in, what must hold of each.

    Where `in`, `about` or `via` list several, facts found in any of these ways are found, each once.
    """
    checked_keys(given, KEYS, (key,))
    types = fact_types(given[key], given)
    searches = [_search(one, types, scope, compile_all) for one in _ways(given)]
    hops = tuple(hops for _, _, hops in searches)
    if len(searches) == 1:
        place, matches, _ = searches[0]
        return Matcher(types, _finder(place, matches), _gatherer(place, matches), _told(given, scope), hops)
    gather = _joined([_gatherer(place, matches) for place, matches, _ in searches])
    return Matcher(types, lambda frame: iter(gather(frame, 0)), gather, _told(given, scope), hops)


def _ways(given: Located) -> list[Located]:
    """Write out a search for each way in which it looks for facts."""
    rest = {name: value for name, value in given.items() if name not in {"in", "about", "via"}}
    ways: list[dict[str, object]] = [{"in": path} for path in as_list(given.get("in"))]
    for path in as_list(given.get("about")):
        ways += [{"about": path, "via": via} for via in as_list(given.get("via")) or [None]]
    found: list[Located] = []
    for way in ways or [{}]:
        found.append(Located({**rest, **way}))
        found[-1].file, found[-1].line = given.file, given.line
    return found


def _search(
    given: Located, types: tuple[str, ...], scope: Scope, compile_all: CompileAll
) -> tuple[Place, Matches | None, Hops]:
    place, hops = _place(given, types, scope)
    inner = scope.testing(types, hops)
    tests = [compile_all(given["where"], inner)] if given.get("where") else []
    tests += [compile_time(name, given[name], scope, inner) for name in TIMES if name in given]
    withdrawals = taking_back(types)
    if withdrawals:
        tests.append(not_taken_back)
    scope.reads((*types, *withdrawals), hops)
    return place, _matching(all_of(tests)) if tests else None, hops


def _told(given: Located, scope: Scope) -> Callable[[Frame], bool]:
    ways = [compile_path(one, scope).read for one in (*as_list(given.get("in")), *as_list(given.get("about")))]
    if not ways:
        return lambda _frame: True

    def told(frame: Frame) -> bool:
        mark = len(frame.missing)
        if not any(_known(read(frame)) for read in ways):
            return False
        del frame.missing[mark:]
        return True

    return told


def _known(value: object) -> bool:
    return value is not UNSET and not (isinstance(value, tuple) and UNSET in value)


def _joined(gatherers: Sequence[Gatherer]) -> Gatherer:
    def gather(frame: Frame, _enough: int) -> list[tuple[AnyFact, Truth]]:
        found = {one[0].sequence: one for each in gatherers for one in each(frame, 0)}
        return sorted(found.values(), key=lambda one: order_of(one[0])) if len(found) > 1 else list(found.values())

    return gather


def _matching(test: Test) -> Matches:
    def matches(frame: Frame, fact: AnyFact) -> Truth:
        before, outer, at, mark = frame.it, frame.outer, frame.at, len(frame.missing)
        frame.it, frame.outer, frame.at = fact, before, fact.occurred_at
        truth = test(frame)
        frame.it, frame.outer, frame.at = before, outer, at
        if truth is not None:
            del frame.missing[mark:]
        return truth

    return matches


def _finder(place: Place, matches: Matches | None) -> Finder:
    def find(frame: Frame) -> Iterator[tuple[AnyFact, Truth]]:
        for fact in place(frame):
            truth = True if matches is None else matches(frame, fact)
            if truth is not False:
                yield fact, truth

    return find


def _gatherer(place: Place, matches: Matches | None) -> Gatherer:
    def gather(frame: Frame, enough: int) -> list[tuple[AnyFact, Truth]]:
        facts = place(frame)
        found: list[tuple[AnyFact, Truth]] = []
        if not facts:
            return found
        if matches is None:
            return [(fact, True) for fact in (facts[:enough] if enough else facts)]
        for fact in facts:
            truth = matches(frame, fact)
            if truth is False:
                continue
            found.append((fact, truth))
            if truth and enough:
                enough -= 1
                if not enough:
                    break
        return found

    return gather


def _place(
    given: Located, types: tuple[str, ...], scope: Scope
) -> tuple[Place, tuple[tuple[str, str | None, str | None], ...] | None]:
    kinds = {subject_kind(name) for name in types}
    if "about" in given:
        return _facts_about(given, types, kinds, scope)
    if "in" in given:
        path = compile_path(given["in"], scope)
        return _facts_in(path, types), _hops_to(path, scope)
    if kinds == {scope.subject_kind}:
        return _facts_here(types), ()
    shown = "、".join(sorted(kinds))
    raise CompileError(
        f"{shown} 的事实不在本案卷，请写 about 或 in",
        f"facts of {shown} stand in other cases; write `about` or `in`",
        given,
    )


def _hops_to(path: Path, scope: Scope) -> tuple[tuple[str, str | None, str | None], ...] | None:
    if path.kind.name == "case" or path.hops is None:
        return path.hops
    field = scope.last_reference(path.text, [])
    return (*path.hops, ("out", None, field))


def _keys(value: object) -> Iterable[str]:
    if isinstance(value, tuple):
        return [one for one in value if isinstance(one, str)]
    return (value,) if isinstance(value, str) else ()


def _facts_here(types: tuple[str, ...]) -> Place:
    if len(types) == 1:
        name = types[0]
        return lambda frame: frame.file.by_type.get(name, NO_FACTS)
    return lambda frame: frame.file.of_types(types)


def _facts_in(path: Path, types: tuple[str, ...]) -> Place:
    def place(frame: Frame) -> Sequence[AnyFact]:
        files = frame.world.files
        return _in_order([files.file(key).of_types(types) for key in _keys(path.read(frame))])

    return place


def _in_order(found: Sequence[Sequence[AnyFact]]) -> Sequence[AnyFact]:
    """Put the facts of several cases, which are found by name, in the order of time."""
    if len(found) < 2:  # noqa: PLR2004  # none or one
        return found[0] if found else ()
    return sorted((fact for facts in found for fact in facts), key=order_of)


def _facts_about(
    given: Located, types: tuple[str, ...], kinds: set[str], scope: Scope
) -> tuple[Place, tuple[tuple[str, str | None, str | None], ...] | None]:
    path = compile_path(given["about"], scope)
    via = given.get("via")
    base = _hops_to(path, scope)
    if len(kinds) != 1:
        raise CompileError("about 的事实须属同一种案卷", "facts found by `about` belong to one case kind", given)
    kind = next(iter(kinds))
    linking = types_with_reference(kind, via)
    if not linking:
        raise CompileError(
            f"{kind} 没有引用字段 {via or ''}", f"cases of kind {kind} have no reference {via or ''}", given
        )
    hops = None if base is None else (*base, ("in", kind, via))
    scope.reads(linking, hops)
    own = {name: own_references(name, via) for name in types}
    begins = PERSON if path.kind.base == "person" else ""
    naming_cases = any(own.values())

    def place(frame: Frame) -> Sequence[AnyFact]:
        found: list[Sequence[AnyFact]] = []
        files = frame.world.files
        for key in _keys(path.read(frame)):
            case = f"{begins}{key}"
            for source in files.referring(case, kind, via):
                facts = files.file(source).of_types(types)
                if facts and naming_cases:
                    linking_fields = files.fields_between(source, case)
                    facts = [fact for fact in facts if may_be_about(fact, key, own[fact.type], linking_fields)]
                if facts:
                    found.append(facts)
        return _in_order(found)

    return place, hops
