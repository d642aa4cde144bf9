"""What facts change beyond their own case: roster, absences, mandates, calendar, rulebooks in force, waivers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from events.calendar import CalendarLocalDayDeclared, CalendarNoticeAdopted
from events.moment import Moment, day_of, end_of
from events.roster import RosterPostEstablished, RosterUnitEstablished
from events.rulebook import RulebookAdopted, RulebookEnded
from projections.alerts.identity import alert_id
from projections.watch.acts_asked import ACTS
from projections.watch.adoption import days_in_force
from projections.watch.own_copies import own_copy
from projections.watch.waivers import Waivers
from rulebooks.calendar.adopted import calendar_of
from rulebooks.record.tenures import ALWAYS

if TYPE_CHECKING:
    from events.fact import AnyFact
    from events.moment import Instant
    from projections.watch.acts_asked import ActsAsked
    from projections.watch.casefiles import CaseFiles
    from projections.watch.counts import Counts
    from projections.watch.dispatch import Asking, Dispatch
    from projections.watch.standing import Scope, Standing
    from rulebooks.record.world import World

ROSTER_KINDS: Final = frozenset({"unit", "post", "person", "division", "ab_arrangement"})


class Background:
    """The background of one district, and which scopes a change of it may touch."""

    def __init__(
        self,
        world: World,
        files: CaseFiles,
        standing: Standing,
        dispatch: Dispatch,
        counts: Counts,
        acts: ActsAsked,
    ) -> None:
        self.waivers = Waivers()
        self._world = world
        self._files = files
        self._standing = standing
        self._dispatch = dispatch
        self._counts = counts
        self._acts = acts
        self._unsaved_acts: list[AnyFact] = []
        self._calendar = world.calendar
        self._calendar_facts: list[AnyFact] = []

    def continue_from(self, before: Background) -> None:
        """Go on from where another stands, which stays as it is; the world it changes is copied by itself."""
        self.waivers = own_copy(before.waivers)
        self._calendar_facts = own_copy(before._calendar_facts)

    def recall(self, fact: AnyFact, key: str) -> None:
        """Look up how the case of an absence or entrustment stands before a fact of it is filed, or struck out."""
        self._acts.recall(fact.subject.kind, key)

    def unsaved_acts(self) -> tuple[AnyFact, ...]:
        """Return, once, the facts of absences and entrustments taken since the last call."""
        facts, self._unsaved_acts = tuple(self._unsaved_acts), []
        return facts

    def take(self, fact: AnyFact, key: str) -> set[Scope]:
        """Take in a fact that is filed under a case; return the scopes of other cases that it may change."""
        kind = fact.subject.kind
        if kind in ROSTER_KINDS:
            self._world.roster.add(fact)
            return self._roster_changed(fact, key)
        if kind in ACTS:
            self._unsaved_acts.append(fact)
            return self._act_changed(fact, key)
        if kind in {"calendar", "rulebook"} and self._adopt(fact):
            return self._everything()
        return self._waived(fact) if kind == "alert" else set()

    def take_again(self, fact: AnyFact) -> None:
        """Take in, without judging anything, a fact that a saved watch had taken before."""
        kind = fact.subject.kind
        if kind in ROSTER_KINDS:
            self._world.roster.add(fact)
        elif kind == "alert":
            self.waivers.take(fact)
        elif kind not in ACTS:
            self._adopt(fact)

    def lose(self, fact: AnyFact, key: str) -> set[Scope]:
        """Take out a fact that was corrected or annulled and is no longer in its file; return what may change."""
        kind = fact.subject.kind
        if kind in ACTS:
            return self._act_changed(fact, key)
        if kind == "alert":
            self.waivers.strike(fact)
            return {scope for scope, _ in self._standing.violations()}
        if kind in ROSTER_KINDS:
            self._world.roster.strike(fact)
            return self._roster_changed(fact, key)
        if isinstance(fact.data, CalendarNoticeAdopted | CalendarLocalDayDeclared):
            self._calendar_facts = [one for one in self._calendar_facts if one.id != fact.id]
            self._world.calendar = calendar_of(self._calendar_facts, self._calendar)
            return self._everything()
        return set()

    def _roster_changed(self, fact: AnyFact, key: str) -> set[Scope]:
        """Return what a change of the roster may change; on a unit hangs to whom the district's duties are tied.

        What a unit or a post is, its facts say for all time: who was appointed before it was established held it then.
        """
        tied = self._counts.of_roster(self._world, fact)
        since = _effective(fact)
        if isinstance(fact.data, RosterUnitEstablished | RosterPostEstablished):
            since = min(since, self._world.roster.held_since(key))
        return tied | self._since(self._dispatch.asking_roster, since)

    def _waived(self, fact: AnyFact) -> set[Scope]:
        alert = self.waivers.take(fact)
        if alert is None:
            return set()
        rules = self._dispatch.rules
        return {
            scope
            for scope, judgement in self._standing.violations()
            if alert_id(fact.district, rules[scope[0]].header.id, judgement) == alert
        }

    def _act_changed(self, fact: AnyFact, key: str) -> set[Scope]:
        return self._absence_changed(fact, key) if fact.subject.kind == "absence" else self._mandate_changed(fact, key)

    def _absence_changed(self, fact: AnyFact, key: str) -> set[Scope]:
        before = self._world.absences.of(key)
        after = self._world.absences.put(self._world.files.file(key))
        if after is not None:
            self._standing.extend(key, end_of(day_of(after.until)))  # whoever covers is asked of as of a whole day
        changed = [one for one in (before, after) if one is not None]
        if not changed:
            return set()
        since, until = min(one.since for one in changed), max(one.until for one in changed)
        found = {
            (place, subject)
            for place, subject in self._since(self._dispatch.asking_absences[fact.type], since)
            if place not in self._dispatch.meeting_absences or self._meets(subject, since, until)
        }
        if before is not None and after is not None and before.begins_like(after):
            since = min(before.end.earliest, after.end.earliest)
        found |= self._since(self._dispatch.asking_who_is_away[fact.type], since)
        return found | self._mandates_over(key, [one.until for one in changed if one.returned is not None])

    def _mandates_over(self, absence: str, ends: list[Instant]) -> set[Scope]:
        """Return what a return may change by ending what somebody was entrusted with for the absence."""
        if ends and self._world.mandates.given_for(absence, min(ends)):
            return self._since(self._dispatch.asking_mandates, min(ends))
        return set()

    def _meets(self, subject: str, since: Instant, until: Instant) -> bool:
        """Tell whether an absence shares time with an interval; one that is not known may."""
        away = self._world.absences.of(subject)
        return away is None or (away.since <= until and since <= away.until)

    def _mandate_changed(self, fact: AnyFact, key: str) -> set[Scope]:
        before = self._world.mandates.of(key)
        after = self._world.mandates.put(self._world.files.file(key))
        for one in after:
            self._standing.extend(key, one.until)
        changed = [one.since for one in (*before, *after) if one not in before or one not in after]
        since = min(changed, default=fact.occurred_at.earliest)
        return self._since(self._dispatch.asking_mandates, since)

    def _adopt(self, fact: AnyFact) -> bool:
        data = fact.data
        if isinstance(data, CalendarNoticeAdopted | CalendarLocalDayDeclared):
            self._calendar_facts.append(fact)
            self._world.calendar = calendar_of(self._calendar_facts, self._calendar)
            return True
        if isinstance(data, RulebookAdopted | RulebookEnded):
            self._world.force.update(days_in_force(fact, self._dispatch.rules, self._world.force))
            return True
        return False

    def _everything(self) -> set[Scope]:
        return self._since(self._dispatch.all, -ALWAYS) | self._counts.everything(self._world)

    def _since(self, asking: Asking, since: Instant) -> set[Scope]:
        """Return the scopes of some rules whose subjects reach beyond an instant, or look at cases that do."""
        files, standing = self._files, self._standing
        subjects = standing.subjects_since(since, asking.rules) if asking.rules else set()
        for case in standing.subjects_since(since, asking.seen_from) if asking.seen_from else ():
            subjects.update(self._dispatch.seeing(asking, files, case))
        found: set[Scope] = set()
        for subject in subjects:
            file, held, waiting = files.file(subject), standing.held(subject), standing.waiting(subject)
            types, kinds = file.types, file.kinds
            for place, triggers, case_kinds in asking.rules[subject.partition("/")[0]]:
                bounded = case_kinds is not None and kinds and kinds.isdisjoint(case_kinds)
                if place not in waiting and (place in held or not (bounded or triggers.isdisjoint(types))):
                    found.add((place, subject))
        return found


def _effective(fact: AnyFact) -> Instant:
    """Return the moment from which a fact of the roster holds."""
    for name in ("from_", "effective_on", "left_on", "ended_on"):
        value = getattr(fact.data, name, None)
        if value is not None:
            earliest = getattr(value, "earliest", None)
            return earliest if earliest is not None else Moment(value.isoformat()).earliest
    return fact.occurred_at.earliest
