"""The facts of an alert's life, as the watch makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from msgspec import UNSET

from events.alert import (
    AlertDueMoved,
    AlertEscalated,
    AlertRaised,
    AlertReopened,
    AlertResolved,
    AlertWithdrawn,
    SayInBothLanguages,
)
from events.clock import ClockReached
from events.fact import Actor, Case, Fact
from events.moment import Moment, instant_of
from projections.alerts.escalation import is_person, is_unit
from projections.alerts.identity import transition_id
from projections.findings import due_text, finding_of
from projections.policy.policy import shipped_alone
from projections.watch.adoption import rulebook_case
from rulebooks.judgement import SEVERITY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from events.fact import AnyFact, Classification, FactData, PersonId
    from projections.policy.in_force import FindPolicy
    from projections.policy.policy import Policy
    from rulebooks.judgement import Judgement
    from rulebooks.record.roster import Roster
    from rulebooks.rule import Rule

WATCH: Final = "u-watch"
"""The unit under which the watch acts; it stands in no roster."""
KIND: Final = "alert"
_KEPT_SECRET: Final = frozenset({"work_secret", "business_secret", "state_secret"})


class Provenance(NamedTuple):
    """By what an alert was judged: the program, the house settings, and the hash of each rulebook by name.

    `find_policy` finds settings that a fact adopts in place of `policy`.
    """

    engine: str
    policy: Policy
    hashes: Mapping[str, str]
    find_policy: FindPolicy = shipped_alone


class Occasion(NamedTuple):
    """One change of one judgement, as the alert book looks at it: the alert, and the fact that caused the change."""

    alert: UUID
    rule: Rule
    judgement: Judgement
    cause: AnyFact
    roster: Roster


def life_fact(alert: UUID, transition: str, cause: AnyFact, classification: Classification, data: FactData) -> AnyFact:
    """Return one fact of an alert's life: of the clock's moment, or of when the ledger learned of its cause."""
    clock = isinstance(cause.data, ClockReached)
    return Fact(
        id=transition_id(alert, transition, cause.sequence),
        district=cause.district,
        type=data.TYPE.name,
        subject=Case(kind=KIND, id=str(alert)),
        occurred_at=cause.occurred_at if clock else Moment.at(instant_of(cause.recorded_at)),
        recorded_at=cause.recorded_at,
        origin="watch",
        actor=Actor(unit=WATCH),
        cause=cause.id,
        correlation=cause.correlation if cause.classification == classification else UNSET,
        classification=classification,
        data=data,
    )


def class_of(trigger: AnyFact) -> Classification:
    """Return how an alert is classified: as the fact that opened it when that is a secret, else internal."""
    return trigger.classification if trigger.classification in _KEPT_SECRET else "internal"


def raised(of: Occasion, outcome: Literal["violated", "forecast"], by: Provenance) -> AnyFact:
    """Return the fact that raises an alert, with everything that proves and explains it."""
    rule, judgement = of.rule, of.judgement
    finding = finding_of(rule, judgement, of.roster)
    modality = judgement.modality or rule.header.modality
    severity = judgement.severity or SEVERITY[modality]
    party = judgement.party
    data = AlertRaised(
        rule=finding.rule,
        rulebook=f"rulebook/{rulebook_case(rule.header.rulebook)}",
        rulebook_sha256=by.hashes.get(rule.header.rulebook, ""),
        article=finding.article,
        severity=severity,
        finding=outcome,
        about=finding.subject,
        trigger=judgement.trigger.id,
        judged_period=UNSET if judgement.period is None else judgement.period,
        modality=modality,
        urgency=by.policy.urgency["forecast" if outcome == "forecast" else severity],
        party=UNSET if party is None else party,
        responsible_units=(party,) if party is not None and is_unit(party, of.roster) else UNSET,
        responsible_persons=(party,) if party is not None and is_person(party, of.roster) else UNSET,
        opened_at=UNSET if judgement.opened is None else judgement.opened,
        due_at=_due_at(judgement) or UNSET,
        provisional=judgement.provisional,
        calendar=tuple(f"calendar/{year}" for year in judgement.calendars) or UNSET,
        facts=proof(judgement),
        engine=by.engine,
        policy_sha256=by.policy.sha256,
        judged_through=of.cause.sequence,
        missing=judgement.missing or UNSET,
        say=SayInBothLanguages(zh=finding.say.zh, en=finding.say.en),
    )
    return _of(of, "raised", data)


def due_moved(of: Occasion) -> AnyFact:
    """Return the fact that an open alert or forecast has another due moment."""
    judgement = of.judgement
    due_at = _due_at(judgement)
    data = AlertDueMoved(
        due_at=UNSET if due_at is None else due_at,
        provisional=judgement.provisional,
        facts=_once((of.cause.id, *proof(judgement))),
    )
    return _of(of, "due_moved", data)


def resolved(of: Occasion) -> AnyFact:
    """Return the fact that what was missing was done, late."""
    judgement = of.judgement
    done = (one for one in judgement.facts if one.occurred_at == judgement.happened)
    curing = [one.id for one in done if one.id != judgement.trigger.id]
    return _of(of, "resolved", AlertResolved(facts=_once(curing or [of.cause.id])))


def withdrawn(of: Occasion, *, gone: bool) -> AnyFact:
    """Return the fact that the facts now say otherwise, with the fact that did it."""
    shown = () if gone else tuple(one.id for one in of.judgement.facts)
    data = AlertWithdrawn(facts=_once((of.cause.id, *shown)), reason=_why_withdrawn(of.judgement, gone=gone))
    return _of(of, "withdrawn", data)


def reopened(of: Occasion, was: str) -> AnyFact:
    """Return the fact that an alert which was resolved, withdrawn or waived is open again."""
    data = AlertReopened(reason=_WHY_REOPENED[was], facts=_once((of.cause.id, *proof(of.judgement))))
    return _of(of, "reopened", data)


def escalated(
    alert: UUID, cause: AnyFact, classification: Classification, step: int, persons: tuple[PersonId, ...]
) -> AnyFact:
    """Return the fact that an alert went one step up the ladder."""
    return life_fact(alert, f"escalated {step}", cause, classification, AlertEscalated(step=step, to_persons=persons))


def proof(judgement: Judgement) -> tuple[UUID, ...]:
    """Return the facts that prove a judgement, the one that opened it first."""
    return _once((judgement.trigger.id, *(one.id for one in judgement.facts)))


def _of(of: Occasion, transition: str, data: FactData) -> AnyFact:
    return life_fact(of.alert, transition, of.cause, class_of(of.judgement.trigger), data)


def _due_at(judgement: Judgement) -> Moment | None:
    text = due_text(judgement)
    return None if text is None else Moment(text)


def _once(ids: Iterable[UUID]) -> tuple[UUID, ...]:
    return tuple(dict.fromkeys(ids))


def _why_withdrawn(judgement: Judgement, *, gone: bool) -> str:
    if gone:
        return (
            "起因事实或义务已不成立（被更正、撤回或不再适用） / "
            "what it rested on no longer holds: corrected, withdrawn or not applicable any more"
        )
    if judgement.state == "satisfied":
        return "记录现已表明按规定办理 / the record now shows that this was kept"
    if judgement.state == "not_determinable":
        missing = "、".join(judgement.missing) or "—"
        return f"现有记录不足以判定，缺：{missing} / the record does not suffice to tell; not recorded: {missing}"
    due = due_text(judgement)
    if due is None:
        return "现尚不能认定违反 / as things stand it cannot be called a breach yet"
    return f"期限尚未届满，现为 {due} / the limit has not ended: it is now {due}"


_WHY_REOPENED: Final[dict[str, str]] = {
    "resolved": "原以为的补办已不成立 / what was thought to cure it does not hold any more",
    "withdrawn": "撤回的依据已不成立 / what it was withdrawn for does not hold any more",
    "waived": "豁免已失效 / the waiver has lapsed",
}
