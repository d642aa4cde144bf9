"""How every rule stands for every subject: the judgements in use in memory, the others on the shelf."""

from __future__ import annotations

from bisect import bisect_left, insort
from functools import partial
from typing import TYPE_CHECKING, Final

from events.moment import day_of
from projections.watch.counts import COUNT_SIGN, begins_before
from projections.watch.past import over_by
from projections.watch.shelf import TOLD, Kept, Told, Turn, brought_back, kept, tells_otherwise
from projections.watch.wakes import Wakes
from rulebooks.record.tenures import ALWAYS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from uuid import UUID

    from events.fact import AnyFact
    from events.moment import Instant
    from projections.watch.shelf import Shelf
    from rulebooks.judgement import Identity, Judgement
    from rulebooks.rule import Rule

Scope = tuple[int, str]
"""A rule, by its place, and a subject."""
_WAITING_FOR_ANY: Final = frozenset({"deadline", "tally"})
"""Rule kinds that wait for a condition or for a period to begin, so that whatever they read may end the wait."""
HELD_PERIODS: Final = 500
"""Of how many periods of counts it is held in memory how they stand."""
_UNKNOWN: Final = -1
"""Stands for a moment that was not told yet."""
NO_JUDGEMENTS: Mapping[Identity, Judgement] = {}
NOT_WAITING: frozenset[int] = frozenset()


