"""The life of alerts: what the watch's changes, the passing of time and people's answers make of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol
from uuid import UUID

import msgspec

from events.alert import AlertAcknowledged
from events.clock import ClockReached
from events.moment import Instant, Moment
from events.record import RecordAnnulled, RecordCorrected
from projections.alerts import facts as alert_facts
from projections.alerts.alert import OBLIGATIONS, Alert, AlertStanding
from projections.alerts.escalation import next_step, told_at
from projections.alerts.facts import KIND, Occasion, Provenance
from projections.alerts.identity import alert_of
from projections.policy.in_force import PoliciesInForce
from projections.watch.wakes import Wakes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from events.fact import AnyFact
    from projections.policy.policy import Policy
    from projections.watch.judging import Change
    from rulebooks.judgement import Judgement
    from rulebooks.record.world import World


class KnownAlerts(Protocol):
    """Where alerts are saved that are not held in memory."""

    def alert(self, alert: UUID) -> Alert | None:
        """Return a saved alert."""

    def raised(self) -> Iterable[UUID]:
        """Return the alerts that were saved as raised and not settled since."""


class Unheard(NamedTuple):
    """A step of the ladder at which the roster named nobody, nor at any above it."""

    alert: UUID
    step: int


class AlertBook:
    """Every alert of one district and what comes next for it; the same facts always give the same alert facts.

    `saved` holds alerts that are not held here, `struck` tells which facts do not count. `unheard` gathers steps at
    which there was nobody to tell.
    """

    def __init__(
        self,
        district: str,
        by: Provenance,
        saved: KnownAlerts | None = None,
        struck: Callable[[UUID], bool] = lambda _fact: False,
    ) -> None:
        self._district = district
        self._by = by
        self._saved = saved
        self._policies = PoliciesInForce(by.policy, by.find_policy, struck)
        self._policy_change: Instant | None = None
        self.unheard: list[Unheard] = []
        self._held: dict[UUID, Alert] = {}
        self._wakes: Wakes[UUID] = Wakes()
        self._unsaved: set[UUID] = set()

    def continued(self, saved: KnownAlerts, struck: Callable[[UUID], bool]) -> AlertBook:
        """Return a book that goes on from this one by itself; all alerts held here must have been saved."""
        other = AlertBook(self._district, self._by, saved, struck)
        other._wakes = self._wakes.copied()
        other._policies.continue_from(self._policies)
        other._policy_change = self._policy_change
        return other

    def follow(self, fact: AnyFact, changes: Sequence[Change], world: World) -> list[AnyFact]:
        """Return the alert facts that a fact brings, given what it changed in the watch."""
        if fact.origin == "watch":
            return []
        self._change_policy(fact, world)
        self._take(fact, world)
        found = [one for change in changes for one in self._changed(change, world)]
        return found + self._strike(fact, world)

    def alert(self, alert: UUID) -> Alert | None:
        """Return how an alert stands; None when there never was one."""
        held = self._held.get(alert)
        if held is None and self._saved is not None:
            held = self._saved.alert(alert)
            if held is not None:
                self._held[alert] = held
        return held

    def alerts(self) -> list[Alert]:
        """Return the alerts held in memory, by id."""
        return [self._held[one] for one in sorted(self._held)]

    @property
    def policy(self) -> Policy:
        """The house settings in force."""
        return self._by.policy

    def next_wake(self) -> Instant | None:
        """Return when the next step of a ladder comes, or other settings begin to rule, in microseconds."""
        wakes = (self._wakes.next(), self._policy_change)
        return min((one for one in wakes if one is not None), default=None)

    def unsaved(self) -> tuple[Alert, ...]:
        """Return, once, the alerts that changed since the last call."""
        changed = tuple(self._held[one] for one in sorted(self._unsaved))
        self._unsaved.clear()
        return changed

    def let_go(self) -> None:
        """Hold no alert in memory any more; only after what `unsaved` returned was stored."""
        self._held.clear()

    def bring_back(
        self, wakes: Iterable[tuple[UUID, Instant]], adoptions: Iterable[AnyFact] = (), hour: Instant = 0
    ) -> None:
        """Set the wakes that were saved, and take again the facts that adopt settings; raise PolicyMissingError."""
        for alert, instant in wakes:
            self._wakes.put(alert, instant)
        for fact in adoptions:
            self._policies.take(fact)
        self._by = self._by._replace(policy=self._policies.at(hour))
        self._policy_change = self._policies.next_change(hour)

    def _change_policy(self, fact: AnyFact, world: World) -> None:
        """Let other settings rule once they are adopted, begin, or fall away; open alerts climb on as those say."""
        adopted = self._policies.take(fact)
        begun = self._policy_change is not None and self._policy_change <= world.hour
        if not (adopted or begun or isinstance(fact.data, RecordCorrected | RecordAnnulled)):
            return
        self._policy_change = self._policies.next_change(world.hour)
        policy = self._policies.at(world.hour)
        if policy.sha256 == self._by.policy.sha256:
            return
        self._by = self._by._replace(policy=policy)
        raised = set(self._held) | set(() if self._saved is None else self._saved.raised())
        for one in sorted(raised):
            alert = self.alert(one)
            if alert is not None and alert.standing == "raised" and alert.climbs and alert.due is not None:
                self._put(self._next(alert, world))

    def _changed(self, change: Change, world: World) -> list[AnyFact]:
        judgement = change.after or change.before
        identity = alert_of(self._district, change)
        if judgement is None or identity is None:
            return []
        of = Occasion(identity, change.rule, judgement, change.cause, world.roster)
        before = self.alert(identity)
        state = None if change.after is None else change.after.state
        if state == "violated":
            return self._violated(of, before, world)
        if state == "forecast":
            return self._foreseen(of, before)
        if state == "waived":
            self._put(self._as(of, before, "waived"))
            return []
        if before is None or (before.standing == "forecast" and state == "not_determinable"):
            return []
        return self._otherwise(of, before, gone=change.after is None)

    def _violated(self, of: Occasion, before: Alert | None, world: World) -> list[AnyFact]:
        cured = of.rule.header.kind in OBLIGATIONS and of.judgement.happened is not None
        after = msgspec.structs.replace(
            self._as(of, before, "resolved" if cured else "raised"),
            announced="violated",
            cured=cured,
            climbs=of.rule.header.kind in OBLIGATIONS,
        )
        found: list[AnyFact] = []
        if before is None or before.announced != "violated":
            found.append(alert_facts.raised(of, "violated", self._by))
        elif before.standing == "waived" and before.cured and cured:
            self._put(after)
            return []
        elif before.standing in {"withdrawn", "waived"} or (before.standing == "resolved" and not cured):
            found.append(alert_facts.reopened(of, before.standing))
        elif before.standing == "raised" and _moved(before, of.judgement):
            found.append(alert_facts.due_moved(of))
        if cured and (before is None or before.standing != "resolved"):
            found.append(alert_facts.resolved(of))
        self._put(self._on_ladder(after, world))
        return found

    def _foreseen(self, of: Occasion, before: Alert | None) -> list[AnyFact]:
        after = msgspec.structs.replace(self._as(of, before, "forecast"), announced="forecast")
        self._put(after)
        if before is None or before.announced != "forecast":
            return [alert_facts.raised(of, "forecast", self._by)]
        if before.standing in {"withdrawn", "waived"}:
            return [alert_facts.reopened(of, before.standing)]
        return [alert_facts.due_moved(of)] if _moved(before, of.judgement) else []

    def _otherwise(self, of: Occasion, before: Alert, *, gone: bool) -> list[AnyFact]:
        self._put(msgspec.structs.replace(before, standing="withdrawn", escalate_at=None))
        if before.announced is None or before.standing == "withdrawn":
            return []
        return [alert_facts.withdrawn(of, gone=gone)]

    def _as(self, of: Occasion, before: Alert | None, standing: AlertStanding) -> Alert:
        judgement = of.judgement
        if before is not None:
            return msgspec.structs.replace(
                before, standing=standing, due=judgement.due, provisional=judgement.provisional, escalate_at=None
            )
        return Alert(
            id=of.alert,
            rule=of.rule.header.id,
            subject=judgement.subject,
            standing=standing,
            classification=alert_facts.class_of(judgement.trigger),
            party=judgement.party,
            period=judgement.period,
            due=judgement.due,
            provisional=judgement.provisional,
        )

    def _on_ladder(self, alert: Alert, world: World) -> Alert:
        """Return an alert with the moment of its next step, none when it does not climb."""
        if alert.standing != "raised" or not alert.climbs or alert.due is None:
            return msgspec.structs.replace(alert, escalate_at=None)
        return self._next(alert, world)

    def _next(self, alert: Alert, world: World) -> Alert:
        moment = None if alert.due is None else next_step(self._by.policy, alert.due, alert.taken, world.calendar)
        if moment is not None and alert.held_until is not None:
            moment = max(moment, alert.held_until)
        return msgspec.structs.replace(alert, escalate_at=moment)

    def _take(self, fact: AnyFact, world: World) -> None:
        """Take in that somebody took note: what was promised holds the ladder back until its day is over."""
        if fact.subject.kind != KIND or not isinstance(fact.data, AlertAcknowledged):
            return
        try:
            alert = self.alert(UUID(fact.subject.id))
        except ValueError:
            return
        if alert is None or not isinstance(fact.data.until, Moment):
            return
        held = msgspec.structs.replace(alert, held_until=fact.data.until.latest)
        self._put(held if held.escalate_at is None else self._next(held, world))

    def _strike(self, fact: AnyFact, world: World) -> list[AnyFact]:
        """Let every alert climb whose step has come: by the hour that clock facts have brought."""
        if not isinstance(fact.data, ClockReached):
            return []
        found: list[AnyFact] = []
        while (woken := self._wakes.take(world.hour)) is not None:
            identity, instant = woken
            alert = self.alert(identity)
            if alert is None:
                continue
            persons = told_at(self._by.policy, alert.taken, alert.party, world, instant)
            climbed = msgspec.structs.replace(alert, taken=alert.taken + 1)
            if not persons:
                self.unheard.append(Unheard(alert.id, climbed.taken))
            else:
                found.append(alert_facts.escalated(alert.id, fact, alert.classification, climbed.taken, persons))
            self._put(self._next(climbed, world))
        return found

    def _put(self, alert: Alert) -> None:
        self._held[alert.id] = alert
        self._unsaved.add(alert.id)
        self._wakes.put(alert.id, alert.escalate_at)


def _moved(before: Alert, judgement: Judgement) -> bool:
    return before.due != judgement.due or before.provisional != judgement.provisional
