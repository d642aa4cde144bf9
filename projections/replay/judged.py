"""Judgements as a replay hands them out: obligations with what opened and closed them, findings with their proof."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from events.moment import TIME_ZONE
from projections.alerts.alert import OBLIGATIONS
from projections.alerts.identity import alert_id
from projections.findings import FOUND, STILL_OPEN, due_text, finding_of, told
from projections.replay.entries import AlertStep, Found, Obligation, Proof

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from events.fact import AnyFact
    from events.moment import Instant
    from rulebooks.judgement import Judgement
    from rulebooks.record.roster import Roster
    from rulebooks.rule import Rule

_SETTLED: Final = frozenset({"satisfied", "violated", "waived"})


def is_obligation(rule: Rule, judgement: Judgement) -> bool:
    """Tell whether a judgement is about something that has to be done, rather than about an act."""
    return rule.header.kind in OBLIGATIONS or judgement.state in STILL_OPEN


def is_found(judgement: Judgement, *, satisfied: bool) -> bool:
    """Tell whether a judgement is shown as a finding; what was kept only when it is asked for."""
    return judgement.state in FOUND and (satisfied or judgement.state != "satisfied")


def obligation_of(rule: Rule, judgement: Judgement, roster: Roster) -> Obligation:
    """Return a judgement as an obligation."""
    done = judgement.happened if judgement.state in _SETTLED else None
    return Obligation(
        rule=rule.header.id,
        article=rule.header.article,
        modality=judgement.modality or rule.header.modality,
        subject=judgement.subject,
        party=judgement.party,
        period=judgement.period,
        state=judgement.state,
        opened_at=None if judgement.opened is None else judgement.opened.text,
        opened_by=judgement.trigger.sequence,
        due_at=due_text(judgement),
        provisional=judgement.provisional,
        closed_at=None if done is None else done.text,
        closed_by=tuple(
            one.sequence
            for one in judgement.facts
            if done is not None and one.occurred_at == done and one.id != judgement.trigger.id
        ),
        facts=tuple(one.sequence for one in judgement.facts),
        say=told(rule, judgement, roster),
    )


def found_of(
    rule: Rule,
    judgement: Judgement,
    roster: Roster,
    life: Sequence[AnyFact] = (),
    supposed_since: Instant | None = None,
) -> Found:
    """Return a judgement as a finding, with the recorded life of its alert.

    `supposed_since` is the day in force of a rulebook by which acts before that day are judged all the same.
    """
    finding = finding_of(rule, judgement, roster)
    proof = {one.id: one for one in (judgement.trigger, *judgement.facts)}
    return Found(
        rule=finding.rule,
        rulebook=rule.header.rulebook,
        article=finding.article,
        outcome=finding.outcome,
        modality=finding.modality,
        severity=finding.severity,
        subject=finding.subject,
        party=finding.party,
        period=finding.period,
        opened_at=finding.opened_at,
        due_at=finding.due_at,
        provisional=finding.provisional,
        happened_at=finding.happened_at,
        facts=finding.facts,
        proof=tuple(Proof(sequence=one.sequence, id=str(one.id)) for one in proof.values()),
        missing=finding.missing,
        say=finding.say,
        alert=str(alert_id(judgement.trigger.district, finding.rule, judgement)),
        steps=steps_of(life),
        before_force=supposed_since is not None and judgement.trigger.occurred_at.latest < supposed_since,
    )


def steps_of(life: Iterable[AnyFact]) -> tuple[AlertStep, ...]:
    """Return the recorded life of an alert step by step."""
    return tuple(
        AlertStep(
            step=one.type.removeprefix("alert.").removesuffix(".v1"),
            sequence=one.sequence,
            recorded_at=one.recorded_at.astimezone(TIME_ZONE).isoformat(),
        )
        for one in life
    )