class Standing:
    """Judgements by scope, when each wants to be asked again (`wakes`), and how far each subject reaches in time."""

    def __init__(
        self,
        rules: Sequence[Rule],
        find: Callable[[str, UUID], AnyFact | None],
        shelf: Shelf | None = None,
    ) -> None:
        self._find = find
        self._rules = rules
        self._waiting_for_facts = frozenset(
            place for place, rule in enumerate(rules) if rule.header.kind not in _WAITING_FOR_ANY
        )
        self._place_of = {rule.header.id: place for place, rule in enumerate(rules)}
        self._shelf = shelf
        self._held: dict[str, dict[int, dict[Identity, Judgement]]] = {}
        self._waiting: dict[str, set[int]] = {}
        self.wakes: Wakes[Scope] = Wakes()
        self._extent: dict[str, Instant] = {}
        self._reach: dict[str, list[tuple[Instant, str]]] = {}
        self._unsaved: set[Scope] = set()
        self._unsaved_extents: dict[str, Instant] = {}
        self._telling: dict[Scope, Mapping[Identity, Judgement]] = {}
        self._turns: dict[int, Turn] = {}
        self._next_wake: Instant | None = _UNKNOWN

    def of(self, scope: Scope) -> Mapping[Identity, Judgement]:
        """Return how a rule stands for a subject."""
        place, subject = scope
        found = self._held.get(subject)
        return (self.held(subject) if found is None else found).get(place, NO_JUDGEMENTS)

    def _read_back(self, subject: str) -> dict[int, dict[Identity, Judgement]]:
        held: dict[int, dict[Identity, Judgement]] = {}
        for saved in () if self._shelf is None else self._shelf.standing_of(subject):
            place = self._place_of.get(saved.rule)
            judgement = brought_back(saved, partial(self._find, subject))
            if place is not None and judgement is not None:
                held.setdefault(place, {})[judgement.identity] = judgement
        for place, judgements in held.items():
            self._awaited(place, subject, judgements)
        return held

    def is_held(self, subject: str) -> bool:
        """Tell whether it is in memory how a subject stands."""
        return subject in self._held

    def held(self, subject: str) -> Mapping[int, Mapping[Identity, Judgement]]:
        """Return how every rule stands for a subject, by the rule's place."""
        found = self._held.get(subject)
        if found is None:
            found = self._held[subject] = self._read_back(subject)
        return found

    def waiting(self, subject: str) -> frozenset[int] | set[int]:
        """Return the places of the rules that wait for the subject's record to be complete."""
        return self._waiting.get(subject, NOT_WAITING)

    def put(self, scope: Scope, judgements: dict[Identity, Judgement]) -> None:
        """Set how a rule stands for a subject; `of` was asked before."""
        place, subject = scope
        if subject[0] == COUNT_SIGN:
            self._held[subject] = self._held.pop(subject)
        held = self._held[subject]
        if self._shelf is not None and tells_otherwise(held.get(place, NO_JUDGEMENTS), judgements):
            self._telling[scope] = judgements
        if judgements:
            held[place] = judgements
        else:
            held.pop(place, None)
        self._unsaved.add(scope)
        self.wakes.put(scope, self._awaited(place, subject, judgements))

    def _awaited(self, place: int, subject: str, judgements: Mapping[Identity, Judgement]) -> Instant | None:
        """Note whether a rule waits for the facts that settle it; return when it wants to be asked though none comes.

        What waits for a condition may be woken by anything.
        """
        waits = place in self._waiting_for_facts and bool(judgements)
        first: Instant | None = None
        for one in judgements.values():
            waits = waits and one.state == "waiting"
            wake = one.wake
            if wake is not None and (first is None or wake < first):
                first = wake
        if waits:
            self._waiting.setdefault(subject, set()).add(place)
        elif subject in self._waiting:
            self._waiting[subject].discard(place)
        return first

    def extend(self, subject: str, until: Instant) -> None:
        """Note that a case's facts or interval reach an instant."""
        if until > self._extent.get(subject, -ALWAYS):
            self._extent[subject] = until
            self._unsaved_extents[subject] = until
            reach, entry = self._reach.setdefault(subject.partition("/")[0], []), (until, subject)
            if reach and entry < reach[-1]:
                insort(reach, entry)
            else:
                reach.append(entry)

    def subjects_since(self, instant: Instant, kinds: Collection[str]) -> set[str]:
        """Return the cases of some kinds that reach an instant."""
        reaching = [self._reach.get(kind, []) for kind in kinds]
        found = {subject for reach in reaching for _, subject in reach[bisect_left(reach, (instant, "")) :]}
        if self._shelf is not None:
            found.update(one for one in self._shelf.subjects_since(instant) if one.partition("/")[0] in kinds)
        return found

    def scopes_of(self, subject: str) -> list[Scope]:
        """Return the scopes in which a subject stands."""
        self.of((0, subject))
        return [(place, subject) for place in self._held[subject]]

    def everything(self) -> Iterator[tuple[Rule, Judgement]]:
        """Return every judgement held in memory, rule by rule."""
        scopes = sorted((place, subject) for subject, held in self._held.items() for place in held)
        for place, subject in scopes:
            for judgement in self._held[subject][place].values():
                yield self._rules[place], judgement

    def violations(self) -> Iterator[tuple[Scope, Judgement]]:
        """Return the violations, waived or not: those in memory and those saved."""
        subjects = set(self._held)
        if self._shelf is not None:
            subjects.update(self._shelf.subjects_violating())
        for subject in sorted(subjects):
            self.of((0, subject))
            for place, judgements in self._held[subject].items():
                for judgement in judgements.values():
                    if judgement.state in {"violated", "waived"}:
                        yield (place, subject), judgement

    def unsaved(self) -> dict[tuple[str, str], tuple[Kept, ...]]:
        """Return, once, what changed since the last call: the rows of each rule and subject, none when gone."""
        rows: dict[tuple[str, str], tuple[Kept, ...]] = {}
        for place, subject in sorted(self._unsaved):
            name = self._rules[place].header.id
            judgements = self._held.get(subject, {}).get(place, NO_JUDGEMENTS)
            rows[name, subject] = tuple(kept(name, one) for one in judgements.values())
        self._unsaved.clear()
        return rows

    def turn(self, sequence: int) -> None:
        """Note what the fact of a sequence, now judged, changed of what is told; nobody is told without a shelf."""
        if self._shelf is None:
            return
        wake = self.wakes.next()
        if not self._telling and wake == self._next_wake:
            return
        told = tuple(self._told(scope, judgements) for scope, judgements in self._telling.items())
        self._turns[sequence] = Turn(told, wake)
        self._telling.clear()
        self._next_wake = wake

    def _told(self, scope: Scope, judgements: Mapping[Identity, Judgement]) -> Told:
        name = self._rules[scope[0]].header.id
        return Told(name, scope[1], tuple(kept(name, one) for one in judgements.values() if one.state in TOLD))

    def unsaved_turns(self) -> dict[int, Turn]:
        """Return, once, what facts changed of what is told since the last call, by their sequence."""
        turns, self._turns = self._turns, {}
        return turns

    def unsaved_extents(self) -> dict[str, Instant]:
        """Return, once, how far the cases reach that were extended since the last call."""
        extents, self._unsaved_extents = self._unsaved_extents, {}
        return extents

    def let_go(self, subjects: Iterable[str], hour: Instant) -> None:
        """Put saved subjects back on the shelf, and periods of counts over by an hour or long unchanged; wakes stay."""
        over = day_of(over_by(hour)).isoformat()
        periods = [subject for subject in self._held if subject[0] == COUNT_SIGN]
        gone = {*subjects, *periods[:-HELD_PERIODS], *(one for one in periods if begins_before(one, over))}
        for subject in gone:
            self._held.pop(subject, None)
            self._extent.pop(subject, None)
            self._waiting.pop(subject, None)
        for kind, reach in self._reach.items():
            self._reach[kind] = [entry for entry in reach if entry[1] in self._extent]
