"""Which rules a fact can touch, and for which subjects: found once, when the rules are loaded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from events.vocabulary import FACTS, opens, subject_kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.casefiles import CaseFiles
    from rulebooks.rule import Rule


Hops = tuple[tuple[str, str | None, str | None], ...]


class Route(NamedTuple):
    """A rule that a fact may touch, by its place, and the kinds of case for which alone it says anything."""

    rule: int
    opens: bool
    """Whether the fact can open the rule or settle it: only such a fact matters while the subject waits."""
    case_kinds: frozenset[str] | None


Routes = Sequence[tuple[frozenset[str], list[Route]]]
"""Routes by the facts that open their rules: without one of these in the case none of them says anything."""
NO_ROUTES: Mapping[tuple[Hops, str], Routes] = {}


class Dispatch:
    """Routes by fact type, and the rules that ask for posts, absences or mandates."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = rules
        own: dict[str, dict[frozenset[str], list[Route]]] = {}
        linked: dict[str, dict[tuple[Hops, str], dict[frozenset[str], list[Route]]]] = {}
        for place, rule in enumerate(rules):
            triggers, wakers = frozenset(rule.triggers), frozenset((*rule.triggers, *rule.settles))
            reads = rule.dependencies.reads | {(name, ()) for name in _openers(rule.subject_kind)}
            for name, hops in sorted(reads, key=repr):
                links = linked.setdefault(name, {}).setdefault((hops, rule.subject_kind), {}) if hops else None
                found = own.setdefault(name, {}) if links is None else links
                found.setdefault(triggers, []).append(Route(place, name in wakers, rule.case_kinds))
        self._own = {name: tuple(routes.items()) for name, routes in own.items()}
        self._linked = {
            name: {way: tuple(routes.items()) for way, routes in ways.items()} for name, ways in linked.items()
        }
        self.asking_roster = [n for n, rule in enumerate(rules) if rule.dependencies.roster]
        self.asking_absences = [n for n, rule in enumerate(rules) if rule.dependencies.absences]
        self.meeting_absences = frozenset(n for n, rule in enumerate(rules) if rule.meeting_absences)
        self.asking_mandates = [n for n, rule in enumerate(rules) if rule.dependencies.mandates]

    def own(self, type_name: str) -> Routes:
        """Return the routes of facts of a type to rules whose subject is the fact's own case."""
        return self._own.get(type_name, ())

    def linked(self, files: CaseFiles, type_name: str, key: str) -> Iterator[tuple[str, Routes]]:
        """Return the subjects that look at a case over links, each with the routes over these links."""
        reached: dict[Hops, set[str]] = {}
        for (hops, kind), routes in self._linked.get(type_name, NO_ROUTES).items():
            if hops not in reached:
                reached[hops] = _walked_back(files, hops, key)
            for subject in reached[hops]:
                if subject.startswith(kind) and subject[len(kind)] == "/":
                    yield subject, routes


@cache
def _openers(kind: str) -> frozenset[str]:
    """Return the facts that open a case: what its record lacks is known to be missing only once one is there."""
    return frozenset(name for name in FACTS if opens(name) and subject_kind(name) == kind)


def _walked_back(files: CaseFiles, hops: Hops, key: str) -> set[str]:
    """Return the cases from which links lead to a case."""
    reached = {key}
    for direction, kind, field in reversed(hops):
        before, reached = reached, set()
        for one in before:
            if direction == "out":
                links = files.links_into(one)
            elif kind is None or one.startswith(f"{kind}/"):
                links = files.links_from(one)
            else:
                continue
            reached.update(other for other, fields in links.items() if field is None or field in fields)
        if not reached:
            break
    return reached
