"""The watch: a pure function of the facts in ledger order, that says how every rule stands.

It reads no clock. Its hour moves with clock facts alone, so that a limit is judged only after every fact that was recorded
before it ran out, and in the same way on every replay.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from heapq import heappop, heappush
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from events.calendar import CalendarLocalDayDeclared, CalendarNoticeAdopted
from events.clock import ClockReached
from events.fact import case_key
from events.moment import instant_of
from events.record import RecordAnnulled, RecordCorrected
from events.rulebook import RulebookAdopted, RulebookEnded
from projections.adoption import days_in_force
from projections.casefiles import CaseFiles
from projections.corrections import Corrections
from projections.dispatch import Dispatch
from rulebooks.adopted_calendar import calendar_of
from rulebooks.roster import ALWAYS
from rulebooks.world import World

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from events.fact import AnyFact
    from events.moment import Instant
    from rulebooks.judgement import Identity, Judgement
    from rulebooks.rule import Rule
    from rulebooks.working_days import Calendar

Scope = tuple[int, str]
"""A rule, by its place, and a subject."""


class Change(NamedTuple):
    """How one judgement changed, and the fact that changed it."""

    rule: Rule
    before: Judgement | None
    after: Judgement | None
    cause: AnyFact


class Watch:
    """The state of every rule over the facts taken so far, for one district."""

    def __init__(self, rules: Sequence[Rule], calendar: Calendar) -> None:
        self.rules = rules
        self.files = CaseFiles()
        self.world = World(self.files, calendar)
        self._calendar = calendar
        self._calendar_facts: list[AnyFact] = []
        self._dispatch = Dispatch(rules)
        self._corrections = Corrections()
        self._standing: dict[Scope, dict[Identity, Judgement]] = {}
        self._waiting: set[Scope] = set()
        self._wakes: list[tuple[Instant, int, str]] = []
        self._wake_of: dict[Scope, Instant] = {}
        self._extent: dict[str, Instant] = {}
        self._recent: list[tuple[Instant, str]] = []

    def take(self, fact: AnyFact) -> list[Change]:
        """Take the next fact of the ledger and return what it changed."""
        if fact.origin == "watch":
            return []
        if self.world.began is None:
            self.world.began = fact.occurred_at.earliest
        if isinstance(fact.data, ClockReached):
            return self._strike_hour(fact, fact.data)
        scopes = self._filed(fact)
        changes: list[Change] = []
        for scope in sorted(scopes):
            changes += self._judge(scope, fact, by_clock=False)
        return changes

    def next_wake(self) -> Instant | None:
        """Return the earliest moment at which a judgement can change though no fact comes."""
        while self._wakes:
            instant, place, subject = self._wakes[0]
            if self._wake_of.get((place, subject)) == instant:
                return instant
            heappop(self._wakes)
        return None

    def standing(self) -> Iterator[tuple[Rule, Judgement]]:
        """Return how every rule stands, rule by rule."""
        for (place, _), judgements in sorted(self._standing.items()):
            for judgement in judgements.values():
                yield self.rules[place], judgement

    def _strike_hour(self, fact: AnyFact, data: ClockReached) -> list[Change]:
        self.world.hour = max(self.world.hour, instant_of(data.at))
        changes: list[Change] = []
        woken: list[Scope] = []
        while self._wakes and self._wakes[0][0] <= self.world.hour:
            instant, place, subject = heappop(self._wakes)
            if self._wake_of.get((place, subject)) == instant:
                del self._wake_of[place, subject]
                woken.append((place, subject))
        for scope in sorted(woken):
            changes += self._judge(scope, fact, by_clock=True)
        return changes

    def _filed(self, fact: AnyFact) -> set[Scope]:
        """File a fact and return the scopes that it may have changed."""
        data = fact.data
        if isinstance(data, RecordCorrected | RecordAnnulled):
            return self._corrected(fact)
        self._corrections.remember(fact)
        if self._corrections.struck(fact.id):
            return set()
        key = self.files.add(fact)
        return self._noted(fact, key)

    def _noted(self, fact: AnyFact, key: str) -> set[Scope]:
        scopes = self._touched(fact, key)
        self._extend(key, fact.occurred_at.latest)
        kind = fact.subject.kind
        if kind in {"unit", "post", "person", "division", "ab_arrangement"}:
            self.world.roster.add(fact)
            scopes |= self._since(self._dispatch.asking_roster, _effective(fact))
        elif kind == "absence":
            scopes |= self._absence_changed(key)
        elif kind == "entrustment":
            before = self.world.mandates.of(key)
            after = self.world.mandates.put(self.files.file(key))
            since = min((one.since for one in (before, after) if one is not None), default=fact.occurred_at.earliest)
            scopes |= self._since(self._dispatch.asking_mandates, since)
        elif kind in {"calendar", "rulebook"}:
            scopes |= self._adopted(fact)
        return scopes

    def _touched(self, fact: AnyFact, key: str) -> set[Scope]:
        scopes: set[Scope] = set()
        for route in self._dispatch.routes(fact.type):
            for subject in self._dispatch.subjects(self.files, route, key):
                scope = (route.rule, subject)
                if route.opens or scope not in self._waiting:
                    scopes.add(scope)
        return scopes

    def _absence_changed(self, key: str) -> set[Scope]:
        before = self.world.absences.of(key)
        after = self.world.absences.put(self.files.file(key))
        since = min((one.since for one in (before, after) if one is not None), default=None)
        if after is not None:
            self._extend(key, after.until)
        return set() if since is None else self._since(self._dispatch.asking_absences, since)

    def _extend(self, key: str, until: Instant) -> None:
        if until > self._extent.get(key, -ALWAYS):
            self._extent[key] = until
            insort(self._recent, (until, key))

    def _since(self, places: Iterable[int], since: Instant) -> set[Scope]:
        """Return the scopes of some rules whose subjects reach beyond an instant."""
        places = list(places)
        if not places:
            return set()
        first = bisect_left(self._recent, (since, ""))
        subjects = {key for _, key in self._recent[first:]}
        return {
            (place, subject)
            for subject in subjects
            for place in places
            if subject.startswith(f"{self.rules[place].subject_kind}/") and (place, subject) not in self._waiting
        }

    def _adopted(self, fact: AnyFact) -> set[Scope]:
        if isinstance(fact.data, CalendarNoticeAdopted | CalendarLocalDayDeclared):
            self._calendar_facts.append(fact)
            self.world.calendar = calendar_of(self._calendar_facts, self._calendar)
            return set(self._standing)
        if isinstance(fact.data, RulebookAdopted | RulebookEnded):
            self.world.force.update(days_in_force(fact, self.rules, self.world.force))
            return {
                (place, subject)
                for _, subject in self._recent
                for place, rule in enumerate(self.rules)
                if subject.startswith(f"{rule.subject_kind}/")
            }
        return set()

    def _corrected(self, fact: AnyFact) -> set[Scope]:
        """Strike out, or bring back, the facts that a correction is about."""
        scopes: set[Scope] = set()
        for changed, counts in self._corrections.take(fact):
            key = case_key(changed.subject)
            if counts:
                self.files.add(changed)
            else:
                self.files.file(key).strike(changed.id)
                self.world.roster.strike(changed)
            scopes |= self._noted(changed, key) if counts else self._gone(changed, key)
        return scopes

    def _gone(self, fact: AnyFact, key: str) -> set[Scope]:
        scopes = self._touched(fact, key)
        kind = fact.subject.kind
        if kind == "absence":
            scopes |= self._absence_changed(key)
        elif kind == "entrustment":
            self.world.mandates.put(self.files.file(key))
            scopes |= self._since(self._dispatch.asking_mandates, fact.occurred_at.earliest)
        elif kind in {"unit", "post", "division", "ab_arrangement"}:
            scopes |= self._since(self._dispatch.asking_roster, _effective(fact))
        return scopes | {scope for scope in self._standing if scope[1] == key}

    def _judge(self, scope: Scope, cause: AnyFact, *, by_clock: bool) -> list[Change]:
        place, subject = scope
        rule = self.rules[place]
        before = self._standing.get(scope)
        after: dict[Identity, Judgement] = {}
        for judgement in rule.judge(self.world, self.files.file(subject)):
            identity = judgement.identity
            if judgement.expired and not by_clock:
                judgement = _held(judgement, None if before is None else before.get(identity))  # noqa: PLW2901
            after[identity] = judgement
        self._remember(scope, after)
        return list(_changes(rule, before or {}, after, cause))

    def _remember(self, scope: Scope, after: dict[Identity, Judgement]) -> None:
        if after:
            self._standing[scope] = after
        else:
            self._standing.pop(scope, None)
        if after and all(one.state == "waiting" for one in after.values()):
            self._waiting.add(scope)
        else:
            self._waiting.discard(scope)
        wake = min((one.wake for one in after.values() if one.wake is not None), default=None)
        if wake is None:
            self._wake_of.pop(scope, None)
        elif self._wake_of.get(scope) != wake:
            self._wake_of[scope] = wake
            heappush(self._wakes, (wake, *scope))


def _held(judgement: Judgement, before: Judgement | None) -> Judgement:
    """Keep back a violation that only time brought about until a clock fact says that the time has come."""
    if before is not None and before.state == judgement.state:
        return judgement
    return msgspec.structs.replace(judgement, state="open", expired=False, wake=judgement.due, reason=(), missing=())


def _changes(
    rule: Rule, before: dict[Identity, Judgement], after: dict[Identity, Judgement], cause: AnyFact
) -> Iterator[Change]:
    for identity, old in before.items():
        new = after.get(identity)
        if new is None:
            yield Change(rule, old, None, cause)
        elif _differs(old, new):
            yield Change(rule, old, new, cause)
    for identity, new in after.items():
        if identity not in before:
            yield Change(rule, None, new, cause)


def _differs(old: Judgement, new: Judgement) -> bool:
    return (
        old.state != new.state
        or old.due != new.due
        or old.provisional != new.provisional
        or old.happened != new.happened
        or old.missing != new.missing
    )


def _effective(fact: AnyFact) -> Instant:
    """Return the moment from which a fact of the roster holds."""
    for name in ("from_", "effective_on", "left_on", "ended_on"):
        value = getattr(fact.data, name, None)
        if value is not None:
            earliest = getattr(value, "earliest", None)
            return earliest if earliest is not None else fact.occurred_at.__class__(value.isoformat()).earliest
    return fact.occurred_at.earliest


