"""What a rule kind is given when it compiles one rule of a rulebook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from events.vocabulary import subject_kind
from rulebooks.language.fields import defining_types
from rulebooks.language.limits import Limit
from rulebooks.language.scope import Body, Scope
from rulebooks.problems import CompileError, as_list, checked_keys
from rulebooks.rule import Header, Judge, JudgeAlone, Rule
from rulebooks.source import Located

COMMON_KEYS: Final = ("at", "zh", "en", "reading", "see", "subject", "numbers", "equivalent")
NEEDED_KEYS: Final = ("id", "modality", "kind")
NAMING_A_TERM: Final = ("term", "is")
"""Under these a condition names a term: one of its own, or one about a person."""


@dataclass(frozen=True)
class Context:
    """One rule as written, and the names that its rulebook defines.

    `settle_within` is how long, unless the rule says otherwise, a constraint waits for its record to be complete.
    """

    given: Located
    header: Header
    terms: Mapping[str, Located]
    bodies: Mapping[str, Body]
    wording: Mapping[str, Located]
    settle_within: Limit | None

    def check(self, allowed: tuple[str, ...], needed: tuple[str, ...] = ()) -> None:
        """Refuse keys that the kind does not know and name those that it lacks."""
        checked_keys(self.given, (*COMMON_KEYS, *allowed), (*NEEDED_KEYS, *needed))

    def get(self, key: str) -> Any:  # noqa: ANN401  # YAML holds any value here
        """Return what stands under a key, None when nothing does."""
        return self.given.get(key)

    def scope(self, triggers: tuple[str, ...]) -> Scope:
        """Return the scope of the rule, whose subject is the case in which its triggers stand."""
        kinds = {subject_kind(name) for name in triggers}
        if len(kinds) != 1:
            shown = "、".join(sorted(kinds))
            raise CompileError(
                f"触发事实须属同一种案卷，现为 {shown}", f"triggers belong to one case kind, not {shown}", self.given
            )
        scope = Scope(kinds.pop(), triggers, self.terms, self.bodies, self.wording)
        scope.looks_at(triggers)
        return scope

    def rule(
        self, scope: Scope, judge: Judge, settles: tuple[str, ...] = (), judge_alone: JudgeAlone | None = None
    ) -> Rule:
        """Return the compiled rule; `judge_alone` judges one trigger where others of its type have no say in it."""
        dependencies = scope.dependencies
        return Rule(
            self.header,
            scope.subject_kind,
            scope.trigger_types,
            settles,
            dependencies,
            judge,
            self._case_kinds(scope),
            judge_alone=judge_alone,
            alone=frozenset(scope.trigger_types) - dependencies.evidence if judge_alone else frozenset(),
        )

    def first_of_party(self, conditions: Sequence[object]) -> int:
        """Return the place of the first condition that speaks of the party, or how many there are."""
        speaking = (place for place, one in enumerate(conditions) if self._speaks_of_party(one, frozenset()))
        return next(speaking, len(conditions))

    def _speaks_of_party(self, given: object, opened: frozenset[str]) -> bool:
        if isinstance(given, dict):
            named = [given[key] for key in NAMING_A_TERM if isinstance(given.get(key), str)]
            terms = [name for name in named if name in self.terms and name not in opened]
            inside = opened.union(terms)
            return any(self._speaks_of_party(self.terms[name].get("when"), inside) for name in terms) or any(
                self._speaks_of_party(one, opened) for one in given.values()
            )
        if isinstance(given, list):
            return any(self._speaks_of_party(one, opened) for one in given)
        return isinstance(given, str) and given.partition(".")[0] == "party"

    def _case_kinds(self, scope: Scope) -> frozenset[str] | None:
        """Read off `when` to which kinds of case the rule is bounded, so that others need not be asked."""
        paths = {"case.kind"}
        if defining_types(scope.subject_kind, "kind") == scope.trigger_types:
            paths.add("trigger.kind")
        for one in self._conditions(as_list(self.get("when"))):
            if isinstance(one, Located) and one.get("path") in paths and ("is" in one or "in" in one):
                return frozenset(map(str, as_list(one.get("is", one.get("in")))))
        return None

    def _conditions(self, given: list[Any]) -> Iterator[Any]:
        """Return the conditions of a list that must all hold, named terms opened."""
        for one in given:
            if isinstance(one, Located) and one.get("term") in self.terms:
                yield from self._conditions(as_list(self.terms[one["term"]].get("when")))
            else:
                yield one
