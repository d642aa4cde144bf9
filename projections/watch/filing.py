"""Filing a fact with its case, and finding out what it may change: there, in cases linked to it, and behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.fact import case_key
from events.record import RecordAnnulled, RecordCorrected
from projections.watch.background import ROSTER_KINDS
from projections.watch.counts import COUNT_SIGN

if TYPE_CHECKING:
    from events.fact import AnyFact
    from projections.corrections import Corrections
    from projections.watch.background import Background
    from projections.watch.casefiles import CaseFiles
    from projections.watch.counts import Counts
    from projections.watch.dispatch import Dispatch, Routes
    from projections.watch.standing import Scope, Standing
    from rulebooks.record.world import World

BACKGROUND_KINDS = ROSTER_KINDS | {"calendar", "rulebook", "correction", "alert"}
"""Case kinds whose facts the watch must take again when it is brought back; of alerts only what people recorded."""

NO_ACTS = BACKGROUND_KINDS | {"setting", "series"}
"""Case kinds whose facts are no acts of the district, with which the record could begin."""


class Filing:
    """Files the facts of one district, and says which scopes each may have changed."""

    def __init__(
        self,
        world: World,
        files: CaseFiles,
        corrections: Corrections,
        standing: Standing,
        dispatch: Dispatch,
        counts: Counts,
        background: Background,
    ) -> None:
        self._world = world
        self._files = files
        self._corrections = corrections
        self._standing = standing
        self._dispatch = dispatch
        self._counts = counts
        self._background = background

    def began(self, fact: AnyFact) -> set[Scope]:
        """Note when the record begins, with the first act that was not imported; periods are counted from then on."""
        world, instant = self._world, fact.occurred_at.earliest
        if fact.subject.kind in NO_ACTS:
            if world.set_up is not None and world.set_up <= instant:
                return set()
            world.set_up = instant
        elif fact.origin == "imported" or (world.began is not None and world.began <= instant):
            return set()
        else:
            world.began = instant
        return self._counts.everything(world)

    def filed(self, fact: AnyFact) -> set[Scope]:
        """File a fact and return the scopes that it may have changed."""
        data = fact.data
        self._corrections.remember(fact)
        if isinstance(data, RecordCorrected | RecordAnnulled):
            return self._corrected(fact)
        if self._corrections.struck(fact.id):
            return set()
        return self._noted(fact)

    def counted(self, scopes: set[Scope]) -> set[Scope]:
        """Replace the cases that rules count by the keys whose count they changed."""
        counting = self._counts.counting
        contributing = [scope for scope in scopes if scope[0] in counting and scope[1][0] != COUNT_SIGN]
        scopes.difference_update(contributing)
        for place, subject in contributing:
            scopes |= self._counts.update(place, self._world, self._files.file(subject))
        return scopes

    def _noted(self, fact: AnyFact) -> set[Scope]:
        """File a fact that counts; return the scopes that it may have changed: of its own case and of others."""
        self._background.recall(fact, case_key(fact.subject))
        key = self._files.add(fact)
        self._standing.extend(key, fact.occurred_at.latest)
        return self._touched(fact, key) | self._background.take(fact, key)

    def _touched(self, fact: AnyFact, key: str) -> set[Scope]:
        """Return the scopes that a fact may change: of its own case, and of cases that look at it over links."""
        scopes: set[Scope] = set()
        self._add_concerned(scopes, self._dispatch.own(fact.type), key)
        for subject, routes in self._dispatch.linked(self._files, fact.type, key):
            self._add_concerned(scopes, routes, subject)
        return scopes

    def _add_concerned(self, scopes: set[Scope], routes: Routes, subject: str) -> None:
        """Add the scopes of a subject that can have anything to say; one that waits only if the fact may end that."""
        file = self._files.file(subject)
        opened = routes(file.types)
        if not opened:
            return
        kinds, held, waiting = file.kinds, self._standing.held(subject), self._standing.waiting(subject)
        for place, opens, case_kinds in opened:
            if place in held:
                if opens or place not in waiting:
                    scopes.add((place, subject))
            elif case_kinds is None or not kinds or not kinds.isdisjoint(case_kinds):
                scopes.add((place, subject))

    def _corrected(self, fact: AnyFact) -> set[Scope]:
        """Strike out, or bring back, the facts that a correction is about."""
        scopes: set[Scope] = set()
        for changed, counts in self._corrections.take(fact):
            self._files.strike(changed)
            scopes |= self._noted(changed) if counts else self._gone(changed)
        return scopes

    def _gone(self, fact: AnyFact) -> set[Scope]:
        """Take out a fact that does not count any more, once the links that it made have been followed."""
        key = self._files.add(fact)
        self._background.recall(fact, key)
        scopes = self._touched(fact, key) | set(self._standing.scopes_of(key))
        self._files.strike(fact)
        return scopes | self._background.lose(fact, key)
