"""Which rules a fact can touch, and for which subjects: found once, when the rules are loaded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING, NamedTuple

from events.vocabulary import FACTS, opens, subject_kind
from projections.watch.casefiles import NO_CASES
from rulebooks.language.fields import types_of_kind
from rulebooks.record.absences import SEEN_BY_OTHERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from projections.watch.casefiles import CaseFiles
    from rulebooks.language.scope import Read
    from rulebooks.rule import Rule


Hops = tuple[tuple[str, str | None, str | None], ...]


class Route(NamedTuple):
    """A rule that a fact may touch, by its place, and the kinds of case for which alone it says anything."""

    rule: int
    opens: bool
    """Whether the fact can open the rule or settle it: only such a fact matters while the subject waits."""
    case_kinds: frozenset[str] | None


Routes = Callable[[frozenset[str]], Sequence[Route]]
"""Gives, of the routes of one fact type, those whose rules facts of some types, those of a case, open."""


class Way(NamedTuple):
    """One link back towards subjects: what is reached over it, by the subject's kind, and the links that lead on.

    With `into` it leads to the cases that refer to a case, otherwise to those to which a case of the kind that `begins`
    names refers.
    """

    into: bool
    begins: str
    field: str | None
    routes: Mapping[str, Routes]
    further: tuple[Way, ...]


class Asker(NamedTuple):
    """A rule that asks for something of the whole district: its place, what opens it, to which cases it is bounded."""

    rule: int
    triggers: frozenset[str]
    case_kinds: frozenset[str] | None


class Asking(NamedTuple):
    """The rules that ask for something, by the kind of their subject.

    `seen_from` are links back from facts of other cases at whose moment a rule asks, by case kind and fact type.
    """

    rules: Mapping[str, Sequence[Asker]]
    seen_from: Mapping[str, Mapping[str, tuple[Way, ...]]]


class Dispatch:
    """Routes by fact type, and the rules that ask for posts, absences or mandates."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = rules
        written = _written(
            (place, rule, rule.dependencies.reads | {(name, ()) for name in _openers(rule.subject_kind)})
            for place, rule in enumerate(rules)
        )
        self._own = {name: next(iter(ways[()].values())) for name, ways in written.items() if () in ways}
        self._ways = {name: _ways(ways) for name, ways in written.items()}
        self.all = _asking(rules, lambda _rule: True)
        self.asking_roster = _asking(rules, lambda rule: rule.dependencies.roster)
        away, whole = _asking_away(rules, whole=False), _asking_away(rules, whole=True)
        self.asking_who_is_away, self.asking_absences = away, whole
        self.meeting_absences = frozenset(n for n, rule in enumerate(rules) if rule.meeting_absences)
        self.asking_mandates = _asking(rules, lambda rule: rule.dependencies.mandates)

    def own(self, type_name: str) -> Routes:
        """Return the routes of facts of a type to rules whose subject is the fact's own case."""
        return self._own.get(type_name, _no_routes)

    def linked(self, files: CaseFiles, type_name: str, key: str) -> list[tuple[str, Routes]]:
        """Return the subjects that look at a case over links, each with the routes over these links."""
        found: list[tuple[str, Routes]] = []
        for way in self._ways.get(type_name, ()):
            _walk(files, way, key, found)
        return found

    @staticmethod
    def seeing(asking: Asking, files: CaseFiles, key: str) -> Iterator[str]:
        """Return the subjects that ask as of the moment of a fact of a case."""
        ways = asking.seen_from.get(key.partition("/")[0], {})
        found: list[tuple[str, Routes]] = []
        for name in files.file(key).types if ways else ():
            for way in ways.get(name, ()):
                _walk(files, way, key, found)
        return (subject for subject, _ in found)


def _asking_away(rules: Sequence[Rule], *, whole: bool) -> Mapping[str, Asking]:
    """Return the rules that ask who is away at a moment, or more of absences, by the fact that makes them ask."""
    return {name: _asking(rules, partial(_looks_at_absence, name, whole)) for name in types_of_kind("absence")}


def _looks_at_absence(type_name: str, whole: bool, rule: Rule) -> bool:  # noqa: FBT001  # bound by its only caller
    """Tell whether facts of a type matter to a rule in other absences too: what it asks of one it may ask of all."""
    seen = type_name in SEEN_BY_OTHERS or (type_name, ()) in rule.dependencies.reads
    return rule.dependencies.absences and rule.dependencies.whole_absences is whole and seen


