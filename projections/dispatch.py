"""Which rules a fact can touch, and for which subjects: found once, when the rules are loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rulebooks.rule import Rule
    from rulebooks.world import Files

    Hops = tuple[tuple[str, str | None, str | None], ...]


class Route(NamedTuple):
    """A rule, by its place, and the links from its subject to the case whose fact came."""

    rule: int
    hops: Hops
    opens: bool
    """Whether the fact can open the rule or settle it: only such a fact matters while the subject waits."""


class Dispatch:
    """Routes by fact type, and the rules that ask for posts, absences or mandates."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = rules
        self._routes: dict[str, list[Route]] = {}
        for place, rule in enumerate(rules):
            wakers = frozenset((*rule.triggers, *rule.settles))
            for name, hops in sorted(rule.dependencies.reads, key=repr):
                self._routes.setdefault(name, []).append(Route(place, hops, name in wakers))
        self.asking_roster = [n for n, rule in enumerate(rules) if rule.dependencies.roster]
        self.asking_absences = [n for n, rule in enumerate(rules) if rule.dependencies.absences]
        self.asking_mandates = [n for n, rule in enumerate(rules) if rule.dependencies.mandates]

    def routes(self, type_name: str) -> Sequence[Route]:
        """Return the routes of facts of a type."""
        return self._routes.get(type_name, ())

    def subjects(self, files: Files, route: Route, key: str) -> Iterable[str]:
        """Return the subjects from which a rule looks at a case: its links walked backwards."""
        if not route.hops:
            return (key,)
        reached = {key}
        for direction, kind, field in reversed(route.hops):
            reached = {
                other
                for one in reached
                for other in (
                    files.referring(one, None, field) if direction == "out" else files.referred(one, field)
                )
                if kind is None or direction == "out" or one.startswith(f"{kind}/")
            }
        wanted = self.rules[route.rule].subject_kind
        return sorted(one for one in reached if one.startswith(f"{wanted}/"))
