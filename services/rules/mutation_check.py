"""The mutation check: whether the cases of each rule notice every small change to it."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from rulebooks.checks.cases import Case, load_cases
from rulebooks.checks.mutating import Mutant, mutants
from rulebooks.compiling import compile_alone
from rulebooks.language.sharing import parts_used, shared_parts
from rulebooks.loading import Rulebook, load_rulebook
from rulebooks.problems import CompileError, RulebookError, as_list
from rulebooks.source import Located
from rulebooks.text.force import fits
from services.rules.cases import run_case

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

PROCESSES: Final = 2


class Survivor(msgspec.Struct, frozen=True):
    """A change that no case noticed; `rule` may also name a shared part, such as `xinzhou/2023 terms.head`."""

    rule: str
    change: str


class Equivalent(msgspec.Struct, frozen=True):
    """A change that no case can notice, and why, as the rule itself says."""

    rule: str
    change: str
    why: str


class Mutation(msgspec.Struct, frozen=True):
    """How many changes were tried, and which went unnoticed."""

    mutants: int
    survivors: tuple[Survivor, ...]
    equivalent: tuple[Equivalent, ...]


class Part(NamedTuple):
    """What is changed in one go: a rule, or a part that rules share."""

    folder: Path
    name: str


def parts_of(folder: Path, rule: str | None = None) -> list[Part]:
    """Return the rules of a folder and the parts that they share, or the one rule named.

    Raise RulebookError where a case cannot be read: what it notices would be taken for unnoticed.
    """
    loaded = _loaded(folder)
    if rule is not None:
        return [Part(folder, rule)] if rule in loaded.rules else []
    used = {part for given in loaded.rules.values() for part in parts_used(given, loaded.book.head)}
    shared = [f"{key}.{name}" for key, name, _ in shared_parts(loaded.book.head) if f"{key}.{name}" in used]
    return [Part(folder, name) for name in (*loaded.rules, *shared)]


def check_mutants(parts: Iterable[Part], told: Callable[[int], None] = lambda _done: None) -> Mutation:
    """Try every change of the parts in two processes; `told` hears how many parts more are done."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(PROCESSES, mp_context=context) as pool:
        waiting = [pool.submit(check_part, one) for one in parts]
        for _ in as_completed(waiting):
            told(1)
        return joined(one.result() for one in waiting)


def joined(found: Iterable[Mutation]) -> Mutation:
    """Return what several checks found as one."""
    listed = list(found)
    return Mutation(
        sum(one.mutants for one in listed),
        tuple(survivor for one in listed for survivor in one.survivors),
        tuple(equivalent for one in listed for equivalent in one.equivalent),
    )


def check_part(part: Part) -> Mutation:
    """Try every change of a part; a rule's own cases must notice it, of a shared part those of any rule using it."""
    loaded = _loaded(part.folder)
    tried = 0
    survivors: list[Survivor] = []
    equivalent: list[Equivalent] = []
    given = loaded.rules.get(part.name)
    name = part.name if given is not None else f"{loaded.book.name} {part.name}"
    excused = _excused(given, loaded.book.head, part.name)
    for mutant, noticed in _of_rule(loaded, given) if given is not None else _of_shared(loaded, part.name):
        tried += 1
        if noticed:
            continue
        if mutant.change in excused:
            equivalent.append(Equivalent(name, mutant.change, excused[mutant.change]))
        else:
            survivors.append(Survivor(name, mutant.change))
    return Mutation(tried, tuple(survivors), tuple(equivalent))


class _Loaded(NamedTuple):
    """A rulebook, its rules as written, and the cases of each, those on a boundary first."""

    book: Rulebook
    rules: dict[str, Located]
    cases: dict[str, list[Case]]


@cache
def _loaded(folder: Path) -> _Loaded:
    book = load_rulebook(folder)
    listed, problems = load_cases(folder, book.district)
    if problems:
        raise RulebookError(problems)
    cases: dict[str, list[Case]] = {}
    for case in sorted(listed, key=lambda one: not one.boundary):
        cases.setdefault(case.rule, []).append(case)
    rules = {one.rule.header.id: one.given for one in book.provisions if one.rule is not None}
    return _Loaded(book, rules, cases)


def _excused(given: Located | None, head: Located, name: str) -> dict[str, str]:
    listed = as_list(given.get("equivalent")) if given is not None else as_list(head.get("equivalent"))
    prefix = "" if given is not None else f"{name}."
    return {str(one["change"]).removeprefix(prefix): str(one["why"]) for one in listed if isinstance(one, Located)}


def _of_rule(loaded: _Loaded, given: Located) -> Iterator[tuple[Mutant, bool]]:
    for mutant in mutants(given, list(loaded.book.bodies)):
        unfit = fits(given["zh"], given["modality"]) and not fits(given["zh"], mutant.given["modality"])
        yield mutant, unfit or _noticed(loaded, mutant.given, loaded.book.head)


def _of_shared(loaded: _Loaded, part: str) -> Iterator[tuple[Mutant, bool]]:
    head = loaded.book.head
    key, _, name = part.partition(".")
    users = [given for given in loaded.rules.values() if part in parts_used(given, head)]
    for mutant in mutants(head[key][name], list(loaded.book.bodies)):
        changed = _with(head, key, _with(head[key], name, mutant.given))
        yield mutant, any(_noticed(loaded, given, changed) for given in users)


def _with(given: Located, key: str, value: object) -> Located:
    copy = Located({**given, key: value})
    copy.file, copy.line = given.file, given.line
    return copy


def _noticed(loaded: _Loaded, given: Located, head: Located) -> bool:
    """Tell whether a changed rule does not compile, or one of its cases no longer comes to what it must."""
    try:
        rule = compile_alone(given, head)
    except CompileError:
        return True
    return any(run_case(rule, case) is not None for case in loaded.cases.get(given["id"], ()))