def _asking(rules: Sequence[Rule], chosen: Callable[[Rule], bool]) -> Asking:
    found: dict[str, list[Asker]] = {}
    asked = [(place, rule, rule.dependencies.as_of) for place, rule in enumerate(rules) if chosen(rule)]
    for place, rule, _ in asked:
        asker = Asker(place, frozenset(rule.triggers), rule.case_kinds)
        found.setdefault(rule.subject_kind, []).append(asker)
    seen_from: dict[str, dict[str, tuple[Way, ...]]] = {}
    for name, ways in _written(asked).items():
        seen_from.setdefault(subject_kind(name), {})[name] = _ways(ways)
    return Asking(found, seen_from)


def _written(reading: Iterable[tuple[int, Rule, Iterable[Read]]]) -> Mapping[str, Mapping[Hops, Mapping[str, Routes]]]:
    """Write down of each fact type which rules, given by place, read it over which links."""
    found: dict[str, dict[Hops, dict[str, dict[frozenset[str], list[Route]]]]] = {}
    for place, rule, reads in reading:
        triggers, wakers = frozenset(rule.triggers), frozenset((*rule.triggers, *rule.settles))
        for name, hops in sorted(reads, key=repr):
            routes = found.setdefault(name, {}).setdefault(hops, {}).setdefault(rule.subject_kind, {})
            routes.setdefault(triggers, []).append(Route(place, name in wakers, rule.case_kinds))
    return {
        name: {hops: {kind: _routes(one) for kind, one in kinds.items()} for hops, kinds in ways.items()}
        for name, ways in found.items()
    }


def _routes(by_openers: Mapping[frozenset[str], Sequence[Route]]) -> Routes:
    """Group routes by the facts that open their rules: without one of these in a case none of them says anything."""

    @lru_cache(maxsize=1_024)
    def opened(types: frozenset[str]) -> Sequence[Route]:
        # Remembered, because the cases of a district hold the same few combinations of types.
        return [route for openers, routes in by_openers.items() if not openers.isdisjoint(types) for route in routes]

    return opened


def _no_routes(_types: frozenset[str]) -> Sequence[Route]:
    return ()


@cache
def _openers(kind: str) -> frozenset[str]:
    """Return the facts that open a case: what its record lacks is known to be missing only once one is there."""
    return frozenset(name for name in FACTS if opens(name) and subject_kind(name) == kind)


def _ways(routes: Mapping[Hops, Mapping[str, Routes]]) -> tuple[Way, ...]:
    """Write ways over links as a tree that begins with the link nearest to the fact, so that each is followed once."""
    nearest: dict[tuple[str, str | None, str | None], dict[Hops, Mapping[str, Routes]]] = {}
    for hops, found in routes.items():
        if hops:
            nearest.setdefault(hops[-1], {})[hops[:-1]] = found
    return tuple(
        Way(direction == "out", "" if kind is None else f"{kind}/", field, before.get((), {}), _ways(before))
        for (direction, kind, field), before in nearest.items()
    )


def _walk(files: CaseFiles, way: Way, case: str, found: list[tuple[str, Routes]]) -> None:
    """Follow a way back from a case, and note the subjects reached, each with its routes."""
    reached = _beside(files, way, case)
    if reached:
        _reach(files, way, reached, found)


def _reach(files: CaseFiles, way: Way, reached: AbstractSet[str], found: list[tuple[str, Routes]]) -> None:
    """Note the subjects that the first link of a way reached, and follow the links that lead on."""
    if way.routes:
        kinds = way.routes
        found += [(one, routes) for one in reached if (routes := kinds.get(one.partition("/")[0]))]
    for further in way.further:
        beyond = {there for one in reached for there in _beside(files, further, one)}
        if beyond:
            _reach(files, further, beyond, found)


def _beside(files: CaseFiles, way: Way, case: str) -> AbstractSet[str]:
    """Return what the first link of a way leads to from a case."""
    if way.into:
        return files.sources(case, way.field)
    return files.targets(case, way.field) if case.startswith(way.begins) else NO_CASES
