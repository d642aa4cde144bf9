"""The watch: a pure function of the facts in ledger order, that says how every rule stands.

It reads no clock. Its hour moves with clock facts alone, so that a limit is judged only after every fact that was
recorded before it ran out, and in the same way on every replay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from events.clock import ClockReached
from events.fact import case_key
from events.ledger_errors import LedgerError
from events.moment import instant_of
from events.record import RecordAnnulled, RecordCorrected
from projections.corrections import Corrections
from projections.databases.views_database import ViewsError
from projections.watch.background import ROSTER_KINDS, Background
from projections.watch.casefiles import CaseFiles
from projections.watch.counts import COUNT_SIGN, CountRow, Counts
from projections.watch.dispatch import Dispatch
from projections.watch.shelf import Saved, Shelf
from projections.watch.standing import Scope, Standing
from rulebooks.tallies import judge_own
from rulebooks.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from uuid import UUID

    from events.fact import AnyFact
    from events.moment import Instant
    from projections.watch.dispatch import Routes
    from rulebooks.judgement import Identity, Judgement
    from rulebooks.rule import Rule
    from rulebooks.working_days import Calendar

BACKGROUND_KINDS = ROSTER_KINDS | {"absence", "entrustment", "calendar", "rulebook", "correction", "alert"}
"""Case kinds whose facts the watch must take again when it is brought back; of alerts only what people recorded."""

NO_ACTS = BACKGROUND_KINDS - {"absence", "entrustment"} | {"setting", "series"}
"""Case kinds whose facts are no acts of the district, with which the record could begin."""


class Change(NamedTuple):
    """How one judgement changed, and the fact that changed it."""

    rule: Rule
    before: Judgement | None
    after: Judgement | None
    cause: AnyFact


class NotJudged(NamedTuple):
    """A rule that raised for one subject, when it was asked because of a fact; it stands there as it stood before."""

    cause: AnyFact
    rule: str
    subject: str
    error: Exception


class Watch:
    """The state of every rule over the facts taken so far, for one district.

    With a shelf, `save` returns what has changed since it was last called and `let_go` bounds the memory; `bring_back`
    goes on where a saved watch stood. `dispatch` is that of another watch by the same rules, which takes time to make.
    `set_aside` is told of a rule that raises, and the others are asked; without it what is raised is passed on.
    """

    def __init__(
        self,
        rules: Sequence[Rule],
        calendar: Calendar,
        shelf: Shelf | None = None,
        dispatch: Dispatch | None = None,
        *,
        set_aside: Callable[[NotJudged], None] | None = None,
    ) -> None:
        self.rules = rules
        self._set_aside = set_aside
        self.position = 0
        self._shelf = shelf
        self._corrections = Corrections(None if shelf is None else shelf.fact)
        self.files = CaseFiles(shelf, self._corrections.struck)
        self.world = World(self.files, calendar)
        self._standing = Standing(rules, self._find, shelf)
        self._dispatch = dispatch or Dispatch(rules)
        self._counts = Counts(rules)
        self._counting = frozenset(self._counts.places)
        self._background = Background(self.world, self._standing, self._dispatch, self._counts)

    def take(self, fact: AnyFact) -> list[Change]:
        """Take the next fact of the ledger and return what it changed."""
        self.position = max(self.position, fact.sequence)
        self.files.through = self.position - 1
        if fact.origin == "watch":
            return []
        if isinstance(fact.data, ClockReached):
            return self._strike_hour(fact, fact.data)
        return self._judged(sorted(self._counted(self._began(fact) | self._filed(fact))), fact, by_clock=False)

    def struck(self, fact_id: UUID) -> bool:
        """Tell whether a fact that was taken does not count, being corrected or annulled."""
        return self._corrections.struck(fact_id)

    def next_wake(self) -> Instant | None:
        """Return the earliest moment at which a judgement can change though no fact comes."""
        return self._standing.next_wake()

    def standing(self) -> Iterator[tuple[Rule, Judgement]]:
        """Return every judgement held in memory, rule by rule."""
        return self._standing.everything()

    def judged_anew(self, subject: str) -> Iterator[tuple[Rule, Judgement]]:
        """Judge a case by every rule that looks at it alone; nothing is kept, counts across cases are left out."""
        file = self.files.file(subject)
        for rule in self.rules:
            if rule.subject_kind == file.kind and not set(rule.triggers).isdisjoint(file.types()):
                found = rule.judge(self.world, file) if rule.tally is None else judge_own(rule.tally, self.world, file)
                for judgement in found:
                    yield rule, self._waived(rule, judgement, judgement.trigger.district)

    def counted_anew(self) -> Iterator[tuple[Rule, Judgement]]:
        """Judge anew whatever is counted across cases; nothing of it is kept."""
        for place, judgement in self._counts.judged_anew(self.world):
            rule = self.rules[place]
            yield rule, self._waived(rule, judgement, judgement.trigger.district)

    def save(self) -> Saved:
        """Return, once, what changed since the last call."""
        return Saved(
            standing=self._standing.unsaved(),
            links=self.files.unsaved_links(),
            extents=self._standing.unsaved_extents(),
            counts=self._counts.unsaved(),
        )

    def let_go(self, most: int) -> None:
        """Hold at most so many cases in memory; only after what `save` returned was stored."""
        self._standing.let_go(self.files.let_go(most))

    def bring_back(
        self,
        background: Iterable[AnyFact],
        wakes: Iterable[tuple[str, str, Instant]],
        counts: Iterable[tuple[str, str, CountRow]],
        hour: Instant,
        position: int,
    ) -> None:
        """Go on where a saved watch stood: roster, absences and the like taken again, wakes set, nothing judged."""
        place_of = {rule.header.id: place for place, rule in enumerate(self.rules)}
        self.position = self.files.through = position
        for fact in background:
            self._began(fact)
            self._corrections.remember(fact)
            if isinstance(fact.data, RecordCorrected | RecordAnnulled):
                list(self._corrections.take(fact))
        for fact in background:
            if not self._corrections.struck(fact.id):
                self._background.take_again(fact, case_key(fact.subject))
        for rule, subject, wake in wakes:
            if rule in place_of:
                self._standing.wake_at((place_of[rule], subject), wake)
                self._counts.stands((place_of[rule], subject))
        self._counts.bring_back(counts, self._find)
        self.world.hour = hour

    def _began(self, fact: AnyFact) -> set[Scope]:
        """Note when the record begins, with the first act that was not imported; periods are counted from then on."""
        world, instant = self.world, fact.occurred_at.earliest
        if fact.subject.kind in NO_ACTS:
            changed = world.set_up is None or instant < world.set_up
            world.set_up = instant if changed else world.set_up
        elif fact.origin == "imported":
            return set()
        else:
            changed = world.began is None or instant < world.began
            world.began = instant if changed else world.began
        return self._counts.everything() if changed else set()

    def _counted(self, scopes: set[Scope]) -> set[Scope]:
        """Replace the cases that rules count by the keys whose count they changed."""
        counting = self._counting
        contributing = [scope for scope in scopes if scope[0] in counting and scope[1][0] != COUNT_SIGN]
        scopes.difference_update(contributing)
        for place, subject in contributing:
            scopes |= self._counts.update(place, self.world, self.files.file(subject))
        return scopes

    def _strike_hour(self, fact: AnyFact, data: ClockReached) -> list[Change]:
        self.world.hour = max(self.world.hour, instant_of(data.at))
        woken = {self._counts.of_key(scope) for scope in self._standing.woken(self.world.hour)}
        return self._judged(sorted(woken), fact, by_clock=True)

    def _filed(self, fact: AnyFact) -> set[Scope]:
        """File a fact and return the scopes that it may have changed."""
        data = fact.data
        self._corrections.remember(fact)
        if isinstance(data, RecordCorrected | RecordAnnulled):
            return self._corrected(fact)
        if self._corrections.struck(fact.id):
            return set()
        return self._noted(fact, self.files.add(fact))

    def _noted(self, fact: AnyFact, key: str) -> set[Scope]:
        """Return the scopes that a fact, now filed, may have changed: of its own case and of others."""
        self._standing.extend(key, fact.occurred_at.latest)
        return self._touched(fact, key) | self._background.take(fact, key)

    def _touched(self, fact: AnyFact, key: str) -> set[Scope]:
        """Return the scopes that a fact may change: of its own case, and of cases that look at it over links."""
        scopes: set[Scope] = set()
        self._add_concerned(scopes, self._dispatch.own(fact.type), key)
        for subject, routes in self._dispatch.linked(self.files, fact.type, key):
            self._add_concerned(scopes, routes, subject)
        return scopes

    def _add_concerned(self, scopes: set[Scope], routes: Routes, subject: str) -> None:
        """Add the scopes of a subject that can have anything to say; one that waits only if the fact may end that."""
        file = self.files.file(subject)
        types = file.types()
        held = self._standing.held(subject)
        waiting = self._standing.waiting(subject)
        for triggers, rules in routes:
            if triggers.isdisjoint(types):
                continue
            for place, opens, case_kinds in rules:
                if place in held:
                    if opens or place not in waiting:
                        scopes.add((place, subject))
                elif case_kinds is None or file.may_be(case_kinds):
                    scopes.add((place, subject))

    def _corrected(self, fact: AnyFact) -> set[Scope]:
        """Strike out, or bring back, the facts that a correction is about."""
        scopes: set[Scope] = set()
        for changed, counts in self._corrections.take(fact):
            key = case_key(changed.subject)
            if counts:
                self.files.file(key).strike(changed.id)
                scopes |= self._noted(changed, self.files.add(changed))
            else:
                self.files.file(key).strike(changed.id)
                scopes |= self._gone(changed, key)
        return scopes

    def _gone(self, fact: AnyFact, key: str) -> set[Scope]:
        return self._touched(fact, key) | set(self._standing.scopes_of(key)) | self._background.lose(fact, key)

    def _find(self, key: str, fact_id: UUID) -> AnyFact | None:
        """Find a fact by id: in the file of a case, else on the shelf."""
        for fact in self.files.file(key).facts():
            if fact.id == fact_id:
                return fact
        return None if self._shelf is None else self._shelf.fact(fact_id)

    def _judged(self, scopes: Iterable[Scope], cause: AnyFact, *, by_clock: bool) -> list[Change]:
        """Return what changes in some scopes; a rule at fault keeps none of the others from being asked."""
        changes: list[Change] = []
        for scope in scopes:
            try:
                changes += self._judge(scope, cause, by_clock=by_clock)
            except (LedgerError, ViewsError):
                raise
            except Exception as error:
                if self._set_aside is None:
                    raise
                self._set_aside(NotJudged(cause, self.rules[scope[0]].header.id, scope[1], error))
        return changes

    def _judge(self, scope: Scope, cause: AnyFact, *, by_clock: bool) -> list[Change]:
        place, subject = scope
        rule = self.rules[place]
        if place in self._counting:
            return self._count(scope, cause, by_clock=by_clock)
        before = self._standing.of(scope)
        if not by_clock and cause.type in rule.alone and subject == case_key(cause.subject) and self._newest(cause):
            return self._judge_alone(scope, rule, before, cause)
        judgements = rule.judge(self.world, self.files.file(subject))
        return self._replaced(scope, before, judgements, cause, by_clock=by_clock)

    def _count(self, scope: Scope, cause: AnyFact, *, by_clock: bool) -> list[Change]:
        """Judge a count, of which each period stands for itself."""
        place, subject = scope

        def stood(period: str) -> Mapping[Identity, Judgement]:
            return self._standing.of((place, period))

        changes: list[Change] = []
        for period, judgements in self._counts.judge(place, subject, self.world, stood):
            changes += self._replaced((place, period), stood(period), judgements, cause, by_clock=by_clock)
        return changes

    def _replaced(
        self,
        scope: Scope,
        before: Mapping[Identity, Judgement],
        judgements: Sequence[Judgement],
        cause: AnyFact,
        *,
        by_clock: bool,
    ) -> list[Change]:
        """Put what was judged in the place of what stood there."""
        if not judgements and not before:
            return []
        rule = self.rules[scope[0]]
        after: dict[Identity, Judgement] = {}
        for judgement in judgements:
            after[judgement.identity] = self._weighed(rule, judgement, before, cause, by_clock=by_clock)
        self._standing.put(scope, after)
        return _changes(rule, before, after, cause)

    def _newest(self, fact: AnyFact) -> bool:
        """Whether a fact has just been taken, and not been brought back by a correction."""
        return fact.sequence == self.position

    def _judge_alone(
        self, scope: Scope, rule: Rule, before: Mapping[Identity, Judgement], cause: AnyFact
    ) -> list[Change]:
        """Judge a new trigger of which those before it know nothing; they stand as they stood."""
        if rule.judge_alone is None:
            return []
        judgements = rule.judge_alone(self.world, self.files.file(scope[1]), cause)
        if not judgements:
            return []
        after = dict(before)
        for judgement in judgements:
            after[judgement.identity] = self._weighed(rule, judgement, before, cause, by_clock=False)
        changes = _changes(rule, before, after, cause)
        if changes:
            self._standing.put(scope, after)
        return changes

    def _weighed(
        self, rule: Rule, judgement: Judgement, before: Mapping[Identity, Judgement], cause: AnyFact, *, by_clock: bool
    ) -> Judgement:
        """Keep back what only a clock fact may raise, and let waivers count."""
        if judgement.expired and not by_clock:
            judgement = _held(judgement, before.get(judgement.identity))
        return self._waived(rule, judgement, cause.district)

    def _waived(self, rule: Rule, judgement: Judgement, district: str) -> Judgement:
        if self._background.waivers and judgement.state == "violated":
            return self._background.waivers.applied(district, rule.header.id, judgement, self.world.hour)
        return judgement


def _held(judgement: Judgement, before: Judgement | None) -> Judgement:
    """Keep back a violation that only time brought about until a clock fact says that the time has come."""
    if before is not None and before.state == judgement.state:
        return judgement
    return msgspec.structs.replace(judgement, state="open", expired=False, wake=judgement.due, reason=(), missing=())


def _changes(
    rule: Rule, before: Mapping[Identity, Judgement], after: dict[Identity, Judgement], cause: AnyFact
) -> list[Change]:
    changes: list[Change] = []
    for identity, old in before.items():
        new = after.get(identity)
        if new is None or (new is not old and _differs(old, new)):
            changes.append(Change(rule, old, new, cause))
    changes += [Change(rule, None, new, cause) for identity, new in after.items() if identity not in before]
    return changes


def _differs(old: Judgement, new: Judgement) -> bool:
    return (
        old.state != new.state
        or old.due != new.due
        or old.provisional != new.provisional
        or old.happened != new.happened
        or old.missing != new.missing
    )
