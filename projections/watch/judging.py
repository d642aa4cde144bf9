"""Judging scopes anew: what the rules say now, compared with how they stood, by which only what changed is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from events.fact import case_key
from events.ledger.errors import LedgerError
from projections.databases.views_database import ViewsError
from projections.watch.standing import NO_JUDGEMENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from events.fact import AnyFact
    from projections.watch.background import Background
    from projections.watch.casefiles import CaseFiles
    from projections.watch.counts import Counts
    from projections.watch.standing import Scope, Standing
    from rulebooks.judgement import Identity, Judgement
    from rulebooks.record.world import World
    from rulebooks.rule import Rule


class Change(msgspec.Struct, frozen=True, gc=False):
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


NO_CHANGES: Sequence[Change] = ()


class Judge:
    """Judges scopes by the rules of one district; `set_aside` is told of a rule that raises, else that is passed on."""

    def __init__(
        self,
        rules: Sequence[Rule],
        world: World,
        files: CaseFiles,
        standing: Standing,
        counts: Counts,
        background: Background,
        set_aside: Callable[[NotJudged], None] | None,
    ) -> None:
        self._rules = rules
        self._world = world
        self._files = files
        self._standing = standing
        self._counts = counts
        self._counting = counts.counting
        self._background = background
        self._set_aside = set_aside

    def judged(self, scopes: Iterable[Scope], cause: AnyFact, *, by_clock: bool) -> list[Change]:
        """Return what changes in some scopes; a rule at fault keeps none of the others from being asked."""
        changes: list[Change] = []
        # A fact that has just been taken, and was not brought back by a correction, may be judged alone in its case.
        newest = not by_clock and cause.sequence > self._files.through
        alone_in = case_key(cause.subject) if newest else None
        for scope in scopes:
            try:
                changes += self._judge(scope, cause, alone_in, by_clock=by_clock)
            except (LedgerError, ViewsError):
                raise
            except Exception as error:
                if self._set_aside is None:
                    raise
                self._set_aside(NotJudged(cause, self._rules[scope[0]].header.id, scope[1], error))
        return changes

    def _judge(self, scope: Scope, cause: AnyFact, alone_in: str | None, *, by_clock: bool) -> Sequence[Change]:
        place, subject = scope
        if place in self._counting:
            return self._count(scope, cause, by_clock=by_clock)
        rule, file = self._rules[place], self._files.file(subject)
        if subject == alone_in and cause.type in rule.alone and rule.judge_alone is not None:
            added = rule.judge_alone(self._world, file, cause)
            if added is not None:
                return self._added(scope, rule, added, cause) if added else NO_CHANGES
        judgements, before = rule.judge(self._world, file), self._standing.of(scope)
        if not judgements and not before:
            return NO_CHANGES
        return self._replaced(scope, before, judgements, cause, by_clock=by_clock)

    def _count(self, scope: Scope, cause: AnyFact, *, by_clock: bool) -> list[Change]:
        """Judge a count, of which each period stands for itself."""
        place, subject = scope

        def stood(period: str) -> Mapping[Identity, Judgement]:
            return self._standing.of((place, period))

        changes: list[Change] = []
        for period, judgements in self._counts.judge(place, subject, self._world, stood):
            before = stood(period)
            if judgements or before:
                changes += self._replaced((place, period), before, judgements, cause, by_clock=by_clock)
        return changes

    def _added(self, scope: Scope, rule: Rule, judgements: Sequence[Judgement], cause: AnyFact) -> list[Change]:
        """Put what was judged of a new trigger beside how those before it stand, which know nothing of it."""
        added = self._weighed(rule, judgements, NO_JUDGEMENTS, cause, by_clock=False)
        self._standing.put(scope, {**self._standing.of(scope), **added})
        return [Change(rule, None, judgement, cause) for judgement in added.values()]

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
        rule = self._rules[scope[0]]
        after = self._weighed(rule, judgements, before, cause, by_clock=by_clock)
        self._standing.put(scope, after)
        return _changes(rule, before, after, cause)

    def _weighed(
        self,
        rule: Rule,
        judgements: Sequence[Judgement],
        before: Mapping[Identity, Judgement],
        cause: AnyFact,
        *,
        by_clock: bool,
    ) -> dict[Identity, Judgement]:
        """Keep back what only a clock fact may raise, and let waivers count."""
        found: dict[Identity, Judgement] = {}
        for judgement in judgements:
            identity = judgement.identity
            weighed = judgement if by_clock or not judgement.expired else _held(judgement, before.get(identity))
            found[identity] = weighed if weighed.state != "violated" else self.waived(rule, weighed, cause.district)
        return found

    def waived(self, rule: Rule, judgement: Judgement, district: str) -> Judgement:
        """Return a judgement, of a violation that somebody waived the waived one."""
        if judgement.state == "violated" and self._background.waivers:
            return self._background.waivers.applied(district, rule.header.id, judgement, self._world.hour)
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
    for identity, new in after.items():
        if identity not in before:
            changes.append(Change(rule, None, new, cause))
    return changes


def _differs(old: Judgement, new: Judgement) -> bool:
    return (
        old.state != new.state
        or old.due != new.due
        or old.provisional != new.provisional
        or old.happened != new.happened
        or old.missing != new.missing
    )
