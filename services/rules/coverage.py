"""Which rules a history touched: those that had something to say of it, if only that they wait."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from events.parsing import Defaults, History
from services.checking import chosen_rulebooks, named_district, play

if TYPE_CHECKING:
    from collections.abc import Iterable

    from events.moment import Moment


class Touched(msgspec.Struct, frozen=True):
    """One rule and how often it came to each state."""

    rule: str
    article: str
    kind: str
    states: dict[str, int]


class Coverage(msgspec.Struct, frozen=True):
    """The rules of one district that histories touched, and those that they did not."""

    district: str
    rules: int
    touched: tuple[Touched, ...]
    untouched: tuple[str, ...]


class Histories:
    """Histories of one or several districts, gathered one by one."""

    def __init__(self) -> None:
        self._states: dict[str, dict[str, Counter[str]]] = {}

    def add(self, lines: Iterable[bytes], district: str | None = None, until: Moment | None = None) -> None:
        """Play one history; raise FactError for a line that cannot be read, CheckError when no rulebook fits."""
        history = History(lines, Defaults(district=district))
        settings = history.settings
        facts = list(history)
        named = named_district(district or settings.district, facts)
        rulebooks = chosen_rulebooks(named, settings.rulebook)
        states = self._states.setdefault(named, {})
        for rule, judgement in play(facts, rulebooks, until or settings.until).watch.standing():
            states.setdefault(rule.header.id, Counter())[judgement.state] += 1

    def coverage(self) -> list[Coverage]:
        """Return, district by district, what was touched."""
        return [_coverage(district, states) for district, states in sorted(self._states.items())]


def _coverage(district: str, states: dict[str, Counter[str]]) -> Coverage:
    rules = {rule.header.id: rule.header for book in chosen_rulebooks(district, None) for rule in book.rules}
    touched = tuple(
        Touched(name, header.article, header.kind, dict(sorted(states[name].items())))
        for name, header in rules.items()
        if name in states
    )
    return Coverage(district, len(rules), touched, tuple(name for name in rules if name not in states))
